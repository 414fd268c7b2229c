"""An import from upload to result: read, mapped by a person, run in chunks that may run twice."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import F

from core import audit
from core.errors import ApplicationError, Conflict, Invalid
from core.hooks import hooks
from core.locking import locked
from leads import cleaning, services
from leads.checking import checked
from leads.custom.definitions import definitions, renew
from leads.facts import ActivityFacts, FactProblem, LeadFacts, OutcomeFacts
from leads.imports.offered import targets
from leads.imports.recognise import Proposal, has_identity, propose
from leads.imports.rows import Reader, RowLeftOutError
from leads.imports.sheet import Row, Sheet, open_sheet, rows
from leads.imports.targets import LEFT_OUT, TARGETS
from leads.models import ImportJob, ImportProblem
from leads.services import Outcome
from users.models import Organisation, User

CHUNK = 1_000
SMALL_CHUNK = 250  # on SQLite, where everybody who writes waits for a chunk to end
SAMPLED = 500
SHOWN = 8
MAX_PROBLEMS = 20_000
DATE_ORDERS = ("", "dmy", "mdy")
STALLED = timedelta(minutes=2)
State = ImportJob.State
logger = logging.getLogger(__name__)


@transaction.atomic
def upload(*, content: bytes, file_name: str, by: User | None, now: datetime) -> ImportJob:
    """Read a file and propose what its columns are; Invalid, with what to do, if it can't be read."""
    sheet = open_sheet(content)
    head = list(islice(rows(content, sheet), SAMPLED))
    if not head:
        raise Invalid("The file has a header and no rows. Export it again with its rows.")
    proposal = propose(sheet.header, [row for _, row in head])
    job = ImportJob(
        file_name=file_name[-200:] or "file.csv",
        content=content,
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        first_line=sheet.first_line,
        header=sheet.header,
        preview=[[cell[:200].replace("\0", " ") for cell in row] for _, row in head[:SHOWN]],
        rows=sum(1 for _ in rows(content, sheet)),
        author=by,
        created_at=now,
    )
    _take(job, sheet, proposal)
    job.save()
    detail = {"rows": job.rows, "columns": len(job.header), "kind": job.kind}
    audit.record(actor=by, action="import.upload", target=job, detail=detail)
    return job


def _take(job: ImportJob, sheet: Sheet, proposal: Proposal) -> None:
    job.kind, job.system = proposal.kind, proposal.system
    job.mapping = {str(place): key for place, key in proposal.mapping.items()}
    job.options = {
        "date_order": proposal.date_order,
        "asks_for_order": proposal.asks_for_order,
        "numbers_rows": proposal.needs_numbers,
        "is_wrapped": sheet.is_wrapped,
    }


@transaction.atomic
def set_mapping(
    *, job: ImportJob, kind: str, mapping: Mapping[int, str], system: str, options: Mapping[str, object]
) -> ImportJob:
    """Correct what the columns are, before the start; Invalid if a field is named twice or unknown, or
    dates are said to begin with neither day nor month."""
    row = _editable(job)
    if kind not in TARGETS:
        raise Invalid("Choose leads, activities or outcomes.")
    chosen = {place: key for place, key in mapping.items() if key}
    keys = [key for key in chosen.values() if key != LEFT_OUT]
    offered = targets(kind)
    if unknown := [key for key in keys if key not in offered]:
        raise Invalid(f"“{unknown[0][:60]}” is no field of {kind}.")
    if twice := [key for key in set(keys) if keys.count(key) > 1]:
        label = offered[twice[0]].label
        raise Invalid(f"Two columns are “{label}”. Choose one; the other is kept under its own name.")
    if any(not 0 <= place < len(row.header) for place in chosen):
        raise Invalid("There is no such column in the file.")
    if options.get("date_order", "") not in DATE_ORDERS:
        raise Invalid("Say whether the dates of this file begin with the day or with the month.")
    row.kind, row.system = kind, cleaning.plain(system).lower()[:40]
    row.mapping = {str(place): key for place, key in chosen.items()}
    row.options = row.options | dict(options)
    row.save(update_fields=["kind", "system", "mapping", "options"])
    return row


