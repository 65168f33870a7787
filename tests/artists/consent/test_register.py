"""The register: no use without a live consent at that moment and place, by service and by the database itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from freezegun import freeze_time

from artists.consent.models import Consent, ConsentEvent, Grant, Pause, Use
from artists.consent.queries import covers_use, may_use, uses_of
from artists.consent.services import pause_consents, record_use, resume_consents, set_reach, withdraw_consent
from artists.consent.services.register import Happened
from artists.people.models import Person
from generation.bin import delete_clip
from generation.models import Clip
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.consent import YEAR, given
from tests.factories.refusals import code_of
from tests.factories.together import at_once

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
Clips = Callable[..., Clip]


@pytest.fixture
def consent(ada: Person, sam: Person, clip_of: Clips) -> Consent:
    """Ada's, for social media, a year from now."""
    return given(clip_of(ada), sam)


def used(consent: Consent, staff: Person, **more: object) -> Use:
    """Recorded now, unless said otherwise."""
    values = {"at": timezone.now(), "where": "A post"} | more
    return record_use(consent, Happened(**values), actor=staff)


def row(consent: Consent, **more: object) -> Use:
    """A use as somebody would write it past all services."""
    values = {
        "consent": consent, "clip_id": consent.clip_id, "kind": consent.kind, "at": timezone.now(), "place": "world",
        "where": "x", "currency": "EUR", "recorded_at": timezone.now(), "recorded_by_label": "x",
    }  # fmt: skip
    return Use(**(values | more))


