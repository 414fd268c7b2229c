"""The words of the glossary's part “The agreement”."""

from alignment.terms.shape import Group, Term

AGREEMENT = Group(
    "The agreement",
    (
        Term(
            "definition",
            "**Definition**",
            "The shared definition of a sales-ready lead.",
        ),
        Term(
            "version",
            "**Version**",
            "One wording of a definition: draft, proposed, signed, active, retired (or withdrawn, "
            "declined, expired). From *proposed* on nobody can change it.",
        ),
        Term(
            "side",
            "**Side**",
            "Marketing or sales. Each signs a version once, by different people.",
        ),
        Term(
            "dimension",
            "**Dimension**",
            "Budget, Authority, Need, Timeframe, Fit and Engagement. Each has a **cap**; caps sum to 100.",
        ),
        Term(
            "criterion",
            "**Criterion**",
            "A condition worth whole points, plus or minus, in one dimension.",
        ),
        Term(
            "cut",
            "**Cut**",
            "Points above a dimension's cap or below 0, which don't count. A line of the explanation.",
        ),
        Term(
            "decay",
            "**Decay**",
            "How the points of an activity fade with its age in whole days: not at all, inside a "
            "window, linear, in steps, by half-life. It stands still while sales works the lead.",
        ),
        Term(
            "grade",
            "**Grade**",
            "A to D, by floors on the total, or by a matrix of four by four: fit (the five dimensions "
            "besides engagement, together) against engagement.",
        ),
        Term(
            "disqualifier",
            "**Disqualifier**",
            "A condition that forces grade D.",
        ),
        Term(
            "gate",
            "**Gate**",
            "What makes a lead sales-ready: a minimum grade, a number of BANT dimensions at a level, "
            "must-haves.",
        ),
        Term(
            "sales-ready",
            "**Sales-ready**",
            "The lead passes the gate (the field says MQL).",
        ),
        Term(
            "reason",
            "**Reason**",
            "An entry of the agreed list of reasons to reject. Names what it contradicts and what it "
            "suggests to change.",
        ),
        Term(
            "sla-term",
            "**SLA term**",
            "For a grade, and optionally a source: how fast sales responds and decides, in working time.",
        ),
        Term(
            "scope",
            "**Scope**",
            "The condition that says which leads a definition judges.",
        ),
        Term(
            "objection",
            "**Objection**",
            "A comment that stands in the way of signatures until its author settles it or the "
            "mediator overrules it, with a reason, on record.",
        ),
        Term(
            "rollback",
            "**Rollback**",
            "A new version that says what an earlier one said, signed like any other. In an "
            "**emergency rollback** a manager of each side brings it into force in one step, past "
            "open objections.",
        ),
    ),
)
