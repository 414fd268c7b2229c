"""Scores of the API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leads.access import READERS, get_lead
from scoring.api.outputs import ScoreOut
from scoring.explain import explain
from scoring.querysets import live_scores
from scoring.steps import next_steps
from users.access import require_role
from users.api.caller import caller


class ScoreView(APIView):
    """The score of one lead."""

    @extend_schema(operation_id="read_score", tags=["Scores"], responses=ScoreOut)
    def get(self, request: Request, pk: int) -> Response:
        """A lead's score and why, criterion by criterion, in numbers that add up; and what would lift it."""
        me = caller(request)
        require_role(me, READERS)
        lead = get_lead(me, pk)
        score = live_scores().filter(lead_id=lead.pk).first()
        now = timezone.now()
        answer = {
            "lead": lead.pk,
            "score": score,
            "explanation": explain(lead.pk, now=now),
            "next_steps": next_steps(lead, now=now),
        }
        return Response(ScoreOut(answer).data)
