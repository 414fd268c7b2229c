"""The words of the glossary's part “The hand-off”."""

from alignment.terms.shape import Group, Term

HANDOFF = Group(
    "The hand-off",
    (
        Term(
            "handoff",
            "**Handoff**",
            "One sales-ready episode of a lead. At most one is open.",
        ),
        Term(
            "cycle",
            "**Cycle**",
            "Which episode of the lead it is: 1, 2, 3.",
        ),
        Term(
            "pool",
            "**Pool**",
            "Handoffs that wait for an owner. A lead that waits there longer than its agreement allows "
            "for a first contact, in the working time of the default calendar, is **overdue in the "
            "pool**: the sales managers of the team hear of it, once. A lead there that is no longer "
            "sales-ready isn't counted: it stands in a list of its own and waits again once it is.",
        ),
        Term(
            "assignment",
            "**Assignment**",
            "A handoff in the hands of one owner, with due times of its own.",
        ),
        Term(
            "routing-rule",
            "**Routing rule**",
            "Which leads go to which team, and how they are dealt there: **round robin** (one after the "
            "other), **weighted** (in turn; a weight of 2 gets twice as many as 1) or **least loaded** "
            "(whoever has the smallest part of their capacity filled). The first that matches decides.",
        ),
        Term(
            "capacity",
            "**Capacity**",
            "How many undecided leads a rep has at most before new ones go to others. A new starter's "
            "grows evenly, day by day: the **ramp**.",
        ),
        Term(
            "take-back",
            "**Take back**",
            "A manager puts an undecided lead from its owner's hands into the pool. For a day it is there "
            "to be claimed, then it is dealt again, to somebody else if anybody else has room.",
        ),
        Term(
            "hand-over",
            "**Hand over**",
            "All open leads of one rep go to others, who are told what happened and what was promised.",
        ),
        Term(
            "attempt",
            "**Attempt**",
            "A call, mail or meeting of a rep's, or a note. A note is no response.",
        ),
        Term(
            "response",
            "**Response**",
            "The first call, mail or meeting of a person. It stops the response clock.",
        ),
        Term(
            "accept",
            "**Accept**",
            "The rep takes the lead (the field says SAL). Stops the decision clock.",
        ),
        Term(
            "reject",
            "**Reject**",
            "The rep says no, with a reason. Stops both clocks; the lead goes to nurture.",
        ),
        Term(
            "recycle",
            "**Recycle**",
            "Not now: the lead rests in nurture until a day that the rep names. Then it comes again, "
            "if it is sales-ready, as its next cycle.",
        ),
        Term(
            "cool-off",
            "**Cool-off**",
            "How long a rejected (30 days) or recycled lead (until its day) rests. It comes back earlier "
            "only if it changed enough since by something new of its own, such as an activity, an answer "
            "or an edit: its grade is better than the one that was decided on, or such facts brought it "
            "20 points more. Rules that changed, age and a grade set by hand never do. A duplicate or "
            "disqualified lead stays away. (30 and 20 are as shipped; an admin may set others.)",
        ),
        Term(
            "withdrawn",
            "**Withdrawn**",
            "The lead became a customer, was lost or was disqualified outside the queue, so its handoff "
            "ended. Clocks that still ran stopped with it and count for nobody; what was overdue before "
            "stays missed.",
        ),
        Term(
            "return",
            "**Return**",
            "Wrong owner: the lead goes back to the pool and is dealt out to somebody else. The episode "
            "keeps its age; the clocks of who returned it stop and count neither for nor against them.",
        ),
        Term(
            "duplicate",
            "**Duplicate**",
            "The same person as another lead, which is kept. The duplicate is never handed over again.",
        ),
        Term(
            "disqualify",
            "**Disqualify**",
            "Never: the lead is not handed over again, whatever it does. Needs a reason, as a "
            "rejection does.",
        ),
        Term(
            "undo",
            "**Undo**",
            "Takes a decision back within ten seconds: all stands as before, and the clocks never stopped.",
        ),
        Term(
            "callback",
            "**Callback**",
            "When the rep will try again. Sorts the queue; the clocks run on.",
        ),
        Term(
            "pause",
            "**Pause**",
            "Stops the clocks of a lead until a moment, with a reason, where the term allows it: at most 10 "
            "working days in all. What is due moves by the working time of the pause, and delays leave it "
            "out. A response or a decision ends it. What is overdue can't be paused.",
        ),
        Term(
            "outcome",
            "**Outcome**",
            "Qualified (SQL), won with an amount, lost.",
        ),
        Term(
            "content",
            "**Content**",
            "What marketing made for sales to show: a link, a text to copy, or both. It is offered on a "
            "lead for the question it answers, the objection it meets, the industry and the stage it is for. "
            "To copy or to send it is a **use**; it is no attempt.",
        ),
        Term(
            "working-time",
            "**Working time**",
            "The hours of the owner's calendar (else their team's, else the default one), without public and "
            "company holidays, other days off and their leave. A **working "
            "day** runs from a moment to the same moment of the next day that is worked.",
        ),
        Term(
            "background-work",
            "**Background work**",
            "What Bantam does by itself: judging leads, handing them over, watching what is due, sending "
            "mail. Where it stands still for five minutes, every page says so.",
        ),
    ),
)
