"""Let the database itself refuse a use without a live consent, a consent that grows, and a history that changes."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from artists.consent.triggers import guard, lift
from portal.audit.triggers import allow_changes, forbid_changes

EVENTS = "consent_consentevent"


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    del apps
    forbid_changes(editor, EVENTS)
    guard(editor)


def take_away(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    del apps
    lift(editor)
    allow_changes(editor, EVENTS)


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunPython(put, take_away)]
