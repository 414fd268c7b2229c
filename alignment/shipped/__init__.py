"""Definitions to start from, as data; ``services.install_template`` writes one into the database."""

from alignment.shipped.bant import BANT
from alignment.shipped.shape import Template

__all__ = ["BANT", "Template"]
