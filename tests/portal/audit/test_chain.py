"""The record: an unbroken chain, and what shows when somebody tampers."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from portal.access import System
from portal.audit.chain import record, verify
from portal.audit.models import Entry, Head
from tests.factories.emptying import triggers_lifted
from tests.factories.together import at_once

CLOCK = System("clock")
ENTRIES = 5
THREADS = 8
EACH = 5


@pytest.fixture
def chain(transactional_db: None) -> list[Entry]:
    """Five entries."""
    return [record(f"test.act_{number}", actor=CLOCK, detail={"n": number, "ä": "ö"}) for number in range(ENTRIES)]


def test_chain_untouched_verifies(chain: list[Entry]) -> None:
    verdict = verify()
    assert (verdict.entries, verdict.head, verdict.broken) == (ENTRIES, chain[-1].digest, None)


def test_record_rolled_back_leaves_no_entry(transactional_db: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record("test.act", actor=CLOCK)
        raise RuntimeError
    assert (Entry.objects.count(), verify().broken) == (0, None)


def test_body_with_one_byte_flipped_is_found(chain: list[Entry]) -> None:
    with triggers_lifted():
        Entry.objects.filter(number=3).update(body=chain[2].body.replace("act_2", "act_3"))
    assert verify().broken.number == 3


@pytest.mark.parametrize(
    ("column", "value"),
    [("action", "test.other"), ("actor_label", "Ada"), ("actor_id", 7), ("subject_id", "9"), ("subject_kind", "x.y")],
)
def test_column_altered_is_found(chain: list[Entry], column: str, value: object) -> None:
    with triggers_lifted():
        Entry.objects.filter(number=2).update(**{column: value})
    assert verify().broken.number == 2


def test_body_and_digest_rewritten_together_are_found_at_the_next_entry(chain: list[Entry]) -> None:
    from portal.audit.chain import _canonical, _link  # noqa: PLC0415 - what somebody with the source would use

    body = _canonical(json.loads(chain[1].body) | {"detail": {"n": 99}})
    with triggers_lifted():
        Entry.objects.filter(number=2).update(body=body, digest=_link(chain[0].digest, body))
    assert verify().broken.number == 3


def test_middle_row_deleted_is_found(chain: list[Entry]) -> None:
    with triggers_lifted():
        Entry.objects.filter(number=3).delete()
    assert verify().broken.number == 3


def test_rows_in_another_order_are_found(chain: list[Entry]) -> None:
    with triggers_lifted():
        for old, new in ((2, 90), (3, 2), (90, 3)):
            Entry.objects.filter(number=old).update(number=new)
    assert verify().broken.number == 2


def test_tail_cut_off_is_found(chain: list[Entry]) -> None:
    with triggers_lifted():
        Entry.objects.filter(number__gt=3).delete()
    assert (verify().broken.number, verify().entries) == (4, 3)


def test_head_moved_back_is_found(chain: list[Entry]) -> None:
    Head.objects.update(number=4, digest=chain[3].digest)
    assert verify().broken is not None


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_table_refuses_to_change(chain: list[Entry], statement: str) -> None:
    # SQLite has no TRUNCATE: there the statement is a syntax error, which refuses it too.
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (Entry.objects.count(), verify().broken) == (ENTRIES, None)


def test_appends_at_the_same_time_keep_one_chain(transactional_db: None) -> None:
    def append(who: int) -> list[str]:
        return [record(f"test.thread_{who}", actor=CLOCK, detail={"n": number}).action for number in range(EACH)]

    assert at_once(THREADS, append) == [[f"test.thread_{who}"] * EACH for who in range(THREADS)]
    assert (verify().entries, verify().broken) == (THREADS * EACH, None)
