"""What a column of a file can become, and by which headers it is known."""

import re
from dataclasses import dataclass
from typing import Final

from core.text import fold
from leads.models import ImportJob

PREFIX: Final = re.compile(
    r"^(?:\(do not modify\) |leads?[ _]?[-_] ?|person - |contact - |organi[sz]ation - |deal - |activity - )"
)
UNITS: Final = re.compile(r"[_ ]?\((?:eur|usd|gbp|chf)\)")
Kind = ImportJob.Kind


@dataclass(frozen=True, slots=True)
class Target:
    """``headers`` are folded, without anything but letters and digits; the earlier ones win."""

    key: str
    label: str
    group: str
    headers: tuple[str, ...] = ()


def _targets(group: str, *rows: tuple[str, str, str]) -> tuple[Target, ...]:
    return tuple(Target(key, label, group, tuple(headers.split())) for key, label, headers in rows)


LEAD_TARGETS: Final = (
    *_targets(
        "Lead",
        ("external_id", "Id in the other system", "recordid contactid leadid prospectid apollocontactid "
         "pipedrivesystemid zohorecordid lead leadnumber id personid url"),
        ("name", "Full name", "fullname name contactperson personname username contactname leadname"),
        ("first_name", "First name", "firstname vorname prenom nombre givenname forename"),
        ("last_name", "Last name", "lastname nachname nom apellido surname familyname"),
        ("email", "E-mail", "email emailaddress workemail useremail emailwork emailadresse mail correo "
         "personemail personemailwork emailhome personemailhome businessemail"),
        ("phone", "Phone", "phone phonenumber mobilephone mobile workdirectphone businessphone userphone "
         "telephone telefon personphone phonework corporatephone homephone"),
        ("title", "Job title", "jobtitle title position role jobposition whatisyourcurrentoccupation "
         "occupation contactrole job berufsbezeichnung"),
        ("country", "Country", "country countryregion land pays pais countrycode ipcountry"),
        ("city", "City", "city ort stadt ville ciudad town"),
        ("language", "Language", "language preferredlanguage sprache locale"),
        ("source", "Source", "leadsource originalsource source sourcechannel leadorigin utmsource platform "
         "leadherkunft channel"),
        ("driver", "What drives the person", "persondriver personaldriver motivation whatdrivestheperson"),
        ("campaign", "Campaign", "campaignname campaign sourcecampaign primarycampaign utmcampaign"),
        ("created", "Created", "createdate createddate createdat createdtime creationdate datesubmitted "
         "submittedat createdon dateadded connectedon erstelltam created"),
        ("do_not_call", "Do not call", "donotcall donotphone donotallowphonecalls dnc"),
        ("is_unsubscribed", "Unsubscribed from e-mail", "donotemail unsubscribed unsubscribedfromallemail "
         "emailoptout hasoptedoutofemail optout donotallowemails"),
    ),
    *_targets(
        "Company",
        ("company.name", "Company", "company companyname companyaccount organization organisation "
         "account associatedcompany organizationname businessname firma unternehmen employer accountname"),
        ("company.domain", "Website", "website websiteurl companydomain domain homepage"),
        ("company.industry", "Industry", "industry branche sector companyindustry"),
        ("company.employees", "Employees", "employees numberofemployees noofemployees companysize "
         "numemployees employeecount mitarbeiter headcount"),
        ("company.revenue", "Yearly revenue", "annualrevenue companyrevenue revenue yearlyrevenue umsatz"),
        ("company.country", "Company's country", "companycountry"),
        ("company.city", "Company's city", "companycity"),
        ("company.buying", "Buying (central or decentral)", "buying buyingcentre buyingcenter procurement "
         "purchasing purchasingorganization einkauf"),
        ("company.by_rfp", "Buys by request for proposal", "rfp byrfp rfpdriven buysbyrfp rfprequired tender "
         "tenderrequired ausschreibung"),
        ("company.incumbent", "Supplier today", "incumbent incumbentsupplier incumbentvendor currentsupplier "
         "currentvendor currentprovider incumbentcompetitor bisherigeranbieter"),
        ("company.incumbent_relationship", "Tie to that supplier", "incumbentrelationship "
         "supplierrelationship vendorrelationship relationshipwithincumbent"),
        ("company.driver", "What drives the company", "companydriver companydrivers businessdriver "
         "businessdrivers"),
        ("company.department_driver", "What drives the department", "departmentdriver departmentdrivers"),
        ("company.politics", "Politics", "politics buyingpolitics internalpolitics"),
    ),
    *_targets(
        "BANT answers",
        ("bant.budget", "Budget", "budget whatisyourbudget budgetrange"),
        ("bant.authority", "Authority", "authority decisionmaker areyouthedecisionmaker decisionrole"),
        ("bant.need", "Need", "need painpoint whatdoyouneed challenge"),
        ("bant.timeframe", "Timeframe", "timeframe timeline purchasetimeframe whendoyouplantobuy timing"),
    ),
)  # fmt: skip
ACTIVITY_TARGETS: Final = _targets(
    "Activity",
    ("activity.lead", "Lead's id in the other system", "leadid contactid recordid prospectid whoid"),
    ("activity.email", "Lead's e-mail", "email emailaddress"),
    ("activity.kind", "Kind", "activitytypeid activitytype type kind event eventtype"),
    ("activity.at", "When", "activitydate date createdat timestamp occurredat time"),
    ("activity.detail", "Page, form or mail", "primaryattributevalue detail page url subject asset"),
    ("activity.campaign", "Campaign", "campaignname campaign"),
    ("activity.key", "The activity's own id", "marketoguid activityid eventid id guid"),
)
OUTCOME_TARGETS: Final = _targets(
    "Outcome",
    ("outcome.lead", "Lead's id in the other system", "leadid contactid recordid prospectid whoid personid"),
    ("outcome.email", "Lead's e-mail", "email emailaddress contactemail primarycontactemail"),
    ("outcome.kind", "What came of it", "outcome dealstage stagename stage result status dealstatus "
     "opportunitystage"),
    ("outcome.amount", "Amount", "amount dealamount value dealvalue amountincompanycurrency totalamount"),
    ("outcome.currency", "Currency", "currency dealcurrency currencyisocode amountcurrency"),
    ("outcome.text", "Why", "closedlostreason lossreason lostreason reason whylost churnreason"),
)  # fmt: skip
TARGETS: Final = {
    Kind.LEADS.value: {target.key: target for target in LEAD_TARGETS},
    Kind.ACTIVITIES.value: {target.key: target for target in ACTIVITY_TARGETS},
    Kind.OUTCOMES.value: {target.key: target for target in OUTCOME_TARGETS},
}
CUSTOM: Final = "attributes."
"""Before the slug of a custom field, as in ``LeadFacts``."""
LEFT_OUT: Final = "-"
"""The mapping of a column that isn't kept at all; an unmapped one is kept with the lead."""


def squeezed(header: str) -> str:
    """A header without prefix, case, accents, notes in brackets and anything but letters and digits."""
    text = PREFIX.sub("", fold(header))
    return re.sub(r"[\W_]+", "", UNITS.sub("", text))
