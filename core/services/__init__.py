"""What core changes: the outbox."""

from core.services.outbox import FOLD_FOR, LEASE, MAX_TRIES, enqueue_mail, send_outbox, settle_outbox

__all__ = ["FOLD_FOR", "LEASE", "MAX_TRIES", "enqueue_mail", "send_outbox", "settle_outbox"]
