"""The marks of leads whose facts changed and whose score is therefore due."""

from django.db import models

from leads.models.lead import Lead


class ChangeCause(models.TextChoices):
    """What changed; it becomes the cause in the history of the score."""

    EDIT = "edit", "Edited"
    IMPORT = "import", "Imported"
    ANSWER = "answer", "BANT answer"
    ACTIVITY = "activity", "Activity"
    COMPANY = "company", "Company edited"
    DECAY = "decay", "Sales stopped or resumed the clock of decay"


class ChangedLead(models.Model):
    """This lead must be judged again; at most one mark a lead.

    Written only by ``leads.marks.mark``, in the transaction of the change and in lead order, with
    ON CONFLICT DO UPDATE: *do nothing* would lose a mark that a worker is about to delete. No
    foreign key in the database, so that a worker and an editor can't wait for each other.
    """

    lead = models.OneToOneField(
        Lead, on_delete=models.CASCADE, primary_key=True, db_constraint=False, related_name="+"
    )
    cause = models.CharField(max_length=10, choices=ChangeCause)
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.cause}"
