"""A large base made by the database itself: leads, companies, activities in the order of time, answers."""

from datetime import datetime

from django.db import connection

DAY = 86_400
MONTHS_6 = 180

COMPANIES = """
INSERT INTO leads_company (name, name_folded, domain, industry, industry_folded, employees, revenue,
  revenue_currency, revenue_reporting, country, city, buying, by_rfp, incumbent, incumbent_folded,
  incumbent_relationship, driver, driver_folded, department_driver, department_driver_folded, politics,
  politics_folded, created_at)
SELECT 'Company ' || n, 'company ' || n, 'c' || n || '.example.test', i, lower(i),
  (10 ^ (random() * 4))::int, e * 1000, 'EUR', e * 1000, (ARRAY['DE','FR','US','BR'])[1 + n %% 4], 'Town',
  (ARRAY['central','decentral',''])[1 + n %% 3], n %% 7 = 0, '', '', '', '', '', '', '', '', '', now()
FROM (SELECT n, (ARRAY['Software','Retail','Banking','Farming','Machinery','Media'])[1 + n %% 6] AS i,
  (10 ^ (random() * 6))::bigint AS e FROM generate_series(1, %s) n) made
"""
LEADS = """
INSERT INTO leads_lead ({columns})
SELECT {values}
FROM (SELECT n, (ARRAY['Chief Financial Officer','Sales Director','Project Manager','Assistant','Student',
  'Team Lead','Founder','Consultant','','Developer'])[1 + (random() * 9)::int] AS t
  FROM generate_series(1, %s) n) made
"""
LEAD_VALUES = {
    "name": "'Lead ' || n",
    "name_folded": "'lead ' || n",
    "email": "'lead' || n || '@c' || n %% 1000 || '.example.test'",
    "email_folded": "'lead' || n || '@c' || n %% 1000 || '.example.test'",
    "has_free_mail": "n %% 5 = 0",
    "phone": "''",
    "phone_e164": "''",
    "title": "t",
    "title_folded": "lower(t)",
    "driver": "''",
    "driver_folded": "''",
    "company_id": "CASE WHEN n %% 10 < 8 THEN 1 + (n::bigint * 7919) %% {companies} END",
    "country": "(ARRAY['DE','FR','US','BR',''])[1 + n %% 5]",
    "city": "''",
    "language": "'en'",
    "source": "(ARRAY['Web','Referral','Fair','Ads'])[1 + n %% 4]",
    "source_folded": "(ARRAY['web','referral','fair','ads'])[1 + n %% 4]",
    "stage": "'inquiry'",
    "stage_at": "now()",
    "do_not_call": "n %% 50 = 0",
    "is_unsubscribed": "n %% 30 = 0",
    "decay_stopped_at": "CASE WHEN n %% 100 = 0 THEN now() - interval '9 days' END",
    "has_external_id": "false",
    "extra": "'{{}}'",
    "attributes": "'{{}}'",
    "attributes_folded": "'{{}}'",
    "created_at": "now() - random() * interval '180 days'",
    "updated_at": "now()",
}
ACTIVITIES = """
INSERT INTO leads_activity (lead_id, kind, detail, detail_folded, at_epoch, day)
SELECT 1 + (random() * (%s - 1))::bigint, (%s)[1 + (random() * 9)::int], d, lower(d), at, at / 86400
FROM (SELECT n, %s + n::bigint * %s / %s AS at, (ARRAY['/pricing','/product/a','/product/b',
  '/blog/how-we-did-it','/','/about-us','/demo','/contact'])[1 + (random() * 7)::int] AS d
  FROM generate_series(1, %s) n) made
"""
KINDS = (
    *("page_view", "page_view", "page_view", "email_open", "email_open", "email_click"),
    *("form", "webinar", "download", "event"),
)
ANSWERS = """
INSERT INTO leads_bantanswer (lead_id, dimension, level, currency, text, evidence, source, at, expires_at)
SELECT n, (ARRAY['budget','authority','need','timeframe'])[1 + (n + k) %% 4], (random() * 2)::int, '', '', '',
  'rep', now() - random() * interval '200 days', now() + random() * interval '100 days'
FROM generate_series(1, %s, 5) n, generate_series(1, 2) k
"""


def make_base(leads: int, activities: int, now: datetime) -> None:
    """Fill empty tables with the same base for the same numbers; ids are 1 to ``leads``."""
    from leads.models import KIND_CODES

    companies = max(leads // 5, 1)
    kinds = [KIND_CODES[kind] for kind in KINDS]
    until = int(now.timestamp())
    span = MONTHS_6 * DAY
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(COMPANIES, [companies])
        columns = ", ".join(LEAD_VALUES)
        values = ", ".join(LEAD_VALUES.values()).format(companies=companies)
        cursor.execute(LEADS.format(columns=columns, values=values), [leads])
        cursor.execute(ACTIVITIES, [leads, kinds, until - span, span, max(activities, 1), activities])
        cursor.execute(ANSWERS, [leads])
    vacuum("leads_company", "leads_lead", "leads_activity", "leads_bantanswer")


def vacuum(*tables: str) -> None:
    """Statistics and visibility as autovacuum leaves them."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")


def drop_base() -> None:
    """Empty the tables of the base; ids begin at 1 again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE leads_lead, leads_company, leads_activity, leads_bantanswer, leads_changedlead "
            "RESTART IDENTITY CASCADE"
        )
