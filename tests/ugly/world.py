"""A company with a row of everything, so that every address has something to show or to refuse."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from alignment.criteria import values_of
from alignment.models import Comment, Criterion, Definition, Disqualifier, Reason, Version
from alignment.services import comment, copy_to_draft, propose
from alignment.services.editing.criteria import put_criterion
from alignment.services.glossary import name_term
from feedback.forms.calendars import OFFICE_DAY
from feedback.hours import read_hours
from feedback.models import (
    Assignment,
    Attempt,
    Channel,
    CompanyHoliday,
    ContentPiece,
    Decision,
    Handoff,
    Leave,
    Notification,
    RoutingRule,
    WorkingCalendar,
)
from feedback.services import attempts, decisions
from feedback.services.calendars import CalendarContent, save_calendar
from feedback.services.content import PieceContent, save_piece, use_piece
from feedback.services.notices import Notice, notify
from feedback.services.reps import add_leave
from feedback.services.routing import RuleContent, add_rule
from leads import services
from leads.custom.checking import FieldContent
from leads.custom.definitions import definitions
from leads.facts import ActivityFacts, AnswerFacts, CompanyFacts, LeadFacts
from leads.imports import jobs
from leads.models import BantDimension, BantLevel, CustomField, ImportJob, Lead
from scoring.services import start_preview
from tests.alignment.factories import make_draft
from tests.factories import TeamFactory, UserFactory
from tests.feedback.world import assigned, go_live, judge, waiting
from users.models import ApiToken, Invitation, Organisation, Role, Team, User
from users.services import create_token, invite

PLAIN = "Rita Vance"
OURS = ("core", "users", "leads", "alignment", "scoring", "feedback")


@dataclass(frozen=True, slots=True)
class World:
    """Everything that an address can name. All is of the rep's team; ``outsider`` is a rep of another."""

    people: dict[Role, User]
    outsider: User
    team: Team
    version: Version
    draft: Version
    proposal: Version
    retired: Version
    objection: Comment
    lead: Lead
    piece: ContentPiece
    field: CustomField
    undecided: Assignment
    decision: Decision
    attempt: Attempt
    channel: Channel
    accepted: Assignment
    pooled: Handoff
    job: ImportJob
    notice: Notification
    calendar: WorkingCalendar
    rule: RoutingRule
    leave: Leave
    holiday: CompanyHoliday
    invitation: Invitation
    secret: str
    token: ApiToken

    def client(self, role: Role) -> Client:
        """A browser in which the person of ``role`` is signed in."""
        return browser(self.people[role])

    def row_of(self, name: str) -> Model:
        """The row whose id the address of that name takes; a lead unless it is known better."""
        row = ROWS.get(name)
        return row(self) if row is not None else self.lead


def _named(row: Callable[[World], Model], *names: str) -> dict[str, Callable[[World], Model]]:
    return dict.fromkeys(names, row)


ROWS: dict[str, Callable[[World], Model]] = {
    **_named(lambda world: world.undecided, "handoff", "accept", "reject", "attempt", "callback"),
    **_named(lambda world: world.undecided, "recycle", "return", "duplicate", "disqualify", "record_answer"),
    **_named(lambda world: world.decision, "decision_undo"),
    **_named(lambda world: world.attempt, "attempt_undo"),
    **_named(lambda world: world.channel, "channel", "channel_try", "channel_remove"),
    **_named(lambda world: world.undecided, "pause", "resume"),
    **_named(
        lambda world: world.undecided.handoff, "api-handoff", "api-attempts", "api-decision", "api-outcome"
    ),
    **_named(lambda world: world.undecided.handoff, "api-pause", "api-resume"),
    **_named(lambda world: world.accepted, "outcome"),
    **_named(
        lambda world: world.piece,
        "content_piece",
        "content_edit",
        "content_retire",
        "content_restore",
        "content_use",
    ),
    **_named(lambda world: world.pooled, "claim"),
    **_named(lambda world: world.version, "version", "draft", "comment", "export", "api-version"),
    **_named(lambda world: world.draft, "edit", "propose", "discard", "undo", "redo", "effect"),
    **_named(
        lambda world: world.draft, "criteria", "criterion", "points", "switch", "copy", "move", "delete"
    ),
    **_named(lambda world: world.draft, "part", "part_remove", "part_move", "caps_bar", "bands_bar"),
    **_named(lambda world: world.proposal, "sign", "decline", "withdraw"),
    **_named(lambda world: world.proposal, "discussion", "mention", "edits"),
    **_named(lambda world: world.retired, "roll_back"),
    **_named(lambda world: world.objection, "resolve", "overrule", "reopen"),
    **_named(
        lambda world: world.draft,
        "preview",
        "preview_progress",
        "preview_cancel",
        "preview_leads",
        "preview_line",
        "try",
    ),
    **_named(
        lambda world: world.job,
        "import",
        "import_progress",
        "import_start",
        "import_cancel",
        "import_problems",
    ),
    **_named(
        lambda world: world.people[Role.REP],
        "person",
        "person_deactivate",
        "person_reactivate",
        "queue_list",
        "rep_settings",
        "leave_add",
        "hand_over",
        "token_revoke",
    ),
    **_named(lambda world: world.rule, "rule", "rule_move", "rule_switch", "rule_delete"),
    **_named(lambda world: world.leave, "leave_remove"),
    **_named(lambda world: world.invitation, "invitation_renew", "invitation_withdraw"),
    **_named(lambda world: world.proposal, "backtest", "load", "rail"),
    **_named(lambda world: world.calendar, "calendar"),
    **_named(lambda world: world.notice, "notice"),
    **_named(lambda world: world.team, "team", "team_hours"),
    **_named(lambda world: world.holiday, "holiday_remove"),
    **_named(
        lambda world: world.field, "field", "field_progress", "field_retire", "field_restore", "field_move"
    ),
}


