"""The leads' fields in the registry: what may be asked of a lead, its company, answers and activities."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    IntegerField,
    Max,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from leads import countries
from leads.models import (
    Activity,
    ActivityKind,
    BantAnswer,
    BantDimension,
    BantLevel,
    Buying,
    Incumbency,
    Stage,
    Touch,
)
from leads.models.bant import AnswerSource
from leads.moments import FromEpoch
from rules.activities import ActivityKind as Kind
from rules.activities import activities
from rules.context import Context
from rules.fields import CONDITION_USES, Choices, Field, FieldType, Use, registry
from users.models import Team, User
from users.organisation import reporting_currency

T = FieldType
FACTS = CONDITION_USES | {Use.COLUMN}
"""Facts of a lead: they may decide its score."""
IMPORTED = FACTS | {Use.IMPORT}
WORK = frozenset({Use.ROUTING, Use.VIEW, Use.COLUMN, Use.REPORT})
"""What follows from sales' work: never part of a criterion."""
LEVELS = tuple((level.name.lower(), level.label) for level in BantLevel)
STORED_LEVELS = {level.name.lower(): level.value for level in BantLevel}
KINDS = {
    ActivityKind.PAGE_VIEW: ("page view", "page views", "page address"),
    ActivityKind.EMAIL_OPEN: ("opened e-mail", "opened e-mails", "mail"),
    ActivityKind.EMAIL_CLICK: ("click in an e-mail", "clicks in e-mails", "mail"),
    ActivityKind.EMAIL_REPLY: ("answered e-mail", "answered e-mails", "mail"),
    ActivityKind.FORM: ("form sent", "forms sent", "form"),
    ActivityKind.DOWNLOAD: ("download", "downloads", "file"),
    ActivityKind.WEBINAR: ("webinar attended", "webinars attended", "webinar"),
    ActivityKind.EVENT: ("event visited", "events visited", "event"),
    ActivityKind.CHAT: ("chat", "chats", ""),
    ActivityKind.CALL: ("call to us", "calls to us", ""),
    ActivityKind.TRIAL: ("trial started", "trials started", ""),
    ActivityKind.UNSUBSCRIBE: ("unsubscribe", "unsubscribes", ""),
    ActivityKind.OTHER: ("other activity", "other activities", ""),
}


def register() -> None:
    """Register every field and kind of activity; called once, while the app starts."""
    registry.register(*_lead_fields(), *_company_fields(), *_bant_fields(), *_behaviour_fields())
    activities.register(
        *(
            Kind(key=kind.value, label=one, plural=many, detail=detail)
            for kind, (one, many, detail) in KINDS.items()
        )
    )
    activities.register_rows(Activity.objects.all)
    registry.currency = reporting_currency


def _text(key: str, label: str, lookup: str, group: str = "Lead", folded: str = "") -> Field:
    return Field(
        key=key,
        label=label,
        type=T.TEXT,
        uses=IMPORTED,
        group=group,
        lookup=lookup,
        folded_lookup=folded or f"{lookup}_folded",
    )


def _open(key: str, label: str, lookup: str, group: str = "Lead") -> Field:
    """A text without a folded column: compared as it is."""
    return Field(
        key=key, label=label, type=T.CHOICE, uses=IMPORTED, group=group, lookup=lookup, open_choices=True
    )


def _country(key: str, label: str, lookup: str, group: str) -> Field:
    return Field(
        key=key,
        label=label,
        type=T.CHOICE,
        uses=IMPORTED,
        group=group,
        lookup=lookup,
        choices=countries.choices,
    )


def _plain(
    key: str,
    label: str,
    kind: FieldType,
    lookup: str,
    group: str = "Lead",
    uses: frozenset[Use] = IMPORTED,
) -> Field:
    return Field(key=key, label=label, type=kind, uses=uses, group=group, lookup=lookup)


def _built(key: str, label: str, kind: FieldType, group: str, build: Any, **options: Any) -> Field:
    return Field(key=key, label=label, type=kind, uses=FACTS, group=group, expression=build, **options)


def _lead_fields() -> list[Field]:
    return [
        _text("lead.name", "Name", "name"),
        _text("lead.email", "E-mail", "email"),
        _built("lead.has_email", "Has an e-mail address", T.BOOLEAN, "Lead", _is_given("email")),
        _plain("lead.has_free_mail", "Uses a free mail provider", T.BOOLEAN, "has_free_mail", uses=FACTS),
        _plain("lead.phone", "Phone", T.TEXT, "phone", uses=frozenset({Use.COLUMN, Use.IMPORT})),
        _built("lead.has_phone", "Has a phone number", T.BOOLEAN, "Lead", _is_given("phone")),
        _text("lead.title", "Job title", "title"),
        _country("lead.country", "Country", "country", "Lead"),
        _open("lead.city", "City", "city"),
        _open("lead.language", "Language", "language"),
        _text("lead.source", "Source", "source"),
        _text("lead.driver", "What drives the person", "driver"),
        _stage(),
        _people("lead.owner", "Owner", "owner_id", _owners),
        _people("lead.team", "Team", "team_id", _teams),
        _plain("lead.created", "Created", T.MOMENT, "created_at"),
        _plain("lead.do_not_call", "Do not call", T.BOOLEAN, "do_not_call"),
        _plain("lead.is_unsubscribed", "Unsubscribed from e-mail", T.BOOLEAN, "is_unsubscribed"),
    ]


