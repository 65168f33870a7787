"""Empty a test database between transactional tests: the append-only triggers are lifted for that moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from artists.compensation import triggers as compensation
from artists.consent import triggers as consent
from artists.consent.models import ConsentEvent
from artists.feedback.critique import triggers as critique
from artists.feedback.letters import triggers as letters
from artists.feedback.missions import triggers as missions
from artists.feedback.surveys import triggers as surveys
from artists.tariff import triggers as tariff
from portal.audit.models import Entry
from portal.audit.triggers import allow_changes, forbid_changes

GUARDED = (compensation, consent, critique, letters, missions, surveys, tariff)
APPEND_ONLY = tuple(model._meta.db_table for model in (Entry, ConsentEvent))  # noqa: SLF001 - Django's documented Model API


@contextmanager
def triggers_lifted() -> Iterator[None]:
    """The tables of the record can be changed inside; outside of a transaction only (SQLite)."""
    with connection.schema_editor() as editor:
        for table in APPEND_ONLY:
            allow_changes(editor, table)
        for subject in GUARDED:
            subject.lift(editor)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for table in APPEND_ONLY:
                forbid_changes(editor, table)
            for subject in GUARDED:
                subject.guard(editor)


def empty_append_only_tables_too() -> None:
    """Let Django's own emptying between transactional tests reach the tables of the record, once per run."""
    teardown = TransactionTestCase._fixture_teardown  # noqa: SLF001 - there is no public hook
    if getattr(teardown, "lifts_triggers", False):
        return

    def lifted(case: TransactionTestCase) -> None:
        with triggers_lifted():
            teardown(case)
        cache.clear()

    lifted.lifts_triggers = True  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lifted  # type: ignore[method-assign] # noqa: SLF001
