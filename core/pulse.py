"""Does the background work go on: judging, handing over, watching what is due, sending?

Every twenty seconds beat tells a worker to note the time, so what is noted grows old when beat, the broker or
all workers stand still, or when they have more to do than they can. Nothing else would tell people: a queue
in which nothing is overdue looks the same whether all is well or nobody looks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from core.models import Pulse

STILL = timedelta(minutes=5)
"""So old a pulse is no delay any more."""
READ_EVERY = timedelta(seconds=30)


@dataclass(slots=True)
class Watch:
    """What one process knows of the pulse; it reads it now and then, so that pages don't pay for it.

    ``began`` is when the process did: after a stop of all, the first pulse is given time to come.
    """

    began: datetime
    read_at: datetime | None = None
    pulse: datetime | None = None

    def still_since(self, now: datetime) -> datetime | None:
        """When the last sign of life came, if that is too long ago; None while the work goes on."""
        if self.read_at is None or not self.read_at <= now < self.read_at + READ_EVERY:
            self.read_at, self.pulse = now, Pulse.objects.values_list("at", flat=True).first()
        if self.pulse is None or now - max(self.began, self.pulse) < STILL:
            return None
        return self.pulse


watch = Watch(began=timezone.now())
