"""A preview counts what a draft would do, by the engine, and leaves everything that counts alone."""

import datetime as dt
from typing import Any

import pytest

from alignment import services as alignment
from alignment import spec
from alignment.models import Version
from core.errors import Conflict, Invalid
from core.models import OutboxMessage
from leads.marks import mark
from leads.models import ChangedLead, Lead
from scoring import querysets, services
from scoring.explain import explain_under
from scoring.models import Generation, GenerationVersion, Preview, PreviewScore, Score, ScoreChange
from scoring.previews import Moves, gained, leads_behind, lost, versions_with
from scoring.querysets import specs_of
from scoring.services import previewing
from tests.alignment.factories import make_draft, make_version
from tests.scoring.previewing import change, draft_of, edited, go_live, in_force, moves, start, step
from tests.scoring.world import NOW
from users.models import User

pytestmark = pytest.mark.django_db


def everything_that_counts() -> list[Any]:
    """What a preview must not touch, row by row."""
    models = (Score, ScoreChange, ChangedLead, Generation, GenerationVersion, OutboxMessage)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


class TestFigures:
    def test_they_are_what_explaining_each_lead_under_both_adds_up_to(self, marketer: User) -> None:
        ids = in_force(90)
        draft = change(draft_of(marketer))
        preview = start(draft, marketer)
        live = querysets.live_generation_id()
        assert live
        slow: dict[tuple[str | None, str | None], int] = {}
        ready = {"gained": 0, "lost": 0}
        for pk in ids:
            old = explain_under(specs_of(live), pk, now=NOW)
            new = explain_under([spec.load(draft.pk)], pk, now=NOW)
            assert old
            assert new
            slow[old.grade, new.grade] = slow.get((old.grade, new.grade), 0) + 1
            ready["gained"] += new.is_ready and not old.is_ready
            ready["lost"] += old.is_ready and not new.is_ready
            row = PreviewScore.objects.get(preview=preview, lead=pk)
            assert (row.old_total, row.new_total) == (old.total, new.total)
        found = moves(preview)
        assert found.cells == slow
        assert {"gained": found.gained, "lost": found.lost} == ready
        assert found.gained
        assert found.moved > 5
        assert found.total == found.size == 90

    def test_a_draft_that_changes_nothing_moves_nobody(self, marketer: User) -> None:
        in_force()
        found = start(draft_of(marketer), marketer)
        assert (moves(found).moved, moves(found).gained, moves(found).lost) == (0, 0, 0)
        assert found.result is not None
        assert found.result["movers"] == []

    def test_what_time_does_to_stored_scores_is_not_taken_for_the_drafts_work(self, marketer: User) -> None:
        in_force()
        later = NOW + dt.timedelta(days=30)
        found = services.start_preview(version_id=draft_of(marketer).pk, by=marketer, now=later)
        assert moves(found).moved == 0
        stored = dict(Score.objects.values_list("lead_id", "total"))
        assert dict(found.scores.values_list("lead_id", "new_total")) != stored

    def test_the_leads_behind_each_cell_are_as_many_as_it_says(self, marketer: User) -> None:
        in_force()
        preview = start(change(draft_of(marketer)), marketer)
        found = moves(preview)
        for cell, count in found.cells.items():
            assert leads_behind(preview, cell).count() == count
        assert gained(preview).count() == found.gained
        assert lost(preview).count() == found.lost

    def test_the_leads_that_move_most_come_first_and_say_why(self, marketer: User) -> None:
        in_force()
        preview = start(change(draft_of(marketer)), marketer)
        assert preview.result is not None
        sizes = [abs(each["new_total"] - each["old_total"]) for each in preview.result["movers"]]
        assert sizes == sorted(sizes, reverse=True)
        assert len(sizes) == 10
        largest = max(abs(row.change) for row in preview.scores.all())
        assert sizes[0] == largest
        reasons = {reason for each in preview.result["movers"] for reason in each["why"]}
        assert any("→" in reason for reason in reasons)
        assert all(each["why"] for each in preview.result["movers"])

    def test_a_lead_is_judged_by_the_first_scope_it_meets_with_the_draft_in_its_place(
        self, marketer: User
    ) -> None:
        in_force(12)
        partners = make_version(position=0, scope={"field": "lead.country", "op": "is", "value": "US"})
        go_live()
        draft = draft_of_definition(partners, marketer)
        draft.scope = {"field": "lead.country", "op": "is", "value": "DE"}
        edited(draft)
        bant = Version.objects.exclude(definition=partners.definition).get()
        assert versions_with(draft) == [draft.pk, bant.pk]
        preview = start(draft, marketer)
        grades = dict(preview.scores.values_list("lead_id", "new_total"))
        for pk, country in Lead.objects.values_list("pk", "country"):
            if country == "DE":
                assert grades[pk] == 20

    def test_before_any_version_is_in_force_everybody_comes_from_no_grade(self, marketer: User) -> None:
        draft = make_draft()
        Lead.objects.create(name="Lea")
        found = moves(start(draft, marketer))
        assert found.cells == {(None, "D"): 1}


