"""Who is asking, and for which company."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.fields import Moment
from users.api.caller import caller
from users.api.outputs import Named
from users.models import ApiToken, Organisation, Role


class TokenOut(serializers.Serializer[Any]):
    """The token of this request."""

    name = serializers.CharField()
    expires_at = Moment(source="expiry", allow_null=True)


class CompanyZoneOut(serializers.Serializer[Any]):
    """The company that runs Bantam; days, weeks and decay count in its zone, money in its currency."""

    name = serializers.CharField()
    zone = serializers.CharField()
    currency = serializers.CharField()


class MeOut(serializers.Serializer[Any]):
    """The person whose token or session it is."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    team = Named(allow_null=True)
    zone = serializers.CharField(help_text="Empty: the company's zone.")
    token = TokenOut(allow_null=True)
    organisation = CompanyZoneOut()


class MeView(APIView):
    """The person who asks."""

    @extend_schema(operation_id="me", tags=["People"], responses=MeOut)
    def get(self, request: Request) -> Response:
        """Who I am: my role decides what I may see and do."""
        me = caller(request)
        shown = MeOut(
            {
                "id": me.pk,
                "name": me.name,
                "email": me.email,
                "role": me.role,
                "team": me.team,
                "zone": me.zone,
                "token": request.auth if isinstance(request.auth, ApiToken) else None,
                "organisation": Organisation.current(),
            }
        )
        return Response(shown.data)
