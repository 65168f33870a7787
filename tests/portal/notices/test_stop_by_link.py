"""The address in a mail that stops mail of its kind: signed, without signing in, one click (RFC 8058), nothing by looking."""

from collections.abc import Callable
from datetime import time

import pytest
from django.core import mail
from django.core.signing import Signer
from django.test import Client, override_settings
from django.urls import reverse

from artists.people.models import Person
from portal.audit.models import Entry
from portal.notices.kinds import DIGEST, Delivery
from portal.notices.models import MailChoice, MailHours, Notice
from portal.notices.queries import deliveries_of, hours_of
from portal.notices.services import choose_hours, choose_mail, send_letters
from portal.notices.stopping import Stop, stop_path
from tests.factories.notices import LEGAL, NEWS, QUIET, letters_to, told

CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def stranger(db: None) -> Client:
    """A mail program: no cookie, and tokens against forgery are asked for."""
    return Client(enforce_csrf_checks=True)


def test_one_click_stops_that_kind_of_that_person_and_nothing_else(ada: Person, ben: Person, stranger: Client) -> None:
    told(ada, "a")
    mail.outbox.clear()
    send_letters()
    sent = next(one for one in mail.outbox if one.subject == "a")
    where = str(sent.message()["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
    answer = stranger.post(where, CLICK)
    assert (answer.status_code, answer.cookies.output(), "Stopped" in answer.content.decode()) == (200, "", True)
    assert (deliveries_of(ada)[NEWS], deliveries_of(ada)["generation.ended"], deliveries_of(ben)[NEWS]) == (
        "never",
        "now",
        "now",
    )
    told(ada, "b")
    assert ([one.subject for one in letters_to(ada)], Notice.objects.filter(person=ada, kind=NEWS).count()) == (
        ["a"],
        2,
    )


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart"])
def test_both_forms_of_the_standard_are_understood(ada: Person, stranger: Client, content_type: str) -> None:
    where = stop_path(Stop(ada.pk, NEWS))
    if content_type == "multipart":
        answer = stranger.post(where, CLICK)
    else:
        answer = stranger.post(where, "List-Unsubscribe=One-Click", content_type=content_type)
    assert (answer.status_code, deliveries_of(ada)[NEWS]) == (200, "never")


def test_twice_is_once(ada: Person, stranger: Client) -> None:
    for kind in (NEWS, DIGEST):
        answers = [stranger.post(stop_path(Stop(ada.pk, kind)), CLICK).status_code for _number in range(2)]
        assert (kind, answers) == (kind, [200, 200])
    assert (MailChoice.objects.count(), Entry.objects.filter(action="notices.stop_by_link").count()) == (1, 2)


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing_and_asks(ada: Person, stranger: Client, method: str) -> None:
    where = stop_path(Stop(ada.pk, NEWS))
    answer = getattr(stranger, method)(where)
    assert (answer.status_code, MailChoice.objects.count()) == (200 if method == "get" else 405, 0)


def test_page_that_asks_says_what_and_not_whose(ada: Person, stranger: Client) -> None:
    page = stranger.get(stop_path(Stop(ada.pk, "generation.ended"))).content.decode()
    assert ("A film is ready, or could not be made" in page, ada.email in page, ada.name in page) == (
        True,
        False,
        False,
    )
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in page


def test_post_without_the_words_of_the_standard_is_refused(ada: Person, stranger: Client) -> None:
    for body in ({}, {"List-Unsubscribe": "Two-Click"}):
        answer = stranger.post(stop_path(Stop(ada.pk, NEWS)), body)
        assert (answer.status_code, "one-click-missing" in answer.content.decode()) == (422, True)
    assert MailChoice.objects.count() == 0


def forged(ada: Person) -> list[str]:
    real = stop_path(Stop(ada.pk, NEWS)).split("/")[-2]
    other = stop_path(Stop(ada.pk + 1, NEWS)).split("/")[-2]
    return [
        "x",
        real[:-1] + ("A" if real[-1] != "A" else "B"),
        f"{other.split(':')[0]}:{real.split(':')[1]}",  # somebody else's words, this signature
        Signer(salt="another").sign_object([ada.pk, NEWS]),
        Signer(salt="portal.notices.stopping").sign_object("short"),
        Signer(salt="portal.notices.stopping").sign_object([ada.pk, "no.such.kind"]),
        stop_path(Stop(ada.pk, LEGAL)).split("/")[-2],  # it is binding by now
        stop_path(Stop(10**9, NEWS)).split("/")[-2],  # nobody
    ]


def test_address_that_is_no_good_stops_nothing(ada: Person, stranger: Client) -> None:
    answers = []
    for signed in forged(ada):
        answer = stranger.post(reverse("mail_stop", args=[signed]), CLICK)
        answers.append((answer.status_code, "stop-unknown" in answer.content.decode()))
    assert (answers, MailChoice.objects.count()) == ([(404, True)] * 8, 0)


def test_address_signed_with_the_former_key_still_works(ada: Person, stranger: Client) -> None:
    where = stop_path(Stop(ada.pk, NEWS))
    from django.conf import settings

    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert stranger.post(where, CLICK).status_code == 200
    assert deliveries_of(ada)[NEWS] == "never"


def test_one_click_stops_the_digest_as_a_whole(ada: Person, stranger: Client) -> None:
    choose_mail(ada, {NEWS: Delivery.DAILY, QUIET: Delivery.DAILY}, actor=ada)
    choose_hours(ada, actor=ada, quiet_from=time(22), quiet_to=time(7), digest=True, digest_at=time(8))
    told(ada, "a")
    assert stranger.post(stop_path(Stop(ada.pk, DIGEST)), CLICK).status_code == 200
    kept = hours_of(ada)
    assert (kept.digest, kept.digest_due_at, kept.quiet_from) == (False, None, time(22))
    assert (deliveries_of(ada)[NEWS], Notice.objects.filter(in_digest=True).count()) == ("daily", 0)
    assert MailHours.objects.count() == 1


def test_somebody_who_is_signed_in_as_another_stops_the_mail_of_the_address(
    ada: Person, sam: Person, client_of: Callable[[Person], Client]
) -> None:
    assert client_of(sam).post(stop_path(Stop(ada.pk, NEWS)), CLICK).status_code == 200
    assert (deliveries_of(ada)[NEWS], MailChoice.objects.filter(person=sam).count()) == ("never", 0)


def test_one_who_is_not_active_any_more_can_stop_mail_too(ada: Person, stranger: Client) -> None:
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert stranger.post(stop_path(Stop(ada.pk, NEWS)), CLICK).status_code == 200
    assert deliveries_of(ada)[NEWS] == "never"


def test_staff_whose_session_shows_no_second_factor_reach_it(sam: Person) -> None:
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(stop_path(Stop(sam.pk, NEWS))).status_code == 200
