"""The fire: editors, workers and an activation while processes, broker and connections are lost."""

import logging
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from alignment import services as alignment
from alignment.models import Definition, Version
from alignment.services.documents import write_document
from alignment.shipped import BANT
from leads.days import day_number
from leads.models import ChangedLead
from scoring import querysets, services
from scoring.engine.running import Judge
from scoring.engine.statement import Leads
from scoring.models import Generation, Score, ScoreChange
from scoring.services.logging import finish_logging
from tests.paths import ROOT
from tests.scoring.editor import BURST
from tests.scoring.world import Person, save
from tests.workers import Broker, Workers, environment, wait_until
from users.models import Organisation

TITLES = ("Founder", "Student", "Assistant", "Team Lead", "")
SLOW = "tests.scoring.slow"
EDITORS = 3
LEAD = 60  # changes after a fault's point, so that it meets editors at work
OWN = 6  # leads in which each editor ends
logger = logging.getLogger(__name__)


def make_base(size: int) -> list[int]:
    """Leads that are judged under the shipped version."""
    alignment.install_template(by=None, now=timezone.now())
    ids = save([Person(title=TITLES[number % 5], employees=number * 9) for number in range(size)])
    services.activate_due(now=timezone.now())
    while services.build_range(now=timezone.now()):
        pass
    services.finish_build(now=timezone.now())
    while services.log_activation_range(now=timezone.now()):
        pass
    finish_logging()
    return ids


def lower_floor() -> Version:
    """A version that goes by the same facts, with another floor, and comes before the shipped one."""
    definition = Definition.objects.create(name="Under fire")
    version = Version.objects.create(definition=definition, number=1, position=0)
    write_document(version, BANT.document)
    version.floor_c = 15
    version.save(update_fields=["floor_c"])
    version.status = Version.Status.ACTIVE
    version.save(update_fields=["status"])
    return version


