"""Invitations: used once, by the invited address, until the date."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time

from artists.invitations.models import Invitation
from artists.invitations.services import (
    accept,
    ask_again,
    bounce,
    decline,
    invitation_by,
    invite,
    resend,
    withdraw,
)
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import make_person
from portal.access import ANONYMOUS, Refused
from portal.audit.models import Entry
from portal.happenings.delivery import sweep as run_sweep
from portal.notices.models import Letter, Notice
from portal.notices.services import send_letters
from portal.program.limits import limits_of
from portal.program.models import Cohort, Membership
from tests.factories.people import SETUP
from tests.factories.together import at_once

EMAIL = "new@example.org"


@pytest.fixture
def invited(cohort_a: Cohort, sam: Person) -> tuple[Invitation, str]:
    """An invitation and the token of its link."""
    invitation, url = invite(EMAIL, cohort=cohort_a, actor=sam)
    return invitation, token_of(url)


def token_of(url: str) -> str:
    """The secret part of a link."""
    return url.rstrip("/").rpartition("/")[2]


@pytest.fixture
def guest(db: None) -> Person:
    """Somebody with the invited address and no role yet."""
    return make_person(EMAIL, "New", actor=SETUP)


def refusal(invitation: Invitation, person: Person) -> str:
    """The code with which accepting is refused."""
    with pytest.raises(Refused) as refused:
        accept(invitation, actor=person)
    return refused.value.decision.code


def test_invitation_accepted_gives_role_and_cohort(
    invited: tuple[Invitation, str], guest: Person, cohort_a: Cohort
) -> None:
    invitation, token = invited
    assert invitation_by(token).pk == invitation.pk
    assert accept(invitation, actor=guest)
    assert (guest.holds(Role.ARTIST), Membership.objects.get(person=guest).cohort_id) == (True, cohort_a.pk)


def test_invitation_keeps_no_token(invited: tuple[Invitation, str]) -> None:
    invitation, token = invited
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert Entry.objects.filter(body__contains=token).count() == 0


def test_invitation_used_is_refused(invited: tuple[Invitation, str], guest: Person) -> None:
    accept(invited[0], actor=guest)
    assert refusal(invited[0], guest) == "invitation-used"


def test_invitation_withdrawn_is_refused(invited: tuple[Invitation, str], guest: Person, sam: Person) -> None:
    withdraw(invited[0], actor=sam)
    assert refusal(invited[0], guest) == "invitation-closed"


def test_invitation_declined_is_refused(invited: tuple[Invitation, str], guest: Person) -> None:
    decline(invited[0], actor=ANONYMOUS, reason="No time.")
    assert refusal(invited[0], guest) == "invitation-closed"


def test_invitation_expired_is_refused_and_can_be_asked_for_again_once_which_staff_hear(
    cohort_a: Cohort, sam: Person, olga: Person, guest: Person
) -> None:
    invitation, _url = invite(EMAIL, cohort=cohort_a, actor=sam, life=timedelta(seconds=-1))
    assert refusal(invitation, guest) == "invitation-expired"
    assert (ask_again(invitation), ask_again(invitation)) == (True, False)
    run_sweep()
    told = Notice.objects.filter(kind="invitations.asked_again").order_by("person__email")
    assert [notice.person for notice in told] == [olga, sam]


def test_invitation_sent_again_has_a_new_link_and_date_and_the_former_leads_here_too(
    cohort_a: Cohort, sam: Person, guest: Person
) -> None:
    invitation, first = invite(EMAIL, cohort=cohort_a, actor=sam, life=timedelta(seconds=-1))
    ask_again(invitation)
    sent, second = resend(invitation, actor=sam)
    assert (sent.letters, sent.asked_again_at, sent.is_expired) == (2, None, False)
    assert {invitation_by(token_of(url)).pk for url in (first, second)} == {invitation.pk}
    assert [letter.subject for letter in Letter.objects.all()] == ["You are invited to Northlight"] * 2
    assert accept(invitation_by(token_of(first)), actor=guest)
    with pytest.raises(Refused) as refused:
        resend(invitation_by(token_of(second)), actor=sam)
    assert refused.value.decision.code == "invitation-used"


def test_invitation_sent_again_twice_from_one_page_writes_one_letter(
    invited: tuple[Invitation, str], sam: Person
) -> None:
    resend(invited[0], actor=sam)
    with pytest.raises(Refused) as refused:
        resend(invited[0], actor=sam)
    assert (refused.value.decision.code, Letter.objects.count()) == ("invitation-just-sent", 2)


def test_invitation_is_opened_when_the_link_is_visited(invited: tuple[Invitation, str], cohort_a: Cohort) -> None:
    cohort_a.pay = ""
    page = Client().get(f"/invite/{invited[1]}/")
    row = Invitation.objects.get()
    assert (page.status_code, row.state, row.opened_at is not None) == (200, "opened", True)
    Client().get(f"/invite/{invited[1]}/")
    assert Invitation.objects.get().opened_at == row.opened_at


def test_invitation_declined_keeps_the_reason_and_tells_the_inviter(
    invited: tuple[Invitation, str], sam: Person
) -> None:
    page = Client().post(f"/invite/{invited[1]}/decline/", {"reason": "  No time.  "}, follow=True)
    row = Invitation.objects.get()
    assert (page.status_code, row.state, row.reason) == (410, "declined", "No time.")
    run_sweep()
    assert [notice.title for notice in Notice.objects.filter(person=sam)] == [f"{EMAIL} declined the invitation"]


def test_invitation_signed_in_as_somebody_else_says_which(
    invited: tuple[Invitation, str], ben: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ben)
    said = f"This invitation is for {EMAIL}; you are signed in as {ben.email}."
    assert said in client.get(f"/invite/{invited[1]}/").content.decode()
    refused = client.post(f"/invite/{invited[1]}/accept/", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"], refused.json()["message"]) == (
        403,
        "invitation-not-yours",
        said,
    )
    assert Invitation.objects.get().person is None


def test_invitation_of_an_address_that_has_one_open_is_refused_and_an_expired_one_is_replaced(
    invited: tuple[Invitation, str], cohort_a: Cohort, sam: Person
) -> None:
    with pytest.raises(Refused) as refused:
        invite(EMAIL.upper(), cohort=cohort_a, actor=sam)
    assert refused.value.decision.code == "already-invited"
    with freeze_time(timezone.now() + timedelta(days=15)):
        invite(EMAIL, cohort=cohort_a, actor=sam)
    assert list(Invitation.objects.values_list("state", flat=True)) == ["sent", "withdrawn"]


def test_invitation_gives_the_quota_that_was_agreed(cohort_a: Cohort, sam: Person, guest: Person) -> None:
    invitation, _url = invite(EMAIL, cohort=cohort_a, actor=sam, daily_seconds=7)
    accept(invitation, actor=guest)
    assert (limits_of(guest).daily_seconds, cohort_a.daily_seconds) == (7, 120)


@pytest.mark.parametrize("role", [Role.STAFF, Role.OPERATOR])
def test_invitation_above_ones_own_role_is_refused(sam: Person, olga: Person, role: Role) -> None:
    with pytest.raises(Refused) as refused:
        invite(EMAIL, cohort=None, actor=sam, role=role)
    assert (refused.value.decision.code, Invitation.objects.count()) == ("role-above-yours", 0)
    assert invite(EMAIL, cohort=None, actor=olga, role=role)[0].role == role


def test_invitation_bounces_when_the_mail_server_refuses_the_address(
    invited: tuple[Invitation, str], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.doubles.mail.RefusingBackend"
    assert (send_letters(), send_letters()) == (0, 0)
    run_sweep()
    row, letter = Invitation.objects.get(), Letter.objects.get()
    assert (row.state, row.reason) == ("bounced", "550 no such mailbox")
    assert (letter.attempts, letter.came_back_at is not None) == (1, True)


def test_invitation_that_bounced_can_still_be_accepted(invited: tuple[Invitation, str], guest: Person) -> None:
    bounce(EMAIL, actor=SETUP, reason="full")
    assert (Invitation.objects.get().state, accept(invited[0], actor=guest)) == ("bounced", True)


def test_invitation_of_another_address_is_refused(invited: tuple[Invitation, str], ben: Person) -> None:
    assert refusal(invited[0], ben) == "invitation-not-yours"
    assert (Invitation.objects.get().state, Membership.objects.get(person=ben).cohort.slug) == ("sent", "second")


@pytest.mark.parametrize(
    "change", [lambda token: token[:-1], lambda token: token + "x", lambda token: token.swapcase(), lambda _: ""]
)
def test_invitation_with_a_tampered_token_is_unknown(invited: tuple[Invitation, str], change: object) -> None:
    with pytest.raises(Refused) as refused:
        invitation_by(change(invited[1]))
    assert refused.value.decision.code == "invitation-unknown"


@pytest.mark.parametrize(
    ("email", "code"), [("", "address-invalid"), ("no address", "address-invalid"), ("ada@example.org", "already-here")]
)
def test_invite_with_a_bad_address_writes_nothing(
    ada: Person, sam: Person, cohort_a: Cohort, email: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        invite(email, cohort=cohort_a, actor=sam)
    assert (refused.value.decision.code, Invitation.objects.count()) == (code, 0)


@pytest.mark.django_db(transaction=True)
def test_invitation_accepted_by_ten_at_once_is_used_once(invited: tuple[Invitation, str], guest: Person) -> None:
    results = at_once(10, lambda _number: accept(invited[0], actor=guest))
    codes = sorted(result.decision.code if isinstance(result, Refused) else str(result) for result in results)
    assert codes == ["True"] + ["invitation-used"] * 9
    assert Membership.objects.filter(person=guest).count() == 1


JOIN = {"name": "New One", "password1": "a long enough sentence", "email": "other@example.org"}


def join(token: str, form: dict[str, str] = JOIN) -> tuple[int, str]:
    """(status, where to) of somebody who follows the link and signs up."""
    client = Client()
    client.post(f"/invite/{token}/accept/")
    page = client.post("/accounts/signup/", form)
    return page.status_code, page.headers.get("Location", "")


@pytest.mark.django_db(transaction=True)
def test_invitation_followed_by_ten_at_once_makes_one_account(invited: tuple[Invitation, str]) -> None:
    results = at_once(10, lambda _number: join(invited[1]))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert [place for _status, place in results if place == "/accounts/second-factor/"] == ["/accounts/second-factor/"]
    assert (Person.objects.filter(email=EMAIL).count(), Invitation.objects.get().state) == (1, "accepted")


def test_sign_up_takes_the_address_of_the_invitation_whatever_is_sent(invited: tuple[Invitation, str]) -> None:
    assert join(invited[1])[1] == "/accounts/second-factor/"
    person = Person.objects.get(name="New One")
    assert (person.email, person.holds(Role.ARTIST)) == (EMAIL, True)


def test_sign_up_without_an_invitation_is_closed(db: None) -> None:
    Client().post("/accounts/signup/", JOIN)
    assert Person.objects.count() == 0
