"""Leads and activities of the API: parse, ask for access, call the service, answer."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import once, paging
from leads.access import READERS, UPSERTERS, get_editable_lead, get_lead
from leads.api import inputs, outputs, parameters, reading, writing
from leads.models import Lead
from leads.services import Outcome, update_lead, upsert_lead
from rules.fields import Field
from users.access import require_role
from users.api.caller import caller


class LeadsView(APIView):
    """All leads that the caller may see."""

    @extend_schema(
        operation_id="list_leads",
        tags=["Leads"],
        parameters=[*parameters.filters(), *paging.PARAMETERS],
        responses=outputs.LeadPage,
    )
    def get(self, request: Request) -> Response:
        """List leads, filtered as on the page of leads: every parameter must hold."""
        require_role(caller(request), READERS)
        return reading.lead_page(request).response(request, _shown)

    @extend_schema(
        operation_id="upsert_lead",
        tags=["Leads"],
        parameters=[once.PARAMETER],
        request=inputs.LeadIn,
        responses={201: outputs.LeadOut, 200: outputs.LeadOut},
    )
    @once.once
    def post(self, request: Request) -> Response:
        """Add a lead (201), or update the one with this external id or e-mail address (200).

        If several leads fit it is a conflict (409) that names them, and nothing is written.
        """
        me = caller(request)
        require_role(me, UPSERTERS)
        facts = inputs.lead_facts(_read(inputs.LeadIn, request))
        lead, outcome = writing.retried(lambda: upsert_lead(facts=facts, by=me, now=timezone.now()))
        return _one(get_lead(me, lead.pk), status=201 if outcome is Outcome.CREATED else 200)


class LeadBatchView(APIView):
    """Many leads at once."""

    @extend_schema(
        operation_id="upsert_leads",
        tags=["Leads"],
        parameters=[once.PARAMETER],
        request=inputs.LeadBatch,
        responses=outputs.LeadBatchOut,
    )
    @once.once
    def post(self, request: Request) -> Response:
        """Upsert up to 500 leads. Each row is written as a whole or left out with its problems; the others
        are written in any case."""
        me = caller(request)
        require_role(me, UPSERTERS)
        rows = writing.rows_of(request.data, "leads", inputs.MOST_LEADS)
        return Response({"results": writing.write_leads(rows, by=me, now=timezone.now())})


class LeadView(APIView):
    """One lead."""

    @extend_schema(
        operation_id="read_lead", tags=["Leads"], parameters=[parameters.FIELDS], responses=outputs.LeadOut
    )
    def get(self, request: Request, pk: int) -> Response:
        """Read a lead."""
        require_role(caller(request), READERS)
        return _one(get_lead(caller(request), pk), reading.asked_fields(request))

    @extend_schema(
        operation_id="change_lead",
        tags=["Leads"],
        parameters=[once.PARAMETER],
        request=inputs.LeadPatch,
        responses=outputs.LeadOut,
    )
    @once.once
    def patch(self, request: Request, pk: int) -> Response:
        """Change a lead: what isn't sent stays, null or an empty text clears."""
        me = caller(request)
        require_role(me, READERS)
        lead = get_editable_lead(me, pk)
        given = _read(inputs.LeadPatch, request)
        seen_at = given.pop("updated_at", None)
        facts = inputs.lead_facts(given, may_clear=True)
        writing.retried(
            lambda: update_lead(lead=lead, facts=facts, by=me, now=timezone.now(), seen_at=seen_at)
        )
        return _one(get_lead(me, pk))


class ActivityBatchView(APIView):
    """What leads did."""

    @extend_schema(
        operation_id="add_activities",
        tags=["Activities"],
        parameters=[once.PARAMETER],
        request=inputs.ActivityBatch,
        responses=outputs.ActivityBatchOut,
    )
    @once.once
    def post(self, request: Request) -> Response:
        """Add up to 1,000 activities. Those that can be used are written; the others are named by their place
        in the batch. A `dedup_key` makes sending one again harmless."""
        me = caller(request)
        require_role(me, UPSERTERS)
        rows = writing.rows_of(request.data, "activities", inputs.MOST_ACTIVITIES)
        return Response(writing.write_activities(rows, by=me, now=timezone.now()))


def _read(serializer: type[inputs.LeadChange], request: Request) -> dict[str, Any]:
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _one(lead: Lead, fields: list[Field] | None = None, status: int = 200) -> Response:
    fields = reading.usual_fields() if fields is None else fields
    return Response(_shown(reading.with_fields([lead.pk], fields, reading.context())[0]), status=status)


def _shown(lead: Lead) -> Any:
    return outputs.LeadOut(lead).data
