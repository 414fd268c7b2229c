"""Writing the audit log: one row for one change, inside the transaction of the change."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from core.models import AuditEntry, AuditValue

Actor = Any  # users.User or None; core may not import users


def record(
    *,
    actor: Actor,
    action: str,
    target: models.Model | None = None,
    target_type: str = "",
    detail: Mapping[str, Any] | None = None,
    personal: Mapping[str, tuple[object, object]] | None = None,
) -> AuditEntry:
    """Write that ``actor`` (None: the system) did ``action`` to ``target``.

    ``detail`` is JSON with field names, ids and counts only; ``personal`` maps a field to its value
    before and after, and goes to the side table that erasure clears. Call it inside the transaction
    of the change: outside one it raises RuntimeError.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("core.audit.record must run inside the transaction of the change it records.")
    entry = AuditEntry.objects.create(
        actor=actor,
        action=action,
        target_type=target_type or (target._meta.model_name or "" if target is not None else ""),
        target_id=target.pk if target is not None else None,
        detail=dict(detail or {}),
    )
    AuditValue.objects.bulk_create(
        AuditValue(entry=entry, field=field, before=_text(before), after=_text(after))
        for field, (before, after) in (personal or {}).items()
    )
    return entry


def _text(value: object) -> str | None:
    return None if value is None else str(value)
