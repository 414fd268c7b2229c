"""What docker-compose.yml says, for tests and benchmarks that run the same without containers."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parent.parent / "docker-compose.yml"


def services() -> dict[str, dict[str, Any]]:
    """Each service by its name, as written; variables such as ``${NAME}`` are not filled in."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())["services"]
    return found


def postgres_settings() -> dict[str, str]:
    """PostgreSQL's settings in production: name to value, from its ``-c`` flags."""
    words: list[str] = services()["postgres"]["command"]
    pairs = [word for flag, word in pairwise(words) if flag == "-c"]
    return dict(pair.split("=", 1) for pair in pairs)
