"""Who may open which page of people: each with every role, a stranger, and the right one."""

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.errors import NotAllowed
from tests.factories import UserFactory
from users.access import require_role, to_sign_in, who
from users.models import MANAGERS, Role, User

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(Role)
ADMINS = frozenset({Role.ADMIN})
PAGES = {
    "users:people": ADMINS,
    "users:invitations": ADMINS,
    "users:invite": ADMINS,
    "users:teams": ADMINS,
    "users:organisation": ADMINS,
    "users:set_up": ADMINS | MANAGERS,
    "users:profile": EVERYBODY,
    "users:tokens": EVERYBODY,
    "users:change_password": EVERYBODY,
}
PUBLIC = {
    "healthz",
    "sign_in",
    "sign_out",
    "forgotten",
    "password_reset_confirm",
    "join",
    "first_run",
    "styleguide",
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_its_roles_only(client: Client, page: str, role: Role) -> None:
    client.force_login(UserFactory(role=role))
    assert client.get(reverse(page)).status_code == (200 if role in PAGES[page] else 403)


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, page: str) -> None:
    response = client.get(reverse(page))
    assert response.status_code == 302
    assert (
        response.headers["Location"] == f"{reverse('users:sign_in')}?next={reverse(page).replace('/', '%2F')}"
    )


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", ["person_deactivate", "person_reactivate", "person"])
def test_only_admins_change_a_person(client: Client, action: str, role: Role) -> None:
    target = UserFactory(role=Role.MARKETER)
    client.force_login(UserFactory(role=role))
    response = client.post(reverse(f"users:{action}", args=[target.pk]), {"role": Role.EXECUTIVE})
    target.refresh_from_db()
    assert response.status_code == (302 if role == Role.ADMIN else 403)
    assert (target.role == Role.EXECUTIVE or not target.is_active) is (
        role == Role.ADMIN and action != "person_reactivate"
    )


def test_the_refusal_says_who_can(client: Client) -> None:
    client.force_login(UserFactory(role=Role.REP))
    assert "This is for admins." in client.get(reverse("users:people")).content.decode()


def test_roles_are_named_as_a_person_would() -> None:
    assert who([Role.SALES_MANAGER, Role.ADMIN, Role.MARKETER]) == "marketers, sales managers and admins"
    with pytest.raises(NotAllowed, match="marketing managers and sales managers"):
        require_role(User(role=Role.REP), MANAGERS)


def test_a_form_that_came_without_sign_in_is_not_sent_again(rf: RequestFactory) -> None:
    assert to_sign_in(rf.post("/people/invite/")).headers["Location"] == reverse("users:sign_in")


def test_htmx_leaves_the_whole_page_for_sign_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/people/"}
    response = client.get(reverse("users:people"), headers=headers)
    assert response.status_code == 401
    assert response.headers["HX-Redirect"].startswith(reverse("users:sign_in"))
    assert "%2Fpeople%2F" in response.headers["HX-Redirect"]


def _views(resolver: URLResolver, prefix: str = "") -> list[tuple[str, str, object]]:
    found: list[tuple[str, str, object]] = []
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found.append((route, pattern.name or "", pattern.callback))
        elif isinstance(pattern, URLResolver):
            found += _views(pattern, route)
    return found


def test_nothing_but_the_way_in_is_open_to_strangers() -> None:
    open_names = {
        name
        for route, name, view in _views(get_resolver())
        if not getattr(view, "login_required", True) and not route.startswith(("api/", "admin/"))
    }
    assert open_names <= PUBLIC


def test_a_deactivated_person_is_signed_out_at_once(client: Client) -> None:
    person = UserFactory(role=Role.MARKETER)
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(reverse("users:profile")).status_code == 302
