"""Limits of the databases, shapes of the SQL, and the corners that random trees don't reach."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    F,
    FilteredRelation,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.test.utils import CaptureQueriesContext

from leads.models import Activity, Lead
from rules.compile import Context, compile_activity_q, compile_q, field_expression, prepare
from rules.fields import CONDITION_USES, Field, FieldType, Registry, Use
from rules.nodes import ActivityMatch, Comparison
from rules.tree import RuleError, parse
from tests.rules.world import FIELDS, KINDS, UTC, Facts, context, save

pytestmark = pytest.mark.django_db
BERLIN = context()


def found(data: dict[str, Any], ctx: Context = BERLIN) -> set[int]:
    node = parse(data, use=Use.CRITERION, registry=FIELDS, kinds=KINDS)
    condition = compile_q(node, ctx, FIELDS, KINDS)
    return set(Lead.objects.filter(condition).values_list("pk", flat=True))


def activity(data: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"activity": data, **more}


@pytest.fixture
def director() -> Lead:
    company = ("Software", 200, 1_000_000.0)
    viewed = [
        ("page_view", "/Pricing?x=1", dt.datetime(2026, 11, day, 12, tzinfo=UTC)) for day in (1, 15, 22)
    ]
    return save(Facts(title="Sales Director", company=company, activities=viewed), BERLIN.zone)


@pytest.fixture
def unknown() -> Lead:
    return save(Facts(), BERLIN.zone)


def test_an_empty_all_is_everyone_and_an_empty_any_is_no_one(director: Lead, unknown: Lead) -> None:
    assert found({"all": []}) == {director.pk, unknown.pk}
    assert found({"any": []}) == set()
    assert found({"not": {"any": []}}) == {director.pk, unknown.pk}
    assert found({"any": [{"all": []}, {"any": []}]}) == {director.pk, unknown.pk}


def test_an_unknown_value_meets_unknown_and_every_negation_only(director: Lead, unknown: Lead) -> None:
    other = {"field": "lead.title", "op": "is_not", "value": "nobody"}
    assert found(other) == {director.pk}
    assert found({"not": other}) == {unknown.pk}
    assert found({"field": "company.employees", "op": "unknown"}) == {unknown.pk}
    assert found({"not": {"field": "company.employees", "op": "gte", "value": 500}}) == {
        director.pk,
        unknown.pk,
    }


def test_signs_of_like_stand_for_themselves(db: None) -> None:
    percent, under, star, slash, plain = (
        save(Facts(title=title), BERLIN.zone).pk for title in ("100% x", "a_b x", "a*b x", "a\\b x", "axb x")
    )
    for text, who in (("%", percent), ("_", under), ("*", star), ("\\", slash)):
        assert found({"field": "lead.title", "op": "contains", "value": text}) == {who}
    assert found({"field": "lead.title", "op": "matches_any", "value": ["a*b x"]}) == {
        under,
        star,
        slash,
        plain,
    }
    assert found({"field": "lead.title", "op": "matches_any", "value": ["a_b*"]}) == {under}


def test_activities_are_counted_in_their_window_by_the_company_day(director: Lead, unknown: Lead) -> None:
    priced = {"kind": ["page_view", "download"], "detail": "*PRICING*"}
    assert found(activity(priced, at_least=3)) == {director.pk}
    assert found(activity(priced, at_least=4)) == set()
    assert found(activity(priced, at_least=2, within_days=7)) == {director.pk}
    assert found(activity(priced, at_least=2, within_days=6)) == set()
    assert found({"not": activity({"kind": "download"})}) == {director.pk, unknown.pk}


def test_activities_to_come_do_not_count(director: Lead) -> None:
    viewed = activity({"kind": "page_view"}, at_least=3)
    assert found(viewed, context(dt.datetime(2026, 11, 22, 12, 0, tzinfo=UTC))) == {director.pk}
    assert found(viewed, context(dt.datetime(2026, 11, 22, 11, 59, 59, tzinfo=UTC))) == set()


def test_a_moment_falls_on_the_day_of_the_company_zone(db: None) -> None:
    late = save(Facts(stopped=dt.datetime(2026, 11, 22, 23, 30, tzinfo=UTC)), BERLIN.zone)
    on = {"field": "lead.stopped", "op": "on", "value": "2026-11-23"}
    assert found(on, context(zone="Europe/Berlin")) == {late.pk}
    assert found(on, context(zone="UTC")) == set()


def test_the_same_condition_serves_the_grouped_pass_over_activities(director: Lead) -> None:
    match = compile_activity_q(ActivityMatch(("page_view",), "/pricing*"), BERLIN)
    hit = Case(When(match, then=Value(1)), default=Value(0), output_field=IntegerField())
    grouped = Activity.objects.values("lead_id").annotate(n=Sum(hit)).values_list("lead_id", "n")
    assert list(grouped) == [(director.pk, 3)]


def nots(depth: int, leaf: dict[str, Any]) -> dict[str, Any]:
    return leaf if depth == 0 else {"not": nots(depth - 1, leaf)}


def test_the_deepest_and_widest_trees_run_also_as_many_columns_at_once(director: Lead) -> None:
    patterns = [f"*{number}*" for number in range(25)]
    wide = {"any": [{"field": "lead.title", "op": "matches_any", "value": patterns}] * 199}
    longest = {"field": "lead.title", "op": "matches_any", "value": [f"x{n}" for n in range(1_000)]}
    deep = nots(9, {"field": "bant.budget", "op": "unknown"})
    mixed: dict[str, Any] = {"field": "lead.title", "op": "known"}
    for group in ("any", "all", "any", "all", "any", "all", "any", "all", "any"):
        mixed = {group: [mixed, {"field": "company.employees", "op": "gt", "value": 10}]}
    columns = {}
    for number, data in enumerate([deep, mixed, wide, longest] + [deep, mixed] * 10):
        node = parse(data, use=Use.CRITERION, registry=FIELDS)
        when = When(compile_q(node, BERLIN, FIELDS), then=Value(1))
        columns[f"c{number}"] = Case(when, default=Value(0), output_field=IntegerField())
    row = Lead.objects.annotate(**columns).values_list(*columns).get()
    assert row[:4] == (0, 1, 0, 0)
    assert found(deep) == set()
    assert found(mixed) == {director.pk}
    assert found(wide) == found(longest) == set()


def test_in_takes_a_thousand_values(director: Lead) -> None:
    names = [f"name {number}" for number in range(999)]
    assert found({"field": "lead.title", "op": "in", "value": [*names, "SALES DIRECTOR"]}) == {director.pk}


def test_a_shared_preparation_runs_once(director: Lead) -> None:
    steps: list[Context] = []

    def joined(leads: QuerySet[Any], ctx: Context) -> QuerySet[Any]:
        steps.append(ctx)
        viewed = FilteredRelation("stage_changes", condition=Q(stage_changes__to_stage=ctx.extra["stage"]))
        with_latest: QuerySet[Any] = leads.alias(latest=viewed)
        return with_latest

    fields = Registry()
    for key in ("move.cause", "move.from"):
        lookup = "latest__" + {"move.cause": "cause", "move.from": "from_stage"}[key]
        fields.register(
            Field(
                key=key,
                label=key,
                type=FieldType.CHOICE,
                uses=CONDITION_USES,
                lookup=lookup,
                open_choices=True,
                prepare=joined,
            )
        )
    moved = save(Facts(), BERLIN.zone)
    for to_stage, cause in (("nurture", "quiet"), ("customer", "won")):
        moved.stage_changes.create(from_stage="inquiry", to_stage=to_stage, at=BERLIN.now, cause=cause)
    ctx = Context(BERLIN.now, BERLIN.zone, {"stage": "nurture"})
    node = parse(
        {
            "all": [
                {"field": "move.cause", "op": "is", "value": "quiet"},
                {"field": "move.from", "op": "known"},
            ]
        },
        use=Use.VIEW,
        registry=fields,
    )
    leads = prepare(Lead.objects.all(), node, ctx, fields)
    assert list(leads.filter(compile_q(node, ctx, fields))) == [moved]
    shown = leads.annotate(cause=field_expression(fields.get("move.cause"), ctx)).values_list("pk", "cause")
    assert dict(shown) == {moved.pk: "quiet", director.pk: None}
    assert steps == [ctx]


def test_the_value_of_each_field_can_be_shown(director: Lead) -> None:
    Lead.objects.update(extra={"seats": 2.5, "renewal": "2026-12-01", "opted": True, "plan": "gold"})
    ctx = BERLIN
    values = {f"v{number}": field_expression(field, ctx) for number, field in enumerate(FIELDS.all())}
    row = Lead.objects.annotate(**values).values_list(*values).get()
    shown = dict(zip((field.key for field in FIELDS.all()), row, strict=True))
    assert shown["lead.title"] == "Sales Director"
    assert shown["company.industry"] == "Software"
    assert shown["bant.budget"] is None
    assert shown["attribute.seats"] == 2.5
    assert shown["attribute.renewal"] == dt.date(2026, 12, 1)
    assert shown["attribute.opted"] is True
    assert shown["attribute.plan"] == "gold"


def test_a_field_or_operator_that_is_gone_fails_closed() -> None:
    with pytest.raises(RuleError, match="There is no field"):
        compile_q(Comparison("lead.gone", "known"), BERLIN, FIELDS)
    with pytest.raises(RuleError, match="any more"):
        compile_q(Comparison("lead.title", "gone"), BERLIN, FIELDS)


def test_a_condition_asks_the_database_once(director: Lead) -> None:
    data = {"all": [{"field": "company.employees", "op": "gte", "value": 1}, activity({"kind": "page_view"})]}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert found(data) == {director.pk}
    assert len(queries) == 1


def test_a_context_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Context(dt.datetime(2026, 1, 1), BERLIN.zone)  # noqa: DTZ001 - what is refused


def test_boolean_columns_select_as_booleans(director: Lead) -> None:
    node = parse(
        {"not": {"field": "lead.do_not_call", "op": "is", "value": True}}, use=Use.CRITERION, registry=FIELDS
    )
    when = When(compile_q(node, BERLIN, FIELDS), then=Value(True))
    told = Case(when, default=Value(False), output_field=BooleanField())
    assert Lead.objects.annotate(free=told, name_again=F("name")).get().free is True


def test_a_value_at_hand_is_compared_instead_of_asked_for_again(director: Lead) -> None:
    count = parse(
        activity({"kind": "page_view"}, at_least=2), use=Use.CRITERION, registry=FIELDS, kinds=KINDS
    )
    budget = Comparison("bant.budget", "at_least", "partial")
    at_hand = Context(BERLIN.now, BERLIN.zone, given={count: Value(1), "bant.budget": Value(2)})
    for node, by_rows, by_hand in ((count, 1, 0), (budget, 0, 1)):
        assert Lead.objects.filter(compile_q(node, BERLIN, FIELDS, KINDS)).count() == by_rows
        assert Lead.objects.filter(compile_q(node, at_hand, FIELDS, KINDS)).count() == by_hand


KEPT = ("0001-01-01", "2026-02-28", "2028-02-29", "9999-12-31")
DROPPED: tuple[object, ...] = (
    "0000-01-01", "2026-02-29", "2026-02-31", "2026-13-01", "2026-00-10", "2026-1-05", "20261130",
    "2026-11-30 ", "2026-11-30T00:00", "-026-11-30", "n/a", "", 20261130, True, None, ["2026-11-30"], {},
)  # fmt: skip


def test_a_custom_date_is_a_date_of_the_calendar_or_unknown(db: None) -> None:
    rows = {save(Facts(extra={"renewal": day}), BERLIN.zone).pk: day for day in (*KEPT, *DROPPED)}
    field = FIELDS.get("attribute.renewal")
    shown = Lead.objects.annotate(day=field_expression(field, BERLIN)).values_list("pk", "day")
    assert [str(day) for pk, day in shown if rows[pk] in KEPT] == list(KEPT)
    assert {pk for pk, day in shown if day is not None} == found({"field": field.key, "op": "known"})
    assert [rows[pk] for pk, day in shown if day is not None] == list(KEPT)


def test_a_custom_number_is_a_number_of_a_size_or_unknown(db: None) -> None:
    kept = (0, -3.5, 1e-300, 10**15, -(10**15), 2.5e14)
    dropped = ("5", "n/a", True, None, [5], {"a": 5}, 10**15 + 1, 10**30, -1e300, 2**63)
    rows = {save(Facts(extra={"seats": number}), BERLIN.zone).pk: number for number in (*kept, *dropped)}
    assert {rows[pk] for pk in found({"field": "attribute.seats", "op": "known"})} == set(kept)
    assert {rows[pk] for pk in found({"field": "attribute.seats", "op": "eq", "value": -3.5})} == {-3.5}
