"""How much pieces are used and what came of the leads: against a slow count, on histories drawn at random."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

import pytest
from pytest_django import DjangoAssertNumQueries

from feedback.content.figures import PERIOD, Figures, figures
from feedback.intervals import Share
from feedback.models import Assignment, ContentUse, Decision, Outcome
from tests.factories import UserFactory
from tests.feedback.library import make_piece, make_use
from tests.feedback.world import NOW, assigned
from users.models import User

HOUR = timedelta(hours=1)


def decide(row: Assignment, kind: str, at: datetime) -> None:
    reason = row.handoff.version.reasons.first() if kind == "reject" else None
    Decision.objects.create(
        handoff=row.handoff,
        kind=kind,
        reason=reason,
        by=row.owner,
        at=at,
        version=row.handoff.version,
        facts={},
    )


def end(row: Assignment, kind: str, at: datetime) -> None:
    amount = 5 if kind == "won" else None
    Outcome.objects.create(
        handoff=row.handoff,
        kind=kind,
        amount=amount,
        by=row.owner,
        at=at,
        version=row.handoff.version,
        facts={},
    )


def slow(piece: int, now: datetime) -> Figures:
    """The same figures by looking at each row."""
    uses = [each for each in ContentUse.objects.filter(piece=piece) if now - PERIOD < each.at <= now]
    results: dict[str, set[int | None]] = defaultdict(set)
    for use in uses:
        later = [each for each in Decision.objects.filter(handoff=use.handoff) if each.at >= use.at]
        if later:
            results[min(later, key=lambda each: (each.at, each.pk)).kind].add(use.handoff_id)
        ends = [
            each
            for each in Outcome.objects.filter(handoff=use.handoff, kind__in=["won", "lost"])
            if each.at >= use.at
        ]
        if ends:
            results[min(ends, key=lambda each: (each.at, each.pk)).kind].add(use.handoff_id)
    count = {kind: len(found) for kind, found in results.items()}
    accepted, won = count.get("accept", 0), count.get("won", 0)
    return Figures(
        uses=len(uses),
        reps=len({use.by_id for use in uses}),
        leads=len({use.lead_id for use in uses}),
        last=max((use.at for use in uses), default=None),
        accepted=Share(accepted, accepted + count.get("reject", 0)),
        won=Share(won, won + count.get("lost", 0)),
    )


@pytest.mark.parametrize("seed", range(3))
def test_they_are_those_of_a_slow_count(rep: User, seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - a history, no secret
    pieces = [make_piece(f"Piece {number}") for number in range(4)]
    reps = [rep, UserFactory(), UserFactory()]
    for _ in range(25):
        row = assigned(rng.choice(reps), at=NOW - PERIOD)
        if rng.random() < 0.7:
            decide(row, rng.choice(("accept", "reject")), NOW - rng.randrange(100) * 24 * HOUR)
        if rng.random() < 0.5:
            end(row, rng.choice(("won", "lost", "qualified")), NOW - rng.randrange(100) * 24 * HOUR)
        for _ in range(rng.randrange(4)):
            at = NOW - rng.randrange(-2, 100) * 24 * HOUR
            make_use(rng.choice(pieces[:3]), row, rng.choice(reps), at=at)
    ids = [piece.pk for piece in pieces]
    found = figures(ids, now=NOW)
    assert found == {pk: slow(pk, NOW) for pk in ids}
    assert found[ids[3]] == Figures()
    assert sum(each.accepted.whole + each.won.whole for each in found.values()) > 0


class TestWhatCounts:
    def test_only_what_was_decided_after_the_use(self, rep: User) -> None:
        piece, row = make_piece(), assigned(rep, at=NOW - 5 * HOUR)
        decide(row, "accept", NOW - 3 * HOUR)
        make_use(piece, row, rep, at=NOW - 2 * HOUR)
        end(row, "won", NOW - HOUR)
        found = figures([piece.pk], now=NOW)[piece.pk]
        assert (found.accepted, found.won) == (Share(0, 0), Share(1, 1))

    def test_an_episode_counts_once_however_often_it_was_used(self, rep: User) -> None:
        piece, row = make_piece(), assigned(rep, at=NOW - 5 * HOUR)
        for hour in (4, 3, 2):
            make_use(piece, row, rep, at=NOW - hour * HOUR)
        decide(row, "reject", NOW - HOUR)
        found = figures([piece.pk], now=NOW)[piece.pk]
        assert (found.uses, found.leads, found.accepted) == (3, 1, Share(0, 1))

    def test_what_is_older_than_twelve_weeks_counts_no_more(self, rep: User) -> None:
        piece, row = make_piece(), assigned(rep)
        make_use(piece, row, rep, at=NOW - PERIOD)
        assert figures([piece.pk], now=NOW)[piece.pk].uses == 0
        assert figures([piece.pk], now=NOW - HOUR)[piece.pk].uses == 1

    def test_one_query_for_all(self, rep: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        ids = [make_piece(f"Piece {number}").pk for number in range(20)]
        with django_assert_num_queries(1):
            assert set(figures(ids, now=NOW)) == set(ids)
