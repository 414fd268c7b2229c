"""History is only added to, whoever asks the database; erasing is the one way, and it is written down."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from core.erasing import erasing
from core.models import AuditEntry, AuditValue, Erasing
from feedback.models import ContentPiece, ContentUse, Decision, Outcome, Pause
from feedback.services import decisions, outcomes
from leads.facts import AnswerFacts, LeadFacts
from leads.models import BantAnswer, BantDimension, BantLevel, Lead, StageChange
from leads.services import record_answer, update_lead
from scoring.models import GradeOverride, ScoreCause, ScoreChange
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from tests.feedback.world import active_version, assigned

KEPT: dict[type[models.Model], dict[str, Any]] = {
    AuditEntry: {"action": "nothing"},
    StageChange: {"cause": "nothing"},
    BantAnswer: {"level": BantLevel.UNMET, "text": "Never said"},
    Decision: {"text": "Never said"},
    Outcome: {"amount": 1},
    Pause: {"reason": "Never said"},
    ContentUse: {"how": ContentUse.How.LINK},
    ScoreChange: {"new_grade": "A"},
    GradeOverride: {"reason": "Never said"},
}
"""Each table of history and what nobody may rewrite in it."""


@pytest.fixture
def past(db: None) -> Lead:
    """A lead that has a row in each table."""
    version, rep = active_version(), UserFactory()
    row = assigned(rep)
    lead = row.handoff.lead
    said = AnswerFacts(dimension=BantDimension.NEED, level=BantLevel.MET)
    record_answer(lead=lead, answer=said, by=rep, now=NOW)
    update_lead(lead=lead, facts=LeadFacts(title="Head"), by=rep, now=NOW)
    until = row.assigned_at + timedelta(days=1)
    Pause.objects.create(assignment=row, starts_at=row.assigned_at, until=until, reason="Away", by=rep)
    decisions.accept(assignment=row, by=rep, now=row.assigned_at)
    outcomes.win(assignment=row, amount="5", currency="EUR", by=rep, now=row.assigned_at)
    piece = ContentPiece.objects.create(title="Guide", kind="article", url="https://example.com/")
    ContentUse.objects.create(piece=piece, lead=lead, by=rep, how=ContentUse.How.MAIL, at=NOW)
    ScoreChange.objects.create(
        lead=lead, at=NOW, cause=ScoreCause.EDIT, version=version, new_total=5, was_ready=False, is_ready=True
    )
    GradeOverride.objects.create(
        lead=lead, grade="A", reason="Asked", by=rep, at=NOW, ends_at=NOW + timedelta(days=9)
    )
    return lead


def refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return "History is only added to" in str(error)
    return False


@pytest.mark.parametrize("model", KEPT)
class TestEachTable:
    def test_no_row_is_rewritten(self, past: Lead, model: Any) -> None:
        for field, value in KEPT[model].items():
            assert refused(partial(model.objects.update, **{field: value})), field

    def test_no_row_is_deleted(self, past: Lead, model: Any) -> None:
        count = model.objects.count()
        assert count
        assert refused(lambda: model.objects.all()._raw_delete("default"))
        assert model.objects.count() == count

    def test_a_write_that_changes_nothing_is_no_change(self, past: Lead, model: Any) -> None:
        model.objects.first().save()

    def test_an_erasure_may_change_and_delete(self, past: Lead, model: Any) -> None:
        with erasing(by=None, why="asked for"):
            model.objects.update(**KEPT[model])
            AuditValue.objects.all().delete()
            model.objects.all()._raw_delete("default")
        assert not model.objects.exists()


def test_who_is_gone_may_be_forgotten_but_not_exchanged(past: Lead) -> None:
    other = UserFactory()
    assert refused(lambda: AuditEntry.objects.update(actor=other))
    AuditEntry.objects.update(actor=None)
    BantAnswer.objects.update(author=None)


def test_what_follows_from_history_may_be_told_anew(past: Lead) -> None:
    Decision.objects.update(seen_at=NOW)
    BantAnswer.objects.update(amount_reporting=3)


def test_values_of_a_person_may_go_but_are_not_rewritten(past: Lead) -> None:
    assert AuditValue.objects.exists()
    assert refused(lambda: AuditValue.objects.update(after="x"))
    AuditValue.objects.all().delete()


def test_an_erasure_is_written_down_and_leaves_the_lock_shut(past: Lead) -> None:
    with erasing(by=None, why="asked for"):
        pass
    assert AuditEntry.objects.filter(action="history.erase", detail={"why": "asked for"}).count() == 1
    assert not Erasing.objects.exists()
    assert refused(lambda: Decision.objects.update(text="x"))


def test_an_erasure_that_fails_leaves_the_lock_shut(past: Lead) -> None:
    with pytest.raises(ZeroDivisionError), erasing(by=None, why="asked for"):
        assert Decision.objects.update(text="x") / 0
    assert not Erasing.objects.exists()
    assert not Decision.objects.filter(text="x").exists()
    assert refused(lambda: Decision.objects.update(text="x"))


def test_all_triggers_are_there_after_all_migrations(db: None) -> None:
    tables = {model._meta.db_table for model in KEPT}
    wanted = {f"{table}_kept_{event}" for table in tables for event in ("update", "delete")}
    asked = (
        "SELECT tgname FROM pg_trigger"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = {name for (name,) in cursor.fetchall()}
    assert wanted | {"core_auditvalue_kept_update"} <= found


def test_every_field_of_history_is_kept_or_named_as_free(db: None) -> None:
    free = {"amount_reporting", "seen_at", "seen_by", "ended_at", "ended_by"}
    for model in KEPT:
        columns = {field.column for field in model._meta.concrete_fields if field.name not in free}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s"
                if connection.vendor == "postgresql"
                else "SELECT sql FROM sqlite_master WHERE name = %s",
                [f"{model._meta.db_table}_kept_update"],
            )
            (sql,) = cursor.fetchone()
        assert {column for column in columns if f'"{column}"' not in sql and f".{column}" not in sql} == set()
