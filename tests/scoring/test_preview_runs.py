"""A preview that runs for long: interrupted, overtaken, cancelled, picked up by another worker."""

import pytest
from django.db import connection

from alignment import services as alignment
from alignment.models import Criterion
from core.errors import Conflict
from scoring import services
from scoring.models import Preview, PreviewScore, Score
from scoring.previews import staleness
from scoring.services import previewing
from scoring.tasks import resume_previews
from tests.alignment.factories import make_version
from tests.factories import UserFactory
from tests.scoring.previewing import change, draft_of, edited, go_live, in_force, moves, start, step
from tests.scoring.world import NOW
from tests.workers import Workers, wait_until
from users.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("in_ranges")
class TestAnotherActivation:
    def test_one_that_goes_live_meanwhile_ends_the_preview(self, marketer: User) -> None:
        in_force()
        draft = change(draft_of(marketer))
        preview = start(draft, marketer)
        assert step(preview)
        make_version(position=5)
        go_live()
        assert not step(preview)
        preview.refresh_from_db()
        assert preview.state == Preview.State.STALE
        assert staleness(preview, draft) == "Another version went live since."

    def test_one_that_is_being_built_neither_waits_nor_disturbs(self, marketer: User) -> None:
        ids = in_force()
        preview = start(change(draft_of(marketer)), marketer)
        assert step(preview)
        make_version(position=5)
        building = services.activate_due(now=NOW)
        assert building
        assert services.build_range(now=NOW)
        while step(preview):
            pass
        preview.refresh_from_db()
        assert preview.is_whole
        assert moves(preview).size == len(ids)
        assert Score.objects.filter(generation=building).count() == len(ids)
        while services.build_range(now=NOW):
            pass
        assert services.finish_build(now=NOW) == building


@pytest.mark.usefixtures("in_ranges")
class TestGoingOn:
    def test_a_worker_that_was_killed_half_way_loses_one_range_and_no_lead_counts_twice(
        self, marketer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids = in_force(50)
        preview = start(change(draft_of(marketer)), marketer)
        assert step(preview)
        with monkeypatch.context() as broken:
            broken.setattr(previewing, "_count", dies)
            with pytest.raises(RuntimeError):
                step(preview)
        preview.refresh_from_db()
        assert (preview.done, preview.scores.count()) == (20, 20)
        resume_previews()
        preview.refresh_from_db()
        assert preview.is_whole
        assert preview.done == moves(preview).size == preview.scores.count() == len(ids)
        assert sum(moves(preview).cells.values()) == len(ids)

    def test_an_edit_of_the_draft_ends_it(self, marketer: User) -> None:
        in_force()
        draft = change(draft_of(marketer))
        preview = start(draft, marketer)
        assert step(preview)
        edited(draft)
        assert not step(preview)
        preview.refresh_from_db()
        assert preview.state == Preview.State.STALE
        assert staleness(preview, draft) == "The draft was edited since."

    def test_discarding_the_draft_ends_it_and_its_rows_go(self, marketer: User) -> None:
        in_force()
        draft = change(draft_of(marketer))
        preview = start(draft, marketer)
        assert step(preview)
        alignment.discard_draft(version_id=draft.pk, revision=draft.revision, by=marketer, now=NOW)
        assert not step(preview)
        services.prune_previews(now=NOW)
        assert not PreviewScore.objects.exists()
        assert not Preview.objects.exists()

    def test_a_part_that_can_no_longer_be_read_ends_it_with_its_problem(self, marketer: User) -> None:
        in_force()
        draft = change(draft_of(marketer))
        preview = start(draft, marketer)
        Criterion.objects.filter(version=draft, key="market_fits").update(
            is_on=True, condition={"field": "company.gone", "op": "eq", "value": 1}
        )
        assert not step(preview)
        preview.refresh_from_db()
        assert preview.state == Preview.State.FAILED
        assert "company.gone" in preview.error

    def test_cancelled_it_stops_and_can_be_begun_again(self, marketer: User) -> None:
        in_force()
        draft = change(draft_of(marketer))
        preview = start(draft, marketer)
        step(preview)
        services.cancel_preview(preview_id=preview.pk, by=marketer, now=NOW)
        assert not step(preview)
        with pytest.raises(Conflict):
            services.cancel_preview(preview_id=preview.pk, by=marketer, now=NOW)
        again = start(draft, marketer)
        assert again.pk != preview.pk
        assert again.is_running

    def test_asked_for_again_while_it_runs_it_is_the_same(self, marketer: User) -> None:
        in_force()
        draft = change(draft_of(marketer))
        assert start(draft, marketer) == start(draft, UserFactory(role=Role.MARKETING_MANAGER))

    def test_the_next_takes_the_place_of_one_that_was_overtaken(self, marketer: User) -> None:
        in_force()
        draft = change(draft_of(marketer))
        first = start(draft, marketer)
        step(first)
        second = start(edited(draft), marketer)
        first.refresh_from_db()
        assert first.state == Preview.State.STALE
        while step(second):
            pass
        services.prune_previews(now=NOW)
        assert list(Preview.objects.all()) == [second]
        assert set(PreviewScore.objects.values_list("preview_id", flat=True)) == {second.pk}


def dies(*_args: object) -> None:
    raise RuntimeError("killed")


@pytest.mark.workers
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_is_followed_by_another_that_counts_the_rest(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = in_force(60)
    marketer = UserFactory(role=Role.MARKETER)
    draft = change(draft_of(marketer))
    with monkeypatch.context() as small:
        small.setattr(previewing, "SMALL", 0)
        small.setattr(previewing, "RANGE", {connection.vendor: 20})
        first = workers.start()
        workers.kill(first)
        preview = start(draft, marketer)  # its message is lost with the worker
        assert step(preview)
    workers.start(beat=True)

    def is_whole() -> bool:
        preview.refresh_from_db()
        return preview.is_whole

    wait_until(is_whole, "another worker to count the rest")
    assert moves(preview).size == preview.scores.count() == len(ids)
