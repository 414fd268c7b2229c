"""``manage.py import_leads FILE``: the import of the pages, without a browser."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import ApplicationError
from leads.imports import jobs
from leads.imports.targets import LEFT_OUT
from leads.models import ImportJob

NAMED_PROBLEMS = 20


class Command(BaseCommand):
    """Import a CSV file of leads or activities; prints the mapping, the result and the first problems."""

    help = "Import a CSV file of leads or activities, recognising its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--kind", choices=ImportJob.Kind.values, help="what it holds, if not as recognised"
        )
        parser.add_argument("--system", help="the system whose ids the file has, such as hubspot")
        parser.add_argument("--dates", choices=["dmy", "mdy"], help="how dates with slashes are written")
        parser.add_argument("--number-rows", action="store_true", help="take row numbers as ids")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help=f"what a column is; “{LEFT_OUT}” leaves it out, nothing keeps it under its name",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            job = self._run(options)
        except OSError as error:
            raise CommandError(f"The file can't be read: {error.strerror}.") from None
        except ApplicationError as error:
            raise CommandError(error.message) from None
        self._tell(job)

    def _run(self, options: dict[str, Any]) -> ImportJob:
        path: Path = options["file"]
        job = jobs.upload(content=path.read_bytes(), file_name=path.name, by=None, now=timezone.now())
        mapping = {int(place): key for place, key in job.mapping.items()} | _corrections(job, options["map"])
        chosen: dict[str, object] = {"numbers_rows": options["number_rows"] or job.options["numbers_rows"]}
        if options["dates"]:
            chosen["date_order"] = options["dates"]
        job = jobs.set_mapping(
            job=job,
            kind=options["kind"] or job.kind,
            mapping=mapping,
            system=options["system"] or job.system,
            options=chosen,
        )
        jobs.start(job=job, by=None, now=timezone.now())
        for place, name in enumerate(job.header):
            self.stdout.write(f"  {name} -> {job.mapping.get(str(place), '(kept under its name)')}")
        jobs.run(job_id=job.pk, clock=timezone.now)
        return ImportJob.objects.get(pk=job.pk)

    def _tell(self, job: ImportJob) -> None:
        if job.state != ImportJob.State.DONE:
            raise CommandError(job.error or "The import was stopped.")
        self.stdout.write(
            f"{job.rows} rows: {job.created} created, {job.updated} updated, "
            f"{job.unchanged} unchanged, {job.left_out} left out."
        )
        for problem in job.problems.all()[:NAMED_PROBLEMS]:
            where = f"row {problem.row}" + (f", {problem.column}" if problem.column else "")
            self.stdout.write(f"  {where}: “{problem.value}” {problem.reason}")


def _corrections(job: ImportJob, given: list[str]) -> dict[int, str]:
    mapping = {}
    for each in given:
        name, equals, key = each.rpartition("=")
        if not equals or name not in job.header:
            raise CommandError(f"“{each}” names no column; write COLUMN=FIELD.")
        mapping[job.header.index(name)] = key
    return mapping
