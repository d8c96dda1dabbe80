"""The desk's tables."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import arrears.desk.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="NetworkStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stamp", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(choices=[("agency", "Agency"), ("law firm", "Law firm")], max_length=20),
                ),
                ("country", models.CharField(max_length=2)),
                ("fictional", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
                ("vetted", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(default=arrears.desk.models.new_reference, max_length=8, unique=True),
                ),
                ("creditor_reference", models.CharField(max_length=50)),
                ("idempotency_key", models.CharField(max_length=255)),
                ("body_hash", models.CharField(max_length=64)),
                ("debtor_name", models.TextField()),
                ("debtor_type", models.CharField(max_length=10)),
                ("debtor_street", models.TextField(blank=True)),
                ("debtor_city", models.TextField(blank=True)),
                ("debtor_zip", models.TextField(blank=True)),
                ("debtor_state", models.TextField(blank=True)),
                ("debtor_country", models.CharField(max_length=2)),
                (
                    "debtor_emails",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "debtor_phones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("debtor_contact", models.TextField(blank=True)),
                ("debtor_company_number", models.TextField(blank=True)),
                (
                    "invoice_numbers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("principal", models.DecimalField(decimal_places=3, max_digits=18)),
                ("outstanding", models.DecimalField(decimal_places=3, max_digits=18)),
                ("oldest_issued", models.DateField(null=True)),
                ("oldest_due", models.DateField(null=True)),
                ("lifecycle", models.CharField(max_length=30)),
                ("routing_reason", models.TextField()),
                ("rate", models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ("uplift", models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ("expected_fee", models.DecimalField(decimal_places=3, max_digits=18, null=True)),
                (
                    "price_source",
                    models.CharField(
                        blank=True, choices=[("Standard agreement", "Standard agreement")], max_length=40
                    ),
                ),
                ("price_as_of", models.DateField(null=True)),
                ("is_test", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="desk.partner",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="desk.case"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CoverageRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("jurisdiction", models.CharField(max_length=5)),
                ("debtor_type", models.CharField(blank=True, max_length=10)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("minimum_usd", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("maximum_usd", models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                ("priority", models.PositiveIntegerField(default=100)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="desk.partner"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("OriginalInvoice", "Original invoice")], max_length=30)),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                ("attached_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="desk.case"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "sha256"), name="one_copy_a_case")],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["creditor", "-opened_at", "-id"], name="cases_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=("creditor", "creditor_reference"), name="one_case_a_reference"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("principal__gt", 0)), name="principal_is_positive"
            ),
        ),
    ]