def refused_by_database(act: Callable[[], object]) -> bool:
    """Whether the database refuses it."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


def test_use_under_a_live_consent_is_recorded_and_its_author_sees_it(
    consent: Consent, ada: Person, ben: Person, sam: Person
) -> None:
    use = used(consent, sam, url="https://example.org/p/1", reach=10)
    set_reach(use, actor=sam, reach=1200)
    use.refresh_from_db()
    assert (use.reach, list(uses_of(ada)), list(uses_of(ben))) == (1200, [use], [])
    assert [event.kind for event in consent.events.all()] == ["given", "used"]


def test_use_without_a_live_consent_is_refused_with_its_reason(
    consent: Consent, ada: Person, sam: Person, clip_of: Clips
) -> None:
    now = timezone.now()
    assert code_of(lambda: used(consent, ada)) == "role"
    assert code_of(lambda: used(consent, sam, at=consent.given_at - SECOND)) == "consent-not-begun"
    assert code_of(lambda: used(consent, sam, at=now + DAY)) == "use-future"
    assert code_of(lambda: used(consent, sam, where=" ")) == "where-missing"
    assert code_of(lambda: used(consent, sam, place="Mars")) == "place-unknown"
    assert code_of(lambda: used(consent, sam, url="javascript:alert(1)")) == "url-not-web"
    assert code_of(lambda: used(consent, sam, reach=-1)) == "reach-wrong"
    with freeze_time(consent.ends_at):
        assert code_of(lambda: used(consent, sam)) == "consent-expired"
        assert used(consent, sam, at=consent.ends_at - SECOND).pk
    later = given(clip_of(ada), sam, starts_at=now + 5 * DAY, places=("FR",))
    assert code_of(lambda: used(later, sam, place="FR")) == "consent-not-begun"
    with freeze_time(now + 6 * DAY):
        assert code_of(lambda: used(later, sam, place="DE")) == "consent-place"


def test_withdrawal_holds_from_that_moment_and_is_done_once(
    consent: Consent, ada: Person, ben: Person, sam: Person
) -> None:
    used(consent, sam)
    assert code_of(lambda: withdraw_consent(consent, actor=ben)) == "not-found"
    assert code_of(lambda: withdraw_consent(consent, actor=sam)) == "not-found"
    assert [withdraw_consent(consent, actor=ada)[1] for _time in range(2)] == [True, False]
    assert (code_of(lambda: used(consent, sam)), may_use(consent.clip, "social").code) == ("consent-withdrawn",) * 2


def test_suspended_artist_still_withdraws(consent: Consent, ada: Person, sam: Person) -> None:
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
    assert withdraw_consent(consent, actor=ada)[1]


def test_deleted_film_is_used_no_more(consent: Consent, ada: Person) -> None:
    delete_clip(consent.clip, actor=ada)
    assert may_use(consent.clip, "social").code == "clip-deleted"


def test_pause_of_one_author_rests_it_until_its_end_or_theirs(consent: Consent, ada: Person, sam: Person) -> None:
    now = timezone.now()
    with freeze_time(now + DAY):
        pause = pause_consents(actor=ada, until=now + 9 * DAY)
        assert (covers_use(consent).code, code_of(lambda: used(consent, sam))) == ("consent-paused",) * 2
    with freeze_time(now + 9 * DAY):
        assert covers_use(consent).allowed
        assert not resume_consents(pause, actor=ada)
    with freeze_time(now + 10 * DAY):
        assert code_of(lambda: used(consent, sam, at=now + 2 * DAY)) == "consent-paused"
        second = pause_consents(actor=ada, until=now + 20 * DAY)
        assert code_of(lambda: pause_consents(actor=ada, until=now + 30 * DAY)) == "paused-already"
    with freeze_time(now + 11 * DAY):
        assert resume_consents(second, actor=ada)
        assert used(consent, sam).pk


def test_database_refuses_every_use_that_no_consent_covers(
    consent: Consent, ada: Person, sam: Person, clip_of: Clips
) -> None:
    now = timezone.now()
    other = clip_of(ada)
    empty = Consent.objects.create(
        asked=given(other, sam, kind="press").asked.request.works.create(clip=clip_of(ada), kind="press", where="x"),
        clip=other, kind="press", places=["world"], where="x", starts_at=now, ends_at=now + YEAR, currency="EUR",
        credit_line="x", given_at=now,
    )  # fmt: skip
    assert not refused_by_database(lambda: row(consent).save())
    tried = [
        row(consent, clip_id=other.pk), row(consent, kind="training"), row(consent, at=consent.given_at - SECOND),
        row(consent, at=consent.ends_at), row(empty, at=now + SECOND),
    ]  # fmt: skip
    assert [refused_by_database(one.save) for one in tried] == [True] * len(tried)
    Pause.objects.create(person=ada, since=now + DAY, until=now + 2 * DAY)
    assert refused_by_database(lambda: row(consent, at=now + DAY + SECOND).save())
    withdraw_consent(consent, actor=ada)
    assert refused_by_database(lambda: row(consent, at=now + 3 * DAY).save())


def test_database_refuses_to_widen_a_consent_or_to_rewrite_what_happened(
    consent: Consent, ada: Person, sam: Person
) -> None:
    use = used(consent, sam)
    mine = Consent.objects.filter(pk=consent.pk)
    later = consent.ends_at + YEAR
    tried = [
        lambda: mine.update(ends_at=later), lambda: mine.update(kind="training"), lambda: mine.update(places=["world", "DE"]),
        lambda: mine.update(fee=1), lambda: mine.update(given_at=consent.given_at - DAY),
        lambda: Use.objects.filter(pk=use.pk).update(at=consent.given_at - DAY),
        lambda: Use.objects.filter(pk=use.pk).update(kind="training"),
        lambda: Use.objects.filter(pk=use.pk).delete(),
        lambda: Grant.objects.filter(consent=consent).delete(),
        lambda: ConsentEvent.objects.filter(consent=consent).delete(),
        lambda: ConsentEvent.objects.filter(consent=consent).update(kind="withdrawn"),
        lambda: connection.cursor().execute("DELETE FROM consent_consent"),
    ]  # fmt: skip
    assert [refused_by_database(act) for act in tried] == [True] * len(tried)
    withdraw_consent(consent, actor=ada)
    assert refused_by_database(lambda: mine.update(withdrawn_at=None, state="given"))
    assert refused_by_database(lambda: mine.update(withdrawn_at=later))


@pytest.mark.django_db(transaction=True)
def test_withdrawing_and_recording_at_once_never_leave_a_use_after_the_withdrawal(
    consent: Consent, ada: Person, sam: Person
) -> None:
    acts = [lambda: withdraw_consent(consent, actor=ada), lambda: used(consent, sam)]
    at_once(2, lambda number: acts[number]())
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert all(use.at < consent.withdrawn_at for use in Use.objects.all())