def trial(job: ImportJob) -> dict[str, str]:
    """What couldn't be used of the first rows if the import started now: by header, in words."""
    reader, sheet = _reader(job), _sheet(job)
    content = ImportJob.objects.values_list("content", flat=True).get(pk=job.pk)
    head = list(islice(rows(bytes(content or b""), sheet), SAMPLED))
    found: dict[str, list[FactProblem]] = {}
    for number, cells in head if job.kind == ImportJob.Kind.LEADS else ():
        with suppress(RowLeftOutError):
            facts, unread = reader.lead(number, cells)
            for each in (*unread, *checked(facts)[1]):
                found.setdefault(_column(reader, each.field), []).append(each)
    return {
        header: f"{len(each)} of {len(head)} can't be used: “{each[0].value[:60]}” {each[0].reason}."
        for header, each in found.items()
    }


def _column(reader: Reader, field: str) -> str:
    names = {key: reader.header[place] for place, key in reader.mapping.items()}
    return names.get(field, field)


@transaction.atomic
def start(*, job: ImportJob, by: User | None, now: datetime) -> ImportJob:
    """Queue the import; Invalid if nothing tells its rows apart. A second start is a Conflict."""
    row = _editable(job)
    places = {int(place): key for place, key in row.mapping.items()}
    if row.kind == ImportJob.Kind.LEADS and not has_identity(places) and not row.options.get("numbers_rows"):
        raise Invalid(
            "No column is a name, an e-mail, a phone number or an id. Map one, or let the rows be numbered."
        )
    row.state, row.started_at, row.moved_at = State.QUEUED, now, now
    row.save(update_fields=["state", "started_at", "moved_at"])
    audit.record(actor=by, action="import.start", target=row, detail={"rows": row.rows})
    return row


def _editable(job: ImportJob) -> ImportJob:
    row = locked(ImportJob.objects.filter(pk=job.pk).defer("content")).get()
    if row.state != State.UPLOADED:
        raise Conflict("This import was started already. Its page shows how far it is.")
    return row


@transaction.atomic
def cancel(*, job: ImportJob, by: User | None, now: datetime) -> ImportJob:
    """Stop an import before its next chunk; what is in stays. A repeat changes nothing."""
    row = locked(ImportJob.objects.filter(pk=job.pk).defer("content")).get()
    if row.state in (State.UPLOADED, State.QUEUED, State.RUNNING):
        _end(row, State.CANCELLED, now)
        audit.record(actor=by, action="import.cancel", target=row, detail={"position": row.position})
    return row


def run(*, job_id: int, clock: Callable[[], datetime]) -> None:
    """Carry a queued import to its end, chunk by chunk; safe to run twice and at the same time.

    Each chunk and its place in the file are one transaction, so a run that dies is continued where it
    was by the next. What can't be read ends the job as failed and says why.
    """
    job = ImportJob.objects.get(pk=job_id)
    if job.state not in (State.QUEUED, State.RUNNING) or job.content is None:
        return
    try:
        _run(job, clock)
    except ApplicationError as error:
        _fail(job_id, error.message, clock())
    except Exception:
        logger.exception("Import %s failed.", job_id)
        message = "Something broke on our side. The rows so far are in; import the file again to go on."
        _fail(job_id, message, clock())


def _run(job: ImportJob, clock: Callable[[], datetime]) -> None:
    todo = (row for row in rows(bytes(job.content or b""), _sheet(job)) if row[0] > job.position)
    size = min(CHUNK, SMALL_CHUNK) if connection.vendor == "sqlite" else CHUNK
    while batch := list(islice(todo, size)):
        if not _chunk(job.pk, batch, clock()):
            return
    with transaction.atomic():
        row = locked(ImportJob.objects.filter(pk=job.pk).defer("content")).get()
        if row.state in (State.QUEUED, State.RUNNING):
            _end(row, State.DONE, clock())
            counts = {name: getattr(row, name) for name in ("created", "updated", "unchanged", "left_out")}
            audit.record(actor=row.author, action="import.done", target=row, detail=counts)


def _sheet(job: ImportJob) -> Sheet:
    is_wrapped = bool(job.options.get("is_wrapped"))
    return Sheet(job.encoding, job.delimiter, job.first_line, job.header, is_wrapped)


def _end(job: ImportJob, state: str, now: datetime, error: str = "") -> None:
    job.state, job.ended_at, job.error = state, now, error[:300]
    ImportJob.objects.filter(pk=job.pk).update(state=state, ended_at=now, error=error[:300], content=None)


@transaction.atomic
def _fail(job_id: int, message: str, now: datetime) -> None:
    row = locked(ImportJob.objects.filter(pk=job_id).defer("content")).get()
    if row.state in (State.QUEUED, State.RUNNING):
        _end(row, State.FAILED, now, message)
        audit.record(actor=None, action="import.failed", target=row, detail={"position": row.position})