def _stage() -> Field:
    choices = tuple((str(value), str(label)) for value, label in Stage.choices)
    return Field(
        key="lead.stage",
        label="Stage",
        type=T.CHOICE,
        uses=FACTS,
        group="Lead",
        lookup="stage",
        choices=choices,
    )


def _people(key: str, label: str, lookup: str, choices: Callable[[], Choices]) -> Field:
    return Field(
        key=key,
        label=label,
        type=T.CHOICE,
        uses=WORK,
        group="Lead",
        lookup=lookup,
        choices=choices,
        blank=False,
    )


def _owners() -> Choices:
    return tuple((str(pk), name) for pk, name in User.objects.values_list("pk", "name"))


def _teams() -> Choices:
    return tuple((str(pk), name) for pk, name in Team.objects.values_list("pk", "name"))


def _is_given(column: str) -> Callable[[Context], Combinable]:
    def build(_ctx: Context) -> Combinable:
        empty = When(**{column: ""}, then=Value(False))
        return Case(empty, default=Value(True), output_field=BooleanField())

    return build


def _company_fields() -> list[Field]:
    group = "Company"
    return [
        _text("company.name", "Company", "company__name", group),
        _text("company.domain", "Web domain", "company__domain", group, folded="company__domain"),
        _text("company.industry", "Industry", "company__industry", group),
        _plain("company.employees", "Employees", T.NUMBER, "company__employees", group),
        _plain("company.revenue", "Yearly revenue", T.MONEY, "company__revenue_reporting", group),
        _country("company.country", "Company's country", "company__country", group),
        *_buying_fields(),
    ]


def _buying_fields() -> list[Field]:
    """The buying centre: columns of the company, which is joined anyway: a criterion costs no more."""
    group = "Buying centre"
    return [
        _chosen("company.buying", "Buying", Buying.choices, group),
        _plain("company.by_rfp", "Buys by request for proposal", T.BOOLEAN, "company__by_rfp", group),
        _text("company.incumbent", "Supplier today", "company__incumbent", group),
        _chosen("company.incumbent_relationship", "Tie to the supplier today", Incumbency.choices, group),
        _text("company.driver", "What drives the company", "company__driver", group),
        _text("company.department_driver", "What drives the department", "company__department_driver", group),
        _text("company.politics", "Politics", "company__politics", group),
    ]


def _chosen(key: str, label: str, choices: Iterable[tuple[str, str]], group: str) -> Field:
    return Field(
        key=key,
        label=label,
        type=T.CHOICE,
        uses=IMPORTED,
        group=group,
        lookup=key.replace(".", "__"),
        choices=tuple(choices),
    )


def latest_answers(dimension: str, ctx: Context) -> QuerySet[BantAnswer]:
    """The answers of an outer lead to one dimension that count at ``ctx.now``, the one that counts first."""
    answers = BantAnswer.objects.filter(lead_id=OuterRef("pk"), dimension=dimension)
    return answers.filter(expires_at__gt=ctx.now).order_by("-at", "-id")


def _latest(dimension: str, column: str) -> Callable[[Context], Combinable]:
    return lambda ctx: Subquery(latest_answers(dimension, ctx).values(column)[:1])


def _bant_fields() -> list[Field]:
    fields = [each for dimension in BantDimension for each in _dimension_fields(dimension)]
    return [
        *fields,
        _built(
            "bant.budget.amount", "Budget", T.MONEY, "BANT answers", _latest("budget", "amount_reporting")
        ),
        _built(
            "bant.timeframe.purchase_on",
            "Planned purchase",
            T.DATE,
            "BANT answers",
            _latest("timeframe", "purchase_on"),
        ),
    ]


def _dimension_fields(dimension: BantDimension) -> list[Field]:
    key, label = f"bant.{dimension.value}", str(dimension.label)
    sources = tuple((str(value), str(name)) for value, name in AnswerSource.choices)
    level, source = _latest(dimension, "level"), _latest(dimension, "source")
    group = "BANT answers"
    return [
        _built(
            f"{key}.level", f"{label} answer", T.LEVEL, group, level, choices=LEVELS, stored=STORED_LEVELS
        ),
        _built(f"{key}.source", f"{label} answer by", T.CHOICE, group, source, choices=sources),
    ]


def _behaviour_fields() -> list[Field]:
    group = "Activities"
    return [
        _built("activity.last_at", "Last activity", T.MOMENT, group, _last_activity),
        _built("activity.count", "Activities", T.NUMBER, group, _activity_count),
        _built(
            "campaign.first",
            "First campaign",
            T.TEXT,
            "Campaigns",
            _first_campaign("name"),
            folded_expression=_first_campaign("name_folded"),
        ),
    ]


def _of_lead(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.filter(lead_id=OuterRef("pk")).order_by()


def _last_activity(_ctx: Context) -> Combinable:
    last = _of_lead(Activity).values("lead_id").annotate(last=Max("at_epoch")).values("last")
    return FromEpoch(Subquery(last))


def _activity_count(_ctx: Context) -> Combinable:
    count = _of_lead(Activity).values("lead_id").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count), 0, output_field=IntegerField())


def _first_campaign(column: str) -> Callable[[Context], Combinable]:
    return lambda _ctx: Subquery(_of_lead(Touch).order_by("at", "id").values(f"campaign__{column}")[:1])
