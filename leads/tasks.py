"""What the workers do for leads."""

from celery import shared_task
from django.utils import timezone

from core.tasks import hint
from leads.imports import jobs
from leads.models import ImportJob
from leads.services import field_runs


@shared_task
def run_import(job_id: int) -> None:
    """Carry an import to its end, or on from where a worker that died left it."""
    jobs.run(job_id=job_id, clock=timezone.now)


@shared_task
def resume_imports() -> int:
    """Wake imports whose message or worker was lost; gives how many."""
    quiet = timezone.now() - jobs.STALLED
    open_states = (ImportJob.State.QUEUED, ImportJob.State.RUNNING)
    stalled = ImportJob.objects.filter(state__in=open_states, moved_at__lt=quiet)
    ids = list(stalled.values_list("pk", flat=True))
    for job_id in ids:
        hint(run_import, job_id)
    return len(ids)


@shared_task
def run_fields() -> int:
    """Do the work on leads that new and changed custom fields make; gives how much there was."""
    return field_runs.run_fields(clock=timezone.now)
