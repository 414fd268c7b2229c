"""What an activation would bring to sales: which leads, how many a week, and who has room for them."""

from datetime import timedelta
from math import isclose
from statistics import NormalDist, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alignment import spec
from alignment.models import Version
from feedback import load
from feedback.load import Turn, Weeks, compare, desks
from feedback.load.figures import Extra
from leads.models import Lead
from tests.factories import UserFactory
from tests.feedback.past import DAY, WEBINAR, activate, active, decide, drafted
from tests.feedback.world import NOW, assigned, make_lead
from tests.scoring.world import ZONE, Did, add
from users.models import User

WEEK = timedelta(weeks=1)


@pytest.fixture
def rep(db: None) -> User:
    activate(drafted(WEBINAR))
    return UserFactory()


def weeks(version: Version | None = None) -> Weeks:
    return load.look_back([spec.read(version or active())], now=NOW, zone=ZONE)


def attended(*ago: timedelta, created: timedelta = 400 * DAY, **fields: object) -> Lead:
    lead = make_lead(Lead.objects.count() + 1, created_at=NOW - created, **fields)
    add(lead.pk, [Did("webinar", "", NOW - each) for each in ago])
    return lead


def turn(lead: Lead) -> Turn | None:
    return next((each for each in weeks().leads if each.lead_id == lead.pk), None)


def test_a_lead_turns_in_the_week_in_which_it_did_what_was_asked(rep: User) -> None:
    attended(3 * DAY)
    attended(10 * DAY)
    attended(9 * WEEK)
    attended(30 * DAY)
    found = {each.lead_id: (each.week, each.grade) for each in weeks().leads}
    first, second, _third, fourth = Lead.objects.order_by("pk").values_list("pk", flat=True)
    assert found == {first: (1, "A"), second: (2, "A"), fourth: (5, "")}


def test_a_lead_that_turned_twice_counts_in_the_first_week(rep: User) -> None:
    lead = attended(45 * DAY, 2 * DAY)
    assert turn(lead) == Turn(lead.pk, 7, "A", True)


def test_a_lead_that_was_ready_all_along_turns_in_no_week(rep: User) -> None:
    lead = attended(*(10 * each * DAY for each in range(9)))
    assert turn(lead) == Turn(lead.pk, 0, "A", True)


def test_a_lead_that_came_later_was_not_ready_before(rep: User) -> None:
    lead = attended(*(10 * each * DAY for each in range(9)), created=9 * DAY)
    assert turn(lead) == Turn(lead.pk, 2, "A", True)


def test_whom_sales_never_works_is_left_out_and_whom_it_works_now_is_not_free(rep: User) -> None:
    customer = attended(2 * DAY, stage="customer", stage_at=NOW - 9 * WEEK)
    recent = attended(2 * DAY, stage="customer", stage_at=NOW - DAY)
    resting = attended(2 * DAY, stage="nurture", nurture_until=(NOW + 9 * DAY).date())
    worked = attended(2 * DAY)
    assigned(rep, worked)
    found = {each.lead_id: each.is_free for each in weeks().leads}
    assert found == {recent.pk: False, resting.pk: False, worked.pk: False}
    assert customer.pk not in found


def test_a_grade_that_goes_to_nurture_is_no_work_for_sales(rep: User) -> None:
    attended(2 * DAY)
    draft = drafted(WEBINAR, active().definition)
    assert len(weeks(draft).leads) == 1
    draft.terms.filter(grade="A").update(is_handed_over=False)
    assert weeks(draft).leads == ()


def test_a_large_base_is_judged_by_a_sample_that_is_the_same_all_day(
    rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(40):
        attended(2 * DAY)
    monkeypatch.setattr("feedback.load.weeks.SAMPLE", 10)
    found = weeks()
    assert (found.size, found.total, len(found.leads)) == (10, 40, 10)
    assert weeks() == found
    assert Weeks.from_json(found.to_json()) == found


# The figures


def ready(*ids: int, week: int = 1, is_free: bool = True) -> tuple[Turn, ...]:
    return tuple(Turn(each, week, "A", is_free) for each in ids)


def test_the_backlog_is_apart_from_what_comes_every_week() -> None:
    before = Weeks(ready(1, 2), 100, 100)
    after = Weeks((*ready(1, 2), *ready(3, 4, week=0), *ready(5), *ready(6, is_free=False)), 100, 100)
    found = compare(before, after)
    assert (found.backlog_ids, found.backlog["A"].leads) == ((3, 4, 5), 3)
    assert (found.active.leads, found.draft.leads, found.extra) == (2, 4, Extra(2 / 8, 0.0))
    assert not found.is_sample


def test_a_sample_stands_for_all_with_its_margin() -> None:
    found = compare(Weeks(ready(*range(20)), 1_000, 100_000), Weeks(ready(*range(50)), 1_000, 100_000))
    assert found.is_sample
    assert (found.active.leads, found.draft.leads) == (2_000, 5_000)
    assert found.extra.value == 3_000 / 8
    assert 100 < found.extra.margin < 150
    assert found.extra.per(10).value == 37.5
    assert Extra(5.0, 1.0).per(0) == Extra(0.0, 0.0)


@given(st.sets(st.integers(0, 199), max_size=60), st.sets(st.integers(0, 199), max_size=60))
def test_the_margin_is_that_of_a_mean_of_differences(old: set[int], new: set[int]) -> None:
    size, total = 200, 10_000
    found = compare(Weeks(ready(*sorted(old)), size, total), Weeks(ready(*sorted(new)), size, total))
    each = [(lead in new) - (lead in old) for lead in range(size)]
    error = stdev(each) * ((size - 1) / size) ** 0.5 / size**0.5 * ((total - size) / (total - 1)) ** 0.5
    expected = NormalDist().inv_cdf(0.975) * error * total / 8
    assert isclose(found.extra.margin, expected, rel_tol=1e-4, abs_tol=1e-6)


def test_the_backlog_takes_as_long_as_there_is_time_beside_the_usual_leads() -> None:
    found = compare(Weeks((), 100, 100), Weeks(ready(*range(16)), 100, 100))
    assert found.draft_a_week == 2.0
    assert found.weeks_to_clear(4.0) == 8.0
    assert found.weeks_to_clear(2.0) is None
    assert compare(Weeks((), 9, 9), Weeks((), 9, 9)).weeks_to_clear(0.0) == 0.0


def test_a_desk_has_what_is_undecided_room_for_more_and_the_pace_of_eight_weeks(
    rep: User, settings: object
) -> None:
    for number, ago in enumerate((DAY, 2 * DAY, 20 * DAY, 9 * WEEK), 1):
        decide(rep, make_lead(number), ago=ago)
    busy = UserFactory(name="Ann")
    settings.HANDOFF_CAPACITY = 2  # type: ignore[attr-defined]  # pytest-django's settings
    for number in (11, 12, 13):
        assigned(busy, make_lead(number))
    found = desks(now=NOW, zone=ZONE)
    by_name = {each.name: (each.open, each.room, each.decided, each.best) for each in found.all}
    assert by_name["Ann"] == (3, 0, 0.0, 0)
    assert by_name[rep.name] == (0, 2, 3 / 8, 2)
    assert (found.room, found.decided, found.best) == (2, 3 / 8, 2)
