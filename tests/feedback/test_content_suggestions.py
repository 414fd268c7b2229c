"""What is suggested for a lead: for what it lacks, its industry, stage and language, the best first."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from alignment.models import Reason
from feedback.content.suggesting import MOST, Standing, standing_of, suggestions
from feedback.content.wanted import Wanted, wanted
from feedback.models import Handoff
from feedback.services import decisions
from feedback.words import bant_lines
from leads.facts import AnswerFacts
from leads.models import BantAnswer, BantDimension, BantLevel, Company, Lead
from leads.services import record_answer
from scoring.models import Score
from tests.feedback.library import make_piece, make_use
from tests.feedback.world import NOW, assigned, judge, make_lead
from users.models import User

BUDGET_FIRST = Standing(Wanted("budget", frozenset({"need"})), frozenset())


def titles(lead: Lead, standing: Standing = BUDGET_FIRST) -> list[str]:
    return [each.piece.title for each in suggestions(lead, standing)]


def reasons(lead: Lead, standing: Standing = BUDGET_FIRST) -> list[str]:
    return [each.why for each in suggestions(lead, standing)]


@pytest.fixture
def rita(rep: User) -> Lead:
    company = Company.objects.create(name="Acme", industry="Manufacturing")
    return make_lead(company=company, language="de-AT")


class TestChoosing:
    def test_the_next_question_comes_first_then_the_others(self, rita: Lead) -> None:
        make_piece("Need", dimension="need")
        make_piece("Budget", dimension="budget")
        make_piece("Authority", dimension="authority")
        assert titles(rita) == ["Budget", "Need"]
        assert reasons(rita) == ["Answers Budget", "Answers Need"]

    def test_its_industry_and_stage_count_and_are_said(self, rita: Lead) -> None:
        make_piece("For all", dimension="budget")
        make_piece("Ours", dimension="budget", industry="MANUFACTURING")
        make_piece("Ours now", dimension="budget", industry="Manufacturing", stage="inquiry")
        assert titles(rita) == ["Ours now", "Ours", "For all"]
        assert reasons(rita)[0] == "Answers Budget, for Manufacturing, in stage Inquiry"

    def test_what_is_for_another_industry_stage_or_language_is_left_out(self, rita: Lead) -> None:
        for fields in ({"industry": "Banking"}, {"stage": "accepted"}, {"language": "fr"}):
            make_piece(str(fields), dimension="budget", **fields)
        make_piece("German", dimension="budget", language="de")
        make_piece("Austrian", dimension="budget", language="de-at")
        Lead.objects.update(language="de-at")
        rita.refresh_from_db()
        assert sorted(titles(rita)) == ["Austrian", "German"]

    def test_a_lead_whose_language_is_not_known_takes_any(self, rita: Lead) -> None:
        make_piece("French", dimension="budget", language="fr")
        rita.language = ""
        assert titles(rita) == ["French"]

    def test_a_lead_without_a_company_takes_what_is_for_every_industry(self, rep: User) -> None:
        make_piece("For all", dimension="budget")
        make_piece("Ours", dimension="budget", industry="Manufacturing")
        assert titles(make_lead()) == ["For all"]

    def test_what_answers_nothing_and_is_for_everybody_is_not_offered(self, rita: Lead) -> None:
        make_piece("General")
        make_piece("General but ours", industry="Manufacturing")
        assert titles(rita) == ["General but ours"]
        assert reasons(rita) == ["For Manufacturing"]

    def test_an_objection_that_nobody_made_is_not_met(self, rita: Lead) -> None:
        make_piece("Against", reason_key="no_need", industry="Manufacturing")
        assert titles(rita) == []
        made = Standing(BUDGET_FIRST.wanted, frozenset({"no_need"}))
        label = Reason.objects.filter(key="no_need").latest("version_id").label
        assert reasons(rita, made) == [f"Meets “{label}”, for Manufacturing"]

    def test_retired_pieces_are_not_offered(self, rita: Lead) -> None:
        make_piece("Old", dimension="budget", retired_at=NOW)
        assert titles(rita) == []

    def test_what_was_used_on_the_lead_comes_after_what_is_new_to_it(self, rita: Lead, rep: User) -> None:
        used = make_piece("Used", dimension="budget", industry="Manufacturing")
        make_piece("New", dimension="need")
        make_use(used, assigned(rep, rita), rep)
        rita.refresh_from_db()
        found = suggestions(rita, BUDGET_FIRST)
        assert [(each.piece.title, each.used_at) for each in found] == [("New", None), ("Used", NOW)]

    def test_a_few_are_enough(self, rita: Lead) -> None:
        for number in range(3 * MOST):
            make_piece(f"Piece {number}", dimension="budget")
        assert len(titles(rita)) == MOST

    @pytest.mark.parametrize("count", [1, 40])
    def test_queries_do_not_grow_with_the_library(
        self, rita: Lead, rep: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        row = assigned(rep, rita)
        for number in range(count):
            piece = make_piece(f"Piece {number}", dimension="budget", reason_key="no_need")
            make_use(piece, row, rep)
        lead = Lead.objects.select_related("company").get(pk=rita.pk)
        with django_assert_num_queries(6):  # live generation, score, answers, objections, pieces, uses
            suggestions(lead, standing_of(lead, now=NOW))


class TestStanding:
    def answer(self, lead: Lead, dimension: str, level: BantLevel) -> None:
        said = AnswerFacts(dimension=BantDimension(dimension), level=level)
        record_answer(lead=lead, answer=said, by=None, now=NOW)

    def test_the_first_open_question_is_that_of_the_queue(self, rita: Lead) -> None:
        judge(rita)  # budget is met
        standing = standing_of(rita, now=NOW)
        assert standing.wanted.first == "authority"
        assert {"need", "timeframe"} <= standing.wanted.others
        assert "budget" not in standing.wanted.all

    def test_what_was_objected_before_is_known(self, rita: Lead, rep: User) -> None:
        row = assigned(rep, rita)
        reason = Reason.objects.get(version=row.handoff.version_id, key="no_need")
        decisions.reject(assignment=row, reason_id=reason.pk, by=rep, now=NOW)
        assert standing_of(rita, now=NOW).objections == {"no_need"}
        assert Handoff.objects.get().state == "rejected"

    def test_with_all_answered_the_weaker_of_fit_and_engagement_is_wanted(self, rita: Lead) -> None:
        judge(rita)
        Score.objects.update(bant=0b10101010, fit=9, engagement=2)
        assert standing_of(rita, now=NOW).wanted.first == "engagement"

    def test_a_lead_that_was_never_judged_lacks_all_four(self, rep: User) -> None:
        lead = make_lead()
        assert standing_of(lead, now=NOW).wanted.all == {"budget", "authority", "need", "timeframe"}


@pytest.mark.parametrize(
    ("levels", "shares", "first", "others"),
    [
        ((2, 2, 2, 2), {}, "", set()),
        ((2, 2, 2, 2), {"fit": 0.5, "engagement": 0.9}, "", set()),
        ((2, 2, 2, 2), {"fit": 0.4, "engagement": 0.3}, "engagement", {"fit"}),
        ((2, 1, 2, 0), {"fit": 0.1}, "timeframe", {"authority", "fit"}),
        ((0, 0, 0, 0), {}, "budget", {"authority", "need", "timeframe"}),
    ],
)
def test_what_is_wanted_follows_from_levels_and_shares(
    levels: tuple[int, ...], shares: dict[str, float], first: str, others: set[str]
) -> None:
    packed = sum(level << 2 * place for place, level in enumerate(levels))
    answers: dict[str, Any] = {}
    assert wanted(bant_lines(packed, answers), shares) == Wanted(first, frozenset(others))


def test_an_expired_answer_counts_no_more(rita: Lead) -> None:
    said = AnswerFacts(dimension=BantDimension.BUDGET, level=BantLevel.MET)
    record_answer(lead=rita, answer=said, by=None, now=NOW)
    after = BantAnswer.objects.get().expires_at
    assert "budget" in standing_of(rita, now=after).wanted.all
