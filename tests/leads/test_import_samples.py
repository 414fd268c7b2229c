"""Real shapes of other systems' exports: what each column is taken for, and what comes of the rows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from leads.imports import jobs
from leads.models import Activity, BantAnswer, Campaign, Company, ImportJob, Lead
from tests.paths import SHARED, needs_shared

pytestmark = [pytest.mark.django_db, needs_shared]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DATA = SHARED / "data"
SAMPLES = DATA / "crm_exports" / "samples"

MAPPINGS: dict[str, tuple[str, dict[str, str]]] = {
    "apollo_contacts.csv": (
        "apollo",
        {
            "Apollo Contact Id": "external_id",
            "First Name": "first_name",
            "Last Name": "last_name",
            "Email": "email",
            "Mobile Phone": "phone",
            "Title": "title",
            "Country": "country",
            "City": "city",
            "Company": "company.name",
            "Website": "company.domain",
            "Industry": "company.industry",
            "# Employees": "company.employees",
            "Annual Revenue": "company.revenue",
        },
    ),
    "google_ads_lead_form.csv": (
        "google_ads",
        {
            "Lead ID": "external_id",
            "User Name": "name",
            "User Email": "email",
            "User Phone": "phone",
            "Campaign Name": "campaign",
            "Date Submitted": "created",
        },
    ),
    "hubspot-crm-exports-all-contacts-2026-11-01.csv": (
        "hubspot",
        {
            "Record ID": "external_id",
            "First Name": "first_name",
            "Last Name": "last_name",
            "Email": "email",
            "Phone Number": "phone",
            "Original Source": "source",
            "Create Date": "created",
        },
    ),
    "linkedin_connections.csv": (
        "linkedin",
        {
            "URL": "external_id",
            "First Name": "first_name",
            "Last Name": "last_name",
            "Email Address": "email",
            "Position": "title",
            "Connected On": "created",
            "Company": "company.name",
        },
    ),
    "marketo_bulk_activities.csv": (
        "marketo",
        {
            "leadId": "activity.lead",
            "activityTypeId": "activity.kind",
            "activityDate": "activity.at",
            "primaryAttributeValue": "activity.detail",
            "marketoGUID": "activity.key",
        },
    ),
    "marketo_bulk_leads.csv": (
        "marketo",
        {
            "id": "external_id",
            "firstName": "first_name",
            "lastName": "last_name",
            "email": "email",
            "leadSource": "source",
            "createdAt": "created",
            "company": "company.name",
        },
    ),
    "pipedrive_leads_de_locale.csv": (
        "pipedrive",
        {
            "Lead - Pipedrive System ID": "external_id",
            "Contact person": "name",
            "Person - Email": "email",
            "Lead - Source channel": "source",
            "Lead - Creation date": "created",
            "Organization": "company.name",
        },
    ),
    "salesforce_dataloader_lead.csv": (
        "salesforce",
        {
            "ID": "external_id",
            "FIRSTNAME": "first_name",
            "LASTNAME": "last_name",
            "EMAIL": "email",
            "LEADSOURCE": "source",
            "CREATEDDATE": "created",
            "COMPANY": "company.name",
            "NUMBEROFEMPLOYEES": "company.employees",
            "ANNUALREVENUE": "company.revenue",
        },
    ),
    "salesforce_report_leads.csv": (
        "salesforce",
        {
            "First Name": "first_name",
            "Last Name": "last_name",
            "Email": "email",
            "Title": "title",
            "Lead Source": "source",
            "Create Date": "created",
            "Company / Account": "company.name",
        },
    ),
    "zoho_leads.csv": (
        "zoho",
        {
            "Record Id": "external_id",
            "Last Name": "last_name",
            "Email": "email",
            "Mobile": "phone",
            "Lead Source": "source",
            "Created Time": "created",
            "Company": "company.name",
            "Annual Revenue": "company.revenue",
        },
    ),
    **dict.fromkeys(
        ("meta_leads_utf16le_tab.csv", "meta_leads_utf8_comma.csv"),
        (
            "meta",
            {
                "id": "external_id",
                "full_name": "name",
                "email": "email",
                "phone_number": "phone",
                "platform": "source",
                "campaign_name": "campaign",
                "created_time": "created",
                "what_is_your_budget?_(eur)": "bant.budget",
            },
        ),
    ),
}


def upload(path: Path) -> ImportJob:
    return jobs.upload(content=path.read_bytes(), file_name=path.name, by=None, now=NOW)


def carry(path: Path) -> ImportJob:
    job = upload(path)
    jobs.start(job=job, by=None, now=NOW)
    jobs.run(job_id=job.pk, clock=lambda: NOW)
    done = ImportJob.objects.get(pk=job.pk)
    assert (done.state, done.error, done.content) == (ImportJob.State.DONE, "", None)
    return done


def counts(job: ImportJob) -> tuple[int, int, int, int]:
    return job.created, job.updated, job.unchanged, job.left_out


def test_every_sample_is_pinned() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == MAPPINGS.keys()


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_sample_is_recognised(name: str) -> None:
    job = upload(SAMPLES / name)
    system, mapping = MAPPINGS[name]
    assert job.system == system
    assert {job.header[int(place)]: key for place, key in job.mapping.items()} == mapping


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("apollo_contacts.csv", (1, 0, 0, 0)),
        ("google_ads_lead_form.csv", (1, 0, 0, 0)),
        ("hubspot-crm-exports-all-contacts-2026-11-01.csv", (3, 1, 0, 0)),
        ("linkedin_connections.csv", (1, 0, 0, 1)),
        ("marketo_bulk_leads.csv", (2, 0, 0, 0)),
        ("meta_leads_utf16le_tab.csv", (1, 0, 1, 1)),
        ("meta_leads_utf8_comma.csv", (1, 0, 1, 1)),
        ("pipedrive_leads_de_locale.csv", (2, 0, 0, 0)),
        ("salesforce_dataloader_lead.csv", (2, 0, 0, 0)),
        ("salesforce_report_leads.csv", (2, 0, 0, 3)),
        ("zoho_leads.csv", (2, 0, 0, 0)),
    ],
)
def test_a_sample_is_imported_and_a_repeat_changes_nothing(
    name: str, expected: tuple[int, int, int, int]
) -> None:
    assert counts(carry(SAMPLES / name)) == expected
    again = counts(carry(SAMPLES / name))
    assert (again[0], again[3]) == (0, expected[3])
    assert Lead.objects.count() == expected[0]


def test_activities_go_to_the_leads_of_the_same_system() -> None:
    assert counts(carry(SAMPLES / "marketo_bulk_activities.csv")) == (0, 0, 0, 2)
    carry(SAMPLES / "marketo_bulk_leads.csv")
    assert counts(carry(SAMPLES / "marketo_bulk_activities.csv")) == (2, 0, 0, 0)
    assert counts(carry(SAMPLES / "marketo_bulk_activities.csv")) == (0, 0, 2, 0)
    kinds = Activity.objects.order_by("at_epoch").values_list("kind", "detail")
    assert list(kinds) == [("page_view", "/pricing"), ("email_open", "Nurture 1")]


def test_values_arrive_as_they_are_meant() -> None:
    carry(SAMPLES / "meta_leads_utf8_comma.csv")
    rita = Lead.objects.get()
    assert (rita.phone_e164, rita.created_at) == (
        "+61255501234",
        datetime(2026, 7, 15, 21, 12, 13, tzinfo=UTC),
    )
    assert (BantAnswer.objects.get().text, Campaign.objects.get().name) == ("10-50k", "Summer")
    carry(SAMPLES / "salesforce_report_leads.csv")
    assert Lead.objects.get(email="joerg@mueller.example.test").title == "Einkäufer"
    carry(SAMPLES / "zoho_leads.csv")
    assert Company.objects.filter(revenue=1_117_100, revenue_currency="USD").exists()


@pytest.mark.parametrize("name", ["x_education/dev_first80.csv"])
def test_a_large_messy_file_is_imported_whole(name: str) -> None:
    job = carry(DATA / name)
    assert counts(job) == (7392, 0, 0, 0)
    mapped = {job.header[int(place)]: key for place, key in job.mapping.items()}
    assert mapped == {
        "Prospect ID": "external_id",
        "What is your current occupation": "title",
        "Country": "country",
        "City": "city",
        "Lead Source": "source",
        "Do Not Call": "do_not_call",
        "Do Not Email": "is_unsubscribed",
    }
    lead = Lead.objects.get(external_ids__value="571b5c8e-a5b2-4d57-8574-f2ffb06fdeff")
    assert lead.extra["Specialization"] == "Supply Chain Management"
    assert Lead.objects.filter(is_unsubscribed=True).exists()


def test_rows_without_any_identity_are_numbered() -> None:
    job = upload(DATA / "leadforge" / "lead_scoring_intro_v7.csv")
    assert job.options["numbers_rows"]
    assert counts(carry(DATA / "leadforge" / "lead_scoring_intro_v7.csv")) == (1000, 0, 0, 0)
