"""Bantam's own words: the one place from which the glossary page and ``docs/glossary.md`` take them.

Markdown's ``**`` and ``*`` stand as in the docs. A new term goes here and there; a test compares them.
"""

from alignment.terms.agreement import AGREEMENT
from alignment.terms.figures import FIGURES
from alignment.terms.handoff import HANDOFF
from alignment.terms.leads import LEADS
from alignment.terms.scores import SCORES
from alignment.terms.shape import Group, Term

GROUPS = (LEADS, AGREEMENT, SCORES, HANDOFF, FIGURES)
TERMS = {term.key: term for group in GROUPS for term in group.terms}

__all__ = ["GROUPS", "TERMS", "Group", "Term"]
