"""What reps write: why they reject a lead, what happened on a call, why a deal was lost."""

from typing import Final

REJECTED: Final[dict[str, tuple[str, ...]]] = {
    "no_need": (
        "Joined the webinar out of interest, nobody at {company} plans anything new.",
        "{first} watches all our webinars but has no planning of their own to do.",
        "Wanted the slides for a talk. No project, and none in sight.",
        "They plan by hand with four people and are happy with that.",
        "Read the product pages for a market overview; it was never about buying.",
        "Nice chat, but they outsource the planning completely.",
    ),
    "has_solution": (
        "{company} signed with another vendor in spring, three years.",
        "Their ERP does the planning and the group doesn't allow a second tool.",
        "Have a home-grown tool with two developers. No chance this year.",
        "Group contract with another supplier until the end of next year.",
    ),
    "no_authority": (
        "{first} collects offers for somebody else and wouldn't say for whom.",
        "Title says manager, but {first} runs the office. The plant manager doesn't know of us.",
        "Can't decide anything above 500 euros; asked me to call again when the boss asks.",
        "Project manager without a project. Sent me to purchasing, purchasing sent me back.",
        "Has a say in the small things only. The board decides in {city}.",
    ),
    "no_budget": (
        "Spending stop at {company} until summer.",
        "Loved the demo and then fell off the chair at the price.",
        "No budget line for software this year, {first} confirmed it twice.",
        "Expected something for free.",
    ),
    "not_now": (
        "They move the plant first. Maybe in a year.",
        "Looked at the prices for next year's planning round; call again after the summer.",
        "ERP migration until autumn, nothing else gets a slot.",
        "{first} changes jobs next month and starts nothing any more.",
        "Interested, but the works council has to agree first. Not this half-year.",
    ),
    "too_small": (
        "Five people in one room. They need a whiteboard, not us.",
        "{company} is one site with a single machine.",
        "Far too big for us: 14 plants and a tender with 400 questions.",
    ),
    "wrong_market": (
        "A {industry} company has nothing to plan in our sense; wrong industry for us.",
        "Regulated: hosting, audit and outsourcing rules would take us a year. Not our market.",
        "Security questionnaire of 90 pages before the first call. We lose these every time.",
        "Outside the countries we can support.",
    ),
    "cant_be_reached": (
        "From the bought list again: {first} never heard of us and was annoyed.",
        "Number doesn't exist, mail bounces.",
        "Six tries in two weeks, no sign of life.",
        "{first} left {company} last year, the list is old.",
        "Says they never filled in anything. Where does this contact come from?",
    ),
    "other": (
        "A student who writes a thesis about planning tools.",
        "A competitor having a look around. Don't call.",
        "Already our customer under the name of the mother company.",
        "Looking for a job with us, not for software.",
    ),
}

RETURNED: Final = (
    "{company} is run from {city}, that is my colleague's area.",
    "Same group as a customer of the other team; they know each other.",
    "{first} wants to talk in another language than I can.",
    "We share an ex-employer, somebody else should take this one.",
)

NOTES: Final[dict[str, tuple[str, ...]]] = {
    "reached": (
        "Good talk. Plans with spreadsheets in two plants, wants to see the shift view.",
        "Short call; has read the guide, sends us an example plan.",
        "Knows the product from a colleague. Asked for two references.",
        "In a meeting, but took five minutes: late orders are the pain.",
        "Friendly and well prepared, wants a demo with the planner.",
        "",
    ),
    "answered": (
        "Wrote back within the hour: plans in spreadsheets, wants to see the shift view.",
        "Answered with three good questions and a slot on Thursday.",
        "",
    ),
    "no_answer": ("", "Rang out.", "Front desk says back tomorrow.", ""),
    "message": ("Left a message on the mailbox.", "Asked the assistant for a call back.", ""),
    "sent": (
        "Sent the short deck and two slots.",
        "Wrote with reference to the webinar.",
        "",
        "Follow-up sent.",
    ),
    "wrong": ("Number belongs to somebody else.", "Mail bounced."),
    "note": (
        "Check with the team lead whether we know the group.",
        "Another lead of the same company is with us already.",
        "Prefers mails in the afternoon.",
    ),
}

LOST: Final = (
    "Went with a cheaper tool of the ERP vendor.",
    "Project was stopped by the new owner.",
    "No decision after three months, they stay with spreadsheets.",
    "A competitor had the integration that they need.",
    "The sponsor left the company.",
)

EVIDENCE: Final[dict[str, tuple[str, ...]]] = {
    "budget": (
        "Budget is in this year's plan.",
        "Has to apply for it, sounds doable.",
        "Named a range on the phone.",
    ),
    "authority": (
        "Signs up to this amount.",
        "Decides together with the plant manager.",
        "Prepares it for the board.",
    ),
    "need": (
        "Two planners full time with spreadsheets.",
        "Late orders every week.",
        "Wants one plan for all sites.",
    ),
    "timeframe": ("Wants to start next quarter.", "Decision before the holidays.", "Some time this year."),
}
