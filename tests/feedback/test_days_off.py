"""Leave, company holidays and the hours of a team move the due moments of open leads."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.errors import Invalid
from core.models import AuditEntry
from feedback.calendars import load_calendars
from feedback.models import Assignment, CompanyHoliday, Leave, TeamHours, WorkingCalendar
from feedback.services.calendars import CalendarContent, save_calendar, set_team_hours
from feedback.services.company_days import add_company_holiday, remove_company_holiday
from feedback.services.reps import RepTerms, add_leave, remove_leave, set_rep
from feedback.sums import sum_of
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import NOW, active_version, assigned
from users.models import Role, User
from users.services import change_organisation

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATE_FRIDAY = datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)
NINE = (time(9), time(17))


@pytest.fixture(autouse=True)
def manager() -> User:
    active_version()
    return UserFactory(role=Role.SALES_MANAGER)


@pytest.fixture
def rep() -> User:
    return UserFactory(name="Ana")


@pytest.fixture
def row(rep: User) -> Assignment:
    """Response due on Monday at 9:40, decision on Tuesday at 17:40."""
    return assigned(rep, at=LATE_FRIDAY)


def due(row: Assignment) -> tuple[datetime, datetime]:
    found = Assignment.objects.get(pk=row.pk)
    return found.response_due_at, found.decision_due_at


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def content(zone: str = "UTC", name: str = "Office") -> CalendarContent:
    hours = dict.fromkeys(range(5), (NINE,))
    return CalendarContent(name=name, zone=zone, country="", region="", week=hours, days_off={})


class TestLeave:
    def test_days_of_leave_are_no_working_days_of_that_person(
        self, row: Assignment, rep: User, manager: User
    ) -> None:
        add_leave(rep=rep, starts=MONDAY, ends=FRIDAY, by=manager, now=LATE_FRIDAY)
        assert due(row) == (utc(30, 9, 40), utc(1, 17, 40, month=12))
        assert AuditEntry.objects.get(action="leave_added").detail["clocks_reset"] == 1

    def test_the_sum_names_it(self, row: Assignment, rep: User, manager: User) -> None:
        add_leave(rep=rep, starts=MONDAY, ends=FRIDAY, by=manager, now=LATE_FRIDAY)
        said = sum_of(Assignment.objects.get(pk=row.pk), "response", load_calendars(), now=LATE_FRIDAY)  # type: ignore[arg-type] # as stored
        assert "leave until 27 Nov" in said
        assert "= Mon 30 Nov, 09:40" in said

    def test_the_days_of_others_count_on(self, rep: User, manager: User) -> None:
        row = assigned(UserFactory(name="Ben"), at=LATE_FRIDAY)
        add_leave(rep=rep, starts=MONDAY, ends=FRIDAY, by=manager, now=LATE_FRIDAY)
        assert due(row) == (utc(23, 9, 40), utc(24, 17, 40))

    def test_a_lead_that_comes_during_leave_is_counted_from_its_end(self, rep: User, manager: User) -> None:
        add_leave(rep=rep, starts=MONDAY, ends=FRIDAY, by=manager, now=LATE_FRIDAY)
        assert due(assigned(rep, at=NOW))[0] == utc(30, 10)

    def test_taken_out_again_the_clocks_are_as_before(
        self, row: Assignment, rep: User, manager: User
    ) -> None:
        before = due(row)
        leave = add_leave(rep=rep, starts=MONDAY, ends=FRIDAY, by=manager, now=LATE_FRIDAY)
        remove_leave(leave=leave, by=manager, now=LATE_FRIDAY + HOUR)
        assert due(row) == before

    def test_it_neither_heals_nor_makes_a_breach(self, row: Assignment, rep: User, manager: User) -> None:
        late = utc(23, 12)
        leave = add_leave(rep=rep, starts=MONDAY, ends=FRIDAY, by=manager, now=late)
        assert due(row)[0] == utc(23, 9, 40)  # it was overdue before
        after = due(row)[1]
        remove_leave(leave=leave, by=manager, now=utc(26, 12))
        assert due(row)[1] == after  # Tuesday is over: nobody is late because of a correction

    def test_leave_without_end_is_refused(self, rep: User, manager: User) -> None:
        years = (date(2026, 11, 23), date(2028, 11, 22)), (date(2028, 11, 23), date(2030, 11, 22))
        add_leave(rep=rep, starts=years[0][0], ends=years[0][1], by=manager, now=NOW)
        with pytest.raises(Invalid, match="no working day for three years"):
            add_leave(rep=rep, starts=years[1][0], ends=years[1][1], by=manager, now=NOW)
        assert Leave.objects.count() == 1


class TestCompanyHolidays:
    def test_nobody_works_on_them_whatever_their_calendar(
        self, row: Assignment, rep: User, manager: User
    ) -> None:
        other = UserFactory(name="Ben")
        own = save_calendar(calendar=None, content=content(), by=manager, now=LATE_FRIDAY)
        WorkingCalendar.objects.update(is_default=False)
        set_rep(rep=other, terms=RepTerms(calendar=own), by=manager, now=LATE_FRIDAY)
        theirs = assigned(other, at=LATE_FRIDAY)
        holiday = add_company_holiday(day=MONDAY, label="Stocktaking", by=manager, now=LATE_FRIDAY)
        assert due(row)[0] == utc(24, 9, 40)
        assert due(theirs)[0] == utc(24, 10)
        remove_company_holiday(holiday=holiday, by=manager, now=LATE_FRIDAY)
        assert due(row)[0] == utc(23, 9, 40)
        assert due(theirs)[0] == utc(23, 10)

    def test_a_repeat_takes_nothing_out_twice(self, manager: User) -> None:
        holiday = add_company_holiday(day=MONDAY, label="Stocktaking", by=manager, now=NOW)
        for _ in range(2):
            remove_company_holiday(holiday=holiday, by=manager, now=NOW)
        assert AuditEntry.objects.filter(action="company_holiday_removed").count() == 1

    @pytest.mark.parametrize(
        ("day", "label", "place"),
        [(MONDAY, " ", "label"), (date(2099, 1, 1), "Far", "day"), (TUESDAY, "Twice", "day")],
    )
    def test_what_cant_be_is_refused_at_its_place(
        self, manager: User, day: date, label: str, place: str
    ) -> None:
        add_company_holiday(day=TUESDAY, label="Founding day", by=manager, now=NOW)
        with pytest.raises(Invalid) as caught:
            add_company_holiday(day=day, label=label, by=manager, now=NOW)
        assert [problem.where for problem in caught.value.problems] == [place]
        assert CompanyHoliday.objects.count() == 1


class TestTeamHours:
    def test_reps_work_by_their_teams_calendar_unless_they_have_their_own(
        self, rep: User, manager: User
    ) -> None:
        default = save_calendar(calendar=None, content=content(), by=manager, now=NOW)
        india = save_calendar(calendar=None, content=content("Asia/Kolkata", "Pune"), by=manager, now=NOW)
        own = UserFactory(name="Ben", team=rep.team)
        set_rep(rep=own, terms=RepTerms(calendar=default), by=manager, now=NOW)
        assert rep.team is not None
        set_team_hours(team=rep.team, calendar=india, by=manager, now=NOW)
        calendars = load_calendars()
        stranger = UserFactory(team=TeamFactory())
        zones = [str(calendars.of(each.pk).zone) for each in (rep, own, stranger)]
        assert zones == ["Asia/Kolkata", "UTC", "UTC"]

    def test_the_clocks_of_the_team_are_set_anew_and_back(
        self, row: Assignment, rep: User, manager: User
    ) -> None:
        assert rep.team is not None
        early = save_calendar(calendar=None, content=content("Asia/Kolkata"), by=manager, now=LATE_FRIDAY)
        WorkingCalendar.objects.update(is_default=False)
        before = due(row)
        for _ in range(2):
            set_team_hours(team=rep.team, calendar=early, by=manager, now=LATE_FRIDAY)
        assert due(row)[0] == utc(23, 4, 30)
        assert AuditEntry.objects.filter(action="team_hours_changed").count() == 1
        set_team_hours(team=rep.team, calendar=None, by=manager, now=LATE_FRIDAY)
        assert not TeamHours.objects.exists()
        assert due(row)[0] == utc(23, 9, 40) != before[0]

    def test_a_change_of_the_teams_calendar_sets_its_clocks_anew(self, rep: User, manager: User) -> None:
        assert rep.team is not None
        calendar = save_calendar(calendar=None, content=content("Asia/Kolkata"), by=manager, now=NOW)
        WorkingCalendar.objects.update(is_default=False)
        set_team_hours(team=rep.team, calendar=calendar, by=manager, now=NOW)
        row = assigned(rep, at=LATE_FRIDAY)
        save_calendar(calendar=calendar, content=content("America/New_York"), by=manager, now=LATE_FRIDAY)
        assert due(row)[0] == utc(20, 18, 40)


class TestZonesAndEmptyCalendars:
    def test_hours_of_the_house_move_with_the_companys_zone(self, row: Assignment, manager: User) -> None:
        change_organisation(
            name="Ours", zone="America/New_York", currency="EUR", by=manager, now=LATE_FRIDAY, is_sure=True
        )
        assert due(row)[0] == utc(20, 19)  # 12:40 there is lunch

    def test_a_calendar_whose_days_are_all_off_is_refused(self, manager: User) -> None:
        off = {NOW.date() + timedelta(days=ahead): "Off" for ahead in range(4_100)}
        week = {0: [NINE]}
        empty = CalendarContent(name="None", zone="UTC", country="", region="", week=week, days_off=off)
        with pytest.raises(Invalid, match="next to no working day") as caught:
            save_calendar(calendar=None, content=empty, by=manager, now=NOW)
        assert [problem.where for problem in caught.value.problems] == ["days_off"]
        assert not WorkingCalendar.objects.exists()
