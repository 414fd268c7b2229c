"""The moment at which the tests of the agreement happen."""

from datetime import UTC, datetime

NOW = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
