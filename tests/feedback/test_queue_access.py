"""Who may see the queue, the pool and the accepted leads, and who may act there."""

from datetime import timedelta
from typing import ClassVar

from django.urls import reverse
from django.utils import timezone

from alignment.models import Reason
from feedback.models import Assignment, Handoff, Pause
from feedback.services import decisions
from feedback.services.attempts import log_attempt
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.feedback.world import active_version, assigned, make_lead, waiting
from users.models import Role

SALES_ONLY = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: OK, Role.SALES_MANAGER: OK}
ACTS = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: MOVED, Role.SALES_MANAGER: MOVED}
READ = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN}


class TestWhoSeesTheQueue(AccessTests):
    url_name = "feedback:queue"
    expected = SALES_ONLY
    other_team = OK


class TestWhoRefreshesTheList(AccessTests):
    expected = READ
    other_team = OK

    def url(self) -> str:
        return reverse("feedback:queue_list", args=[self.rep.pk])


class TestWhoSeesThePool(AccessTests):
    url_name = "feedback:pool"
    expected = READ
    other_team = OK


class TestWhoSeesWhatWasAccepted(AccessTests):
    url_name = "feedback:accepted"
    expected = SALES_ONLY
    other_team = OK


class OfAHandoff(AccessTests):
    """The address of an act on the rep's own handoff."""

    act: ClassVar[str]
    method = "post"
    expected = ACTS

    def url(self) -> str:
        active_version()
        return reverse(self.act, args=[assigned(self.rep).pk])


class TestWhoOpensAHandoff(OfAHandoff):
    act = "feedback:handoff"
    method = "get"
    expected = READ


class TestWhoAccepts(OfAHandoff):
    act = "feedback:accept"


class TestWhoLogsAnAttempt(OfAHandoff):
    act = "feedback:attempt"
    data: ClassVar[dict[str, object]] = {"kind": "call"}


class TestWhoPlansACallBack(OfAHandoff):
    act = "feedback:callback"
    data: ClassVar[dict[str, object]] = {"remove": "1"}


class TestWhoPauses(OfAHandoff):
    act = "feedback:pause"

    def url(self) -> str:
        version, now = active_version(grade="A", source="Fair", may_pause=True), timezone.now()
        row = assigned(self.rep, at=now)
        Handoff.objects.update(term=version.terms.get(source="Fair"))
        type(self).data = {"reason": "Away", "preset": (now + timedelta(days=4)).isoformat()}
        return reverse(self.act, args=[row.pk])


class TestWhoLetsTheClockGoOn(OfAHandoff):
    act = "feedback:resume"

    def url(self) -> str:
        address, now = super().url(), timezone.now()
        row, until = Assignment.objects.get(), now + timedelta(days=1)
        Pause.objects.create(assignment=row, starts_at=now, until=until, reason="Away", by=self.rep)
        return address


class TestWhoRecordsAnAnswer(OfAHandoff):
    act = "feedback:record_answer"
    data: ClassVar[dict[str, object]] = {"dimension": "need", "level": "2"}


class TestWhoRejects(OfAHandoff):
    act = "feedback:reject"

    def url(self) -> str:
        address = super().url()
        reason = Reason.objects.filter(version=Handoff.objects.get().version_id, key="no_need").get()
        type(self).data = {"reason": reason.pk}
        return address


class TestWhoDisqualifies(TestWhoRejects):
    act = "feedback:disqualify"


class TestWhoRecycles(OfAHandoff):
    act = "feedback:recycle"

    def url(self) -> str:
        address = super().url()
        type(self).data = {"day": (timezone.now() + timedelta(days=30)).date().isoformat()}
        return address


class TestWhoReturns(OfAHandoff):
    act = "feedback:return"
    data: ClassVar[dict[str, object]] = {"text": "Is in Austria."}


class TestWhoLooksForATwin(OfAHandoff):
    act = "feedback:duplicate"
    method = "get"
    expected = SALES_ONLY


class TestWhoMarksADuplicate(OfAHandoff):
    act = "feedback:duplicate"

    def url(self) -> str:
        address = super().url()
        type(self).data = {"twin": make_lead(99, owner=self.rep, team=self.rep.team).pk}
        return address


class TestWhoTakesADecisionBack(AccessTests):
    """Who made it, and nobody else."""

    method = "post"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: MOVED, Role.SALES_MANAGER: NOT_FOUND}

    def url(self) -> str:
        active_version()
        decision = decisions.accept(assignment=assigned(self.rep), by=self.rep, now=timezone.now())
        return reverse("feedback:decision_undo", args=[decision.pk])


class TestWhoTakesAnAttemptBack(AccessTests):
    """Who logged it, and nobody else."""

    method = "post"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: MOVED, Role.SALES_MANAGER: NOT_FOUND}

    def url(self) -> str:
        logged = log_attempt(assignment=assigned(self.rep), kind="call", by=self.rep, now=timezone.now())
        return reverse("feedback:attempt_undo", args=[logged.pk])


class TestWhoTellsAnOutcome(OfAHandoff):
    act = "feedback:outcome"
    data: ClassVar[dict[str, object]] = {"kind": "qualified"}

    def url(self) -> str:
        address = super().url()
        row = Assignment.objects.get()
        decisions.accept(assignment=row, by=self.rep, now=timezone.now())
        return address


class TestWhoClaims(AccessTests):
    method = "post"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.REP: MOVED}

    def url(self) -> str:
        active_version()
        return reverse("feedback:claim", args=[waiting().pk])


class TestWhoAssigns(AccessTests):
    method = "post"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.SALES_MANAGER: MOVED}
    other_team = FORBIDDEN

    def url(self) -> str:
        active_version()
        type(self).data = {"handoff": [waiting().pk], "to": self.rep.pk}
        return reverse("feedback:assign")
