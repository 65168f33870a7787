"""Let the database itself refuse a change of what was published or sent, and a seat that is not there."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from artists.feedback.critique import triggers as critique
from artists.feedback.missions import triggers as missions
from artists.feedback.surveys import triggers as surveys

NOUNS = (surveys, critique, missions)


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    del apps
    for noun in NOUNS:
        noun.guard(editor)


def take_away(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    del apps
    for noun in NOUNS:
        noun.lift(editor)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_forms")]
    operations = [migrations.RunPython(put, take_away)]
