"""The pages: who gets in, what they answer, what they cost."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.urls import reverse

from alignment import services
from alignment.models import Version
from core.hooks import hooks
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.alignment.factories import make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

READING = dict.fromkeys(Role, OK) | {Role.EXECUTIVE: FORBIDDEN}
DRAFTING = {
    Role.MARKETER: OK,
    Role.MARKETING_MANAGER: OK,
    Role.SALES_MANAGER: OK,
    Role.MEDIATOR: OK,
    Role.REP: FORBIDDEN,
    Role.EXECUTIVE: FORBIDDEN,
    Role.ADMIN: FORBIDDEN,
}
POSTING = {role: MOVED if status == OK else status for role, status in DRAFTING.items()}
Queries = Callable[[int], Any]


class TestDefinition(AccessTests):
    url_name = "alignment:definition"
    expected = READING
    other_team = OK


class TestHistory(AccessTests):
    url_name = "alignment:history"
    expected = READING
    other_team = OK


class TestInstalling(AccessTests):
    url_name = "alignment:install"
    method = "post"
    expected = POSTING | {Role.ADMIN: MOVED}
    other_team = FORBIDDEN


class OnVersion(AccessTests):
    """A page of one version, ``status`` of which is made first."""

    __test__ = False
    status: ClassVar[str] = Version.Status.ACTIVE
    other_team = OK

    def url(self) -> str:
        return reverse(self.url_name, args=[make_version(self.status).pk])


class TestVersion(OnVersion):
    __test__ = True
    url_name = "alignment:version"
    expected = READING


class TestSignPage(OnVersion):
    __test__ = True
    url_name = "alignment:sign"
    status = Version.Status.PROPOSED
    expected = READING


class TestSigning(TestSignPage):
    method = "post"
    expected = dict.fromkeys(Role, FORBIDDEN) | {Role.MARKETING_MANAGER: MOVED, Role.SALES_MANAGER: MOVED}
    other_team = FORBIDDEN


class TestDeclining(TestSigning):
    url_name = "alignment:decline"
    data = {"text": "Not like this."}


class TestWithdrawing(TestSigning):
    url_name = "alignment:withdraw"


class TestCommenting(TestSignPage):
    url_name = "alignment:comment"
    method = "post"
    data = {"text": "Why not."}
    expected = dict.fromkeys(Role, MOVED) | {Role.EXECUTIVE: FORBIDDEN}
    other_team = MOVED


class TestDrafting(OnVersion):
    __test__ = True
    url_name = "alignment:draft"
    method = "post"
    expected = POSTING
    other_team = FORBIDDEN


class TestEditor(OnVersion):
    __test__ = True
    url_name = "alignment:edit"
    status = Version.Status.DRAFT
    expected = DRAFTING
    other_team = FORBIDDEN


class TestCaps(TestEditor):
    url_name = "alignment:caps"


class TestProposalPage(TestEditor):
    url_name = "alignment:propose"


class TestDiscarding(TestEditor):
    url_name = "alignment:discard"
    method = "post"
    expected = POSTING


class TestDraftSeenAsVersion(OnVersion):
    """Those who don't draft are not told that there is one."""

    __test__ = True
    url_name = "alignment:version"
    status = Version.Status.DRAFT
    expected = {role: MOVED if status == OK else NOT_FOUND for role, status in DRAFTING.items()} | {
        Role.EXECUTIVE: FORBIDDEN
    }
    other_team = NOT_FOUND


@pytest.fixture
def template(db: None) -> Version:
    return services.install_template(by=None, now=NOW)


@pytest.fixture
def marketer(client: Client, db: None) -> User:
    user = UserFactory(role=Role.MARKETER)
    client.force_login(user)
    return user


@pytest.fixture
def draft(template: Version, marketer: User) -> Version:
    return services.copy_to_draft(version=template, by=marketer, now=NOW)


def filled(draft: Version, **other: object) -> dict[str, object]:
    """What the editor posts when nothing was touched, but for ``other``."""
    form: dict[str, object] = {"revision": draft.revision}
    form |= {f"cap_{row.dimension}": row.cap for row in draft.dimensions.all()}
    for row in draft.criteria.all():
        form |= {f"points_{row.key}": row.points} | ({f"is_on_{row.key}": "on"} if row.is_on else {})
    names = ("floor_a", "floor_b", "floor_c", "gate_grade", "gate_bant_count", "gate_bant_level")
    return form | {name: getattr(draft, name) for name in names} | other


def page(client: Client, name: str, version: Version) -> str:
    return client.get(reverse(f"alignment:{name}", args=[version.pk])).content.decode()


def test_an_empty_place_offers_the_template(client: Client, marketer: User) -> None:
    assert "Start from the BANT template" in client.get(reverse("alignment:definition")).content.decode()
    client.post(reverse("alignment:install"))
    assert "Version 1" in client.get(reverse("alignment:definition")).content.decode()


def test_an_unsigned_definition_says_who_must_sign(client: Client, template: Version, marketer: User) -> None:
    UserFactory(role=Role.SALES_MANAGER, name="Jo Klein")
    text = client.get(reverse("alignment:definition")).content.decode()
    assert "in use but not signed" in text
    assert "Jo Klein must sign" in text
    assert "a marketing manager, but there is none yet must sign" in text


