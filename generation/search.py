"""Full-text search over titles and prompts: the same words on both databases, each with its own index."""

import re
import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

from .models import Clip, ClipText

LONGEST_WORD = 64
MOST_WORDS = 20
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters and without accents. Neither database's own parser is asked: they differ."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return [word[:LONGEST_WORD] for word in _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))]


@TextField.register_lookup
class HasWords(Lookup):  # type: ignore[type-arg] # not generic outside of the stubs
    """`words__has_words="red ball"`: every word begins a word of the text. Only for ClipText.words, which has the index."""

    lookup_name = "has_words"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """PostgreSQL: a vector of exactly these words, under a GIN index."""
        column, params = self.process_lhs(compiler, connection)
        asked = " & ".join(f"'{word}':*" for word in self.rhs.split())
        return f"array_to_tsvector(string_to_array({column}, ' ')) @@ %s::tsquery", [*params, asked]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # noqa: ARG002 - the signature of an expression
        """SQLite: the FTS5 table, which triggers keep in step."""
        table = compiler.quote_name_unless_alias(self.lhs.alias)
        asked = " ".join(f'"{word}"*' for word in self.rhs.split())
        found = "SELECT rowid FROM generation_cliptext_fts WHERE generation_cliptext_fts MATCH %s"
        return f"{table}.id IN ({found})", [asked]


def matching(clips: QuerySet[Clip], typed: str) -> QuerySet[Clip]:
    """Clips with every word that was typed, the beginning of a word counts; all of them where no word was typed."""
    wanted = words_of(typed)[:MOST_WORDS]
    if not wanted:
        return clips
    return clips.filter(pk__in=ClipText.objects.filter(words__has_words=" ".join(wanted)).values("clip"))


def index_clip(clip: Clip) -> None:
    """Write the words a clip is found by."""
    shots = clip.generation.snapshot["shots"]
    words = words_of(" ".join([clip.title, *(shot["prompt"] for shot in shots)]))
    ClipText.objects.update_or_create(clip=clip, defaults={"words": " ".join(dict.fromkeys(words))})
