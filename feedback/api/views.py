"""Handoffs of the API: the same access and services as the queue."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core.api import once, paging
from feedback.access import READERS, WORKERS, get_handoff, get_workable_by_handoff, visible_handoffs
from feedback.api import deciding, inputs, outputs
from feedback.models import Assignment, Handoff, Outcome
from feedback.services import attempts, outcomes, pausing
from users.access import require_role
from users.api.caller import caller
from users.models import Organisation, User

PAGING = frozenset({"limit", "cursor"})


class HandoffsView(APIView):
    """What sales has, or had."""

    @extend_schema(
        operation_id="list_handoffs",
        tags=["Handoffs"],
        parameters=[inputs.HandoffQuery, *paging.PARAMETERS],
        responses=outputs.HandoffPage,
    )
    def get(self, request: Request) -> Response:
        """List the handoffs that the caller may see, newest first."""
        me = caller(request)
        require_role(me, READERS)
        given = {
            name: values if name == "state" else values[-1]
            for name, values in request.query_params.lists()
            if name not in PAGING
        }
        rows = inputs.filtered(visible_handoffs(me), _checked(inputs.HandoffQuery(data=given)), me)
        page = paging.newest_first(request, outputs.shown(rows), "handoffs")
        return page.response(request, lambda row: outputs.HandoffOut(row).data)


class HandoffView(APIView):
    """One handoff."""

    @extend_schema(operation_id="read_handoff", tags=["Handoffs"], responses=outputs.HandoffDetail)
    def get(self, request: Request, pk: int) -> Response:
        """Read a handoff with attempts, decisions, outcomes and the facts it was judged on."""
        require_role(caller(request), READERS)
        handoff = get_handoff(caller(request), pk, outputs.whole(Handoff.objects.all()))
        return Response(outputs.HandoffDetail(handoff).data)


class AttemptsView(APIView):
    """Attempts to reach the lead."""

    @extend_schema(
        operation_id="log_attempt",
        tags=["Handoffs"],
        parameters=[once.PARAMETER],
        request=inputs.AttemptIn,
        responses={201: outputs.AttemptOut},
    )
    @once.once
    def post(self, request: Request, pk: int) -> Response:
        """Log an attempt. The time of entry counts. Sent twice without a key it is two attempts."""
        me, assignment = _work(request, pk)
        given = _checked(inputs.AttemptIn(data=request.data))
        row = attempts.log_attempt(assignment=assignment, by=me, now=timezone.now(), **given)
        return Response(outputs.AttemptOut(row).data, status=201)


class PauseView(APIView):
    """Stopping the clocks."""

    @extend_schema(
        operation_id="pause_handoff",
        tags=["Handoffs"],
        parameters=[once.PARAMETER],
        request=inputs.PauseIn,
        responses={201: outputs.PauseOut},
    )
    @once.once
    def post(self, request: Request, pk: int) -> Response:
        """Stop both clocks until a moment, where the agreement allows it (403 otherwise).

        What is paused or overdue already is a conflict (409). A first contact or a decision ends the pause.
        """
        me, assignment = _work(request, pk)
        given = _checked(inputs.PauseIn(data=request.data))
        row = pausing.pause(assignment=assignment, by=me, now=timezone.now(), **given)
        return Response(outputs.PauseOut(row).data, status=201)


class ResumeView(APIView):
    """Letting the clocks go on."""

    @extend_schema(
        operation_id="resume_handoff",
        tags=["Handoffs"],
        parameters=[once.PARAMETER],
        request=None,
        responses={200: outputs.AssignmentOut},
    )
    @once.once
    def post(self, request: Request, pk: int) -> Response:
        """End the pause now; a conflict (409) if the clocks run."""
        me, assignment = _work(request, pk)
        row = pausing.resume(assignment=assignment, by=me, now=timezone.now())
        return Response(outputs.AssignmentOut(row).data)


class DecisionView(APIView):
    """The decision of sales."""

    @extend_schema(
        operation_id="decide",
        tags=["Handoffs"],
        parameters=[once.PARAMETER],
        request=inputs.described("DecisionIn", inputs.DECISIONS),
        responses={201: outputs.DecisionOut},
    )
    @once.once
    def post(self, request: Request, pk: int) -> Response:
        """Accept, reject or disqualify with a reason, recycle until a day, return to the pool, mark as a
        duplicate; or undo your last decision within ten seconds.

        A second decision is a conflict (409) that names the first.
        """
        me, handoff = _worker(request, pk)
        given = inputs.one_of(inputs.DECISIONS, request.data)
        row = deciding.decide(handoff, given, by=me, now=timezone.now())
        return Response(outputs.DecisionOut(row).data, status=201)


class OutcomeView(APIView):
    """What came of an accepted lead."""

    @extend_schema(
        operation_id="record_outcome",
        tags=["Handoffs"],
        parameters=[once.PARAMETER],
        request=inputs.described("OutcomeIn", inputs.OUTCOMES),
        responses={201: outputs.OutcomeOut},
    )
    @once.once
    def post(self, request: Request, pk: int) -> Response:
        """Say that an accepted lead was qualified, won or lost; of one that was won, retained or churned."""
        me, assignment = _work(request, pk)
        row = _outcome(assignment, inputs.one_of(inputs.OUTCOMES, request.data), me)
        return Response(outputs.OutcomeOut(row).data, status=201)


def _worker(request: Request, pk: int) -> tuple[User, Handoff]:
    me = caller(request)
    require_role(me, WORKERS)
    return me, get_handoff(me, pk, Handoff.objects.select_related("lead"))


def _work(request: Request, pk: int) -> tuple[User, Assignment]:
    me, handoff = _worker(request, pk)
    return me, get_workable_by_handoff(me, handoff.pk)


def _checked(serializer: Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _outcome(assignment: Assignment, given: dict[str, Any], me: User) -> Outcome:
    now, kind = timezone.now(), given["kind"]
    if kind == Outcome.Kind.QUALIFIED:
        return outcomes.qualify(assignment=assignment, by=me, now=now)
    telling = {
        Outcome.Kind.LOST: outcomes.lose,
        Outcome.Kind.RETAINED: outcomes.retain,
        Outcome.Kind.CHURNED: outcomes.churn,
    }
    if kind in telling:
        return telling[kind](assignment=assignment, text=given.get("text", ""), by=me, now=now)
    currency = given.get("currency") or Organisation.current().currency
    return outcomes.win(assignment=assignment, amount=given["amount"], currency=currency, by=me, now=now)
