"""Custom fields: made, changed, retired and brought back; what leads have under them."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.errors import Conflict, Invalid
from core.hooks import FieldUse, hooks
from core.models import AuditEntry
from leads import services
from leads.cleaning import UnusableError
from leads.custom import values
from leads.custom.checking import MAX_FIELDS
from leads.custom.counting import value_counts
from leads.custom.definitions import definitions
from leads.facts import LeadFacts
from leads.models import ChangedLead, CustomField, FieldRun, Lead
from leads.services.custom_fields import CHANGED
from leads.services.field_runs import run_fields
from leads.tasks import run_fields as sweep
from rules.compile import compile_q, prepare
from rules.context import Context
from rules.errors import RuleError
from rules.fields import Use, registry
from rules.tree import parse
from rules.words import in_words
from tests.leads.custom import NOW, T, content, make, make_all

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
CTX = Context(NOW, BERLIN)
VALUES = {
    "seats": 40,
    "need_in_words": "Größere Lager",
    "renewal": "2026-12-01",
    "opted_in": True,
    "plan": "Gold",
}


def lead_with(**attributes: Any) -> Lead:
    return services.create_lead(facts=LeadFacts(name="Rita", attributes=attributes), by=None, now=NOW)


def matching(tree: dict[str, Any]) -> list[Lead]:
    node = parse(tree, use=Use.CRITERION)
    return list(prepare(Lead.objects.all(), node, CTX).filter(compile_q(node, CTX)))


def used(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """An agreed condition asks for the field."""
    uses = {key: [FieldUse("Many seats", "/definition/", is_agreed=True)]}
    monkeypatch.setattr(hooks, "field_uses", [lambda: uses])


class TestMaking:
    def test_the_key_is_made_of_the_name_and_stays(self) -> None:
        row = make("Größe der Flotte")
        assert row.key == "attribute.grosse_der_flotte"
        services.update_field(field=row, content=content("Fleet"), by=None, now=NOW)
        row.refresh_from_db()
        assert (row.key, row.label) == ("attribute.grosse_der_flotte", "Fleet")

    @pytest.mark.parametrize(("label", "slug"), [("规模", "field"), ("2nd phone", "field_2nd_phone")])
    def test_a_name_without_plain_letters_gets_a_key_too(self, label: str, slug: str) -> None:
        assert make(label).slug == slug

    def test_another_spelling_of_a_field_in_use_is_refused(self) -> None:
        make("No. of seats")
        with pytest.raises(Invalid, match=r"another spelling of “No\. of seats”"):
            make("No of  Seats!")
        assert CustomField.objects.count() == 1

    def test_a_retired_field_leaves_its_name_but_not_its_key(self) -> None:
        services.retire_field(field=make("Seats"), by=None, now=NOW)
        assert make("Seats", T.TEXT).slug == "seats_2"

    @pytest.mark.parametrize(
        ("wrong", "where", "message"),
        [
            (content("x" * 10_000), "label", "at most 80"),
            (content(" \0 "), "label", "Give the field a name"),
            (content(kind="money"), "type", "Choose what"),
            (content(unit="u" * 21), "unit", "at most 20"),
            (content(kind=T.CHOICE), "choices", "at least one"),
            (content(kind=T.CHOICE, choices=("", "  ")), "choices", "at least one"),
            (content(kind=T.CHOICE, choices=("Gold", "gold ")), "choices", "there twice"),
            (content(kind=T.CHOICE, choices=tuple(map(str, range(201)))), "choices", "at most 200"),
            (content(kind=T.CHOICE, choices=("x" * 101,)), "choices", "more than 100"),
            (content(headers=("City",)), "headers", "read as “City” already"),
            (content(headers=tuple(f"h{n}" for n in range(21))), "headers", "at most 20"),
        ],
        ids=lambda each: each if isinstance(each, str) else "",
    )
    def test_what_cant_be_is_refused_and_named(self, wrong: Any, where: str, message: str) -> None:
        with pytest.raises(Invalid, match=message) as refused:
            services.create_field(content=wrong, by=None, now=NOW)
        assert refused.value.problems[0].where == where
        assert not CustomField.objects.exists()

    def test_there_is_a_most(self) -> None:
        rows = [CustomField(slug=f"f{n}", label=f"F {n}", type=T.TEXT) for n in range(MAX_FIELDS)]
        CustomField.objects.bulk_create(rows)
        with pytest.raises(Invalid, match="200 custom fields in use"):
            make("One more")

    def test_two_fields_dont_share_a_column(self) -> None:
        make("Seats", headers=("Licences",))
        with pytest.raises(Invalid, match="“licences” are read as “Seats” already"):
            make("Users", headers=("licences",))

    def test_who_made_and_changed_it_is_on_record(self) -> None:
        row = make("Seats")
        services.update_field(field=row, content=content("Seats", unit="seats"), by=None, now=NOW)
        services.update_field(field=row, content=content("Seats", unit="seats"), by=None, now=NOW)
        found = AuditEntry.objects.filter(target_type="customfield").order_by("pk")
        assert [each.action for each in found] == ["field.create", "field.update"]
        assert found[1].detail == {"field": "attribute.seats", "fields": ["unit"]}


class TestChanging:
    def test_whoever_saves_over_an_unseen_change_is_told(self) -> None:
        row = make("Seats")
        later = NOW + timedelta(minutes=1)
        services.update_field(field=row, content=content("Places"), by=None, now=later, seen_at=NOW)
        with pytest.raises(Conflict) as told:
            services.update_field(field=row, content=content("Chairs"), by=None, now=later, seen_at=NOW)
        assert told.value.message == CHANGED

    def test_the_type_stays_once_a_lead_has_a_value(self) -> None:
        row = make("Seats")
        services.update_field(field=row, content=content("Seats", T.TEXT), by=None, now=NOW)
        services.update_field(field=row, content=content("Seats", T.NUMBER), by=None, now=NOW)
        lead_with(seats=3)
        with pytest.raises(Invalid, match=r"its type stays number\. Retire the field") as refused:
            services.update_field(field=row, content=content("Seats", T.TEXT), by=None, now=NOW)
        assert refused.value.problems[0].where == "type"

    def test_taking_away_a_choice_that_leads_have_is_said_first(self) -> None:
        row = make("Plan", T.CHOICE, choices=("Gold", "Silver", "Tin"))
        lead_with(plan="Gold")
        fewer = content("Plan", T.CHOICE, choices=("Silver",))
        with pytest.raises(Invalid, match=r"“Gold” \(1 lead\)\. They keep them"):
            services.update_field(field=row, content=fewer, by=None, now=NOW)
        services.update_field(field=row, content=fewer, by=None, now=NOW, is_sure=True)
        assert Lead.objects.get().attributes == {"plan": "Gold"}
        assert definitions()["plan"].choices == ("Silver",)

    def test_fields_change_places(self) -> None:
        first, second = make("First"), make("Second")
        services.move_field(field=second, is_up=True, by=None, now=NOW)
        services.move_field(field=second, is_up=True, by=None, now=NOW)
        assert list(definitions()) == [second.slug, first.slug]


class TestRetiring:
    def test_a_retired_field_is_no_field_and_its_values_stay(self) -> None:
        row = make("Seats")
        lead_with(seats=3)
        services.retire_field(field=row, by=None, now=NOW)
        services.retire_field(field=row, by=None, now=NOW)
        with pytest.raises(RuleError, match=r"^The field “Seats” was retired\.$"):
            registry.get("attribute.seats")
        for never in ("attribute.chairs", "attribute.seats\0", "attribute."):
            with pytest.raises(RuleError, match="There is no field"):
                registry.get(never)
        assert Lead.objects.get().attributes == {"seats": 3}
        services.restore_field(field=row, by=None, now=NOW)
        assert len(matching({"field": "attribute.seats", "op": "eq", "value": 3})) == 1

    def test_one_whose_name_was_taken_doesnt_come_back(self) -> None:
        row = services.retire_field(field=make("Seats"), by=None, now=NOW)
        make("Seats", T.TEXT)
        with pytest.raises(Invalid, match="a field “Seats” already"):
            services.restore_field(field=row, by=None, now=NOW)

    def test_leads_are_judged_again_only_if_somebody_asks_for_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = make("Seats")
        lead_with(seats=3)
        ChangedLead.objects.all().delete()
        services.retire_field(field=row, by=None, now=NOW)
        assert run_fields(clock=lambda: NOW) == 0
        used(monkeypatch, row.key)
        services.restore_field(field=row, by=None, now=NOW)
        services.retire_field(field=row, by=None, now=NOW)
        assert sweep() == 1
        assert ChangedLead.objects.count() == 1
        assert set(FieldRun.objects.values_list("state", flat=True)) == {"done"}


class TestValues:
    @pytest.mark.parametrize(
        ("slug", "op", "value"),
        [
            ("seats", "gte", 40),
            ("seats", "between", [39, 41]),
            ("need_in_words", "contains", "GROSSERE"),
            ("need_in_words", "starts_with", "großere"),
            ("need_in_words", "matches_any", ["*LAGER"]),
            ("renewal", "on", "2026-12-01"),
            ("renewal", "within_next_days", 10),
            ("opted_in", "is", True),
            ("plan", "in", ["Gold"]),
            ("plan", "is_not", "Silver"),
        ],
    )
    def test_a_condition_finds_the_lead_it_is_true_of(self, slug: str, op: str, value: object) -> None:
        make_all()
        lead = lead_with(**VALUES)
        lead_with()
        tree = {"field": f"attribute.{slug}", "op": op, "value": value}
        assert matching(tree) == [lead]

    @pytest.mark.parametrize("slug", VALUES)
    def test_a_value_is_known_or_unknown(self, slug: str) -> None:
        make_all()
        known, unknown = lead_with(**VALUES), lead_with()
        key = f"attribute.{slug}"
        assert matching({"field": key, "op": "known"}) == [known]
        assert matching({"field": key, "op": "unknown"}) == [unknown]
        assert matching({"not": {"field": key, "op": "known"}}) == [unknown]

    def test_numbers_are_said_with_their_unit(self) -> None:
        make_all()
        node = parse({"field": "attribute.seats", "op": "gte", "value": 40}, use=Use.CRITERION)
        assert in_words(node) == "Seats is at least 40 seats"

    def test_a_choice_that_isnt_listed_is_named_with_the_nearest(self) -> None:
        make_all()
        with pytest.raises(RuleError, match="Did you mean “Gold”"):
            parse({"field": "attribute.plan", "op": "is", "value": "Golde"}, use=Use.CRITERION)

    def test_a_field_that_isnt_there_is_named_with_the_nearest(self) -> None:
        make_all()
        with pytest.raises(RuleError, match=r"Did you mean “attribute\.seats”"):
            parse({"field": "attribute.seat", "op": "known"}, use=Use.CRITERION)

    def test_values_are_changed_cleared_and_recorded(self) -> None:
        make_all()
        lead = lead_with(**VALUES)
        facts = LeadFacts(attributes={"need_in_words": "Ruhe", "seats": None})
        services.update_lead(lead=lead, facts=facts, by=None, now=NOW)
        lead.refresh_from_db()
        assert lead.attributes == {
            **{key: VALUES[key] for key in VALUES if key != "seats"},
            "need_in_words": "Ruhe",
        }
        assert lead.attributes_folded == {"need_in_words": "ruhe"}
        entry = AuditEntry.objects.get(action="lead.update")
        assert entry.detail == {"fields": ["attribute.need_in_words", "attribute.seats"]}
        assert set(entry.values.values_list("field", "before", "after")) == {
            ("attribute.need_in_words", "Größere Lager", "Ruhe"),
            ("attribute.seats", "40", None),
        }

    def test_an_upsert_sets_and_never_clears_and_a_repeat_leaves_all(self) -> None:
        make_all()
        rows = [LeadFacts(email="r@a.test", attributes={"seats": 3, "plan": "gold"})]
        services.upsert_leads(rows=rows, by=None, now=NOW)
        empty = [LeadFacts(email="r@a.test", attributes={"seats": None})]
        assert services.upsert_leads(rows=empty, by=None, now=NOW).count(services.Outcome.UNCHANGED) == 1
        assert services.upsert_leads(rows=rows, by=None, now=NOW).count(services.Outcome.UNCHANGED) == 1
        assert Lead.objects.get().attributes == {"seats": 3, "plan": "Gold"}

    @pytest.mark.parametrize(
        ("slug", "wrong", "reason"),
        [
            ("seats", "12", "is no number"),
            ("seats", True, "is no number"),
            ("seats", 10**400, "is no number between"),
            ("seats", float("nan"), "is no number between"),
            ("seats", [1], "is no number"),
            ("renewal", "2026-02-31", "is no date"),
            ("renewal", "31.02.2026", "is no date"),
            ("renewal", "0001-01-01", "is no date"),
            ("opted_in", "yes", "is neither true nor false"),
            ("opted_in", 1, "is neither true nor false"),
            ("plan", "Tin", "is no choice of “Plan”; there are: Gold, Silver"),
            ("need_in_words", {"a": 1}, "is no text"),
            ("need_in_words", "x" * 501, "is longer than 500 characters"),
            ("seatz", 3, "is no custom field, but “seats” is one"),
            ("seats' = '1", 3, "is no custom field"),
            ("__proto__", 3, "is no custom field"),
        ],
    )
    def test_what_doesnt_fit_is_refused_with_its_place(self, slug: str, wrong: object, reason: str) -> None:
        make_all()
        with pytest.raises(Invalid) as refused:
            lead_with(**{slug: wrong})
        assert reason in refused.value.message
        assert refused.value.problems[0].where.startswith("attributes.")
        assert not Lead.objects.exists()

    @pytest.mark.parametrize(
        ("slug", "cell", "value"),
        [
            ("seats", "1,200 seats", 1200),
            ("seats", "-2.5", -2.5),
            ("seats", "1.5e3", 1500),
            ("renewal", "1 Dec 2026", "2026-12-01"),
            ("renewal", "31.12.2026", "2026-12-31"),
            ("opted_in", "Ja", True),
            ("plan", " SILVER ", "Silver"),
            ("need_in_words", " two\nlines ", "two lines"),
        ],
    )
    def test_a_cell_is_read_by_the_type(self, slug: str, cell: str, value: object) -> None:
        make_all()
        assert values.read(definitions()[slug], cell, BERLIN, "") == value

    @pytest.mark.parametrize(
        ("slug", "cell"),
        [
            ("seats", "many"),
            ("seats", "NaN"),
            ("renewal", "31.02.2026"),
            ("renewal", "1/2/2026"),
            ("plan", "Tin"),
        ],
    )
    def test_a_cell_that_doesnt_fit_is_refused(self, slug: str, cell: str) -> None:
        make_all()
        with pytest.raises(UnusableError):
            values.read(definitions()[slug], cell, BERLIN, "")

    def test_the_leads_with_a_value_are_counted(self) -> None:
        rows = make_all()
        lead_with(**VALUES)
        lead_with(seats=1)
        counts = value_counts(rows.values())
        assert {slug: counts[row.pk].leads for slug, row in rows.items()} == {
            **dict.fromkeys(VALUES, 1),
            "seats": 2,
        }
