"""Version 1 from a shipped template."""

from datetime import datetime

from django.db import transaction

from alignment.models import (
    Criterion,
    Definition,
    Disqualifier,
    Reason,
    SlaTerm,
    Version,
    VersionDimension,
)
from alignment.services.locking import tell
from alignment.shipped import BANT, Template
from alignment.shipped.shape import TemplateTerm
from core import audit
from users.models import User


@transaction.atomic
def install_template(*, by: User | None, now: datetime, template: Template = BANT) -> Version:
    """Write ``template`` as version 1 of a definition of its name: active at once, and unsigned.

    A repeat writes nothing and returns that version 1. Scores follow when scoring hears of it.
    """
    definition, is_new = Definition.objects.get_or_create(name=template.name, defaults={"created_at": now})
    if not is_new:
        return definition.versions.get(number=1)
    version = _write_version(definition, template, by, now)
    _write_parts(version, template)
    # Its parts can only be written while it is a draft, so it becomes active last.
    version.status, version.activated_at = Version.Status.ACTIVE, now
    version.save(update_fields=["status", "activated_at"])
    detail = {"template": template.key, "criteria": len(template.criteria)}
    audit.record(actor=by, action="version.install", target=version, detail=detail)
    tell()
    return version


def _write_version(definition: Definition, template: Template, by: User | None, now: datetime) -> Version:
    floor_a, floor_b, floor_c = template.floors
    return Version.objects.create(
        definition=definition,
        number=1,
        reason=template.reason,
        author=by,
        created_at=now,
        position=definition.pk,
        floor_a=floor_a,
        floor_b=floor_b,
        floor_c=floor_c,
        gate_grade=template.gate_grade,
        gate_bant_count=template.gate_bant_count,
        gate_bant_level=template.gate_bant_level,
    )


def _write_parts(version: Version, template: Template) -> None:
    VersionDimension.objects.bulk_create(
        VersionDimension(version=version, **vars(part)) for part in template.dimensions
    )
    Criterion.objects.bulk_create(
        Criterion(version=version, position=position, per=_per(fields.pop("is_per_occurrence")), **fields)
        for position, fields in enumerate(dict(vars(part)) for part in template.criteria)
    )
    Disqualifier.objects.bulk_create(
        Disqualifier(version=version, position=position, **vars(part))
        for position, part in enumerate(template.disqualifiers)
    )
    Reason.objects.bulk_create(
        Reason(version=version, position=position, **(vars(part) | {"dimension": part.dimension or ""}))
        for position, part in enumerate(template.reasons)
    )
    SlaTerm.objects.bulk_create(_term(version, part) for part in template.terms)


def _per(is_per_occurrence: bool) -> Criterion.Per:
    return Criterion.Per.OCCURRENCE if is_per_occurrence else Criterion.Per.ONCE


def _term(version: Version, part: TemplateTerm) -> SlaTerm:
    if part.response is None or part.decision is None:
        return SlaTerm(version=version, grade=part.grade, is_handed_over=False)
    return SlaTerm(
        version=version,
        grade=part.grade,
        response_amount=part.response[0],
        response_unit=part.response[1],
        decision_amount=part.decision[0],
        decision_unit=part.decision[1],
    )
