"""Formulas in a file that is given back: a spreadsheet shows them as text."""

import csv
import io
from typing import Any

import pytest
from django.utils import timezone

from leads.imports import jobs
from leads.models import ImportJob
from tests.ugly.world import World
from users.models import Role

MARKS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@pytest.mark.parametrize("mark", [*MARKS, "\t=", "\r=", " ="])
def test_what_was_left_out_is_exported_without_formulas(world: World, mark: str) -> None:
    now = timezone.now()
    content = f'Name,Email\nTom,"{mark}cmd|calc!A1"\nAna,ana@example.com\n'.encode()
    job = jobs.upload(content=content, file_name="x.csv", by=None, now=now)
    jobs.set_mapping(job=job, kind="leads", mapping={0: "name", 1: "email"}, system="", options={})
    jobs.start(job=job, by=None, now=now)
    jobs.run(job_id=job.pk, clock=lambda: now)
    assert ImportJob.objects.get(pk=job.pk).created == 2
    response: Any = world.client(Role.MARKETER).get(f"/leads/imports/{job.pk}/left-out.csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert any("cmd|calc" in cell for cell in cells)
    assert not [cell for cell in cells if cell.lstrip().startswith(MARKS)]
    assert response.headers["Content-Disposition"] == f'attachment; filename="import-{job.pk}-left-out.csv"'
