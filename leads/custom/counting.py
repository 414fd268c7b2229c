"""How many leads have values of custom fields: exactly in a small base, from a sample in a large one."""

from collections.abc import Iterable, Mapping

from django.db.models import Case, Count, F, Max, Min, Q, When
from django.db.models.lookups import Exact, IsNull

from core.deadlines import TooSlow, at_most
from leads.counting import EXACT_UP_TO, Counted, IdIn, draw, estimate
from leads.custom.definitions import TYPES
from leads.models import CustomField, Lead
from rules.attributes import attribute_expression
from rules.fields import FieldType

PATIENCE = 1.5


def value_counts(fields: Iterable[CustomField]) -> Mapping[int, Counted]:
    """How many leads have a value of each field, by the field's id, with two queries in all; empty if it
    takes more than ``PATIENCE`` seconds."""
    wanted = {f"known_{each.pk}": _known(each) for each in fields}
    try:
        with at_most(PATIENCE):
            ids = Lead.objects.order_by().aggregate(first=Min("pk"), last=Max("pk"), total=Count("pk"))
            leads, is_exact = Lead.objects.order_by(), ids["total"] <= EXACT_UP_TO
            if not is_exact:
                leads = leads.filter(Q(IdIn(draw(ids["first"], ids["last"], ids["total"]))))
            found = leads.aggregate(seen=Count("pk"), **wanted)
    except TooSlow:
        return {}
    return {
        int(name.removeprefix("known_")): Counted(found[name], ids["total"])
        if is_exact
        else estimate(found[name], found["seen"], ids["total"])
        for name in wanted
    }


def _known(field: CustomField) -> Count:
    value = attribute_expression("attributes", field.slug, TYPES[field.type])
    return Count(Case(When(IsNull(value, False), then=F("pk"))))


def has_values(slug: str) -> bool:
    """Whether a lead has a value under ``slug``, of whatever type; True where it takes too long to say."""
    try:
        with at_most(PATIENCE):
            return Lead.objects.filter(attributes__has_key=slug).exists()
    except TooSlow:
        return True


def choice_counts(slug: str, choices: Iterable[str]) -> list[tuple[str, str]]:
    """Each of ``choices`` that leads have, with how many in words."""
    value = attribute_expression("attributes", slug, FieldType.CHOICE)
    named = {f"choice_{place}": each for place, each in enumerate(choices)}
    asked = {name: Count(Case(When(Exact(value, each), then=F("pk")))) for name, each in named.items()}
    try:
        with at_most(PATIENCE):
            found = Lead.objects.aggregate(**asked)
    except TooSlow:
        return [(each, "too many to count in time") for each in named.values()]
    counts = [(each, found[name]) for name, each in named.items() if found[name]]
    return [(each, f"{count:,} lead{'' if count == 1 else 's'}") for each, count in counts]
