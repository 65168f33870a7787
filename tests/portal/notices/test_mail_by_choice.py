"""A notice becomes mail as its person chose: now, in the digest, never; in their language and zone; not in quiet hours."""

from datetime import UTC, datetime, time

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext_lazy
from freezegun import freeze_time

from artists.people.models import Person
from portal.notices.kinds import Delivery, kinds
from portal.notices.models import Letter, MailHours, Notice
from portal.notices.services import choose_hours, choose_mail, send_letters
from tests.factories.notices import ALARM, LEGAL, NEWS, QUIET, in_zone, letters_to, told

MORNING = time(8)
NIGHT = {"quiet_from": time(22), "quiet_to": time(7), "digest": True, "digest_at": MORNING}


def sent_to(person: Person) -> list[str]:
    """Subjects that went out to this person."""
    return [one.subject for one in mail.outbox if one.to == [person.email]]


def test_notice_is_mailed_as_its_kind_begins_until_its_person_chooses(ada: Person, ben: Person) -> None:
    told(ada, "a")
    told(ada, "b", QUIET)
    choose_mail(ada, {NEWS: Delivery.NEVER, QUIET: Delivery.NOW}, actor=ada)
    for person in (ada, ben):
        told(person, "c")
        told(person, "d", QUIET)
    assert ([one.subject for one in letters_to(ada)], [one.subject for one in letters_to(ben)]) == (["d"], ["c"])
    assert Notice.objects.filter(person=ada, kind__startswith="tests.").count() == 4


def test_same_key_is_told_once(ada: Person) -> None:
    first, again = told(ada, "a"), told(ada, "a", title="Another")
    assert (first.pk, again.title, len(letters_to(ada))) == (again.pk, "a", 1)


def test_letter_is_in_the_readers_language_and_zone(ada: Person, ben: Person) -> None:
    told_at = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    with override_settings(LANGUAGES=[("en", "English"), ("de", "Deutsch")]), translation.override("fr"):
        for person in (in_zone(ada, "Asia/Tokyo", "de"), in_zone(ben, "Europe/Berlin", "tlh")):
            title, body = gettext_lazy("Monday"), "%(day)s, %(at)s"
            told(person, "a", title=title, body=body, fill={"day": gettext_lazy("Tuesday"), "at": told_at})
    his, hers = letters_to(ben)[0], letters_to(ada)[0]
    assert (hers.subject, his.subject) == ("Montag", "Monday")
    assert ("Dienstag, 2026-07-01 21:00 JST" in hers.text, "Tuesday, 2026-07-01 14:00 CEST" in his.text) == (True, True)
    assert ("Dienstag, 2026-07-01 21:00 JST" in hers.html, '<html lang="de">' in hers.html) == (True, True)
    assert Notice.objects.get(person=ada, key="a").body == "Dienstag, 2026-07-01 21:00 JST"


def test_html_in_words_is_text_and_a_subject_is_one_line(ada: Person) -> None:
    told(ada, "a", title="<b>x</b>\r\nBcc: y@example.org", body="<script>alert(1)</script> %(d)s")
    letter = letters_to(ada)[0]
    assert (letter.subject, "<script>" in letter.html, "%(d)s" in letter.text) == (
        "<b>x</b> Bcc: y@example.org",
        False,
        True,
    )
    assert send_letters() >= 1
    assert "<b>x</b> Bcc: y@example.org" in sent_to(ada)


@pytest.mark.parametrize(
    ("zone", "now", "ends"),
    [
        ("Europe/Berlin", "2026-06-01 21:00", "2026-06-02 05:00"),
        ("Europe/Berlin", "2026-03-28 22:00", "2026-03-29 05:00"),  # the night in which clocks go forward
        ("Europe/Berlin", "2026-10-24 21:00", "2026-10-25 06:00"),  # and the one in which they go back
        ("America/New_York", "2026-06-02 03:00", "2026-06-02 11:00"),
    ],
)
def test_mail_waits_until_quiet_hours_end(ada: Person, zone: str, now: str, ends: str) -> None:
    person = in_zone(ada, zone)
    with freeze_time(now) as clock:
        send_letters()
        mail.outbox.clear()
        choose_hours(person, actor=person, **NIGHT)
        for kind in (NEWS, LEGAL, ALARM):
            told(person, kind, kind)
        due = {one.kind: one.due_at for one in letters_to(person)}
        end = datetime.fromisoformat(ends).replace(tzinfo=UTC)
        assert (due[NEWS], due[LEGAL], due[ALARM] == end) == (end, end, False)
        send_letters()
        assert sent_to(person) == [ALARM]
        clock.move_to(end.replace(tzinfo=None))
        send_letters()
        assert sorted(sent_to(person)) == [ALARM, LEGAL, NEWS]


def test_letter_that_becomes_due_inside_quiet_hours_waits_too(ada: Person) -> None:
    """It was tried before they began, or they were chosen after it was written."""
    with freeze_time("2026-06-01 20:00") as clock:
        told(ada, "a")
        Letter.objects.filter(person=ada).update(attempts=3)
        choose_hours(ada, actor=ada, **NIGHT)
        mail.outbox.clear()
        clock.move_to("2026-06-01 23:00")
        assert (send_letters(), letters_to(ada)[0].due_at, letters_to(ada)[0].attempts) == (
            0,
            datetime(2026, 6, 2, 7, 0, tzinfo=UTC),
            3,
        )


def test_letters_go_out_when_quiet_hours_are_taken_back(ada: Person) -> None:
    with freeze_time("2026-06-01 23:00"):
        send_letters()
        choose_hours(ada, actor=ada, **NIGHT)
        told(ada, "a")
        mail.outbox.clear()
        assert send_letters() == 0
        choose_hours(ada, actor=ada, **(NIGHT | {"quiet_from": None, "quiet_to": None}))
        assert (send_letters(), sent_to(ada)) == (1, ["a"])


def test_suspension_is_urgent_and_nothing_else_of_ours_but_what_burns() -> None:
    ours = [kind for kind in kinds() if not kind.name.startswith("tests.")]
    assert [kind.name for kind in ours if kind.urgent] == [
        "pay.way_changed", "people.token", "program.ratify", "program.suspended"
    ]  # fmt: skip


def test_legal_kinds_are_binding_and_say_why() -> None:
    bound = [kind for kind in kinds() if kind.binding and not kind.name.startswith("tests.")]
    assert {
        "agreements.published", "agreements.signed", "appeals.answered", "consent.given", "consent.withdrawn", "people.look",
        "people.token", "program.suspended",
    } <= {kind.name for kind in bound}  # fmt: skip
    assert [kind.name for kind in bound if not kind.why or kind.default != Delivery.NOW] == []


def test_telling_the_hundredth_costs_no_more_than_the_second(ada: Person) -> None:
    told(ada, "first")
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as seen:
            told(ada, f"n{number}")
        counts.append(len(seen))
    assert counts == [counts[0]] * 3
    assert not MailHours.objects.filter(person=ada).exists()
