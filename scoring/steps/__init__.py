"""The cheapest step to the next grade: what would lift a lead, tried by the engine."""

from scoring.steps.finding import next_steps
from scoring.steps.outcome import NextSteps, State, Step

__all__ = ["NextSteps", "State", "Step", "next_steps"]
