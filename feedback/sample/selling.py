"""What sales used and learned along the way: content copied and sent, and how companies buy."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from random import Random

from django.db import transaction

from core import audit
from feedback.models import Attempt, ContentPiece, ContentUse
from feedback.sample import library
from feedback.sample.people import House
from feedback.sample.plan import Plan
from feedback.services.content import retire_piece, save_piece
from leads.buying import BY_KEY, TEXTS
from leads.marks import mark_companies
from leads.models import Buying, Company, Incumbency
from leads.services.sources import note_companies, note_leads
from scoring.services import judge_marked

BEFORE = dt.timedelta(days=20)
"""So long before the start marketing filled the library."""
SHARE = 0.55
"""Of the mails and meetings, those that came with a piece."""
COMPANIES = 40
"""Of so many companies, the latest that were reached, sales wrote down how they buy."""
ABOUT_THE_PERSON = 0.6
SPOKEN = (Attempt.Result.REACHED, Attempt.Result.SENT)


def sell(plan: Plan, house: House) -> None:
    """The library, its uses and the buying centres; from attempts that are there, so it is quick."""
    pieces = _fill(plan, house)
    _use(pieces, plan)
    _learn(plan)
    while judge_marked(now=plan.now):
        pass


def _fill(plan: Plan, house: House) -> list[ContentPiece]:
    at = plan.live_at - BEFORE
    pieces = [save_piece(piece=None, content=each, by=house.marketer, now=at) for each in library.PIECES]
    old = save_piece(piece=None, content=library.RETIRED, by=house.marketer, now=at)
    retire_piece(piece=old, by=house.marketer, now=plan.live_at)
    return pieces[: -library.NEVER_TAKEN]


@transaction.atomic
def _use(pieces: list[ContentPiece], plan: Plan) -> None:
    """A rep takes a piece shortly before the mail or in the meeting that was logged."""
    rng = Random(plan.seed + 5)  # noqa: S311 - made-up data
    rows = [
        ContentUse(
            piece=piece,
            lead_id=attempt.handoff.lead_id,
            handoff_id=attempt.handoff_id,
            by_id=attempt.by_id,
            how=_how(piece, attempt, rng),
            at=attempt.at - dt.timedelta(minutes=rng.randrange(1, 9)),
        )
        for attempt in _attempts()
        if attempt.kind != Attempt.Kind.CALL and rng.random() < SHARE
        for piece in _chosen(pieces, attempt, rng)
    ]
    ContentUse.objects.bulk_create(rows)
    audit.record(actor=None, action="content.use", target_type="contentpiece", detail={"uses": len(rows)})


def _chosen(pieces: list[ContentPiece], attempt: Attempt, rng: Random) -> Iterator[ContentPiece]:
    lead = attempt.handoff.lead
    industry = lead.company.industry if lead.company else ""
    fits = [
        piece
        for piece in pieces
        if piece.industry in ("", industry) and piece.language in ("", lead.language)
    ]
    weights = [len(pieces) - place + (12 if fits[place].industry else 0) for place in range(len(fits))]
    yield rng.choices(fits, weights)[0]


def _how(piece: ContentPiece, attempt: Attempt, rng: Random) -> str:
    if attempt.kind == Attempt.Kind.EMAIL:
        return ContentUse.How.MAIL
    takes_link = bool(piece.url) and (not piece.text or rng.random() < 0.7)
    return ContentUse.How.LINK if takes_link else ContentUse.How.TEXT


def _attempts() -> Iterable[Attempt]:
    rows = Attempt.objects.filter(result__in=SPOKEN).select_related("by", "handoff__lead__company")
    return rows.order_by("pk")


@transaction.atomic
def _learn(plan: Plan) -> None:
    """What reps heard in their talks, said when it was heard; one audit row, for nobody edits it today."""
    rng = Random(plan.seed + 6)  # noqa: S311 - made-up data
    latest: dict[int, tuple[Company, Attempt]] = {}
    for attempt in _attempts():
        company = attempt.handoff.lead.company
        if company is not None and attempt.result == Attempt.Result.REACHED:
            latest[company.pk] = (company, attempt)
    for company, attempt in list(latest.values())[-COMPANIES:]:
        said, lead = _said(rng), attempt.handoff.lead
        _put(company, said)
        note_companies({company.pk: said}, by=attempt.by, now=attempt.at)
        if rng.random() < ABOUT_THE_PERSON:
            lead.driver = rng.choice(library.PERSON_DRIVERS)
            lead.save(update_fields=["driver", "driver_folded"])
            note_leads([lead.pk], by=attempt.by, now=attempt.at)
    mark_companies(latest, now=plan.now)
    audit.record(actor=None, action="company.update", target_type="company", detail={"rows": len(latest)})


def _put(company: Company, said: Mapping[str, str]) -> None:
    for name, raw in said.items():
        setattr(company, name, BY_KEY[f"company.{name}"].read(raw))
    company.save(update_fields=[*said, *(f"{name}_folded" for name in said if name in TEXTS)])


def _said(rng: Random) -> dict[str, str]:
    """What came up in the talk: some of it, seldom all."""
    incumbent = rng.choice(("", *library.INCUMBENTS))
    tie = rng.choice((Incumbency.WEAK, Incumbency.STRONG, Incumbency.AT_RISK))
    known = {
        "buying": rng.choice(Buying.values),
        "by_rfp": rng.choice(("no", "no", "yes")),
        "incumbent": incumbent,
        "incumbent_relationship": tie if incumbent else Incumbency.NONE,
        "driver": rng.choice(library.COMPANY_DRIVERS),
        "department_driver": rng.choice(library.DEPARTMENT_DRIVERS),
        "politics": rng.choice(library.POLITICS),
    }
    return {key: text for key, text in known.items() if text and rng.random() < 0.7}
