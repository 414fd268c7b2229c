"""The pages that compare, roll back and tell what was agreed."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alignment import services
from alignment.models import Definition, Version
from core.hooks import Effect, hooks
from tests.access import FORBIDDEN, NOT_FOUND, OK, AccessTests
from tests.alignment.factories import make_draft, make_version
from tests.alignment.pages import DRAFTERS, DRAFTING, READING, Queries, make_proposal, signed_in, text_of
from users.models import Role, User

Status = Version.Status


class OnVersion(AccessTests):
    """A page of one version, ``status`` of which is made first."""

    __test__ = False
    status: ClassVar[str] = Status.PROPOSED
    other_team = OK

    def url(self) -> str:
        return reverse(self.url_name, args=[make_version(self.status).pk])


class TestComparing(AccessTests):
    url_name = "alignment:compare"
    expected = READING
    other_team = OK


class TestEdits(OnVersion):
    __test__ = True
    url_name = "alignment:edits"
    expected = READING


class TestDraftEdits(OnVersion):
    __test__ = True
    url_name = "alignment:edits"
    status = Status.DRAFT
    expected = {
        role: OK if role in DRAFTERS else FORBIDDEN if role == Role.EXECUTIVE else NOT_FOUND for role in Role
    }
    other_team = NOT_FOUND


class TestRollingBack(OnVersion):
    __test__ = True
    url_name = "alignment:roll_back"
    status = Status.RETIRED
    expected = DRAFTING
    other_team = FORBIDDEN


@pytest.fixture
def proposal(db: None) -> Version:
    return make_proposal()


def test_an_emergency_rollback_on_the_pages(client: Client, db: None) -> None:
    earlier = make_version(Status.RETIRED, floor_a=80)
    make_version(definition=earlier.definition)
    signed_in(client, Role.SALES_MANAGER)
    url = reverse("alignment:roll_back", args=[earlier.pk])
    assert "Starting it is your signature for sales." in client.get(url).content.decode()
    assert client.post(url, {"reason": "", "emergency": "1"}).status_code == 422
    client.post(url, {"reason": "Nobody gets leads.", "emergency": "1"})
    version = Version.objects.get(kind=Version.Kind.EMERGENCY)
    signed_in(client, Role.MARKETING_MANAGER)
    text = text_of(client, "sign", version)
    assert "Confirm for marketing" in text
    assert "Nobody gets leads." in text
    client.post(reverse("alignment:sign", args=[version.pk]))
    version.refresh_from_db()
    assert version.status == Status.SIGNED


def test_a_marketer_proposes_a_rollback(client: Client, marketer: User) -> None:
    earlier = make_version(Status.RETIRED, floor_a=80)
    active = make_version(definition=earlier.definition)
    url = reverse("alignment:roll_back", args=[earlier.pk])
    assert 'name="emergency"' not in client.get(url).content.decode()
    assert client.post(url, {"reason": "Better.", "emergency": "1"}).status_code == 403
    response = client.post(url, {"reason": "Better."}, follow=True)
    assert f"Rollback to version {earlier.number}".lower() in response.content.decode().lower()
    assert client.get(reverse("alignment:roll_back", args=[active.pk])).status_code == 409


# Comparing


def compare(client: Client, **query: int | str) -> tuple[int, str]:
    response = client.get(reverse("alignment:compare"), query)
    return response.status_code, response.content.decode()


def test_any_two_versions_are_compared(client: Client, proposal: Version, marketer: User) -> None:
    active = proposal.based_on
    assert active is not None
    status, text = compare(client, old=active.pk, new=proposal.pk)
    assert (status, "80 points" in text, "1 difference between" in text) == (200, True, True)
    assert compare(client, new=proposal.pk)[1].count("80 points") == 1  # against what is in force
    assert "they say the same" in compare(client, old=active.pk, new=active.pk)[1]


def test_versions_of_two_definitions_are_not_compared(
    client: Client, proposal: Version, marketer: User
) -> None:
    status, text = compare(client, old=make_version().pk, new=proposal.pk)
    assert (status, "versions of different definitions" in text) == (400, True)


@pytest.mark.parametrize("given", ["n/a", "²", "-1", "9" * 30, "0", "999999", "1.5", "\0"])
def test_a_version_that_is_not_there_is_asked_for_again(
    client: Client, proposal: Version, marketer: User, given: str
) -> None:
    for name in ("old", "new"):
        status, text = compare(client, **{name: given})
        assert (status, "Choose two versions" in text) == (400, True)


def test_a_draft_is_compared_by_those_who_draft(client: Client, proposal: Version) -> None:
    draft = make_draft(proposal.definition)
    signed_in(client, Role.REP)
    assert compare(client, new=draft.pk)[0] == 400
    signed_in(client, Role.MARKETER)
    assert compare(client, new=draft.pk)[0] == 200


def test_two_versions_that_were_live_are_compared_in_effect(
    client: Client, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    earlier = make_version(Status.RETIRED, activated_at=now - timedelta(days=40), retired_at=now)
    active = make_version(definition=earlier.definition, activated_at=now)
    shares = {earlier.pk: "41 %", active.pk: "63 %"}

    def effects(ids: Any, now: Any) -> dict[int, list[Effect]]:
        return {pk: [Effect("Accepted", shares[pk], "By sales.", "of 40 decided")] for pk in ids}

    monkeypatch.setattr(hooks, "version_effects", [effects])
    text = compare(client, old=earlier.pk, new=active.pk)[1]
    assert "41 %" in text
    assert "63 %" in text
    history = client.get(reverse("alignment:history")).content.decode()
    assert "of 40 decided" in history


# History


def test_the_history_tells_a_newcomer_what_was_agreed_and_why(
    client: Client, marketer: User, django_assert_max_num_queries: Queries
) -> None:
    now = timezone.now()
    first = make_version(
        Status.RETIRED, reason="The first.", activated_at=now - timedelta(days=40), retired_at=now
    )
    active = make_version(definition=first.definition, reason="Fewer.", floor_a=80, activated_at=now)
    for status in (Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED):
        make_version(status, definition=first.definition, based_on=active)
    make_version(Status.PROPOSED, definition=first.definition, kind=Version.Kind.ROLLBACK, based_on=first)
    text = " ".join(client.get(reverse("alignment:history")).content.decode().split())
    for said in (
        "The first.",
        "was in force for 40 days",
        "1 change against version 1: A begins at: 75 points → 80 points",
        "3 proposals that came to nothing: versions 5, 4, 3",
        "Rollback to version 1",
    ):
        assert said in text
    for number in range(10, 20):
        make_version(Status.RETIRED, definition=first.definition, number=number, activated_at=now)
    with django_assert_max_num_queries(30):
        client.get(reverse("alignment:history"))


def test_the_history_shows_one_definition_at_a_time(client: Client, db: None) -> None:
    signed_in(client, Role.REP)
    one, other = make_version(reason="Of the one."), make_version(reason="Of the other.")
    hidden = make_version(Status.DRAFT)
    text = client.get(reverse("alignment:history"), {"definition": other.definition_id}).content.decode()
    assert "Of the other." in text
    assert "Of the one." not in text
    assert str(hidden.definition) not in text
    for odd in ("n/a", "9" * 30, str(hidden.definition_id)):
        found = client.get(reverse("alignment:history"), {"definition": odd, "page": odd})
        assert one.reason in found.content.decode()


def test_who_changed_what_reads_like_a_sentence(client: Client, marketer: User) -> None:
    active = make_version()
    draft = services.copy_to_draft(version=active, by=marketer, now=timezone.now())
    services.comment(version_id=draft.pk, text="Hm.", by=marketer, now=timezone.now())
    text = " ".join(text_of(client, "edits", draft).split())
    assert text.index("Commented") < text.index("Began the draft")
    assert "Leila Haddad" in text


@pytest.mark.parametrize(
    ("name", "status"), [("edit", "draft"), ("sign", "proposed"), ("version", "retired")]
)
def test_the_pages_of_a_version_name_its_definition_and_lead_to_its_history(
    client: Client, marketer: User, name: str, status: str
) -> None:
    make_version()
    definition = Definition.objects.create(name="Enterprise")
    text = text_of(client, name, make_version(status, definition=definition))
    assert "Enterprise" in text
    assert f'href="{reverse("alignment:history")}?definition={definition.pk}">Versions' in text
