"""The judging: versions compiled to one set-based statement, the same for one lead and for all."""
