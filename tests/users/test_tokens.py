"""API tokens: made once, shown once, kept as a hash, and what they open."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from axes.models import AccessLog
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid
from core.models import AuditEntry
from tests.factories import UserFactory
from users.models import ApiToken, Role, User
from users.services import create_token, revoke_token
from users.services.tokens import MOST
from users.tasks import tidy

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class WhoAmI(APIView):
    """Names the person whose token was sent."""

    def get(self, request: Request) -> Response:
        return Response({"email": str(request.user.get_username())})


urlpatterns = [path("api/who/", WhoAmI.as_view()), path("", include("config.urls"))]


@pytest.fixture
def ana() -> User:
    return UserFactory(role=Role.MARKETER, email="ana@example.com")


def ask(secret: str, scheme: str = "Bearer") -> "TestResponse":
    return Client().get("/api/who/", headers={"Authorization": f"{scheme} {secret}"})


def make(person: User, **given: Any) -> tuple[ApiToken, str]:
    fields: dict[str, Any] = {"name": "Form", "days": 30, "now": timezone.now()}
    return create_token(person=person, **{**fields, **given})


def test_a_token_is_shown_once_and_works(client: Client, ana: User) -> None:
    client.force_login(ana)
    page = client.post(reverse("users:tokens"), {"name": "Website form", "days": "90"})
    secret = page.context["secret"]
    assert secret.startswith("bantam_")
    assert secret in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert secret not in client.get(reverse("users:tokens")).content.decode()
    assert ask(secret).json() == {"email": "ana@example.com"}


def test_the_secret_is_kept_nowhere(ana: User) -> None:
    token, secret = make(ana)
    row = str(ApiToken.objects.filter(pk=token.pk).values().get())
    log = str(list(AuditEntry.objects.values()))
    assert secret not in row + log
    assert secret[len(token.token_key) :] not in row + log


@pytest.mark.parametrize("scheme", ["Token", "Basic", ""])
def test_only_the_named_scheme_counts(ana: User, scheme: str) -> None:
    assert ask(make(ana)[1], scheme).status_code == 401


def test_what_is_no_token_opens_nothing(ana: User) -> None:
    token, secret = make(ana)
    for wrong in ("", "x", secret[:-1], secret + "0", token.digest, "a b", "ä" * 10):
        assert ask(wrong).status_code == 401, wrong


def test_a_token_dies_with_its_time_its_revocation_or_its_owner(ana: User) -> None:
    (old, expired), (gone, revoked), (_, orphan) = make(ana), make(ana), make(ana)
    assert [ask(secret).status_code for secret in (expired, revoked, orphan)] == [200, 200, 200]
    ApiToken.objects.filter(pk=old.pk).update(expiry=timezone.now())
    revoke_token(token=gone, by=ana, now=timezone.now())
    assert [ask(secret).status_code for secret in (expired, revoked, orphan)] == [401, 401, 200]
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert ask(orphan).status_code == 401


def test_its_use_is_noted_at_most_once_a_minute(ana: User) -> None:
    token, secret = make(ana)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(secret)
        token.refresh_from_db()
        first = token.last_used_at
        assert first == timezone.now()
        clock.shift(timedelta(seconds=59))
        ask(secret)
        token.refresh_from_db()
        assert token.last_used_at == first
        clock.shift(timedelta(seconds=2))
        ask(secret)
        token.refresh_from_db()
        assert token.last_used_at == timezone.now()


def test_a_request_costs_two_queries_for_its_token(ana: User, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        _, secret = make(ana)
    with django_assert_num_queries(2):
        ask(secret)


def test_revoking_is_recorded_once(ana: User) -> None:
    token, _ = make(ana)
    for _ in range(2):
        revoke_token(token=token, by=ana, now=timezone.now())
    assert AuditEntry.objects.filter(action="token.revoked").count() == 1


@pytest.mark.parametrize(
    ("role", "status", "left"), [(Role.ADMIN, 302, 0), (Role.SALES_MANAGER, 404, 1), (Role.MARKETER, 404, 1)]
)
def test_a_token_is_revoked_by_its_owner_or_an_admin(
    client: Client, ana: User, role: Role, status: int, left: int
) -> None:
    token, _ = make(ana)
    client.force_login(UserFactory(role=role))
    url = reverse("users:token_revoke", args=[ana.pk, token.token_key])
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == status
    assert ApiToken.objects.count() == left
    client.force_login(ana)
    assert client.post(url).status_code == (302 if left else 404)
    assert ApiToken.objects.count() == 0


def test_revoking_leads_back_to_pages_of_ours_only(client: Client, ana: User) -> None:
    client.force_login(ana)
    for asked, led in [("https://evil.example/", "/tokens/"), ("/profile/", "/profile/")]:
        url = reverse("users:token_revoke", args=[ana.pk, make(ana)[0].token_key])
        assert client.post(url, {"next": asked}).headers["Location"] == led


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 81}, {"days": "36500"}, {"days": "n/a"}])
def test_a_wrong_token_is_refused(client: Client, ana: User, wrong: dict[str, str]) -> None:
    client.force_login(ana)
    page = client.post(reverse("users:tokens"), {"name": "Form", "days": "30", **wrong})
    assert page.status_code == 422
    assert not ApiToken.objects.exists()


def test_there_is_an_end_to_tokens(ana: User) -> None:
    for _ in range(MOST):
        make(ana)
    with pytest.raises(Invalid, match="Revoke one"):
        make(ana)


def test_the_page_lists_ones_own_live_tokens(client: Client, ana: User) -> None:
    make(ana, name="Mine")
    make(UserFactory(role=Role.MARKETER), name="Another's")
    make(ana, name="Old", now=timezone.now() - timedelta(days=31))
    client.force_login(ana)
    assert [token.name for token in client.get(reverse("users:tokens")).context["tokens"]] == ["Mine"]


def test_tidying_deletes_what_ended_long_ago(ana: User) -> None:
    make(ana, name="New")
    make(ana, name="Just ended", now=timezone.now() - timedelta(days=31))
    make(ana, name="Long ended", now=timezone.now() - timedelta(days=61))
    for days in (1, 91):
        AccessLog.objects.create(username=f"{days} days ago")
        AccessLog.objects.filter(username=f"{days} days ago").update(
            attempt_time=timezone.now() - timedelta(days=days)
        )
    tidy()
    assert set(ApiToken.objects.values_list("name", flat=True)) == {"New", "Just ended"}
    assert list(AccessLog.objects.values_list("username", flat=True)) == ["1 days ago"]
