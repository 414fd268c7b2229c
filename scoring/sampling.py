"""A few leads that stand for all of them: those by which the builder counts, too."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q

from leads import counting
from leads.models import Lead


@dataclass(frozen=True, slots=True)
class Estimate:
    """About ``leads``, give or take ``margin`` in 95 of 100 samples; a margin of 0 is exact."""

    leads: int
    margin: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether every lead was counted."""
        return self.margin == 0


def sample_ids(size: int, *, seed: int = counting.SEED) -> list[int]:
    """About ``size`` ids of leads, each lead as likely as any other; all of them if there are no more.

    The same seed draws the same, so two drafts are compared on the same leads.
    """
    leads = Lead.objects.order_by("pk")
    ends = leads.order_by().aggregate(first=Min("pk"), last=Max("pk"), total=Count("pk"))
    if ends["total"] > size:
        leads = leads.filter(
            Q(counting.IdIn(counting.draw(ends["first"], ends["last"], ends["total"], size, seed=seed)))
        )
    return list(leads.values_list("pk", flat=True))


def estimate(found: int, *, size: int, total: int) -> Estimate:
    """How many of ``total`` leads are so, if ``found`` of a sample of ``size`` are."""
    if size >= total:
        return Estimate(found)
    counted = counting.estimate(found, size, total)
    return Estimate(counted.leads or 0, counted.margin or total)