@dataclass
class Fire:
    """One run: ``changes`` in all, ``faults`` of four kinds at random points, one activation amid it."""

    workers: Workers
    broker: Broker
    folder: Path
    ids: list[int]
    seed: int
    changes: int
    faults: int
    is_lossy: bool = False
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - a repeatable test
        self.running = [self._worker(beat=True), self._worker()]
        for each in self.running:
            self.workers.ready(each)
        self.kinds: dict[str, Callable[[], str]] = {
            "worker killed": self._kill_worker,
            "process of the pool killed": self._kill_child,
            "broker restarted": self._restart_broker,
            "connections cut": self._cut,
        }

    def burn(self) -> None:
        """Run to the end: every change made, every fault survived, every mark judged."""
        self._tell(f"seed {self.seed}, {self.changes} changes, {self.faults} faults, lossy: {self.is_lossy}")
        last = self.changes * 2 // 3  # after it nothing but edits, for a lost one to stay lost
        points = sorted(self.dice.randrange(last) for _ in range(self.faults))
        kinds = [list(self.kinds)[number % len(self.kinds)] for number in range(self.faults)]
        self.dice.shuffle(kinds)
        activation = self.faults // 3
        with self._editors() as editors:
            for number, (point, kind) in enumerate(zip(points, kinds, strict=True)):
                self._open([*points, self.changes][number + 1] + LEAD)
                if number == activation:
                    self._activate()
                self._wait(lambda: self._made() >= point or _ended(editors), f"{point} changes")  # noqa: B023
                self._tell(f"{self._made():6} changes: {kind}, {self.kinds[kind]()}")
            self._wait(is_built, "the activation to be over")
            (self.folder / "finish").touch()
            self._wait(lambda: _ended(editors), "the editors to end", seconds=1800)
        self._wait(is_quiet, "the sweeps to find everything")
        self._tell(f"{self._made():6} changes: quiet; {ScoreChange.objects.count()} rows of history")

    def _wait(self, done: Callable[[], object], what: str, *, seconds: float = 600) -> None:
        """Wait for ``done()``; a worker that ended by itself meanwhile is started anew, as compose does."""

        def supervised() -> object:
            for place, process in enumerate(self.running):
                self.running[place] = self.workers.kept(process, beat=place == 0, include=SLOW)
                if self.running[place] is not process:
                    self._tell(f"{self._made():6} changes: worker {place} had ended by itself")
            return done()

        wait_until(supervised, what, seconds=seconds)

    def _open(self, changes: int) -> None:
        """Let the editors go on to the next fault: a slow restart must not find them at their end."""
        gate = self.folder / "gate.new"
        gate.write_text(str(max(changes // EDITORS + 1, BURST)))
        gate.replace(self.folder / "gate")

    def _tell(self, line: str) -> None:
        self.told.append(line)
        logger.warning(line)

    def _made(self) -> int:
        return sum(file.stat().st_size for file in self.folder.glob("*.made"))

    @contextmanager
    def _editors(self) -> Iterator[list[subprocess.Popen[bytes]]]:
        self._open(0)
        share, rest = divmod(self.changes, EDITORS)
        editors = [self._editor(number, share + (number < rest)) for number in range(EDITORS)]
        try:
            yield editors
        finally:
            for editor in editors:
                editor.terminate()
                editor.wait(timeout=10)
        problems = [file.read_text() for file in sorted(self.folder.glob("*.edits"))]
        assert [editor.returncode for editor in editors] == [0] * EDITORS, "\n".join(problems)

    def _editor(self, number: int, changes: int) -> subprocess.Popen[bytes]:
        options = {"seed": self.seed * EDITORS + number, "changes": changes}
        own = self.ids[-OWN * (number + 1) :][:OWN]
        options |= {"first": self.ids[0], "last": self.ids[-OWN * EDITORS - 1]}
        command = [sys.executable, "-m", "tests.scoring.editor"]
        command += [f"--{name}={value}" for name, value in options.items()]
        command += [f"--gate={self.folder / 'gate'}", f"--progress={self.folder / f'{number}.made'}"]
        command += ["--own", *map(str, own)]
        command += ["--lossy"] if self.is_lossy else []
        with (self.folder / f"{number}.edits").open("wb") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=environment() | {"PGAPPNAME": "editor"}, stdout=log, stderr=log
            )

    def _worker(self, *, beat: bool = False) -> subprocess.Popen[bytes]:
        return self.workers.start(beat=beat, include=SLOW, waits=False)

    def _activate(self) -> None:
        """A new version of other floors comes into force; its ranges are built while faults go on."""
        lower_floor()
        generation = services.activate_due(now=timezone.now())
        assert generation is not None
        self._tell(f"{self._made():6} changes: generation {generation.pk} announced")
        self._wait(lambda: generation.ranges.filter(done_at__isnull=False).exists(), "the first range")

    def _kill_worker(self) -> str:
        place = self.dice.randrange(2)
        self.workers.kill(self.running[place])
        self.running[place] = self._worker(beat=place == 0)
        self.workers.ready(self.running[place])
        return "with beat" if place == 0 else "without beat"

    def _kill_child(self) -> str:
        """Of the worker without beat: embedded beat is a child too, and nobody would start it anew."""
        self._wait(lambda: _children(self.running[1]), "the pool to be there again")
        children = _children(self.running[1])
        subprocess.run(["kill", "-9", str(self.dice.choice(children))], check=False)
        return f"one of {len(children)}"

    def _restart_broker(self) -> str:
        pause = self.dice.uniform(0, 1.5)
        self.broker.stop()
        time.sleep(pause)
        self.broker.start()
        return f"gone for {pause:.1f} s"

    def _cut(self) -> str:
        """Up to two connections that are in a transaction, workers' rather than editors'."""
        limit = time.monotonic() + 5
        while not (busy := _busy()[:2]) and time.monotonic() < limit:
            time.sleep(0.01)
        with connection.cursor() as cursor:
            for pid, _name in busy:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        return ", ".join(name or "a worker's" for _pid, name in busy) or "nobody at work"


def _children(worker: subprocess.Popen[bytes]) -> list[int]:
    """The processes of its pool; none for a moment while it starts them anew, and once it ended."""
    if worker.poll() is not None:
        return []
    return [int(pid) for pid in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()]


def _busy() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, application_name FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend' "
            "ORDER BY application_name, random()"
        )
        return list(cursor.fetchall())


def _ended(editors: list[subprocess.Popen[bytes]]) -> bool:
    return all(editor.poll() is not None for editor in editors)


def is_quiet() -> bool:
    """Every mark is judged, nothing is being built and the live activation is told of."""
    logged = Generation.objects.filter(state="live", is_logged=True).exists()
    return not ChangedLead.objects.exists() and is_built() and logged


def is_built() -> bool:
    """Nothing is being built."""
    return not Generation.objects.filter(state="building").exists()


def wrong_scores() -> list[int]:
    """The leads whose live score isn't what a fresh judgement gives, each at its own time.

    That is the end of the day as of which it was written; or now, for one that was judged again later
    with the same result keeps its day.
    """
    now = timezone.now()
    zone = Organisation.current().tz
    generation = querysets.live_generation_id()
    assert generation is not None
    late = _differing(generation, now)
    for day in Score.objects.filter(generation_id=generation).values_list("as_of", flat=True).distinct():
        if day != day_number(now, zone):
            at = _end_of(day)
            rows = Score.objects.filter(generation_id=generation, as_of=day, lead_id__in=late)
            then = set(rows.values_list("lead_id", flat=True))
            late -= then - _differing(generation, at)
    return sorted(late)


def _end_of(day: int) -> datetime:
    midnight = datetime.fromordinal(datetime(1970, 1, 1).toordinal() + day + 1)  # noqa: DTZ001 - made aware below
    return midnight.replace(tzinfo=Organisation.current().tz) - timedelta(seconds=1)


def _differing(generation: int, at: datetime) -> set[int]:
    judge = Judge(querysets.specs_of(generation), at, Organisation.current().tz)
    with transaction.atomic():
        return {change.new.lead_id for change in judge.changes(generation, Leads(0, 2**63 - 1))}


def doubled_history() -> list[int]:
    """The rows of history that tell a change twice: nothing moved, or they don't begin where the row
    before ended, or they don't end where the score stands."""
    last: dict[tuple[int, int], ScoreChange] = {}
    wrong = []
    for row in ScoreChange.objects.order_by("id"):
        before = last.get((row.lead_id, row.generation))
        if _is_empty(row) or (before is not None and _ending(before) != _beginning(row)):
            wrong.append(row.pk)
        last[row.lead_id, row.generation] = row
    live = querysets.live_generation_id()
    scores = {score.lead_id: score for score in querysets.live_scores()}
    for (lead, generation), row in last.items():
        score = scores.get(lead)
        if generation == live and (score is None or _ending(row) != (score.total, score.grade)):
            wrong.append(row.pk)
    return wrong


def _beginning(row: ScoreChange) -> tuple[int | None, str | None]:
    return row.old_total, row.old_grade


def _ending(row: ScoreChange) -> tuple[int, str | None]:
    return row.new_total, row.new_grade


def _is_empty(row: ScoreChange) -> bool:
    moved = (row.budget, row.authority, row.need, row.timeframe, row.fit, row.engagement)
    stays = (row.old_grade, row.was_ready, row.old_total) == (row.new_grade, row.is_ready, row.new_total)
    return row.cause != "activation" and stays and not any(moved)
