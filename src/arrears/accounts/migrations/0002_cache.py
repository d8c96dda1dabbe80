"""The table of Django's database cache, which counts guesses at passwords for all processes."""

from __future__ import annotations

from django.db import migrations

_CREATE = """
create unlogged table accounts_cache (
    cache_key varchar(255) primary key,
    value text not null,
    expires timestamp with time zone not null
);
create index accounts_cache_expires on accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(_CREATE, "drop table accounts_cache")]
