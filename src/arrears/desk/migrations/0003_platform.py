"""Partners, agreements, payments, quotes, messages, tasks, webhooks: the desk as a whole platform."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import arrears.desk.models.settings

_STAMP_CASES = """
create function desk_stamp_case() returns trigger language plpgsql as $$
begin
    new.change := pg_current_xact_id()::text::bigint;
    return new;
end
$$;
create trigger desk_case_changed before insert or update on desk_case
    for each row execute function desk_stamp_case();
"""

_STAMP_CASES_NO_MORE = """
drop trigger desk_case_changed on desk_case;
drop function desk_stamp_case();
"""

_STAMP_TERMS = """
create trigger desk_version_changed after insert or update or delete or truncate on desk_agreementversion
    for each statement execute function desk_stamp_network();
create trigger desk_grid_changed after insert or update or delete or truncate on desk_pricegrid
    for each statement execute function desk_stamp_network();
create trigger desk_bracket_changed after insert or update or delete or truncate on desk_gridbracket
    for each statement execute function desk_stamp_network();
create function desk_stamp_creditor() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        update desk_creditorstamp set stamp = gen_random_uuid() where creditor_id = old.creditor_id;
    else
        insert into desk_creditorstamp (creditor_id, stamp) values (new.creditor_id, gen_random_uuid())
        on conflict (creditor_id) do update set stamp = excluded.stamp;
    end if;
    return null;
end
$$;
create function desk_stamp_organisation() returns trigger language plpgsql as $$
begin
    insert into desk_creditorstamp (creditor_id, stamp) values (new.id, gen_random_uuid())
    on conflict (creditor_id) do update set stamp = excluded.stamp;
    return null;
end
$$;
create trigger desk_signature_changed after insert or update or delete on desk_signature
    for each row execute function desk_stamp_creditor();
create trigger desk_override_changed after insert or update or delete on desk_partneroverride
    for each row execute function desk_stamp_creditor();
create trigger desk_organisation_changed after insert or update on accounts_organisation
    for each row execute function desk_stamp_organisation();