def draft_of_definition(version: Version, by: User) -> Version:
    return alignment.copy_to_draft(version=version, by=by, now=NOW)


class TestNothingCounts:
    def test_nothing_that_counts_is_written(self, marketer: User) -> None:
        in_force()
        draft = change(draft_of(marketer))
        before = everything_that_counts()
        start(draft, marketer)
        assert everything_that_counts() == before

    @pytest.mark.usefixtures("in_ranges")
    def test_marked_leads_are_judged_meanwhile_and_the_preview_keeps_what_it_compared(
        self, marketer: User
    ) -> None:
        ids = in_force()
        preview = start(change(draft_of(marketer)), marketer)
        assert step(preview)
        before = PreviewScore.objects.get(preview=preview, lead=ids[0])
        Lead.objects.filter(pk=ids[0]).update(title="Founder", title_folded="founder", country="DE")
        mark([ids[0]], cause="edit", now=NOW)
        assert services.judge_marked(now=NOW) == 1
        assert ScoreChange.objects.filter(lead=ids[0], cause="edit").count() <= 1
        assert set(Score.objects.values_list("generation_id", flat=True)) == {querysets.live_generation_id()}
        while step(preview):
            pass
        assert PreviewScore.objects.get(preview=preview, lead=ids[0]) == before

    @pytest.mark.usefixtures("in_ranges")
    def test_a_running_preview_is_no_build(self, marketer: User) -> None:
        in_force()
        preview = start(change(draft_of(marketer)), marketer)
        step(preview)
        assert querysets.building() is None
        assert [each.pk for each in querysets.open_generations()] == [querysets.live_generation_id()]
        assert not services.build_range(now=NOW)
        assert services.finish_build(now=NOW) is None
        assert services.activate_due(now=NOW) is None
        with pytest.raises(Conflict):
            services.cancel_build(by=marketer, now=NOW)
        services.prune(now=NOW)
        assert preview.scores.count() == 20


class TestStarting:
    def test_a_version_in_force_or_past_has_no_preview(self, marketer: User) -> None:
        in_force(1)
        with pytest.raises(Conflict, match="is active"):
            start(Version.objects.get(), marketer)

    def test_a_draft_that_cant_be_read_says_where(self, marketer: User) -> None:
        in_force(1)
        draft = draft_of(marketer)
        draft.scope = {"field": "company.gone", "op": "eq", "value": 1}
        with pytest.raises(Invalid, match=r"company\.gone"):
            start(edited(draft), marketer)
        assert not Preview.objects.exists()

    def test_a_small_base_is_counted_at_once(self, marketer: User) -> None:
        in_force(5)
        preview = start(draft_of(marketer), marketer)
        assert (preview.state, preview.done, preview.sample) == ("done", 5, None)

    @pytest.mark.usefixtures("in_ranges")
    def test_a_large_base_has_a_sample_at_once(self, marketer: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(previewing, "SAMPLE", 30)
        in_force()
        preview = start(change(draft_of(marketer)), marketer)
        assert preview.is_running
        assert preview.sample is not None
        found = Moves.from_json(preview.sample)
        assert (found.size, found.total) == (30, 60)
        assert sum(found.cells.values()) == 30
        assert preview.sample["movers"]


class TestPruning:
    def test_after_a_day_the_figures_stay_and_the_rows_go(self, marketer: User) -> None:
        in_force(5)
        preview = start(draft_of(marketer), marketer)
        assert services.prune_previews(now=NOW + dt.timedelta(hours=23)) == 0
        assert services.prune_previews(now=NOW + dt.timedelta(hours=25)) == 5
        preview.refresh_from_db()
        assert preview.pruned_at
        assert moves(preview).size == 5
        assert services.prune_previews(now=NOW + dt.timedelta(hours=26)) == 0

    @pytest.mark.usefixtures("in_ranges")
    def test_what_runs_for_a_day_is_ended(self, marketer: User) -> None:
        in_force(5)
        preview = start(draft_of(marketer), marketer)
        services.prune_previews(now=NOW + dt.timedelta(hours=25))
        preview.refresh_from_db()
        assert preview.state == Preview.State.STALE
