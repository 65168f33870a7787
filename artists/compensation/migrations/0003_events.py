"""Know what payouts call a transfer, and which later payout holds what a bank sent back."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from artists.compensation.triggers import guard, lift


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    del apps
    guard(editor)


def take_away(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: SQLite makes a table anew for a column with a default, and drops its triggers with the old one."""
    del apps
    lift(editor)


class Migration(migrations.Migration):
    dependencies = [("compensation", "0002_guards")]
    operations = [
        migrations.RunPython(take_away, put),
        migrations.AddField(
            model_name="attempt",
            name="arrived_as",
            field=models.CharField(blank=True, help_text="what payouts call this transfer", max_length=80),
        ),
        migrations.AddField(
            model_name="payout",
            name="again_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holds_again",
                to="compensation.payout",
            ),
        ),
        migrations.AlterField(
            model_name="payout",
            name="read_at",
            field=models.DateTimeField(help_text="when the rail was asked; an older answer never replaces a newer one"),
        ),
        migrations.RunPython(put, take_away),
    ]
