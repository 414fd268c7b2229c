"""What an edit would do, at once: by a preview that still holds, or from a small sample."""

import logging
from datetime import datetime

from django.core.cache import cache

from alignment import spec
from alignment.models import Version
from core.errors import ApplicationError
from leads.days import day_number
from leads.models import Lead
from scoring.engine.comparing import Comparer
from scoring.engine.statement import Leads
from scoring.previews import Moves, count_moves, latest_preview, staleness, versions_with
from scoring.querysets import live_generation_id, specs_of
from scoring.sampling import sample_ids
from users.models import Organisation

SIZE = 2_000
KEPT = 600  # seconds
logger = logging.getLogger(__name__)


def quick_moves(version: Version, *, now: datetime) -> Moves | None:
    """The moves under ``version``: of all leads where a preview counted them, else of a sample of ``SIZE``.

    None if a part of it can't be read.
    """
    if (whole := _counted(version)) is not None:
        return whole
    zone = Organisation.current().tz
    live = live_generation_id() or 0
    key = f"scoring.quick.{version.pk}.{version.revision}.{live}.{day_number(now, zone)}"
    if (known := _kept(key)) is not None:
        return Moves.from_json(known)
    try:
        specs = [spec.load(each) for each in versions_with(version)]
    except ApplicationError:
        return None
    old = specs_of(live) if live else []
    rows = Comparer(old, specs, now, zone).compare(Leads(ids=sample_ids(SIZE)))
    moves = count_moves(rows, total=max(len(rows), Lead.objects.count()))
    _keep(key, moves)
    return moves


def _counted(version: Version) -> Moves | None:
    preview = latest_preview(version)
    if preview is None or not preview.is_whole or staleness(preview, version):
        return None
    return Moves.from_json(preview.result or {})


def _kept(key: str) -> dict[str, object] | None:
    try:
        found: dict[str, object] | None = cache.get(key)
    except Exception:
        logger.warning("The cache is away: figures are counted again.")
        return None
    return found


def _keep(key: str, moves: Moves) -> None:
    try:
        cache.set(key, moves.to_json(), KEPT)
    except Exception:
        logger.warning("The cache is away: figures are not kept.")