def browser(person: User | None = None) -> Client:
    """A browser, with ``person`` signed in; a failure of the server is a 500 and no exception."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def counts() -> dict[str, int]:
    """How many rows each table of ours has: what was refused leaves them as they were."""
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    one = "(SELECT count(*) FROM {})"
    tables = (one.format(connection.ops.quote_name(model._meta.db_table)) for model in models)
    with connection.cursor() as cursor:  # one query: the walks ask thousands of times
        cursor.execute(f"SELECT {', '.join(tables)}")
        return dict(zip((model._meta.label for model in models), cursor.fetchone(), strict=True))


def make_world(text: str = PLAIN) -> World:
    """A row of everything; ``text`` stands in whatever a person or a file can say."""
    now = timezone.now()
    Organisation.objects.update_or_create(pk=1, defaults={"name": text[:120], "set_up_at": now})
    people = {role: UserFactory(role=role, name=f"{role.label} {text}"[:120]) for role in Role}
    rep, marketer, admin = people[Role.REP], people[Role.MARKETER], people[Role.ADMIN]
    team, version, field = rep.team, _version(text), _field(text, admin, now)
    assert team is not None
    lead = _lead(text, marketer, now)
    judge(lead, "A")
    hour_ago = now - timedelta(hours=1)
    undecided, accepted, rejected = (assigned(rep, of, at=hour_ago) for of in (lead, None, None))
    logged = attempts.log_attempt(assignment=undecided, kind="note", note=text, by=rep, now=now)
    decision = decisions.accept(assignment=accepted, by=rep, now=now)
    reason = version.reasons.get(key="other")
    decisions.reject(assignment=rejected, reason_id=reason.pk, text=text, by=rep, now=now)
    pooled = waiting()
    name_term(term="lead", name=text[:80], meaning=text, revision=0, by=marketer, now=now)
    invitation, secret = invite(email="new@example.com", role=Role.REP, team=team, by=admin, now=now)
    _rename(team, text)
    draft = copy_to_draft(version=version, by=marketer, now=now)
    start_preview(version_id=draft.pk, by=marketer, now=now)
    return World(
        people=people,
        outsider=UserFactory(team=TeamFactory(name="South")),
        team=team,
        version=version,
        draft=draft,
        proposal=_proposal(version, text, people[Role.MARKETING_MANAGER], now),
        retired=_retired(version, text, now),
        objection=comment(version_id=version.pk, text=text, by=rep, now=now, is_objection=True),
        lead=lead,
        piece=_piece(text, lead, rep, marketer, now),
        field=field,
        undecided=undecided,
        decision=decision,
        attempt=logged,
        channel=_channel(),
        accepted=accepted,
        pooled=pooled,
        job=_job(text, marketer, now),
        notice=_notice(rep, text, now),
        calendar=_calendar(text, admin, now),
        rule=_rule(text, team, people[Role.SALES_MANAGER]),
        holiday=CompanyHoliday.objects.create(day=now.date() + timedelta(days=40), label=text[:80]),
        leave=_leave(people[Role.REP], people[Role.SALES_MANAGER], now),
        invitation=invitation,
        secret=secret,
        token=create_token(person=rep, name=text[:80], days=30, now=now)[0],
    )


def _rename(team: Team, text: str) -> None:
    team.name = f"North {text}"[:80]
    team.save()


def _channel() -> Channel:
    address = "https://hooks.slack.com/services/T0/B0/x"
    return Channel.objects.create(name="#sales", shape="slack", address=address)


def _version(text: str) -> Version:
    version = make_draft(Definition.objects.create(name=f"Agreed {text}"[:80]), reason=text)
    version.terms.filter(grade="A").update(may_pause=True)
    for model in (Criterion, Disqualifier, Reason):
        model.objects.filter(version=version).update(label=text[:160])
    Reason.objects.create(version=version, key="other", label=f"Other {text}"[:160], needs_text=True)
    Version.objects.filter(pk=version.pk).update(status=Version.Status.ACTIVE, activated_at=timezone.now())
    version.refresh_from_db()
    go_live(version)
    return version


def _proposal(version: Version, text: str, by: User, now: datetime) -> Version:
    draft = copy_to_draft(version=version, by=by, now=now)
    values = replace(values_of(draft.criteria.get(key="always")), points=19, label=f"Everybody {text}"[:160])
    put_criterion(version_id=draft.pk, key="always", values=values, seen=None, by=by, now=now)
    comment(version_id=version.pk, text=text, by=by, now=now)
    proposed = propose(version_id=draft.pk, revision=2, reason=text, by=by, now=now)
    comment(version_id=draft.pk, text=text, by=by, now=now)
    return proposed


def _retired(version: Version, text: str, now: datetime) -> Version:
    retired = make_draft(version.definition, reason=text, floor_a=80)
    Version.objects.filter(pk=retired.pk).update(
        status=Version.Status.RETIRED, activated_at=now - timedelta(days=9), retired_at=now
    )
    retired.refresh_from_db()
    return retired


def _field(text: str, by: User, now: datetime) -> CustomField:
    content = FieldContent(label=text[:80], type="choice", choices=(text[:100],), help=text[:300])
    return services.create_field(content=content, by=by, now=now)


def _lead(text: str, by: User, now: datetime) -> Lead:
    facts = LeadFacts(
        name=text,
        email="rita@example.com",
        phone="+49 30 123456",
        title=text,
        country="DE",
        city=text[:120],
        source=text[:120],
        campaign=text,
        company=CompanyFacts(name=text, industry=text[:120], city=text[:120], employees=20),
        external_ids=(("crm", text[:60]),),
        extra={text: text},
        attributes=dict.fromkeys(definitions(), text[:100]),
    )
    lead = services.create_lead(facts=facts, by=by, now=now)
    said = AnswerFacts(
        dimension=BantDimension.NEED, level=BantLevel.MET, text=text[:300], evidence=text[:500]
    )
    services.record_answer(lead=lead, answer=said, by=by, now=now)
    did = ActivityFacts(kind="page_view", at=now - timedelta(days=1), detail=text, lead_id=lead.pk)
    services.add_activities(items=[did], by=by, now=now)
    return lead


def _piece(text: str, lead: Lead, rep: User, by: User, now: datetime) -> ContentPiece:
    """A piece that was used on the lead, whose buying centre is told as well."""
    content = PieceContent(
        title=text[:160], kind="mail", text=text, industry=text[:120], reason_key="other", dimension="need"
    )
    piece = save_piece(piece=None, content=content, by=by, now=now)
    use_piece(piece=piece, lead=lead, how="text", by=rep, now=now - timedelta(minutes=5))
    said = {"company.incumbent": text[:200], "company.politics": text[:500], "lead.driver": text[:200]}
    services.update_buying(lead=lead, said=said, seen={}, by=rep, now=now)
    return piece


def _job(text: str, by: User, now: datetime) -> ImportJob:
    cell = '"' + text.replace('"', '""') + '"'
    content = f"Name,{cell},Employees\n{cell},{cell},n/a\nTom,{cell},7\n".encode()
    return jobs.upload(content=content, file_name=f"{text}.csv", by=by, now=now)


def _notice(rep: User, text: str, now: datetime) -> Notification:
    notify([Notice(rep.pk, "ugly", f"{text}: look at it", "/queue/")], now=now)
    return Notification.objects.get(key="ugly")


def _calendar(text: str, by: User, now: datetime) -> WorkingCalendar:
    week = {day: read_hours(OFFICE_DAY) for day in range(5)}
    content = CalendarContent(f"Office {text}"[:80], "Europe/Berlin", "DE", "BE", week, {now.date(): text})
    return save_calendar(calendar=None, content=content, by=by, now=now)


def _rule(text: str, team: Team, by: User) -> RoutingRule:
    condition = {"field": "lead.city", "op": "in", "value": [text[:120]]}
    content = RuleContent(
        name=text[:80], condition=condition, team=team, way="round_robin", is_owner_first=True
    )
    return add_rule(content=content, by=by)


def _leave(rep: User, by: User, now: datetime) -> Leave:
    starts = now.date() + timedelta(days=30)
    return add_leave(rep=rep, starts=starts, ends=starts + timedelta(days=7), by=by, now=now)
