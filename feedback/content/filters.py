"""What the content library and the uses of a piece can be narrowed to by their address."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from alignment.models import Dimension
from core.text import fold
from feedback.content.figures import SHOWS, never_used, results
from feedback.content.objections import choices
from feedback.models import ContentPiece, ContentUse
from leads.models import Stage

LISTS = {"active": "In use", "never": "Never used", "retired": "Retired"}
"""The lists of pieces, in the order of their tabs."""


def listed(pieces: QuerySet[ContentPiece], name: str) -> QuerySet[ContentPiece]:
    """Those of one of ``LISTS``; what is retired is in no other."""
    if name == "retired":
        return pieces.filter(retired_at__isnull=False)
    active = pieces.filter(retired_at=None)
    return active.filter(never_used()) if name == "never" else active


class PieceFilter(django_filters.FilterSet):
    """Pieces by list, words, kind and what they are for; a piece for everybody is for each industry too."""

    q = django_filters.CharFilter(method="by_words", label="Search", max_length=100)
    kind = django_filters.ChoiceFilter(choices=ContentPiece.Kind.choices, empty_label="Any kind")
    dimension = django_filters.ChoiceFilter(
        choices=Dimension.choices, empty_label="Any question", label="Answers"
    )
    reason = django_filters.CharFilter(field_name="reason_key", label="Objection", max_length=60)
    industry = django_filters.CharFilter(method="by_industry", label="Industry", max_length=120)
    stage = django_filters.ChoiceFilter(choices=Stage.choices, empty_label="Any stage")
    language = django_filters.CharFilter(lookup_expr="iexact", label="Language", max_length=10)
    show = django_filters.ChoiceFilter(choices=list(LISTS.items()), method="unfiltered")

    class Meta:
        model = ContentPiece
        fields: tuple[str, ...] = ()

    def by_words(self, pieces: QuerySet[ContentPiece], name: str, text: str) -> QuerySet[ContentPiece]:
        """Pieces whose title, text or link has the words."""
        wanted = fold(text.replace("\0", " "))
        return pieces.filter(
            Q(title_folded__contains=wanted) | Q(text__icontains=text) | Q(url__icontains=text)
        )

    def by_industry(self, pieces: QuerySet[ContentPiece], name: str, text: str) -> QuerySet[ContentPiece]:
        return pieces.filter(industry_folded=fold(text))

    def unfiltered(self, pieces: QuerySet[ContentPiece], name: str, value: str) -> QuerySet[ContentPiece]:
        """Which list is shown is the page's: its tabs count the others too."""
        return pieces


class UseFilter(django_filters.FilterSet):
    """Uses ``with_results`` by what came of the lead afterwards, how the piece was used and by whom."""

    show = django_filters.ChoiceFilter(choices=list(SHOWS.items()), method="by_result")
    how = django_filters.ChoiceFilter(choices=ContentUse.How.choices)
    by = django_filters.NumberFilter(field_name="by", min_value=1, max_value=2**63 - 1)

    class Meta:
        model = ContentUse
        fields: tuple[str, ...] = ()

    def by_result(self, uses: QuerySet[ContentUse], name: str, show: str) -> QuerySet[ContentUse]:
        return uses.filter(results(show))


def selects(data: Any) -> list[dict[str, Any]]:
    """The choices of the filter form with what is chosen now."""
    objections = choices([str(data.get("reason", ""))[:60]])
    found = [
        ("kind", "Kind", ContentPiece.Kind.choices),
        ("dimension", "Answers", Dimension.choices),
        ("reason", "Objection", objections),
        ("industry", "Industry", [(each, each) for each in industries()]),
        ("stage", "Stage", Stage.choices),
        ("language", "Language", [(each, each) for each in languages()]),
    ]
    return [
        {"name": name, "label": label, "choices": options, "value": data.get(name, "")}
        for name, label, options in found
    ]


def industries() -> list[str]:
    """The industries that pieces are for."""
    return _distinct("industry")


def languages() -> list[str]:
    """The languages that pieces are in."""
    return _distinct("language")


def _distinct(column: str) -> list[str]:
    found = ContentPiece.objects.exclude(**{column: ""}).order_by(column)
    return list(found.values_list(column, flat=True).distinct())
