"""Indexes that find a part of a name or address, where the database is PostgreSQL and has pg_trgm.

An account that may not create the extension loses speed, not search: let the database's owner run
``CREATE EXTENSION pg_trgm`` and then ``migrate leads 0002`` and ``migrate``.
"""

import logging

from django.db import DatabaseError, migrations, transaction

INDEXES = (
    ("lead_name_trigrams", "leads_lead", "name_folded"),
    ("lead_email_trigrams", "leads_lead", "email_folded"),
    ("lead_phone_trigrams", "leads_lead", "phone_e164"),
    ("company_name_trigrams", "leads_company", "name_folded"),
)
logger = logging.getLogger(__name__)


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as error:
        logger.warning("Search reads whole tables, for pg_trgm can't be created: %s", error)
        return
    for name, table, column in INDEXES:
        schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({column} gin_trgm_ops)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, _table, _column in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    replaces = [("leads", "0002_search_by_trigrams")]
    dependencies = [("leads", "0002_history_is_kept")]
    operations = [migrations.RunPython(create, drop, elidable=False)]
