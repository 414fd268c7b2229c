"""What core changes: the outbox and the pulse."""

from core.services.outbox import FOLD_FOR, LEASE, MAX_TRIES, enqueue_mail, send_outbox, settle_outbox
from core.services.pulse import note_pulse

__all__ = ["FOLD_FOR", "LEASE", "MAX_TRIES", "enqueue_mail", "note_pulse", "send_outbox", "settle_outbox"]
