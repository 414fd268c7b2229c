"""Counting what a version would do before it counts: begun, gone on with by any worker, cancelled, pruned."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.http import Http404

from alignment import spec
from alignment.models import Version
from alignment.spec import VersionSpec
from core import audit
from core.errors import ApplicationError, Conflict
from core.locking import locked
from core.tasks import hint
from leads.models import Lead
from scoring.comparison import compare
from scoring.engine.comparing import Comparer, Moved
from scoring.engine.statement import Leads
from scoring.explain import explain_all
from scoring.models import Preview, PreviewScore
from scoring.previews import (
    Moves,
    count_moves,
    latest_preview,
    movers_of,
    staleness,
    stored_movers,
    stored_moves,
    versions_with,
)
from scoring.querysets import live_generation_id, specs_of
from scoring.sampling import sample_ids
from scoring.services.activating import LAST_ID
from users.models import Organisation, User

SMALL = 20_000  # leads that are counted while the person waits
SHARE = 100  # one lead of so many is in the sample of a larger base
SAMPLE = 2_000  # but at least so many
RANGE = {"postgresql": 50_000, "sqlite": 1_000}  # leads; a cancellation waits for one range
KEPT = timedelta(days=1)
CHUNK = 20_000


def start_preview(*, version_id: int, by: User, now: datetime) -> Preview:
    """Count what the version would do; in a base of more than ``SMALL`` leads by a sample, and go on behind.

    Takes the place of an earlier preview of the version, unless that one runs and still holds: then it
    is given. Conflict if the version is in force or past, Invalid if a condition of it can't be read.
    """
    version = Version.objects.filter(pk=version_id).first()
    if version is None:
        raise Http404("This version is gone: its draft was discarded.")
    if not version.is_to_come:
        status = version.get_status_display().lower()
        raise Conflict(f"Version {version.number} is {status}: there is nothing to preview.")
    running = latest_preview(version)
    if running is not None and running.is_running and not staleness(running, version):
        return running
    preview = Preview(
        version=version,
        revision=version.revision,
        against=live_generation_id() or 0,
        versions=versions_with(version),
        leads=Lead.objects.count(),
        by=by,
        started_at=now,
    )
    specs = _specs(preview)
    if preview.leads > SMALL:
        preview.sample = sampled(specs, preview, size=max(SAMPLE, preview.leads // SHARE))
    begun = _begin(preview)
    if begun.leads <= SMALL:
        while preview_range(preview_id=begun.pk, now=now):
            pass
        begun.refresh_from_db()
    return begun


def _begin(preview: Preview) -> Preview:
    try:
        with transaction.atomic():
            earlier = Preview.objects.filter(version=preview.version, state=Preview.State.RUNNING)
            for row in locked(earlier):
                _end(row, Preview.State.STALE, preview.started_at)
            preview.save()
            audit.record(actor=preview.by, action="preview.start", target=preview.version)
            if preview.leads > SMALL:
                _nudge(preview)
    except IntegrityError:  # somebody else began one at the same moment
        return Preview.objects.get(version=preview.version, state=Preview.State.RUNNING)
    return preview


def _nudge(preview: Preview) -> None:
    from scoring.tasks import preview as task

    hint(task, preview.pk)


def sampled(specs: Iterable[VersionSpec], preview: Preview, *, size: int) -> dict[str, Any]:
    """What ``size`` leads say: the moves, and the leads that move most with their reasons."""
    leads = Leads(ids=sample_ids(size))
    rows = _comparer(list(specs), preview).compare(leads)
    found = count_moves(rows, total=preview.leads)
    return {**found.to_json(), "movers": _told(movers_of(rows), list(specs), preview)}


@transaction.atomic
def preview_range(*, preview_id: int, now: datetime) -> bool:
    """Count the next range of a running preview; False if there is nothing left to do for this worker.

    Every range is judged as of the moment the preview began. If the draft was edited or another version
    went live meanwhile it ends as overtaken: half of one and half of the other would mean nothing. Killed
    on the way, the range is done again.
    """
    rows = Preview.objects.filter(pk=preview_id, state=Preview.State.RUNNING)
    preview = locked(rows, skip_locked=True).first()
    if preview is None:
        return False
    try:
        specs = _specs(preview)
    except Http404:  # the draft was discarded
        _end(preview, Preview.State.STALE, now)
        return False
    except ApplicationError as problem:
        _end(preview, Preview.State.FAILED, now, problem.message)
        return False
    # Read after its parts, so that none of them is of a later edit.
    version = Version.objects.filter(pk=preview.version_id or 0).first()
    if version is None or staleness(preview, version):
        _end(preview, Preview.State.STALE, now)
        return False
    part = _next(preview.position)
    _comparer(specs, preview).fill(preview.pk, part)
    _count(preview, part)
    if part.high == LAST_ID:
        _finish(preview, specs, now)
    preview.save()
    return preview.is_running


def _specs(preview: Preview) -> list[VersionSpec]:
    return [spec.load(each) for each in preview.versions]


def _comparer(specs: list[VersionSpec], preview: Preview) -> Comparer:
    old = specs_of(preview.against) if preview.against else []
    return Comparer(old, specs, preview.started_at, Organisation.current().tz)


def _next(position: int) -> Leads:
    size = RANGE[connection.vendor]
    following = Lead.objects.filter(pk__gt=position).order_by("pk").values_list("pk", flat=True)
    last = following[size - 1 : size].first()
    return Leads(position + 1, LAST_ID if last is None else last)


def _count(preview: Preview, part: Leads) -> None:
    fresh = stored_moves(preview.scores.filter(lead_id__gte=part.low, lead_id__lte=part.high))
    before = Moves.from_json(preview.result) if preview.result else Moves()
    so_far = before.plus(fresh)
    preview.result = so_far.to_json()
    preview.position, preview.done = part.high, so_far.size


def _finish(preview: Preview, specs: list[VersionSpec], now: datetime) -> None:
    """Every lead was looked at: the figures stand for as many as there were."""
    found = preview.result or {}
    movers = _told(stored_movers(preview), specs, preview)
    preview.result = {**found, "total": preview.done, "movers": movers}
    preview.leads, preview.state, preview.ended_at = preview.done, Preview.State.DONE, now


def _told(movers: list[Moved], specs: list[VersionSpec], preview: Preview) -> list[dict[str, Any]]:
    """The leads that move most, each with what tells both sides apart."""
    ids = [each.lead_id for each in movers]
    old = explain_all(specs_of(preview.against), ids, now=preview.started_at) if preview.against else {}
    new = explain_all(specs, ids, now=preview.started_at)
    return [
        {**each._asdict(), "why": compare(old.get(each.lead_id), new[each.lead_id]).reasons()}
        for each in movers
        if each.lead_id in new
    ]


def _end(preview: Preview, state: Preview.State, now: datetime, error: str = "") -> None:
    preview.state, preview.ended_at, preview.error = state, now, error[:500]
    preview.save(update_fields=["state", "ended_at", "error"])


@transaction.atomic
def cancel_preview(*, preview_id: int, by: User, now: datetime) -> Preview:
    """Stop counting; what was counted so far is dropped. Conflict if it doesn't run any more."""
    preview = locked(Preview.objects.filter(pk=preview_id, state=Preview.State.RUNNING)).first()
    if preview is None:
        raise Conflict("This preview isn't being counted any more.")
    _end(preview, Preview.State.CANCELLED, now)
    audit.record(actor=by, action="preview.cancel", target=preview)
    return preview


