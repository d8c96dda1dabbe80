"""Organisations of several kinds, with an address, and their API keys."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_cache"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="blocked_because",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="city",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="organisation",
            name="country",
            field=models.CharField(default="GB", max_length=2),
        ),
        migrations.AddField(
            model_name="organisation",
            name="email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[("creditor", "Creditor"), ("partner", "Partner"), ("operator", "Operator")],
                default="creditor",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="phone",
            field=models.CharField(blank=True, max_length=40),
        ),
        # In three steps: the default would be worked out once and given to every row there is.
        migrations.AddField("organisation", "public_id", models.UUIDField(null=True)),
        migrations.RunSQL(
            "update accounts_organisation set public_id = gen_random_uuid()", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            "organisation", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AddField(
            model_name="organisation",
            name="registration_number",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="organisation",
            name="state",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="organisation",
            name="street",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="organisation",
            name="zip",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("start", models.CharField(max_length=12)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("created_by", models.CharField(blank=True, max_length=254)),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_keys",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
    ]
