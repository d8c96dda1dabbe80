"""Find a creditor's few test cases among its many real ones: figures ask for their number each time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_platform")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("is_test", True)), fields=["creditor"], name="cases_for_testing"
            ),
        ),
    ]
