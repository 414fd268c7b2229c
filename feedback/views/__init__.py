"""The pages of feedback: the queue, what was accepted, the SLA and the reasons."""
