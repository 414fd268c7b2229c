"""What was agreed: definitions, versions, criteria, grades, SLA terms, reasons, sign-off."""
