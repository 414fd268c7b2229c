"""The agreement of the API."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alignment.access import READERS, visible_versions
from alignment.api.outputs import DefinitionOut, VersionOut
from alignment.models import Version
from alignment.pages import with_parts
from alignment.querysets import active_versions, with_signers
from users.access import require_role
from users.api.caller import caller


class DefinitionView(APIView):
    """What is in force."""

    @extend_schema(operation_id="read_definition", tags=["Definition"], responses=DefinitionOut)
    def get(self, request: Request) -> Response:
        """The definition in force: what makes a lead sales-ready, in words and as conditions."""
        require_role(caller(request), READERS)
        return Response(DefinitionOut({"versions": _whole(active_versions())}).data)


class VersionView(APIView):
    """Any version."""

    @extend_schema(operation_id="read_version", tags=["Definition"], responses=VersionOut)
    def get(self, request: Request, pk: int) -> Response:
        """A version as it was agreed or proposed; drafts for those who draft."""
        me = caller(request)
        require_role(me, READERS)
        return Response(VersionOut(get_object_or_404(_whole(visible_versions(me)), pk=pk)).data)


def _whole(versions: QuerySet[Version]) -> QuerySet[Version]:
    return with_signers(with_parts(versions))
