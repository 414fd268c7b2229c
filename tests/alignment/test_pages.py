"""The pages: who gets in, what they answer, what they cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alignment import services
from alignment.models import Version
from alignment.registered import missing_agreement
from core.hooks import Tally, hooks
from tests.access import FORBIDDEN, MOVED, NOT_FOUND, OK, AccessTests
from tests.alignment.factories import make_version
from tests.alignment.moments import NOW
from tests.alignment.pages import DRAFTING, POSTING, READING
from tests.factories import UserFactory
from users.models import Role, User

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
    expected = dict.fromkeys(Role, MOVED) | {Role.EXECUTIVE: FORBIDDEN, Role.ADMIN: FORBIDDEN}
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


class TestProposalPage(TestEditor):
    url_name = "alignment:propose"


class TestDiscarding(TestEditor):
    url_name = "alignment:discard"
    method = "post"
    expected = POSTING

    def url(self) -> str:
        return f"{super().url()}?revision=1"


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
    """In force since yesterday on any day on which this runs: what it did is asked for as well."""
    return services.install_template(by=None, now=timezone.now() - timedelta(days=1))


@pytest.fixture
def draft(template: Version, marketer: User) -> Version:
    return services.copy_to_draft(version=template, by=marketer, now=NOW)


def worth(client: Client, draft: Version, points: int) -> None:
    """Change the points of one criterion, as the editor's list does."""
    client.post(reverse("alignment:points", args=[draft.pk, "referred"]), {"points": points})


def page(client: Client, name: str, version: Version) -> str:
    return client.get(reverse(f"alignment:{name}", args=[version.pk])).content.decode()


def test_an_empty_place_offers_the_template(client: Client, marketer: User) -> None:
    assert "Use this template" in client.get(reverse("alignment:definition")).content.decode()
    client.post(reverse("alignment:install"))
    assert "Version 1" in client.get(reverse("alignment:definition")).content.decode()


def test_an_unsigned_definition_says_who_must_sign(client: Client, template: Version, marketer: User) -> None:
    UserFactory(role=Role.SALES_MANAGER, name="Jo Klein")
    text = client.get(reverse("alignment:definition")).content.decode()
    assert "in use but not signed" in text
    assert "Jo Klein must sign" in text
    assert "Nobody can sign for marketing: an admin makes somebody marketing manager." in text


def test_the_checklist_says_which_step_the_agreement_waits_for(client: Client, marketer: User) -> None:
    assert missing_agreement().startswith("Choose a template")
    client.post(reverse("alignment:install"))
    assert missing_agreement() == "Version 1 is active, but not signed by marketing and sales."
    version = Version.objects.get()
    services.sign(version_id=version.pk, by=UserFactory(role=Role.SALES_MANAGER), now=NOW)
    assert missing_agreement() == "Version 1 is active, but not signed by marketing."
    services.sign(version_id=version.pk, by=UserFactory(role=Role.MARKETING_MANAGER), now=NOW)
    assert missing_agreement() == ""


def test_the_definition_shows_how_many_leads_meet_a_criterion(
    client: Client, template: Version, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        hooks, "criterion_counts", [lambda pk: {"referred": Tally(1234)} if pk == template.pk else {}]
    )
    assert "1,234 leads" in client.get(reverse("alignment:definition")).content.decode()
    monkeypatch.setattr(hooks, "criterion_counts", [lambda pk: {"referred": Tally(41_200, 900)}])
    assert "about 41,200 ± 900 leads" in client.get(reverse("alignment:definition")).content.decode()


def test_the_definition_costs_the_same_however_long_it_is(
    client: Client, template: Version, marketer: User, django_assert_max_num_queries: Queries
) -> None:
    # Among them those that count leads by criterion for the first time; PostgreSQL limits their time.
    with django_assert_max_num_queries(31):
        client.get(reverse("alignment:definition"))


def test_the_sign_page_costs_a_fixed_number_of_queries(
    client: Client, draft: Version, marketer: User, django_assert_max_num_queries: Queries
) -> None:
    worth(client, draft, 1)
    client.post(reverse("alignment:propose", args=[draft.pk]), {"revision": 2, "reason": "Less."})
    with django_assert_max_num_queries(29):
        page(client, "sign", draft)


def test_the_history_costs_the_same_for_many_versions(
    client: Client, template: Version, marketer: User, django_assert_max_num_queries: Queries
) -> None:
    for _ in range(5):
        make_version(Version.Status.RETIRED, definition=template.definition)
    with django_assert_max_num_queries(23):
        client.get(reverse("alignment:history"))


def test_a_draft_with_other_caps_is_saved_but_not_proposed(client: Client, draft: Version) -> None:
    draft.dimensions.filter(dimension="budget").update(cap=21)
    url = reverse("alignment:propose", args=[draft.pk])
    response = client.post(url, {"revision": 1, "reason": "More budget."})
    assert response.status_code == 422
    assert "6 too many" in response.content.decode()


def test_the_whole_way_in_the_browser(client: Client, template: Version, draft: Version) -> None:
    worth(client, draft, 9)
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
    assert response.status_code == 422
    assert not template.comments.exists()
