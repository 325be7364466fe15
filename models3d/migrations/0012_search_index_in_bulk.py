"""Let new entries of the word search be sorted in together: the index stays as it is, no rebuilding."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("models3d", "0011_bulk_edits")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER INDEX model_search RESET (fastupdate)",
                    "ALTER INDEX model_search SET (fastupdate = off)",
                )
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="model3d", name="model_search"),
                migrations.AddIndex(
                    model_name="model3d",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["search_vector"], name="model_search"
                    ),
                ),
            ],
        )
    ]
