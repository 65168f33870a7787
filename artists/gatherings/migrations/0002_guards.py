"""Let the database itself refuse a seat that the room does not have."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from artists.gatherings.triggers import guard, lift


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    del apps
    guard(editor)


def take_away(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    del apps
    lift(editor)


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
