"""A step in words that a rep can use: what to ask or look up, and what it is worth."""

from datetime import date

from core.display import money, signed
from core.text import capital
from leads import countries
from leads.models import ActivityKind, BantDimension, BantLevel, Lead
from rules.fields import FieldType, registry
from rules.phrases import show_date, show_days
from scoring.steps.outcome import Step
from scoring.steps.parts import Answer, Fact, Invitation, Part

QUESTIONS = {
    BantDimension.BUDGET: "what they may spend",
    BantDimension.AUTHORITY: "who decides",
    BantDimension.NEED: "what they need it for",
    BantDimension.TIMEFRAME: "when they plan to buy",
}
ANSWERS = {
    (BantDimension.BUDGET, BantLevel.PARTIAL): "a budget that is planned",
    (BantDimension.BUDGET, BantLevel.MET): "a budget that is there",
    (BantDimension.AUTHORITY, BantLevel.PARTIAL): "a say in the decision",
    (BantDimension.AUTHORITY, BantLevel.MET): "“I decide”",
    (BantDimension.NEED, BantLevel.PARTIAL): "a need that is seen",
    (BantDimension.NEED, BantLevel.MET): "a need that is certain",
    (BantDimension.TIMEFRAME, BantLevel.PARTIAL): "some time soon",
    (BantDimension.TIMEFRAME, BantLevel.MET): "a time that is fixed",
}
FACTS = {
    "lead.title": "the job title",
    "lead.country": "the person's country",
    "lead.city": "the city",
    "lead.language": "the language",
    "lead.phone": "a phone number",
    "lead.email": "an e-mail address of the company",
    "company.industry": "the company's industry",
    "company.employees": "how many work for the company",
    "company.country": "the company's country",
}
REACHED_BY = ("lead.phone", "lead.email")
"""Facts of which only matters that they are there."""
INVITATIONS = {
    ActivityKind.WEBINAR: ("invite to a webinar", "attending"),
    ActivityKind.EVENT: ("invite to an event", "coming"),
    ActivityKind.FORM: ("invite to fill in a form", "sending it"),
    ActivityKind.DOWNLOAD: ("offer a download", "taking it"),
    ActivityKind.TRIAL: ("offer a trial", "starting it"),
    ActivityKind.PAGE_VIEW: ("send the link to a page", "opening it"),
}


def in_words(step: Step, lead: Lead) -> str:
    """``Ask when they plan to buy: within the next 90 days (met) is worth +15 and makes it A.``"""
    if len(step.parts) == 1:
        (part,) = step.parts
        example = "," if isinstance(part, Fact) and part.key not in REACHED_BY else ""
        return f"{capital(deed(part, lead))}: {_condition(part)}{example} {_worth(step)}."
    both = " and ".join(f"{deed(part, lead)} ({_condition(part, ': ')})" for part in step.parts)
    return f"{capital(both)}: together that {_worth(step)}."


def deed(part: Part, lead: Lead) -> str:
    """What to do: ``ask who decides``; by e-mail where somebody doesn't want to be called."""
    match part:
        case Answer():
            by = " by e-mail" if lead.do_not_call else ""
            return f"ask{by}{' again' if part.is_again else ''} {QUESTIONS[part.dimension]}"
        case Fact():
            named = FACTS.get(part.key) or f"“{registry.get(part.key).label}”"
            return f"{'find' if part.key in REACHED_BY else 'look up'} {named}"
        case Invitation():
            named = "with “{}” in its address" if part.kind == ActivityKind.PAGE_VIEW else "“{}”"
            return INVITATIONS[part.kind][0] + (f" {named.format(part.detail)}" if part.detail else "")


def _condition(part: Part, mark: str = "") -> str:
    """What must come of it: ``a say in the decision (partial)``; a value is an example."""
    match part:
        case Answer():
            level = str(part.level.label).lower()
            return f"{level}{mark}{_answer(part)}" if mark else f"{_answer(part)} ({level})"
        case Fact():
            return "having it" if part.key in REACHED_BY else f"{_value(part)}, for example"
        case Invitation():
            times = f" {part.times} times" if part.times > 1 else ""
            return f"{INVITATIONS[part.kind][1]}{times}"


def _answer(part: Answer) -> str:
    if part.days is not None:
        return f"within the next {show_days(part.days)}"
    if part.purchase_on is not None and not part.is_again:
        return f"on {show_date(part.purchase_on, registry.get('bant.timeframe.purchase_on'))}, for example"
    said = ANSWERS[part.dimension, part.level]
    if part.amount is not None:
        return f"{said}, of {money(part.amount, part.currency or registry.currency())}"
    return said


def _value(part: Fact) -> str:
    if part.key.endswith(".country"):
        return countries.country_name(str(part.value))
    field = registry.get(part.key)
    if field.type is FieldType.DATE:
        return show_date(date.fromisoformat(str(part.value)), field)
    if isinstance(part.value, bool):
        return "yes" if part.value else "no"
    return f"{part.value:,}" if isinstance(part.value, int) else f"“{part.value}”"


def _worth(step: Step) -> str:
    said = [f"is worth {signed(step.points)}"] if step.points else []
    made = [step.makes_grade] if step.makes_grade else []
    made += ["sales-ready"] if step.makes_ready else []
    if made:
        said.append(f"makes it {' and '.join(made)}")
    return " and ".join(said) or "is worth no points, but counts towards sales-ready"