def running_previews() -> list[int]:
    """The ids of what any worker may go on with, the oldest first."""
    rows = Preview.objects.filter(state=Preview.State.RUNNING).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def prune_previews(*, now: datetime) -> int:
    """Delete the rows of leads of previews that nobody looks at any more, in chunks; gives how many.

    Those are a day old, overtaken by another of the same version, cancelled, or of a version that is
    gone; all but the youngest of a version go altogether. What runs for a day is ended.
    """
    old = Preview.objects.filter(state=Preview.State.RUNNING, started_at__lt=now - KEPT)
    old.update(state=Preview.State.STALE, ended_at=now)
    done = 0
    youngest: set[int] = set()
    for preview in Preview.objects.exclude(state=Preview.State.RUNNING).order_by("-pk"):
        is_youngest = preview.version_id is not None and preview.version_id not in youngest
        youngest.add(preview.version_id or 0)
        keeps = is_youngest and preview.is_whole and preview.started_at >= now - KEPT
        if not keeps:
            done += _prune(preview, now, forget=not is_youngest)
    return done


def _prune(preview: Preview, now: datetime, *, forget: bool) -> int:
    done = 0
    while preview.pruned_at is None and (count := _prune_chunk(preview)):
        done += count
    if forget:
        Preview.objects.filter(pk=preview.pk).delete()
    elif preview.pruned_at is None:
        Preview.objects.filter(pk=preview.pk).update(pruned_at=now)
    return done


@transaction.atomic
def _prune_chunk(preview: Preview) -> int:
    ids = list(preview.scores.order_by("lead_id").values_list("lead_id", flat=True)[:CHUNK])
    if not ids:
        return 0
    doomed = PreviewScore.objects.filter(preview=preview, lead_id__gte=ids[0], lead_id__lte=ids[-1])
    return int(doomed._raw_delete(doomed.db))
