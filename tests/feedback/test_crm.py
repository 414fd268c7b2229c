"""A file of another system tells what came of leads: what is told, known before, and left out with why."""

from decimal import Decimal

import pytest
from django.utils import timezone

from feedback.models import Assignment, Handoff, Outcome
from feedback.services import decisions
from leads.imports import jobs
from leads.models import ExternalId, ImportJob, Lead, Stage
from tests.factories import UserFactory
from tests.feedback.world import assigned, make_lead, waiting
from users.models import Role, User

pytestmark = pytest.mark.django_db
HEAD = "Email,Deal Stage,Amount,Currency,Closed Lost Reason\n"


def accepted(rep: User, number: int) -> Assignment:
    row = assigned(rep, make_lead(number), at=timezone.now())
    decisions.accept(assignment=row, by=rep, now=timezone.now())
    return row


def bring_in(text: str, head: str = HEAD, system: str = "") -> ImportJob:
    by = UserFactory(role=Role.ADMIN)
    job = jobs.upload(content=(head + text).encode(), file_name="deals.csv", by=by, now=timezone.now())
    mapping = {int(place): key for place, key in job.mapping.items()}
    if system:
        jobs.set_mapping(job=job, kind=job.kind, mapping=mapping, system=system, options={})
    jobs.start(job=job, by=by, now=timezone.now())
    jobs.run(job_id=job.pk, clock=timezone.now)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def why(job: ImportJob) -> list[tuple[int, str]]:
    return list(job.problems.values_list("row", "reason"))


def test_a_list_of_deals_is_recognised_and_told(rep: User) -> None:
    for number in range(1, 4):
        accepted(rep, number)
    job = bring_in(
        'lead1@example.com,Closed Won,"12,500.50",USD,\n'
        "LEAD2@example.com,closedlost,,,Too dear\n"
        "lead3@example.com,Qualified,,,\n"
    )
    assert (job.kind, job.created, job.left_out, why(job)) == ("outcomes", 3, 0, [])
    won, lost, qualified = Outcome.objects.order_by("handoff__lead")
    assert (won.kind, won.amount, won.currency) == ("won", Decimal("12500.50"), "USD")
    assert (lost.kind, lost.text) == ("lost", "Too dear")
    assert (qualified.kind, qualified.by.role) == ("qualified", Role.ADMIN)
    stages = Lead.objects.order_by("pk").values_list("stage", flat=True)
    assert list(stages) == [Stage.CUSTOMER, Stage.LOST, Stage.QUALIFIED]


def test_the_same_file_again_tells_nothing_again(rep: User) -> None:
    accepted(rep, 1)
    for created, unchanged in ((1, 0), (0, 1)):
        job = bring_in("lead1@example.com,Closed Won,100,EUR,\n")
        assert (job.created, job.unchanged, job.left_out) == (created, unchanged, 0)
    assert Outcome.objects.count() == 1


def test_a_customer_is_retained_and_churns(rep: User) -> None:
    accepted(rep, 1)
    bring_in("lead1@example.com,won,100,,\n")
    bring_in("lead1@example.com,Renewed,,,\n")
    bring_in("lead1@example.com,Churned,,,Bought elsewhere\n")
    kinds = Outcome.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["won", "retained", "churned"]


def test_a_lead_is_found_by_its_id_in_the_other_system(rep: User) -> None:
    row = accepted(rep, 1)
    ExternalId.objects.create(lead=row.handoff.lead, system="hubspot", value="007")
    job = bring_in("007,Closed Won,9\n", head="Contact ID,Deal Stage,Amount\n", system="hubspot")
    assert (job.created, why(job)) == (1, [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("lead1@example.com,Closed Won,,,\n", "was won, but has no amount"),
        ("lead1@example.com,Closed Won,0,,\n", "must be a number above 0"),
        ("lead1@example.com,Closed Won,much,,\n", "is no"),
        ("lead1@example.com,Closed Lost,,,\n", "Say in a few words why it was lost"),
        ("lead1@example.com,Marvellous,5,,\n", "is no outcome that is known"),
        ("lead1@example.com,Renewed,,,\n", "is no customer of this episode"),
        ("nobody@example.com,Closed Won,5,,\n", "is of no lead that is known"),
        (",Closed Won,5,,\n", "needs what came of it, and the lead's id or e-mail"),
        ("lead1@example.com,,5,,\n", "needs what came of it"),
        ("twin@example.com,Closed Won,5,,\n", "fits 2 leads with this e-mail"),
        ("new@example.com,Closed Won,5,,\n", "first; what came of it is told afterwards"),
        ("pooled@example.com,Closed Won,5,,\n", "is with no rep"),
        ("alone@example.com,Closed Won,5,,\n", "is with no rep"),
    ],
)
def test_a_row_that_cant_be_told_is_left_out_with_why_and_the_others_are_told(
    rep: User, text: str, reason: str
) -> None:
    accepted(rep, 1)
    accepted(rep, 2)
    assigned(rep, make_lead(3, email="new@example.com"))
    waiting(make_lead(4, email="pooled@example.com"))
    for number in (5, 6):
        make_lead(number, email="twin@example.com")
    make_lead(7, email="alone@example.com")
    job = bring_in(text + "lead2@example.com,Closed Won,5,,\n")
    assert (job.created, job.left_out) == (1, 1)
    [(row, said)] = why(job)
    assert row == 2
    assert reason in said
    assert Handoff.objects.filter(state="won").count() == 1
