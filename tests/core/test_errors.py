"""Errors become answers: a page, a fragment for htmx, one shape for the API."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Conflict, Invalid, NotAllowed, Problem
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

PROBLEMS = (Problem("is not a number", where="row 2, employees"), Problem("the file ends too early"))
ERRORS = {
    "invalid": Invalid("The file has <b>2</b> problems.", problems=PROBLEMS),
    "conflict": Conflict("This handoff is closed."),
    "not_allowed": NotAllowed("Only a manager can reassign."),
}


@login_not_required
def fails(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


@login_not_required
def forbids(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


class Api(APIView):
    """Fails as asked, or checks a nested body."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, kind: str) -> Response:
        raise ERRORS[kind]

    def post(self, request: Request, kind: str) -> Response:
        class Row(serializers.Serializer[object]):
            age = serializers.IntegerField()

        class Rows(serializers.Serializer[object]):
            rows = Row(many=True)

        Rows(data=request.data).is_valid(raise_exception=True)
        return Response({})


handler403 = "core.views.permission_denied"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
urlpatterns = [
    path("fails/<kind>/", fails),
    path("forbids/", forbids),
    path("breaks/", breaks),
    path("api/breaks/", breaks),
    path("api/view/<kind>/", Api.as_view()),
    path("api/plain/<kind>/", fails),
    path("", include("config.urls")),
]


@pytest.mark.parametrize(("kind", "status"), [("invalid", 400), ("conflict", 409), ("not_allowed", 403)])
def test_a_page_shows_the_message_with_its_status(client: Client, kind: str, status: int) -> None:
    response = client.get(f"/fails/{kind}/")
    assert response.status_code == status
    assert "<html" in response.text
    assert ERRORS[kind].message.replace("<", "&lt;").replace(">", "&gt;") in response.text


def test_a_page_lists_each_problem_with_its_place(client: Client) -> None:
    text = " ".join(client.get("/fails/invalid/").text.split())
    assert "<strong>row 2, employees:</strong> is not a number" in text
    assert "the file ends too early" in text


def test_a_page_does_not_repeat_a_problem_that_the_message_tells(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem("“Grade” has no choice “Z”.", "score.grade")
    monkeypatch.setitem(ERRORS, "invalid", Invalid(f"score.grade: {problem.message}", problems=(problem,)))
    assert client.get("/fails/invalid/").text.count(problem.message) == 1
    assert len(client.get("/api/plain/invalid/").json()["error"]["problems"]) == 1


def test_a_person_who_is_signed_in_keeps_the_navigation(client: Client) -> None:
    client.force_login(UserFactory())
    assert "frame" in client.get("/fails/conflict/").text


def test_htmx_gets_a_fragment(client: Client) -> None:
    response = client.get("/fails/conflict/", headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert "<html" not in response.text
    assert "This handoff is closed." in response.text


@pytest.mark.parametrize("kind", list(ERRORS))
@pytest.mark.parametrize("way", ["view", "plain"])
def test_the_api_has_one_shape(client: Client, kind: str, way: str) -> None:
    error = ERRORS[kind]
    response = client.get(f"/api/{way}/{kind}/")
    assert response.status_code == error.status
    problems = [{"where": problem.where, "message": problem.message} for problem in error.problems]
    assert response.json() == {"error": {"code": kind, "message": error.message, "problems": problems}}


def test_a_body_that_is_not_valid_names_each_place(client: Client) -> None:
    body = {"rows": [{"age": 1}, {"age": "n/a"}, {}]}
    response = client.post("/api/view/x/", body, content_type="application/json")
    assert response.status_code == 400
    assert [problem["where"] for problem in response.json()["error"]["problems"]] == [
        "rows.1.age",
        "rows.2.age",
    ]


def test_a_body_that_is_not_json_is_told(client: Client) -> None:
    response = client.post("/api/view/x/", "{", content_type="application/json")
    assert response.status_code == 400
    assert "JSON" in response.json()["error"]["message"]


def test_a_wrong_method_is_told(client: Client) -> None:
    response = client.put("/api/view/x/")
    assert response.status_code == 405
    assert response.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("address", ["/nothing/", "/api/nothing/"])
def test_a_wrong_address_is_404(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith(
        "application/json" if address.startswith("/api/") else "text/html"
    )


def test_a_denial_of_django_is_a_page(client: Client) -> None:
    response = client.get("/forbids/")
    assert response.status_code == 403
    assert "You may not do this" in response.text


@pytest.mark.parametrize("address", ["/breaks/", "/api/breaks/"])
def test_a_failure_says_nothing_of_its_cause(address: str) -> None:
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == 500
    assert "ZeroDivision" not in response.text
    assert "broke on our side" in response.text


def test_a_form_without_its_token_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/fails/conflict/")
    assert response.status_code == 403
    assert "Load the page again" in response.text
