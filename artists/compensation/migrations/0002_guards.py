"""Let the database itself refuse books that change or do not balance, and promises that change afterwards."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from artists.compensation.triggers import guard, lift


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    del apps
    guard(editor)


def take_away(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    del apps
    lift(editor)


class Migration(migrations.Migration):
    dependencies = [("compensation", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunPython(put, take_away)]
