"""What both teams say of a version: remarks, mentions, objections and how they are settled."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from alignment import services
from alignment.mentions import marked, named_in, offered
from alignment.models import Comment, Version
from alignment.querysets import Said, comments_by_criterion
from core.errors import Conflict, Invalid, NotAllowed
from core.models import AuditEntry, OutboxMessage
from feedback.models import Notification
from tests.alignment.factories import make_version
from tests.alignment.moments import NOW
from tests.factories import UserFactory
from users.models import Role, User

pytestmark = pytest.mark.django_db
Status = Version.Status
VOICELESS = (Role.ADMIN, Role.EXECUTIVE)


@pytest.fixture
def proposal() -> Version:
    return make_version(Status.PROPOSED, author=UserFactory(role=Role.MARKETER, name="Leila Haddad"))


@pytest.fixture
def rep() -> User:
    return UserFactory(role=Role.REP, name="Robert Keller")


@pytest.fixture
def managers() -> tuple[User, User]:
    return UserFactory(role=Role.MARKETING_MANAGER), UserFactory(role=Role.SALES_MANAGER)


def objection(version: Version, by: User) -> Comment:
    return services.comment(version_id=version.pk, text="No.", by=by, now=NOW, is_objection=True)


def told(person: User) -> list[str]:
    """What the person's notices in the app say; each has its mail."""
    texts = list(Notification.objects.filter(user=person).values_list("text", flat=True))
    assert OutboxMessage.objects.filter(to=person).count() == len(texts)
    return texts


# Comments


@pytest.mark.parametrize("role", [role for role in Role if role not in VOICELESS])
def test_both_teams_and_the_mediator_have_a_voice(proposal: Version, role: Role) -> None:
    said = services.comment(version_id=proposal.pk, text=" Hm.\r\nNo. ", by=UserFactory(role=role), now=NOW)
    assert (said.text, said.at, said.resolution) == ("Hm.\nNo.", NOW, "")


@pytest.mark.parametrize("role", VOICELESS)
def test_who_only_reads_has_none(proposal: Version, role: Role) -> None:
    with pytest.raises(NotAllowed):
        services.comment(version_id=proposal.pk, text="Hm.", by=UserFactory(role=role), now=NOW)


