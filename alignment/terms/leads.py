"""The words of the glossary's part “Leads”."""

from alignment.terms.shape import Group, Term

LEADS = Group(
    "Leads",
    (
        Term(
            "lead",
            "**Lead**",
            "A person who may buy. Has at least one of e-mail, phone, external id, name.",
        ),
        Term(
            "company",
            "**Company**",
            "Whom the lead works for.",
        ),
        Term(
            "buying-centre",
            "**Buying centre**",
            "How a company buys: by headquarters or by each site, by request for proposal or not, from whom "
            "today and how firmly it holds to them, what drives the company, the department and the "
            "person, and the politics. Each fact says who learned it and when.",
        ),
        Term(
            "custom-field",
            "**Custom field**",
            "A field of leads that the company made itself: text, number, date, yes or no, or a choice.",
        ),
        Term(
            "external-id",
            "**External id**",
            "What another system calls the lead: a pair of system and id, which names one lead.",
        ),
        Term(
            "stage",
            "**Stage**",
            "Where a lead stands: inquiry, sales-ready, accepted, qualified, customer, lost, "
            "disqualified, nurture.",
        ),
        Term(
            "activity",
            "**Activity**",
            "Something a lead did, with its moment: a page view, a form, a webinar.",
        ),
        Term(
            "campaign-touch",
            "**Campaign**, **touch**",
            "What marketing ran, and a moment at which it reached a lead. The first touch sourced the lead.",
        ),
        Term(
            "bant",
            "**BANT**",
            "Budget, Authority, Need, Timeframe: the four questions of qualification.",
        ),
        Term(
            "bant-answer",
            "**BANT answer**",
            "What somebody said of one dimension: unmet, partial or met, with value, evidence, source "
            "and time. It counts for 180 days unless told otherwise; the latest unexpired one counts.",
        ),
        Term(
            "bant-status",
            "**BANT status**",
            "Per dimension: an unexpired answer, else what the definition says the facts mean, shown "
            "as *inferred*.",
        ),
        Term(
            "do-not-call-unsubscribed",
            "**Do not call**, **unsubscribed**",
            "The lead may not be called, or not be mailed. Shown with the lead and obeyed.",
        ),
    ),
)
