"""Keep who chose an applicant or answered a dispute: they do not approve the money. Refuse more changes of what was approved."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from artists.compensation.triggers import renew


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the changed triggers in place."""
    del apps
    renew(editor, "compensation_award", "compensation_payment")


class Migration(migrations.Migration):
    dependencies = [
        ("compensation", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "application",
            "decided_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            "dispute",
            "answered_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.RunPython(put, migrations.RunPython.noop),
    ]
