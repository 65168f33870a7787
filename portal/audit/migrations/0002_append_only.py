"""Let the database itself refuse to change or delete entries of the record."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal.audit.triggers import allow_changes, forbid_changes


def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    del apps
    forbid_changes(editor, "audit_entry")


def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    del apps
    allow_changes(editor, "audit_entry")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