def test_the_definition_shows_how_many_leads_meet_a_criterion(
    client: Client, template: Version, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        hooks, "criterion_counts", [lambda pk: {"referred": 1234} if pk == template.pk else {}]
    )
    assert "1,234 leads" in client.get(reverse("alignment:definition")).content.decode()


def test_the_definition_costs_the_same_however_long_it_is(
    client: Client, template: Version, marketer: User, django_assert_max_num_queries: Queries
) -> None:
    with django_assert_max_num_queries(13):
        client.get(reverse("alignment:definition"))


def test_the_editor_and_the_sign_page_cost_a_fixed_number_of_queries(
    client: Client, draft: Version, marketer: User, django_assert_max_num_queries: Queries
) -> None:
    with django_assert_max_num_queries(18):
        page(client, "edit", draft)
    client.post(reverse("alignment:edit", args=[draft.pk]), filled(draft, points_referred=1))
    client.post(reverse("alignment:propose", args=[draft.pk]), {"revision": 2, "reason": "Less."})
    with django_assert_max_num_queries(20):
        page(client, "sign", draft)


def test_the_history_costs_the_same_for_many_versions(
    client: Client, template: Version, marketer: User, django_assert_max_num_queries: Queries
) -> None:
    for _ in range(5):
        make_version(Version.Status.RETIRED, definition=template.definition)
    with django_assert_max_num_queries(7):
        client.get(reverse("alignment:history"))


def test_saved_and_sent_on_the_draft_goes_to_its_proposal(client: Client, draft: Version) -> None:
    url = reverse("alignment:edit", args=[draft.pk])
    response = client.post(url, filled(draft, points_referred=9, then="propose"))
    assert response.headers["Location"] == reverse("alignment:propose", args=[draft.pk])
    assert draft.criteria.get(key="referred").points == 9
    assert "Was recommended" in page(client, "propose", draft)


def test_a_box_left_empty_switches_the_criterion_off(client: Client, draft: Version) -> None:
    data = filled(draft)
    del data["is_on_referred"]
    client.post(reverse("alignment:edit", args=[draft.pk]), data)
    assert not draft.criteria.get(key="referred").is_on


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("points_referred", "n/a", "Give a whole number from −100 to 100."),
        ("points_referred", "9" * 5000, "Give a whole number from −100 to 100."),
        ("points_referred", "", "Give a whole number from −100 to 100."),
        ("cap_need", "101", "Give a whole number from 0 to 100."),
        ("floor_b", "70", "B must begin below A"),
        ("gate_grade", "E", "Select a valid choice"),
        ("gate_bant_count", "", "This field is required."),
    ],
)
def test_a_value_that_can_not_be_stays_in_its_field(
    client: Client, draft: Version, field: str, value: str, message: str
) -> None:
    response = client.post(reverse("alignment:edit", args=[draft.pk]), filled(draft, **{field: value}))
    assert response.status_code == 422
    assert message in response.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_an_edit_that_crossed_another_is_shown_both_texts(client: Client, draft: Version) -> None:
    url = reverse("alignment:edit", args=[draft.pk])
    client.post(url, filled(draft, points_referred=9))
    mine = filled(draft, points_referred=3) | {"revision": 1}
    response = client.post(url, mine)
    assert response.status_code == 409
    assert "here 3, saved meanwhile 9" in response.content.decode()
    client.post(url, mine | {"revision": 2})
    assert draft.criteria.get(key="referred").points == 3


def test_the_sum_of_the_caps_follows_what_is_typed(client: Client, draft: Version) -> None:
    url = reverse("alignment:caps", args=[draft.pk])
    caps = {f"cap_{row.dimension}": row.cap for row in draft.dimensions.all()}
    assert "share exactly 100" in client.get(url, caps).content.decode()
    assert "add up to 106" in client.get(url, caps | {"cap_budget": "21"}).content.decode()
    assert "add up to 85" in client.get(url, caps | {"cap_budget": "n/a"}).content.decode()


def test_a_draft_with_other_caps_is_saved_but_not_proposed(client: Client, draft: Version) -> None:
    client.post(reverse("alignment:edit", args=[draft.pk]), filled(draft, cap_budget=21))
    url = reverse("alignment:propose", args=[draft.pk])
    response = client.post(url, {"revision": 2, "reason": "More budget."})
    assert response.status_code == 422
    assert "6 too many" in response.content.decode()


def test_the_whole_way_in_the_browser(client: Client, template: Version, draft: Version) -> None:
    client.post(reverse("alignment:edit", args=[draft.pk]), filled(draft, points_referred=9))
    client.post(reverse("alignment:propose", args=[draft.pk]), {"revision": 2, "reason": "It works."})
    assert "Sign for" not in page(client, "sign", draft)
    for role, side in ((Role.MARKETING_MANAGER, "marketing"), (Role.SALES_MANAGER, "sales")):
        client.force_login(UserFactory(role=role))
        text = page(client, "sign", draft)
        assert f"Sign for {side}" in text
        assert "It works." in text
        client.post(reverse("alignment:sign", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.status == Version.Status.SIGNED
    assert client.post(reverse("alignment:sign", args=[draft.pk])).status_code == 409


def test_an_empty_comment_is_refused(client: Client, template: Version, marketer: User) -> None:
    response = client.post(reverse("alignment:comment", args=[template.pk]), {"text": " "})
    assert response.status_code == 400
    assert not template.comments.exists()
