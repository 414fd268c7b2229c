"""The words of the glossary's part “Figures”."""

from alignment.terms.shape import Group, Term

FIGURES = Group(
    "Figures",
    (
        Term(
            "in-time-compliance",
            "**In time** (compliance)",
            "Clocks that were due in the period and stopped by then / clocks that were due in the "
            "period. Open and overdue counts as missed. Left out: not yet due, and taken away from "
            "the owner before it was due.",
        ),
        Term(
            "at-risk",
            "**At risk**",
            "Open, not overdue, not paused, 75 % of the working time used.",
        ),
        Term(
            "overdue-breached",
            "**Overdue** (breached)",
            "Open, and the response or the decision is past its due time.",
        ),
        Term(
            "missed",
            "**Missed**",
            "Counts for compliance, and was not stopped in time.",
        ),
        Term(
            "never-touched",
            "**Never touched**",
            "Open, and no call, mail or meeting of a person since it was assigned.",
        ),
        Term(
            "until-assigned",
            "**Until assigned**",
            "From sales-ready to the first assignment, in elapsed whole minutes, the wait in the pool "
            "included: what the system took. The page of one lead adds later waits in the pool.",
        ),
        Term(
            "until-response",
            "**Until response**",
            "From assignment to the first response, in working time, without pauses.",
        ),
        Term(
            "until-decision",
            "**Until decision**",
            "From assignment to accept or reject, in working time, without pauses.",
        ),
        Term(
            "delay",
            "**Median**, **9 of 10 within**",
            "Of a delay of the leads assigned in the period: what half of them, and nine of ten, did not "
            "exceed, worked out from every single one; between two leads where it falls so.",
        ),
        Term(
            "due-in-the-next-hours",
            "**Due in the next hours**",
            "Open, not overdue, and the next of its clocks runs out then, by the clock on the wall.",
        ),
        Term(
            "room",
            "**Room**",
            "How many more undecided leads the reps who take leads are given. Undecided / (undecided + "
            "room) is how full their desks are.",
        ),
        Term(
            "split-by",
            "**Split by**",
            "Grade, source and version are those of the lead when it was assigned; the team is the one "
            "that its owner is in today.",
        ),
        Term(
            "commitment",
            "**Commitment**",
            "What a side owes a month. Marketing: leads that became sales-ready and were handed over, "
            "of all grades or of one; and the share accepted, of those sales decided on. Sales: first "
            "responses and decisions in time. A month is held against what was agreed at its end.",
        ),
        Term(
            "backtest",
            "**Backtest**",
            "The newest 2,000 decisions of the last 12 months judged again, each as of its moment on "
            "the facts stored with it, under the versions in force and under another. A fact that "
            "wasn't stored is today's, and the row is marked.",
        ),
        Term(
            "accepted-of-sales-ready-precision",
            "**Accepted of sales-ready** (precision)",
            "Accepted / decided leads that the version calls sales-ready.",
        ),
        Term(
            "found-of-the-accepted-recall",
            "**Found of the accepted** (recall)",
            "Sales-ready by the version / leads that sales accepted.",
        ),
        Term(
            "won",
            "**Won**",
            "Won / accepted leads whose end is known, won or lost.",
        ),
        Term(
            "accepted-after-use",
            "**Accepted after use** of a piece",
            "Accepted / accepted or rejected, of the handoffs in which it was used in the last 12 weeks "
            "before sales decided; each counts once. **Won** the same way: before the end was known.",
        ),
        Term(
            "lift-of-a",
            "**Lift of A**",
            "Share accepted of grade A / share accepted of all decided leads. 1 says that the grade "
            "means nothing.",
        ),
        Term(
            "range",
            "**Range**",
            "Where the true share lies in 95 of 100 samples, by Wilson's formula.",
        ),
        Term(
            "too-few-to-trust",
            "**Too few to trust**",
            "Fewer than 30: the range around one half is then wider than 17 points either way, so "
            "that 50 % can't be told from 67 %.",
        ),
        Term(
            "more-a-week-for-each-rep",
            "**More a week for each rep**",
            "(Leads that became sales-ready in the last 8 weeks under the version − under those in "
            "force) / 8 / reps who take leads. Judged at each week's end by activities and answers up "
            "to then, other facts as of today; a lead counts once. Up to 10,000 leads all are judged, "
            "else a sample, with its margin.",
        ),
        Term(
            "backlog",
            "**Backlog**",
            "Leads that aren't sales-ready today, would be with the version, and are in nobody's hands.",
        ),
        Term(
            "until-it-is-worked-off",
            "**Until it is worked off**",
            "Backlog / (decisions in the best of the last 8 weeks − leads that would come a week).",
        ),
    ),
)
