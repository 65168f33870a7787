"""A second factor as money asks for it: shown in this session, within minutes, by the person; what was typed is kept."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest, QueryDict
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time

from artists.people.looks import begin_look
from artists.people.models import Person
from artists.people.models.looks import LookKind
from artists.people.proofs import RECENT, keep_typed, recent, second_factor_shown_at, show_again_url, typed_before
from tests.factories.codes import one_time_code
from tests.factories.people import signed_in

SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "a long enough sentence"


def asked_by(client: Client, person: Person) -> HttpRequest:
    """A request of this browser, as a view has it."""
    request = HttpRequest()
    request.session, request.user = client.session, person  # type: ignore[assignment]
    return request


def by_password(person: Person, *, code: bool) -> Client:
    """A browser that signed in with a password, and with a one-time code."""
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    if code:
        client.post("/accounts/2fa/authenticate/", {"code": one_time_code(SECRET)})
    return client


def set_up_codes(client: Client) -> None:
    """Set one-time codes up in this browser."""
    client.get("/accounts/2fa/totp/activate/")
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    assert client.post("/accounts/2fa/totp/activate/", {"code": one_time_code(SECRET)}).status_code == 302


def test_code_shown_at_sign_in_counts_for_a_quarter_of_an_hour(sam: Person) -> None:
    TOTP.activate(sam, SECRET)
    before = timezone.now()
    client = by_password(sam, code=True)
    proof = second_factor_shown_at(asked_by(client, sam))
    assert proof is not None and before <= proof <= timezone.now()
    assert bool(recent(proof))
    with freeze_time(proof + RECENT + timedelta(seconds=1)):
        assert (second_factor_shown_at(asked_by(client, sam)), recent(proof).code) == (proof, "second-factor-old")


def test_password_alone_is_no_second_factor(ada: Person) -> None:
    assert second_factor_shown_at(asked_by(by_password(ada, code=False), ada)) is None
    assert recent(None).code == "second-factor-old"


def test_code_shown_again_counts_from_then(sam: Person) -> None:
    TOTP.activate(sam, SECRET)
    client = by_password(sam, code=True)
    first = second_factor_shown_at(asked_by(client, sam))
    assert first is not None
    # A minute on: the same code is not taken twice.
    with freeze_time(timezone.now() + timedelta(hours=1), tick=True):
        again = client.post(show_again_url("/staff/"), {"code": one_time_code(SECRET)})
        assert (again.status_code, again["Location"]) == (302, "/staff/")
        second = second_factor_shown_at(asked_by(client, sam))
        assert second is not None and second - first >= timedelta(minutes=59)
        assert bool(recent(second))


def test_session_of_somebody_else_proves_nothing(sam: Person, olga: Person) -> None:
    TOTP.activate(sam, SECRET)
    client = by_password(sam, code=True)
    assert second_factor_shown_at(asked_by(client, olga)) is None


def test_demonstration_link_counts_where_it_works(sam: Person, settings: Any) -> None:
    request = asked_by(signed_in(sam), sam)
    assert bool(recent(second_factor_shown_at(request)))
    settings.LOOPBACK = False
    assert second_factor_shown_at(request) is None


def test_somebody_viewing_as_an_artist_has_shown_nothing(sam: Person, ada: Person) -> None:
    request = asked_by(signed_in(sam), sam)
    request.viewer = begin_look(ada, LookKind.PAGES, reason="A question.", actor=sam)  # type: ignore[attr-defined]
    assert second_factor_shown_at(request) is None


def test_moment_that_is_to_come_proves_nothing() -> None:
    assert recent(timezone.now() + timedelta(hours=1)).code == "second-factor-old"


def test_what_was_typed_comes_back_once_and_on_its_page_only(sam: Person) -> None:
    request = asked_by(signed_in(sam), sam)
    request.POST = QueryDict("note=As+agreed.&csrfmiddlewaretoken=x&digest=abc")
    keep_typed(request, "/staff/a/")
    assert typed_before(request, "/staff/b/") == {}
    assert typed_before(request, "/staff/a/") == {"note": "As agreed.", "digest": "abc"}
    assert typed_before(request, "/staff/a/") == {}


def test_only_the_last_three_pages_are_kept(sam: Person) -> None:
    request = asked_by(signed_in(sam), sam)
    for number in range(5):
        request.POST = QueryDict(f"note={number}")
        keep_typed(request, f"/staff/{number}/")
    assert [dict(typed_before(request, f"/staff/{number}/")) for number in range(5)] == [
        {}, {}, {"note": "2"}, {"note": "3"}, {"note": "4"},
    ]  # fmt: skip


def test_password_takes_no_second_factor_away_and_sets_up_no_other(sam: Person) -> None:
    TOTP.activate(sam, SECRET)
    client = by_password(sam, code=True)
    first = second_factor_shown_at(asked_by(client, sam))
    with freeze_time(timezone.now() + timedelta(hours=1), tick=True):
        asked = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert (asked.status_code, asked["Location"]) == (302, "/accounts/2fa/reauthenticate/")
        gone = client.post("/accounts/2fa/totp/deactivate/")
        assert (gone.status_code, gone["Location"].split("?")[0]) == (302, "/accounts/2fa/reauthenticate/")
        assert Authenticator.objects.filter(user=sam, type=Authenticator.Type.TOTP).exists()
        assert second_factor_shown_at(asked_by(client, sam)) == first


@pytest.mark.django_db(transaction=True)
def test_first_one_set_up_counts_from_then_and_in_that_session_only(sam: Person) -> None:
    client = by_password(sam, code=False)
    other = Client()
    other.post("/accounts/login/", {"login": sam.email, "password": PASSWORD})
    begun = timezone.now()
    set_up_codes(client)
    proof = second_factor_shown_at(asked_by(client, sam))
    assert proof is not None and begun <= proof <= timezone.now()
    assert second_factor_shown_at(asked_by(other, sam)) is None


@pytest.mark.django_db(transaction=True)
def test_one_more_beside_it_is_no_proof_of_the_first(sam: Person) -> None:
    client = by_password(sam, code=False)
    set_up_codes(client)
    proof = second_factor_shown_at(asked_by(client, sam))
    assert proof is not None
    request = asked_by(client, sam)
    key = Authenticator.objects.create(user=sam, type=Authenticator.Type.WEBAUTHN, data={})
    with freeze_time(timezone.now() + timedelta(hours=1)):
        authenticator_added.send(sender=Authenticator, request=request, user=sam, authenticator=key)
        assert second_factor_shown_at(request) == proof
