"""Refuse changes of how a call to a rail ended, once that is written down."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from artists.compensation.triggers import renew


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the changed triggers in place."""
    del apps
    renew(editor, "compensation_attempt", "compensation_return")


class Migration(migrations.Migration):
    dependencies = [("compensation", "0003_who_decided")]
    operations = [migrations.RunPython(put, migrations.RunPython.noop)]
