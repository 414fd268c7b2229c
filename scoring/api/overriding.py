"""Setting the grade of a lead by hand through the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alignment.models import Grade
from core.api import once
from core.api.fields import Choice, Moment, Strict
from leads.access import READERS
from scoring import services
from scoring.access import get_overridable
from scoring.models import GradeOverride
from scoring.overriding import SetByHand, set_by_hand
from scoring.services.overriding import REASON
from users.access import require_role
from users.api.caller import caller
from users.models import Organisation


class OverrideOut(serializers.Serializer[SetByHand]):
    """A grade set by hand."""

    id = serializers.IntegerField()
    grade = serializers.ChoiceField(Grade.choices)
    reason = serializers.CharField()
    by = serializers.CharField(source="who")
    at = Moment()
    until = serializers.DateField(help_text="The last day on which it counts, in the company's zone.")


class OverrideIn(Strict):
    """A grade to set by hand."""

    grade = Choice(choices=Grade.choices)
    reason = serializers.CharField(max_length=REASON)
    until = serializers.DateField(
        source="ends_on", help_text="The last day on which it counts, at most a year ahead."
    )
    replaces = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="The id of the one that it takes the place of; without it another one is a conflict (409).",
    )


class OverrideView(APIView):
    """The grade of one lead, set by hand."""

    @extend_schema(
        operation_id="set_grade_by_hand",
        tags=["Scores"],
        parameters=[once.PARAMETER],
        request=OverrideIn,
        responses={201: OverrideOut},
    )
    @once.once
    def post(self, request: Request, pk: int) -> Response:
        """Set a lead's grade until a day, with the reason. The computed grade stays beside it. If another one
        counts and `replaces` doesn't name it, it is a conflict (409) that tells of it."""
        me = caller(request)
        require_role(me, READERS)
        lead = get_overridable(me, pk)
        given = OverrideIn(data=request.data)
        given.is_valid(raise_exception=True)
        override = services.set_override(lead=lead, by=me, now=timezone.now(), **given.validated_data)
        return Response(_shown(override), status=201)

    @extend_schema(
        operation_id="end_grade_by_hand",
        tags=["Scores"],
        parameters=[once.PARAMETER],
        request=None,
        responses={200: OverrideOut},
    )
    @once.once
    def delete(self, request: Request, pk: int) -> Response:
        """End it before its time: the computed grade counts again. If none counts it is a conflict (409)."""
        me, now = caller(request), timezone.now()
        require_role(me, READERS)
        lead = get_overridable(me, pk)
        override = services.end_override(lead=lead, by=me, now=now)
        return Response(_shown(override))


def _shown(override: GradeOverride) -> Any:
    return OverrideOut(set_by_hand(override, Organisation.current().tz)).data
