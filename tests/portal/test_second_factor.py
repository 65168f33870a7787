"""The second factor: asked of reviewers, staff and operators before anything else, and of the session, not only the account."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from artists.people.models import Person
from tests.factories.codes import one_time_code

PASSWORD = "a long enough sentence"
SECRET = "JBSWY3DPEHPK3PXP"


def signed_in(person: Person) -> Client:
    """A browser that signed in with mail address and password."""
    if not person.check_password(PASSWORD):  # setting it anew would end other sessions
        person.set_password(PASSWORD)
        person.save()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("path", ["/", "/staff/", "/staff/invitations/", "/inbox/"])
def test_staff_without_second_factor_are_sent_to_set_one_up(sam: Person, path: str) -> None:
    page = signed_in(sam).get(path)
    assert (page.status_code, page["Location"].split("?")[0]) == (302, "/accounts/second-factor/")


def test_reviewer_without_second_factor_is_refused_with_a_code(rhea: Person) -> None:
    page = signed_in(rhea).post("/inbox/read/", headers={"Accept": "application/json"})
    assert (page.status_code, page.json()["code"]) == (403, "second-factor-needed")


@pytest.mark.parametrize(("setting", "status"), [("roles", 200), ("all", 302)])
def test_artist_needs_one_where_the_setting_says_all(ada: Person, settings: Any, setting: str, status: int) -> None:
    settings.VERNISSAGE_SECOND_FACTOR = setting
    assert signed_in(ada).get("/").status_code == status


@pytest.mark.django_db(transaction=True)
def test_staff_with_codes_set_up_in_this_session_go_on_and_another_session_shows_them(sam: Person) -> None:
    client, former = signed_in(sam), signed_in(sam)
    client.get("/accounts/2fa/totp/activate/")
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    done = client.post("/accounts/2fa/totp/activate/", {"code": one_time_code(SECRET)})
    assert (done.status_code, done["Location"]) == (302, "/accounts/2fa/recovery-codes/")
    kinds = sorted(Authenticator.objects.filter(user=sam).values_list("type", flat=True))
    assert (kinds, client.get("/staff/").status_code) == (["recovery_codes", "totp"], 200)
    assert former.get("/staff/").status_code == 302
    assert "Show it" in former.get("/accounts/second-factor/").content.decode()


def test_staff_sign_in_with_password_and_code(sam: Person) -> None:
    TOTP.activate(sam, SECRET)
    client = signed_in(sam)
    assert client.get("/staff/")["Location"].startswith("/accounts/login/")
    client.post("/accounts/2fa/authenticate/", {"code": one_time_code(SECRET)})
    assert client.get("/staff/").status_code == 200


def test_demonstration_link_counts_on_loopback_only(sam: Person, settings: Any) -> None:
    client = signed_in(sam)
    session = client.session
    session["second_factor"] = "demonstration link"
    session.save()
    assert client.get("/staff/").status_code == 200
    settings.LOOPBACK = False
    assert client.get("/staff/").status_code == 302


def test_page_never_leads_to_another_site(sam: Person) -> None:
    client = signed_in(sam)
    page = client.get("/accounts/second-factor/?next=https://elsewhere.example/")
    assert page.context["onward"] == "/"