insert into desk_creditorstamp (creditor_id, stamp) select id, gen_random_uuid() from accounts_organisation;
"""

_STAMP_TERMS_NO_MORE = """
drop trigger desk_organisation_changed on accounts_organisation;
drop trigger desk_override_changed on desk_partneroverride;
drop trigger desk_signature_changed on desk_signature;
drop function desk_stamp_organisation();
drop function desk_stamp_creditor();
drop trigger desk_bracket_changed on desk_gridbracket;
drop trigger desk_grid_changed on desk_pricegrid;
drop trigger desk_version_changed on desk_agreementversion;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_tenants_and_keys"),
        ("desk", "0002_network_stamp"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("standard agreement", "Standard Debt Collection Agreement"),
                            ("power of attorney", "Power of attorney"),
                            ("pricing appendix", "Jurisdiction pricing appendix"),
                        ],
                        max_length=30,
                    ),
                ),
                ("version", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("since", models.DateField()),
                ("must_be_signed_again", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("state", models.CharField(max_length=30)),
                ("answer_due", models.DateField(null=True)),
                ("raised_by", models.CharField(max_length=254)),
                ("raised_at", models.DateTimeField()),
                ("response", models.TextField(blank=True)),
                ("decision", models.TextField(blank=True)),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("event", models.CharField(max_length=40)),
                ("payload", models.TextField()),
                ("is_replay", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("held", "Held"),
                            ("delivered", "Delivered"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("next_attempt_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_status", models.PositiveSmallIntegerField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("delivered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DeskSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("desk_name", models.CharField(default="Arrears desk", max_length=200)),
                (
                    "allocation",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=arrears.desk.models.settings.default_allocation,
                        size=None,
                    ),
                ),
                ("check_minutes", models.PositiveIntegerField(default=60)),
                ("info_business_days", models.PositiveIntegerField(default=10)),
                ("quote_business_hours", models.PositiveIntegerField(default=120)),
                ("max_quotes", models.PositiveSmallIntegerField(default=5)),
                ("decide_days", models.PositiveIntegerField(default=14)),
                ("settle_business_days", models.PositiveIntegerField(default=30)),
                ("retention_years", models.PositiveIntegerField(default=6)),
            ],
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("to", models.CharField(max_length=254)),
                ("what", models.TextField()),
                ("why", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("registration_number", models.CharField(blank=True, max_length=100)),
                ("street", models.CharField(blank=True, max_length=200)),
                ("zip", models.CharField(blank=True, max_length=40)),
                ("state", models.CharField(blank=True, max_length=100)),
                ("city", models.CharField(max_length=100)),
                ("country", models.CharField(max_length=2)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("archived", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GridBracket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        choices=[("europe", "Europe"), ("world", "Outside Europe")], max_length=10
                    ),
                ),
                ("from_usd", models.DecimalField(decimal_places=2, max_digits=18)),
                ("points", models.DecimalField(decimal_places=3, max_digits=6)),
            ],
            options={
                "ordering": ["zone", "from_usd"],
            },
        ),
        migrations.CreateModel(
            name="InfoRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", models.CharField(max_length=30)),
                ("description", models.TextField()),
                ("party", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("party", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=254)),
                ("by_email", models.EmailField(blank=True, max_length=254)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("seen_by_creditor_at", models.DateTimeField(null=True)),
                ("seen_by_partner_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PartnerOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("jurisdiction", models.CharField(blank=True, max_length=5)),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("paid_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=3, max_digits=18)),
                ("currency", models.CharField(max_length=3)),
                ("recipient", models.CharField(max_length=30)),
                ("method", models.CharField(max_length=30)),
                ("note", models.TextField(blank=True)),
                ("to_principal", models.DecimalField(decimal_places=3, max_digits=18)),
                ("to_interest", models.DecimalField(decimal_places=3, max_digits=18)),
                ("to_reminder_fees", models.DecimalField(decimal_places=3, max_digits=18)),
                ("to_collection_fees", models.DecimalField(decimal_places=3, max_digits=18)),
                ("rate", models.DecimalField(decimal_places=4, max_digits=9)),
                ("fee", models.DecimalField(decimal_places=3, max_digits=18)),
                ("fee_vat", models.DecimalField(decimal_places=3, max_digits=18)),
                ("partner_share", models.DecimalField(decimal_places=3, max_digits=18)),
                ("creditor_share", models.DecimalField(decimal_places=3, max_digits=18)),
                ("settle_by", models.DateField()),
                ("settled_on", models.DateField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_note", models.CharField(blank=True, max_length=200)),
                ("returned_on", models.DateField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("recorded_by", models.CharField(max_length=254)),
                ("recorded_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("reversed_at", models.DateTimeField(null=True)),
                ("reversed_because", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["paid_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PeriodExtension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("event_date", models.DateField()),
                ("new_end", models.DateField()),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["event_date", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PriceGrid",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("jurisdiction", models.CharField(blank=True, max_length=5)),
                ("since", models.DateField()),
                ("over_6_months", models.DecimalField(decimal_places=3, default=0, max_digits=6)),
                ("over_12_months", models.DecimalField(decimal_places=3, default=0, max_digits=6)),
                ("over_24_months", models.DecimalField(decimal_places=3, default=0, max_digits=6)),
            ],
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("agreement", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("hourly_rate", models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True)),
                ("hours", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ("flat_fee", models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True)),
                ("success_fee", models.DecimalField(blank=True, decimal_places=3, max_digits=6, null=True)),
                ("court_costs", models.DecimalField(blank=True, decimal_places=3, max_digits=18, null=True)),
                ("fixed_price", models.BooleanField(default=False)),
                ("nature", models.CharField(max_length=20)),
                ("phase", models.CharField(max_length=20)),
                ("solution", models.TextField(blank=True)),
                ("fee_comments", models.TextField(blank=True)),
                ("why_us", models.TextField(blank=True)),
                ("valid_until", models.DateField()),
                ("state", models.CharField(max_length=20)),
                ("offered_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["offered_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="QuoteRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("scenario", models.CharField(max_length=20)),
                ("purpose", models.CharField(max_length=20)),
                ("phase", models.CharField(max_length=20)),
                ("text", models.TextField(blank=True)),
                ("max_quotes", models.PositiveSmallIntegerField()),
                ("state", models.CharField(max_length=20)),
                ("outcome", models.CharField(blank=True, max_length=60)),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("offers_done_at", models.DateTimeField(null=True)),
                ("decide_by", models.DateField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slice_seconds", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("requests", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("jurisdiction", models.CharField(blank=True, max_length=5)),
                ("creditor_name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("text_hash", models.CharField(max_length=64)),
                ("signer_name", models.CharField(max_length=200)),
                ("signer_title", models.CharField(max_length=200)),
                ("signer_email", models.EmailField(max_length=254)),
                ("drawn", models.TextField(blank=True)),
                ("signed_at", models.DateTimeField()),
                ("ip_address", models.GenericIPAddressField(null=True)),
                ("user_agent", models.TextField(blank=True)),
                ("pdf", models.BinaryField()),
                ("pdf_hash", models.CharField(max_length=64)),
                ("invalidated_at", models.DateTimeField(null=True)),
                ("invalidated_because", models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="SigningRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("jurisdiction", models.CharField(blank=True, max_length=5)),
                ("return_url", models.CharField(blank=True, max_length=2048)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("code_email", models.EmailField(blank=True, max_length=254)),
                (
                    "codes_sent_at",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), default=list, size=None
                    ),
                ),
                ("code_guesses", models.PositiveSmallIntegerField(default=0)),
                ("signed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StatusUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("actions", models.TextField()),
                ("recommendation", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=254)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-month"],
            },
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=255)),
                ("request_hash", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("body", models.TextField(blank=True)),
                ("address", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("party", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("due_on", models.DateField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("solved_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="VettingCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=40)),
                ("passed", models.BooleanField()),
                ("evidence", models.TextField()),
                ("checked_by", models.CharField(max_length=254)),
                ("checked_on", models.DateField()),
                ("expires_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("url", models.CharField(max_length=1024)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("is_test", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("disabled_because", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
        ),
        migrations.AlterModelOptions(
            name="document",
            options={"ordering": ["attached_at", "pk"]},
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="one_case_a_reference",
        ),
        migrations.RemoveField(
            model_name="partner",
            name="vetted",
        ),
        migrations.AddField(
            model_name="case",
            name="accepted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="assigned_email",
            field=models.EmailField(blank=True, max_length=320),
        ),
        migrations.AddField(
            model_name="case",
            name="check_after",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="claim_description",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="case",
            name="close_code",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="case",
            name="collection_fees",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name="case",
            name="comments",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="case",
            name="complex_claim",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="over_6_months",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name="case",
            name="over_12_months",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name="case",
            name="over_24_months",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name="case",
            name="debtor_erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="disputed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="finished_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="info_due",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="interest_fees",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name="case",
            name="mechanism",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="case",
            name="partner_reference",
            field=models.CharField(blank=True, max_length=128),
        ),
        migrations.AddField(
            model_name="case",
            name="period_start",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="phase",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="case",
            name="price_name",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="case",
            name="principal_usd",
            field=models.DecimalField(decimal_places=3, max_digits=18, null=True),
        ),
        # In three steps: the default would be worked out once and given to every row there is.
        migrations.AddField("case", "public_id", models.UUIDField(null=True)),
        migrations.RunSQL("update desk_case set public_id = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.AlterField(
            "case", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AddField(
            model_name="case",
            name="reminder_fees",
            field=models.DecimalField(decimal_places=3, default=0, max_digits=18),
        ),
        migrations.AddField(
            model_name="case",
            name="return_url",
            field=models.CharField(blank=True, max_length=2048),
        ),
        migrations.AddField(
            model_name="case",
            name="skip_check",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="tag",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField("case", "updated_at", models.DateTimeField(null=True)),
        migrations.RunSQL("update desk_case set updated_at = opened_at", migrations.RunSQL.noop),
        migrations.AlterField("case", "updated_at", models.DateTimeField()),
        migrations.AddField(
            model_name="case",
            name="withdrawal_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="by",
            field=models.CharField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="data",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("lifecycle", "Status"),
                    ("phase", "Phase"),
                    ("payment", "Payment"),
                    ("quote", "Quote"),
                    ("message", "Message"),
                    ("document", "Document"),
                    ("contract", "Contract"),
                    ("period", "Exclusive period"),
                    ("check", "Verification"),
                    ("note", "Note"),
                ],
                default="note",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="party",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="document",
            name="description",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="document",
            name="media_type",
            field=models.CharField(default="application/pdf", max_length=100),
        ),
        migrations.AddField(
            model_name="document",
            name="party",
            field=models.CharField(blank=True, max_length=20),
        ),
        # In three steps: the default would be worked out once and given to every row there is.
        migrations.AddField("document", "public_id", models.UUIDField(null=True)),
        migrations.RunSQL("update desk_document set public_id = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.AlterField(
            "document", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AddField(
            model_name="partner",
            name="about",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="partner",
            name="capacity",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="partner",
            name="email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="partner",
            name="exclusive",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="partner",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="partner",
            name="organisation",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="partner",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="partner",
            name="phone",
            field=models.CharField(blank=True, max_length=40),
        ),
        # In three steps: the default would be worked out once and given to every row there is.
        migrations.AddField("partner", "public_id", models.UUIDField(null=True)),
        migrations.RunSQL("update desk_partner set public_id = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.AlterField(
            "partner", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AddField(
            model_name="partner",
            name="suspended_because",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="partner",
            name="vat_rate",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            model_name="partner",
            name="website",
            field=models.URLField(blank=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="creditor_reference",
            field=models.CharField(blank=True, max_length=50),
        ),
        migrations.AlterField(
            model_name="case",
            name="idempotency_key",
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AlterField(
            model_name="case",
            name="price_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("Accepted quote", "Accepted quote"),
                    ("Creditor custom pricing", "Creditor custom pricing"),
                    ("Partner custom pricing", "Partner custom pricing"),
                    ("Jurisdiction custom pricing", "Jurisdiction custom pricing"),
                    ("Standard agreement", "Standard agreement"),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("OriginalInvoice", "Original invoice"),
                    ("DebtorDocuments", "From the debtor"),
                    ("CreditorDocuments", "From the creditor"),
                    ("PartnerDocuments", "From the partner"),
                    ("DemandLetter", "Demand letter"),
                    ("Miscellaneous", "Other"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.UniqueConstraint(fields=("kind", "version"), name="one_text_a_version"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="desk.partner"
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="complaints", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="desk.case",
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="disclosures", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="division",
            name="creditor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="divisions",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="division",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="desk.division",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["creditor", "-updated_at", "-id"], name="cases_changed_last"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["partner", "lifecycle"], name="cases_of_a_partner"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["lifecycle", "updated_at"], name="cases_by_lifecycle"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("creditor_reference", ""), _negated=True),
                fields=("creditor", "creditor_reference"),
                name="one_case_a_reference",
            ),
        ),
        migrations.AddField(
            model_name="inforequest",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="info_requests", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="partneroverride",
            name="creditor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="partner_overrides",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="partneroverride",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="overrides", to="desk.partner"
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="partner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="desk.partner",
            ),
        ),
        migrations.AddField(
            model_name="periodextension",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="extensions", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="pricegrid",
            name="creditor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="pricegrid",
            name="partner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grids",
                to="desk.partner",
            ),
        ),
        migrations.AddField(
            model_name="gridbracket",
            name="grid",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="brackets", to="desk.pricegrid"
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="quotes", to="desk.partner"
            ),
        ),
        migrations.AddField(
            model_name="quoterequest",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="quote_requests", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="quoterequest",
            name="invited",
            field=models.ManyToManyField(related_name="invitations", to="desk.partner"),
        ),
        migrations.AddField(
            model_name="quote",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="quotes", to="desk.quoterequest"
            ),
        ),
        migrations.AddField(
            model_name="requestcount",
            name="key",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.apikey"
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="creditor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="partner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to="desk.partner",
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to="desk.agreementversion",
            ),
        ),
        migrations.AddField(
            model_name="signingrequest",
            name="creditor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="signing_requests",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="signingrequest",
            name="partner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="desk.partner",
            ),
        ),
        migrations.AddField(
            model_name="statusupdate",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="updates", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="storedanswer",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="desk.case"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="creditor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="vettingcheck",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="desk.partner"
            ),
        ),
        migrations.AddField(
            model_name="webhook",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="webhooks",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="webhook",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="desk.webhook"
            ),
        ),
        migrations.AddConstraint(
            model_name="partneroverride",
            constraint=models.UniqueConstraint(
                fields=("creditor", "jurisdiction"), name="one_override_a_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="payment_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("to_principal"), "+", models.F("to_interest")
                                ),
                                "+",
                                models.F("to_reminder_fees"),
                            ),
                            "+",
                            models.F("to_collection_fees"),
                        ),
                    )
                ),
                name="payment_is_allocated",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("creditor_share"), "+", models.F("fee")
                                ),
                                "+",
                                models.F("fee_vat"),
                            ),
                            "+",
                            models.F("partner_share"),
                        ),
                    )
                ),
                name="payment_is_split",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricegrid",
            constraint=models.UniqueConstraint(
                fields=("creditor", "partner", "jurisdiction", "since"),
                name="one_grid_a_scope_and_day",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="gridbracket",
            constraint=models.UniqueConstraint(
                fields=("grid", "zone", "from_usd"), name="one_bracket_an_edge"
            ),
        ),
        migrations.AddConstraint(
            model_name="quoterequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at", None)),
                fields=("case",),
                name="one_open_quote_request_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.UniqueConstraint(fields=("request", "partner"), name="one_quote_a_partner"),
        ),
        migrations.AddConstraint(
            model_name="requestcount",
            constraint=models.UniqueConstraint(
                fields=("key", "slice_seconds", "started_at"), name="one_count_a_slice"
            ),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(fields=["creditor", "partner"], name="signatures_of_a_creditor"),
        ),
        migrations.AddConstraint(
            model_name="statusupdate",
            constraint=models.UniqueConstraint(fields=("case", "month"), name="one_update_a_month"),
        ),
        migrations.AddIndex(
            model_name="storedanswer",
            index=models.Index(fields=["answered_at"], name="answers_by_age"),
        ),
        migrations.AddConstraint(
            model_name="storedanswer",
            constraint=models.UniqueConstraint(
                fields=("organisation", "operation", "key"), name="one_answer_a_key"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("solved_at", None)), fields=["party", "due_on"], name="open_tasks"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("solved_at", None)),
                fields=("creditor", "case", "party", "kind", "subject"),
                name="one_open_task_a_subject",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["next_attempt_at"], name="deliveries_due"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["webhook", "-created_at"], name="deliveries_of_a_webhook"),
        ),
        migrations.AddField("case", "change", models.BigIntegerField(default=0, editable=False)),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["creditor", "change", "id"], name="cases_by_change"),
        ),
        migrations.RunSQL(_STAMP_CASES, _STAMP_CASES_NO_MORE),
        migrations.CreateModel(
            name="CreditorStamp",
            fields=[
                (
                    "creditor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.organisation",
                    ),
                ),
                ("stamp", models.UUIDField()),
            ],
        ),
        migrations.RunSQL(_STAMP_TERMS, _STAMP_TERMS_NO_MORE),
    ]
