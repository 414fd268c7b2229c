"""Version 1 from a shipped template, in force at once."""

from datetime import datetime

from django.db import transaction

from alignment.models import Definition, Version
from alignment.querysets import active_versions
from alignment.services.documents import write_document
from alignment.services.locking import tell
from alignment.shipped import BANT, Template
from core import audit
from core.errors import Conflict, Invalid
from users.models import User

FIRST_PLACE = 10
"""Leaves room for definitions that are asked before it."""


@transaction.atomic
def install_template(*, by: User | None, now: datetime, template: Template = BANT) -> Version:
    """Write ``template`` as version 1 of a definition of its name: active at once, and unsigned.

    For the first definition only: Conflict if another is in force, as both sides sign every further
    one; Invalid for a template that isn't whole. A repeat writes nothing and returns that version 1.
    Scores follow when scoring hears of it.
    """
    document = template.document
    if not template.is_whole:
        raise Invalid(f"The template “{template.label}” has nothing to judge by yet: start a draft from it.")
    definition, is_new = Definition.objects.get_or_create(name=document.name, defaults={"created_at": now})
    if not is_new:
        return _installed(definition)
    if active_versions().exists():
        raise Conflict("A definition is in force already. Start this one as a draft, for both sides to sign.")
    version = Version.objects.create(
        definition=definition,
        number=1,
        reason=document.reason,
        author=by,
        created_at=now,
        position=FIRST_PLACE,
    )
    write_document(version, document)
    # Its parts can only be written while it is a draft, so it becomes active last.
    version.status, version.activated_at = Version.Status.ACTIVE, now
    version.save(update_fields=["status", "activated_at"])
    detail = {"template": template.key, "criteria": len(document.criteria)}
    audit.record(actor=by, action="version.install", target=version, detail=detail)
    tell()
    return version


def _installed(definition: Definition) -> Version:
    """Version 1 of a definition that is there already; Conflict if that is a draft still."""
    version = definition.versions.get(number=1)
    if version.is_editable:
        raise Conflict(f"There is a draft of “{definition}” already. Go on with it, or discard it first.")
    return version
