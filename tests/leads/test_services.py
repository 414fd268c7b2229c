"""Adding, changing and moving leads."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, Invalid
from core.hooks import hooks
from core.models import AuditEntry, AuditValue
from leads import services
from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.models import (
    Activity,
    BantDimension,
    BantLevel,
    ChangedLead,
    Company,
    ExternalId,
    Lead,
    Stage,
    StageChange,
    Touch,
)
from leads.services import Outcome, book
from leads.stages import MOVES
from tests.factories import TeamFactory, UserFactory
from users.models import Organisation, Role, User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def create(**facts: Any) -> Lead:
    return services.create_lead(facts=LeadFacts(**facts), by=None, now=NOW)


def upsert(*rows: LeadFacts) -> list[Outcome]:
    return [row.outcome for row in services.upsert_leads(rows=rows, by=None, now=NOW).rows]


def test_a_new_lead_is_folded_marked_and_audited() -> None:
    lead = create(
        name="Jörg  Müller", email="J.Mueller@Firma.Example.Test", phone="030 5550100", country="Germany"
    )
    lead.refresh_from_db()
    assert (lead.name, lead.name_folded) == ("Jörg Müller", "jorg muller")
    assert (lead.email_folded, lead.has_free_mail) == ("j.mueller@firma.example.test", False)
    assert (lead.country, lead.phone_e164) == ("DE", "+49305550100")
    assert ChangedLead.objects.get().lead_id == lead.pk
    entry = AuditEntry.objects.get()
    assert "Müller" not in str(entry.detail)
    assert AuditValue.objects.filter(entry=entry, field="name", after="Jörg Müller").exists()


def test_a_lead_that_a_rep_adds_is_the_reps_own() -> None:
    rep = UserFactory(role=Role.REP)
    lead = services.create_lead(facts=LeadFacts(name="Rita"), by=rep, now=NOW)
    assert (lead.owner, lead.team) == (rep, rep.team)


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"name": "R", "email": "no at sign"}, "email"),
        ({"name": "R", "phone": "call me"}, "phone"),
        ({"name": "x" * 201}, "name"),
        ({"name": "R", "country": "Atlantis"}, "country"),
        ({"name": "R", "company": CompanyFacts(name="Acme", domain="not a domain")}, "company.domain"),
        ({"name": "R", "company": CompanyFacts(name="Acme", employees=-1)}, "company.employees"),
        ({"name": "R", "external_ids": (("hubspot", "9" * 121),)}, "external_id"),
    ],
)
def test_a_value_that_cant_be_used_is_named(facts: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as caught:
        create(**facts)
    assert caught.value.problems[0].where == where
    assert not Lead.objects.exists()


@pytest.mark.parametrize("facts", [{}, {"name": " \x00\u202e "}, {"title": "CTO"}])
def test_a_lead_needs_an_identity(facts: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="needs a name"):
        create(**facts)


def test_control_characters_and_halves_of_characters_are_not_stored() -> None:
    lead = create(name="A\x00B\ud800C\u202eD", extra={"note\x00": "x\x00y"})
    lead.refresh_from_db()
    assert lead.name == "A B C D"
    assert lead.extra == {"note": "x y"}


def test_an_edit_of_what_somebody_else_changed_is_a_conflict() -> None:
    lead = create(name="Rita")
    seen = lead.updated_at
    services.update_lead(
        lead=lead, facts=LeadFacts(title="CTO"), by=None, now=NOW + timedelta(1), seen_at=seen
    )
    with pytest.raises(Conflict, match="changed this lead"):
        services.update_lead(lead=lead, facts=LeadFacts(title="CEO"), by=None, now=NOW, seen_at=seen)
    lead.refresh_from_db()
    assert lead.title == "CTO"


def test_an_edit_that_says_the_same_writes_nothing() -> None:
    lead = create(name="Rita", company=CompanyFacts(name="Acme"))
    before = AuditEntry.objects.count()
    services.update_lead(
        lead=lead,
        facts=LeadFacts(name="Rita", company=CompanyFacts(name="acme")),
        by=None,
        now=NOW + timedelta(1),
    )
    lead.refresh_from_db()
    assert (AuditEntry.objects.count(), lead.updated_at) == (before, NOW)


def test_an_edit_can_clear_flags_and_the_company() -> None:
    lead = create(name="Rita", do_not_call=True, company=CompanyFacts(name="Acme"))
    facts = LeadFacts(do_not_call=False, title="", company=CompanyFacts(name=""))
    row = services.update_lead(lead=lead, facts=facts, by=None, now=NOW)
    row.refresh_from_db()
    assert (row.do_not_call, row.company) == (False, None)


def test_upsert_finds_by_external_id_then_by_folded_email() -> None:
    lead, outcome = services.upsert_lead(
        facts=LeadFacts(email="Rita@Acme.test", external_ids=(("hubspot", "1"),)), by=None, now=NOW
    )
    assert outcome is Outcome.CREATED
    by_id = LeadFacts(email="new@acme.test", external_ids=(("hubspot", "1"),))
    assert services.upsert_lead(facts=by_id, by=None, now=NOW) == (lead, Outcome.UPDATED)
    by_email = LeadFacts(email="NEW@acme.test", title="CTO")
    assert services.upsert_lead(facts=by_email, by=None, now=NOW)[0] == lead
    lead.refresh_from_db()
    assert (lead.email, lead.title) == ("NEW@acme.test", "CTO")


def test_an_ambiguous_upsert_names_the_candidates_and_writes_nothing() -> None:
    leads = [create(email="rita@acme.test", name=name) for name in ("Rita A", "Rita B")]
    with pytest.raises(Conflict) as caught:
        services.upsert_lead(facts=LeadFacts(email="RITA@acme.test", title="CTO"), by=None, now=NOW)
    assert all(str(lead.pk) in caught.value.message and lead.name in caught.value.message for lead in leads)
    assert not Lead.objects.filter(title="CTO").exists()


def test_rows_of_one_batch_that_mean_the_same_lead_become_one() -> None:
    same = LeadFacts(email="a@b.test", company=CompanyFacts(name="Acme", domain="acme.test"))
    other = LeadFacts(email="A@B.test", title="CTO", company=CompanyFacts(name="ACME"))
    assert upsert(same, other, other) == [Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED]
    assert (Lead.objects.count(), Company.objects.count()) == (1, 1)
    assert Lead.objects.get().company == Company.objects.get()


def test_a_repeated_batch_changes_nothing() -> None:
    rows = [
        LeadFacts(
            email=f"p{number}@acme.test",
            external_ids=(("hubspot", str(number)),),
            company=CompanyFacts(name="Acme", employees=50),
            campaign="Summer",
            extra={"a": "1"},
            answers=(AnswerFacts(dimension=BantDimension.BUDGET, level=BantLevel.MET, text="10-50k"),),
        )
        for number in range(20)
    ]
    assert set(upsert(*rows)) == {Outcome.CREATED}
    before = (AuditEntry.objects.count(), Touch.objects.count())
    assert set(upsert(*rows)) == {Outcome.UNCHANGED}
    assert (AuditEntry.objects.count(), Touch.objects.count()) == before == (1, 20)


def test_an_old_file_neither_clears_values_nor_undoes_a_refusal() -> None:
    create(email="a@b.test", name="Rita", do_not_call=True)
    upsert(LeadFacts(email="a@b.test", name="", do_not_call=False))
    lead = Lead.objects.get()
    assert (lead.name, lead.do_not_call) == ("Rita", True)


@pytest.mark.parametrize(("given", "kept"), [("SAMPLE", "Rita Sample"), ("Rita", "Rita Sample")])
def test_a_part_of_a_name_does_not_replace_the_whole(given: str, kept: str) -> None:
    for name in ("Rita Sample", given):
        services.upsert_leads(rows=[LeadFacts(name=name, email="rita@acme.test")], by=None, now=NOW)
    assert Lead.objects.get().name == kept


@pytest.mark.parametrize("name", ["Rita Maria Sample", "Rita Beispiel", "rita sample"])
def test_another_name_or_spelling_replaces_the_one_before(name: str) -> None:
    for each in ("Rita Sample", name):
        services.upsert_leads(rows=[LeadFacts(name=each, email="rita@acme.test")], by=None, now=NOW)
    assert Lead.objects.get().name == name


def test_the_queries_of_a_batch_do_not_grow_with_its_rows() -> None:
    def queries(count: int) -> int:
        rows = [
            LeadFacts(email=f"p{count}-{number}@a.test", company=CompanyFacts(name=f"C{count}-{number}"))
            for number in range(count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            upsert(*rows)
        return len(captured)

    Organisation.current()
    few, many = queries(3), queries(25)
    assert many <= few + 3  # SQLite writes some 35 rows a statement
    assert few <= 20


def test_a_changed_company_marks_all_its_leads() -> None:
    upsert(*[LeadFacts(email=f"p{n}@a.test", company=CompanyFacts(name="Acme")) for n in range(3)])
    ChangedLead.objects.all().delete()
    upsert(LeadFacts(email="p0@a.test", company=CompanyFacts(name="Acme", employees=80)))
    assert ChangedLead.objects.count() == 3


def test_a_mark_tells_the_hooks_on_commit(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[bool] = []
    monkeypatch.setattr(hooks, "lead_marked", [lambda: told.append(True)])
    with django_capture_on_commit_callbacks(execute=True):
        create(name="Rita")
        assert not told
    assert told


def test_activities_find_their_lead_by_id_external_id_and_email() -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"zone": "Asia/Tokyo"})
    lead = create(name="Rita", email="rita@a.test", external_ids=(("marketo", "7"),))
    at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    ways: list[dict[str, Any]] = [
        {"lead_id": lead.pk},
        {"external_id": ("marketo", "7")},
        {"email": "RITA@a.test"},
    ]
    items = [ActivityFacts(kind="page_view", at=at, detail="/pricing", **way) for way in ways]
    result = services.add_activities(items=items, by=None, now=NOW)
    assert (result.created, result.problems) == (3, [])
    assert set(Activity.objects.values_list("lead", "day")) == {(lead.pk, 20778)}  # 21 Nov in Tokyo


def test_a_repeated_delivery_of_activities_is_counted_once() -> None:
    lead = create(name="Rita")
    items = [ActivityFacts(kind="form", at=NOW, lead_id=lead.pk, dedup_key="x")] * 2
    assert services.add_activities(items=items, by=None, now=NOW).known == 1
    assert services.add_activities(items=items, by=None, now=NOW).created == 0
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "nobody@a.test"}, "lead"),
        ({"kind": "dance"}, "kind"),
        ({"at": NOW + timedelta(days=3)}, "at"),
    ],
)
def test_an_activity_that_cant_be_used_is_named_and_the_others_stay(
    given: dict[str, Any], field: str
) -> None:
    lead = create(name="Rita")
    good: dict[str, Any] = {"kind": "form", "at": NOW, "lead_id": lead.pk}
    wrong = good | ({"lead_id": None} if "email" in given else {}) | given
    result = services.add_activities(items=[ActivityFacts(**good), ActivityFacts(**wrong)], by=None, now=NOW)
    assert result.created == 1
    assert [(place, problem.field) for place, problem in result.problems] == [(1, field)]


def test_unsubscribing_is_obeyed_at_once() -> None:
    lead = create(name="Rita")
    services.add_activities(
        items=[ActivityFacts(kind="unsubscribe", at=NOW, lead_id=lead.pk)], by=None, now=NOW
    )
    lead.refresh_from_db()
    assert lead.is_unsubscribed


def test_an_answer_holds_for_180_days_and_is_converted() -> None:
    lead = create(name="Rita")
    answer = AnswerFacts(dimension=BantDimension.BUDGET, level=BantLevel.MET, amount=Decimal(500))
    row = services.record_answer(lead=lead, answer=answer, by=None, now=NOW)
    assert row.expires_at == NOW + timedelta(days=180)
    assert (row.currency, row.amount_reporting) == ("EUR", Decimal(500))
    answer.currency = "USD"
    assert services.record_answer(lead=lead, answer=answer, by=None, now=NOW).amount_reporting is None


def test_a_move_is_written_once_and_marked() -> None:
    lead = create(name="Rita")
    ChangedLead.objects.all().delete()
    change = services.move_stage(lead=lead, to=Stage.SALES_READY, cause="handoff", by=None, now=NOW)
    assert change is not None
    assert services.move_stage(lead=lead, to=Stage.SALES_READY, cause="handoff", by=None, now=NOW) is None
    assert StageChange.objects.count() == ChangedLead.objects.count() == 1
    assert lead.stage == Stage.SALES_READY


def test_a_move_that_is_not_allowed_is_a_conflict() -> None:
    lead = create(name="Rita")
    with pytest.raises(Conflict, match="can't go from “Inquiry” to “Customer”"):
        services.move_stage(lead=lead, to=Stage.CUSTOMER, cause="x", by=None, now=NOW)
    assert not StageChange.objects.exists()


def test_every_stage_is_in_the_table_and_can_be_left() -> None:
    assert MOVES.keys() == set(Stage)
    assert all(MOVES.values())


def test_an_owner_is_set_once() -> None:
    rep = UserFactory(role=Role.REP, team=TeamFactory())
    leads = [create(name=name) for name in "AB"]
    assert services.set_owner(leads=leads, owner=rep, team=rep.team, by=None, now=NOW) == 2
    assert services.set_owner(leads=leads, owner=rep, team=rep.team, by=None, now=NOW) == 0
    assert Lead.objects.filter(owner=rep, team=rep.team).count() == 2


def test_decay_stops_once_and_resumes() -> None:
    lead = create(name="Rita")
    services.stop_decay(lead, NOW)
    services.stop_decay(lead, NOW + timedelta(1))
    lead.refresh_from_db()
    assert lead.decay_stopped_at == NOW
    services.resume_decay(lead, NOW)
    lead.refresh_from_db()
    assert lead.decay_stopped_at is None


def test_an_external_id_names_one_lead() -> None:
    create(name="Rita", external_ids=(("hubspot", "1"),))
    with pytest.raises(Conflict, match="already the id"):
        create(name="Tom", external_ids=(("hubspot", "1"),))
    assert ExternalId.objects.count() == 1


def test_the_author_of_a_change_is_in_the_audit_log(people: dict[Role, User]) -> None:
    services.create_lead(facts=LeadFacts(name="Rita"), by=people[Role.MARKETER], now=NOW)
    assert AuditEntry.objects.get().actor == people[Role.MARKETER]


def test_a_lead_that_somebody_else_adds_meanwhile_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    other = create(name="Rita", external_ids=(("hubspot", "1"),))
    known = book._ids
    blind = iter([True])
    monkeypatch.setattr(book, "_ids", lambda pairs: {} if next(blind, False) else known(pairs))
    row = LeadFacts(title="CTO", name="Rita", external_ids=(("hubspot", "1"),))
    assert upsert(row) == [Outcome.UPDATED]
    assert Lead.objects.get(title="CTO") == other
