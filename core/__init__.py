"""No domain: errors, audit log, outbox, locking, hooks and test helpers."""