@transaction.atomic
def _chunk(job_id: int, batch: list[Row], now: datetime) -> bool:
    """Import the rows of a batch that nobody did yet; False if the job was stopped."""
    job = locked(ImportJob.objects.filter(pk=job_id).defer("content").select_related("author")).get()
    if job.state not in (State.QUEUED, State.RUNNING):
        return False
    if todo := [row for row in batch if row[0] > job.position]:
        counts, problems = RUNS[ImportJob.Kind(job.kind)](job, _reader(job), todo, now)
        room = max(0, MAX_PROBLEMS - job.problems.count()) if problems else 0
        ImportProblem.objects.bulk_create(problems[:room])
        added = {name: F(name) + count for name, count in counts.items()}
        ImportJob.objects.filter(pk=job_id).update(
            state=State.RUNNING, position=todo[-1][0], moved_at=now, **added
        )
    return True


def _reader(job: ImportJob) -> Reader:
    """The reader of a chunk: a field that was retired or changed while the import runs is seen as it is."""
    renew()
    return Reader(
        header=job.header,
        mapping={int(place): key for place, key in job.mapping.items()},
        system=job.system,
        zone=Organisation.current().tz,
        order=str(job.options.get("date_order", "")),
        custom=definitions(),
        numbered=f"file:{job.file_name}"[:40] if job.options.get("numbers_rows") else "",
    )


Counts = dict[str, int]


def _leads(
    job: ImportJob, reader: Reader, batch: list[Row], now: datetime
) -> tuple[Counts, list[ImportProblem]]:
    numbers: list[int] = []
    facts: list[LeadFacts] = []
    problems: list[ImportProblem] = []
    for number, cells in batch:
        try:
            row, unread = reader.lead(number, cells)
        except RowLeftOutError as error:
            problems.append(_left_out(job, number, error.reason, error.value))
            continue
        problems += [_problem(job, number, each, each.field) for each in unread]
        numbers.append(number)
        facts.append(row)
    result = services.upsert_leads(rows=facts, by=job.author, now=now)
    for number, done in zip(numbers, result.rows, strict=True):
        problems += [_problem(job, number, each, _column(reader, each.field)) for each in done.problems]
        if done.outcome is Outcome.LEFT_OUT:
            problems.append(_left_out(job, number, done.reason))
    counts = {outcome.value: result.count(outcome) for outcome in Outcome}
    counts["left_out"] += len(batch) - len(facts)
    return counts, problems


def _activities(
    job: ImportJob, reader: Reader, batch: list[Row], now: datetime
) -> tuple[Counts, list[ImportProblem]]:
    numbers: list[int] = []
    items: list[ActivityFacts] = []
    problems: list[ImportProblem] = []
    for number, cells in batch:
        try:
            items.append(reader.activity(cells))
            numbers.append(number)
        except RowLeftOutError as error:
            problems.append(_left_out(job, number, error.reason, error.value))
    result = services.add_activities(items=items, by=job.author, now=now)
    problems += [
        _left_out(job, numbers[place], each.reason, each.value, each.field) for place, each in result.problems
    ]
    counts = {"created": result.created, "unchanged": result.known, "left_out": len(problems)}
    return counts, problems


def _outcomes(
    job: ImportJob, reader: Reader, batch: list[Row], now: datetime
) -> tuple[Counts, list[ImportProblem]]:
    numbers: list[int] = []
    items: list[OutcomeFacts] = []
    problems: list[ImportProblem] = []
    for number, cells in batch:
        try:
            items.append(reader.outcome(cells))
            numbers.append(number)
        except RowLeftOutError as error:
            problems.append(_left_out(job, number, error.reason, error.value))
    sunk = hooks.import_sinks[ImportJob.Kind.OUTCOMES](items, job.author, now)
    problems += [_left_out(job, numbers[place], why, items[place].kind) for place, why in sunk.problems]
    return {"created": sunk.created, "unchanged": sunk.unchanged, "left_out": len(problems)}, problems


RUNS = {
    ImportJob.Kind.LEADS: _leads,
    ImportJob.Kind.ACTIVITIES: _activities,
    ImportJob.Kind.OUTCOMES: _outcomes,
}


def _problem(job: ImportJob, number: int, problem: FactProblem, column: str) -> ImportProblem:
    row = _left_out(job, number, problem.reason, problem.value, column)
    row.is_row_left_out = False
    return row


def _left_out(job: ImportJob, number: int, reason: str, value: str = "", column: str = "") -> ImportProblem:
    shown = value.replace("\0", " ")[:300]
    return ImportProblem(job=job, row=number, column=column[:200], value=shown, reason=reason[:300])
