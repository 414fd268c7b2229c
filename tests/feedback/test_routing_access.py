"""Who reads routing, sets rules and reps, hands over and takes back."""

from datetime import timedelta
from typing import ClassVar

from django.urls import reverse
from django.utils import timezone

from feedback.models import Leave
from tests.access import FORBIDDEN, MOVED, OK, AccessTests
from tests.feedback.test_routing_rules import rule
from tests.feedback.world import active_version, assigned
from users.models import Role

READ = dict.fromkeys(Role, FORBIDDEN) | {
    Role.SALES_MANAGER: OK,
    Role.MARKETING_MANAGER: OK,
    Role.MEDIATOR: OK,
    Role.ADMIN: OK,
}
MANAGER_ONLY = dict.fromkeys(Role, FORBIDDEN) | {Role.SALES_MANAGER: OK}
MANAGER_ACTS = dict.fromkeys(Role, FORBIDDEN) | {Role.SALES_MANAGER: MOVED}
SETS_REPS = dict.fromkeys(Role, FORBIDDEN) | {Role.SALES_MANAGER: OK, Role.ADMIN: OK}
ACTS_ON_REPS = dict.fromkeys(Role, FORBIDDEN) | {Role.SALES_MANAGER: MOVED, Role.ADMIN: MOVED}


class TestWhoReadsRouting(AccessTests):
    url_name = "feedback:routing"
    expected = READ
    other_team = FORBIDDEN


class TestWhoTriesALead(TestWhoReadsRouting):
    url_name = "feedback:routing_try"


class TestWhoAddsARule(AccessTests):
    url_name = "feedback:rule_new"
    expected = MANAGER_ONLY
    other_team = FORBIDDEN


class TestWhoOpensARule(AccessTests):
    act: ClassVar[str] = "feedback:rule"
    expected = MANAGER_ONLY
    other_team = FORBIDDEN

    def url(self) -> str:
        return reverse(self.act, args=[rule().pk])


class TestWhoMovesARule(TestWhoOpensARule):
    act = "feedback:rule_move"
    method = "post"
    expected = MANAGER_ACTS


class TestWhoSwitchesARule(TestWhoMovesARule):
    act = "feedback:rule_switch"


class TestWhoDeletesARule(TestWhoMovesARule):
    act = "feedback:rule_delete"


class TestWhoOpensARep(AccessTests):
    act: ClassVar[str] = "feedback:rep_settings"
    expected = SETS_REPS
    other_team = FORBIDDEN

    def url(self) -> str:
        return reverse(self.act, args=[self.rep.pk])


class TestWhoHandsOver(TestWhoOpensARep):
    act = "feedback:hand_over"


class TestWhoChoosesWhomToHandOver(AccessTests):
    url_name = "feedback:hand_over_choice"
    expected = SETS_REPS
    other_team = FORBIDDEN


class TestWhoPlansLeave(TestWhoOpensARep):
    act = "feedback:leave_add"
    method = "post"
    data: ClassVar[dict[str, object]] = {"starts": "2999-01-01", "ends": "2999-01-05"}
    expected = ACTS_ON_REPS


class TestWhoTakesLeaveOut(AccessTests):
    method = "post"
    expected = ACTS_ON_REPS
    other_team = FORBIDDEN

    def url(self) -> str:
        day = timezone.now().date() + timedelta(days=9)
        leave = Leave.objects.create(rep=self.rep, starts=day, ends=day)
        return reverse("feedback:leave_remove", args=[leave.pk])


class TestWhoTakesBack(AccessTests):
    method = "post"
    expected = MANAGER_ACTS
    other_team = FORBIDDEN

    def url(self) -> str:
        active_version()
        type(self).data = {"handoff": [assigned(self.rep).handoff_id]}
        return reverse("feedback:take_back")
