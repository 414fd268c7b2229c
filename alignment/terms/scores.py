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
            "grades-page",
            "**Grades** (the page)",
            "How the leads of all teams stand by grade, points and sales-ready: now, at the last count of "
            "each week, and in groups. The 20 largest groups are named, the others counted together.",
        ),
        Term(
            "groups",
            "**A or B**, **share sales-ready**, **mean points** of a group",
            "Of its leads with a grade. With fewer than 30 of them: too few.",
        ),
        Term(
            "grade-by-hand",
            "**Grade by hand** (override)",
            "A grade that somebody set with a reason and an end. It takes the place of the computed one "
            "before the gate; what forces a D still does.",
        ),
        Term(
            "next-step",
            "**Next step**",
            "What is unknown or unmet that would lift a lead, the least effort first. The engine tried it.",
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
