"""Moments that are stored as seconds since 1970."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField
from django.db.models.expressions import Func


class FromEpoch(Func):
    """Seconds since 1970 as a moment; null stays null."""

    function = "to_timestamp"
    arity = 1
    output_field = DateTimeField()

    def as_sqlite(
        self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """As Django writes moments there: text in UTC."""
        sql, params = self.as_sql(
            compiler, connection, function="datetime", template="%(function)s(%(expressions)s, 'unixepoch')"
        )
        return sql, tuple(params)
