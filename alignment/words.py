"""What a version says, in words: the same sentences on the page, in the diff and in the API."""

from alignment.models import Commitment, Criterion, Disqualifier, Grade, SlaTerm, Version
from alignment.spec import read_condition, read_criterion
from core.errors import ApplicationError
from core.text import capital
from leads.models import BantLevel
from rules.fields import Use
from rules.words import activity_in_words, in_words

UNREADABLE = "this can no longer be read: a field of it is gone"
MARKETING, SALES = "Marketing", "Sales"
OWED_BY = {
    Commitment.Kind.LEADS: MARKETING,
    Commitment.Kind.ACCEPTANCE: MARKETING,
    Commitment.Kind.FOLLOW_UP: SALES,
    Commitment.Kind.FEEDBACK: SALES,
}


def criterion_in_words(row: Criterion) -> str:
    """When it counts: ``Employees is at least 200``, or ``page views …: each time, at most 2 a day``."""
    try:
        spec = read_criterion(row)
        if spec.activity is None:
            return condition_in_words(row.condition)
        what = activity_in_words(spec.activity)
    except ApplicationError:
        return UNREADABLE
    parts = ["each time" if spec.is_per_occurrence else "once"]
    if spec.daily_cap:
        parts.append(f"at most {spec.daily_cap} a day")
    if spec.cap:
        parts.append(f"at most {spec.cap} points")
    if fading := spec.decay.in_words():
        parts.append(fading)
    return capital(f"{what}: {', '.join(parts)}")


def condition_in_words(data: object, use: Use = Use.CRITERION) -> str:
    """A stored tree as a sentence without its full stop; empty for none."""
    try:
        node = read_condition(data, use)
        return "" if node is None else capital(in_words(node))
    except ApplicationError:
        return UNREADABLE


def scope_in_words(version: Version) -> str:
    """Which leads it judges."""
    return condition_in_words(version.scope, Use.SCOPE) or "All leads"


def grades_in_words(version: Version) -> list[tuple[str, str]]:
    """(grade, its points) from A to D: ``("B", "50 to 69 points")``; by a matrix, how many of its cells."""
    if version.matrix is not None:
        cells = "".join(version.matrix["grades"])
        return [(grade, f"{cells.count(grade)} of the {len(cells)} cells") for grade in Grade.values]
    a, b, c = version.floor_a, version.floor_b, version.floor_c
    return [
        ("A", f"{a} points or more"),
        ("B", f"{b} to {a - 1} points"),
        ("C", f"{c} to {b - 1} points"),
        ("D", f"fewer than {c} points"),
    ]


def gate_in_words(version: Version) -> list[str]:
    """What a lead must reach to be sales-ready, one line each."""
    lines = [gate_grade(version)]
    if version.gate_bant_count:
        lines.append(gate_bant(version))
    if must := condition_in_words(version.gate_must_have):
        lines.append(must)
    return lines


def gate_grade(version: Version) -> str:
    """``Grade B or better``."""
    return f"Grade {version.gate_grade}" + (" or better" if version.gate_grade != "A" else "")


def gate_bant(version: Version) -> str:
    """``3 of the 4 BANT dimensions at least partly met``."""
    count = version.gate_bant_count
    if not count:
        return "No BANT dimension"
    at = "met" if version.gate_bant_level == BantLevel.MET else "at least partly met"
    return f"{'All' if count == 4 else count} of the 4 BANT dimensions {at}"


def disqualifier_in_words(row: Disqualifier) -> str:
    """When it forces D."""
    return condition_in_words(row.condition)


def term_in_words(term: SlaTerm) -> str:
    """``Response in 1 working hour, decision in 2 working days``, whether reps may pause the clock, or that
    it goes to nurture."""
    if not term.is_handed_over:
        return "Goes to nurture"
    response = amount_in_words(term.response_amount, term.response_unit)
    decision = amount_in_words(term.decision_amount, term.decision_unit)
    return f"Response in {response}, decision in {decision}{PAUSES if term.may_pause else ''}"


PAUSES = "; may be paused with a reason"
TAKES = " (then somebody else gets it)"


def ladder_in_words(term: SlaTerm) -> str:
    """Who is told when: ``owner at 75 %, owner and manager at 100 % of the time``; ``nobody``."""
    steps = [
        f"{' and '.join(step['tell'])} at {step['percent']} %{TAKES if step.get('takes') else ''}"
        for step in term.ladder
    ]
    return f"{', '.join(steps)} of the time" if steps else "nobody"


def commitment_in_words(row: Commitment) -> str:
    """``40 sales-ready leads a month``, ``70 % of the decided leads are accepted``."""
    match row.kind:
        case Commitment.Kind.LEADS:
            of_grade = f" of grade {row.grade}" if row.grade else ""
            return f"{row.amount:,} sales-ready leads{of_grade} a month"
        case Commitment.Kind.ACCEPTANCE:
            return f"{row.amount} % of the decided leads are accepted"
        case Commitment.Kind.FOLLOW_UP:
            return f"{row.amount} % are followed up in time"
        case _:
            return f"{row.amount} % are decided in time"


def amount_in_words(amount: int, unit: str) -> str:
    """``1 working hour``, ``5 working days``."""
    label = SlaTerm.Unit(unit).label
    return f"{amount} {label.removesuffix('s') if amount == 1 else label}"
