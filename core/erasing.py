"""The one way to change or delete rows that are append-only: erasing what a law or a person asks for."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from core import audit
from core.models import Erasing


@contextmanager
def erasing(*, by: audit.Actor, why: str) -> Iterator[None]:
    """Let the block change and delete history (``core.history``), and write that it did and why.

    The triggers look for a row that only this transaction sees: other connections stay locked out,
    and the row is gone before the commit. An error takes everything back.
    """
    with transaction.atomic():
        row = Erasing.objects.create()
        audit.record(actor=by, action="history.erase", detail={"why": why})
        yield
        row.delete()
