"""The words of the glossary's part “Scores”."""

from alignment.terms.shape import Group, Term

SCORES = Group(
    "Scores",
    (
        Term(
            "points",
            "**Points**",
            "What the criteria of a dimension give, from 0 to its cap; **total** is their sum, 0 to 100.",
        ),
        Term(
            "generation",
            "**Generation**",
            "The scores of all leads under one set of active versions. A new one is built beside the "
            "live one, then takes its place at once.",
        ),
        Term(
            "explanation",
            "**Explanation**",
            "Why a lead has its grade: each criterion, what a cap cut, what decay took. It adds up.",
        ),
        Term(
            "as-of",
            "**As of**",
            "The day on which a lead was judged, in the company's zone.",
        ),
    ),
)
