"""Stacks and words of the clips that are there, and the index of the words: GIN on PostgreSQL, FTS5 on SQLite."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from generation.search import words_of
from generation.stacks import stack_of

TABLE, FTS = "generation_cliptext", "generation_cliptext_fts"
POSTGRESQL = (
    f"CREATE INDEX {FTS} ON {TABLE} USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)
# An external-content table: FTS5 keeps only the index, the words stay in the table of the model.
SQLITE = (
    f"CREATE VIRTUAL TABLE {FTS} USING fts5("
    f"words, content='{TABLE}', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2 3')",
    f"CREATE TRIGGER {FTS}_insert AFTER INSERT ON {TABLE} BEGIN "
    f"INSERT INTO {FTS}(rowid, words) VALUES (new.id, new.words); END",
    f"CREATE TRIGGER {FTS}_delete AFTER DELETE ON {TABLE} BEGIN "
    f"INSERT INTO {FTS}({FTS}, rowid, words) VALUES ('delete', old.id, old.words); END",
    f"CREATE TRIGGER {FTS}_update AFTER UPDATE ON {TABLE} BEGIN "
    f"INSERT INTO {FTS}({FTS}, rowid, words) VALUES ('delete', old.id, old.words); "
    f"INSERT INTO {FTS}(rowid, words) VALUES (new.id, new.words); END",
)


def make_index(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Each database's own."""
    del apps
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, None)


def drop_index(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away again."""
    del apps
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP INDEX IF EXISTS {FTS}", None)
        return
    for act in ("insert", "delete", "update"):
        editor.execute(f"DROP TRIGGER IF EXISTS {FTS}_{act}", None)
    editor.execute(f"DROP TABLE IF EXISTS {FTS}", None)


def fill(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What the films of before are found by, and the stacks they lie in."""
    del editor
    clips = apps.get_model("generation", "Clip").objects.select_related("generation")
    texts = apps.get_model("generation", "ClipText").objects
    for clip in clips.iterator(chunk_size=500):
        clip.stack = stack_of(clip.generation)
        clip.save(update_fields=["stack"])
        words = words_of(" ".join([clip.title, *(shot["prompt"] for shot in clip.generation.snapshot["shots"])]))
        texts.update_or_create(clip=clip, defaults={"words": " ".join(dict.fromkeys(words))})


class Migration(migrations.Migration):
    dependencies = [("generation", "0005_library")]
    operations = [
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
