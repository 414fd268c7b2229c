"""What sales did: routing, handoffs, SLA clocks, decisions, outcomes, reports."""