@pytest.mark.parametrize(("text", "message"), [(" \0", "Say something"), ("x" * 1001, "this has 1,001")])
def test_a_text_that_can_not_be_is_refused(proposal: Version, rep: User, text: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        services.comment(version_id=proposal.pk, text=text, by=rep, now=NOW)
    assert not Comment.objects.exists()


def test_a_comment_is_on_a_criterion_that_is_there(proposal: Version, rep: User) -> None:
    services.comment(version_id=proposal.pk, text="Why 20?", criterion_key="always", by=rep, now=NOW)
    with pytest.raises(Invalid):
        services.comment(version_id=proposal.pk, text="Why?", criterion_key="gone", by=rep, now=NOW)
    services.comment(version_id=proposal.pk, text="Fine.", by=rep, now=NOW)
    assert comments_by_criterion(proposal.pk) == {"always": Said(1, 0), "": Said(1, 0)}


def test_counts_by_criterion_take_one_query(
    proposal: Version, rep: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    objection(proposal, rep)
    with django_assert_num_queries(1):
        assert comments_by_criterion(proposal.pk) == {"": Said(1, 1)}


# Mentions


def test_a_name_after_an_at_tells_that_person(proposal: Version, rep: User) -> None:
    marta = UserFactory(role=Role.MARKETING_MANAGER, name="Marta Lorenz")
    said = services.comment(version_id=proposal.pk, text="@marta lorenz, is it so?", by=rep, now=NOW)
    assert list(said.mentions.all()) == [marta]
    assert told(marta) == [f"Robert Keller mentions you in the discussion of version {proposal.number}"]


def test_a_first_name_is_enough_where_only_one_has_it(proposal: Version) -> None:
    one = UserFactory(role=Role.REP, name="Grace Berg")
    assert named_in("Ask @Grace’s team", proposal).people == [one]
    UserFactory(role=Role.REP, name="Grace Moor")
    found = named_in("Ask @Grace, and @grace moor", proposal)
    assert ([each.name for each in found.people], found.unclear) == (["Grace Moor"], ["Grace"])


@pytest.mark.parametrize("text", ["a@marta.example", "@home", "@", "@@Marta", "no @ at all", "me@ Marta"])
def test_what_names_nobody_is_just_text(proposal: Version, text: str) -> None:
    UserFactory(role=Role.MARKETER, name="Marta Lorenz")
    assert named_in(text, proposal).people == []


def test_only_who_may_read_it_can_be_named() -> None:
    draft = make_version(Status.DRAFT)
    rep, gone = UserFactory(role=Role.REP, name="Rita Vance"), UserFactory(name="Gus Hill", is_active=False)
    by = UserFactory(role=Role.MARKETER)
    said = services.comment(
        version_id=draft.pk, text="@Rita Vance @Gus Hill", mentioned=[rep.pk, gone.pk, 0], by=by, now=NOW
    )
    assert not said.mentions.exists()
    assert not OutboxMessage.objects.exists()


def test_the_picker_offers_who_may_be_meant_by_the_last_at(proposal: Version) -> None:
    grace, gina = UserFactory(name="Grace Berg"), UserFactory(name="Gina Lund")
    assert offered("@Grace Berg says, and @G", proposal) == [gina, grace]
    assert offered("Ask @Grace Berg", proposal) == []
    assert offered("Ask nobody", proposal) == []


def test_a_text_with_markup_is_shown_as_typed() -> None:
    evil = User(name="Eve <b>")
    assert marked("@Eve <b> says\n<script>", [evil]) == (
        '<span class="said-name">@Eve &lt;b&gt;</span> says<br>&lt;script&gt;'
    )


# Objections


def test_an_open_objection_stands_in_the_way_of_signatures(
    proposal: Version, rep: User, managers: tuple[User, User]
) -> None:
    said = objection(proposal, rep)
    with pytest.raises(Conflict, match="Robert Keller objects"):
        services.sign(version_id=proposal.pk, by=managers[0], now=NOW)
    services.resolve(comment_id=said.pk, by=rep, text="Settled by phone.", now=NOW)
    assert services.sign(version_id=proposal.pk, by=managers[0], now=NOW).signatures.count() == 1


def test_author_managers_and_mediator_are_told_of_it(
    proposal: Version, rep: User, managers: tuple[User, User]
) -> None:
    mediator = UserFactory(role=Role.MEDIATOR)
    said = objection(proposal, rep)
    assert proposal.author is not None
    for person in (proposal.author, *managers, mediator):
        assert told(person) == [f"Robert Keller objects to version {proposal.number}"]
    services.resolve(comment_id=said.pk, by=rep, now=NOW)
    assert "can be signed: no objection is open" in told(managers[0])[0]


def test_one_objection_after_the_first_signature_stops_the_second(
    proposal: Version, rep: User, managers: tuple[User, User]
) -> None:
    services.sign(version_id=proposal.pk, by=managers[0], now=NOW)
    objection(proposal, rep)
    with pytest.raises(Conflict):
        services.sign(version_id=proposal.pk, by=managers[1], now=NOW)


@pytest.mark.parametrize("role", [Role.MARKETER, Role.SALES_MANAGER, Role.MEDIATOR])
def test_nobody_settles_the_objection_of_another(proposal: Version, rep: User, role: Role) -> None:
    with pytest.raises(NotAllowed, match="Robert Keller objects and can settle it"):
        services.resolve(comment_id=objection(proposal, rep).pk, by=UserFactory(role=role), now=NOW)


def test_the_mediator_overrules_with_a_reason_on_record(
    proposal: Version, rep: User, managers: tuple[User, User]
) -> None:
    mediator = UserFactory(role=Role.MEDIATOR, name="Miriam Adler")
    said = objection(proposal, rep)
    with pytest.raises(Invalid, match="Say why"):
        services.overrule(comment_id=said.pk, by=mediator, text=" ", now=NOW)
    with pytest.raises(NotAllowed):
        services.overrule(comment_id=said.pk, by=managers[0], text="I want it.", now=NOW)
    settled = services.overrule(comment_id=said.pk, by=mediator, text="Both teams agreed.", now=NOW)
    assert (settled.resolution, settled.resolved_by) == (Comment.Resolution.OVERRULED, mediator)
    assert told(rep) == [f"Miriam Adler overruled your objection to version {proposal.number}"]
    assert AuditEntry.objects.filter(action="comment.overruled", actor=mediator).exists()
    services.sign(version_id=proposal.pk, by=managers[0], now=NOW)


def test_what_is_settled_stays_so(proposal: Version, rep: User) -> None:
    said = objection(proposal, rep)
    services.resolve(comment_id=said.pk, by=rep, now=NOW)
    with pytest.raises(Conflict, match="resolved already"):
        services.resolve(comment_id=said.pk, by=rep, now=NOW)


def test_a_remark_is_no_objection(proposal: Version, rep: User, managers: tuple[User, User]) -> None:
    said = services.comment(version_id=proposal.pk, text="Hm.", by=rep, now=NOW)
    with pytest.raises(Invalid):
        services.overrule(comment_id=said.pk, by=UserFactory(role=Role.MEDIATOR), text="No.", now=NOW)
    services.sign(version_id=proposal.pk, by=managers[0], now=NOW)
    services.resolve(comment_id=said.pk, by=managers[0], now=NOW)  # whoever drafts settles a remark


@pytest.mark.parametrize("status", [Status.SIGNED, Status.RETIRED, Status.DECLINED, Status.EXPIRED])
def test_an_objection_to_what_is_settled_is_refused(rep: User, status: str) -> None:
    version = make_version(status)
    with pytest.raises(Conflict, match="changes nothing any more"):
        objection(version, rep)


def test_a_comment_on_a_discarded_draft_is_gone() -> None:
    by = UserFactory(role=Role.MARKETER)
    draft = make_version(Status.DRAFT, author=by)
    said = services.comment(version_id=draft.pk, text="Hm.", by=by, now=NOW - timedelta(days=1))
    services.discard_draft(version_id=draft.pk, revision=1, by=by, now=NOW)
    with pytest.raises(Http404):
        services.resolve(comment_id=said.pk, by=by, now=NOW)
