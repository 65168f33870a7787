"""How an artist is paid: country, way, an account at Stripe that is made once, and what each state of it says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.compensation.models import PayProfile, RailAccount
from artists.compensation.payments import services
from artists.compensation.payments.readiness import readiness_of
from artists.people.models import Person
from artists.people.views import PROVEN
from portal.happenings.delivery import sweep as tell_news
from portal.notices.models import Letter
from tests.doubles.stripe import At, FakeStripe, Kind
from tests.factories.refusals import code_of
from tests.factories.sending import account_at
from tests.factories.together import at_once

ClientOf = Callable[[Person], Client]


def choose(person: Person, country: str = "DE", rail: str = "stripe_connect") -> PayProfile:
    return services.choose_way(person, actor=person, country=country, rail=rail)


def test_first_word_holds_nothing_and_a_change_does(ada: Person) -> None:
    assert choose(ada).changed_at is None
    assert choose(ada).changed_at is None  # the same again is no change
    changed = choose(ada, rail="manual")
    assert changed.changed_at is not None
    tell_news()
    letter = Letter.objects.get(to=ada.email, subject="The way you are paid was changed")
    assert "72 hours" in letter.text


def test_only_oneself_says_how_one_is_paid(ada: Person, ben: Person, sam: Person) -> None:
    assert code_of(lambda: services.choose_way(ada, actor=ben, country="DE", rail="manual")) == "not-found"
    assert code_of(lambda: services.choose_way(ada, actor=sam, country="DE", rail="manual")) == "role"
    assert code_of(lambda: choose(ada, country="QQ")) == "country-unknown"
    assert code_of(lambda: choose(ada, rail="pigeon")) == "rail-unknown"
    assert code_of(lambda: services.open_account(ada, actor=ben)) == "not-found"
    assert PayProfile.objects.count() == 0


def test_account_is_made_once_and_completed_at_stripe(stripe_on: FakeStripe, ada: Person) -> None:
    choose(ada)
    first = services.open_account(ada, actor=ada)
    again = services.open_account(ada, actor=ada)
    assert (first.account, len(stripe_on.world.accounts)) == (again.account, 1)
    assert readiness_of(ada, "EUR").code == "account-incomplete"
    url = services.onboarding_address(ada, actor=ada)
    assert url.startswith(f"{stripe_on.address}/hosted/onboarding/")
    # Each click makes a new one.
    assert services.onboarding_address(ada, actor=ada) != url
    stripe_on.world.onboard(str(first.account))
    assert readiness_of(ada, "EUR").code == "account-incomplete"  # nothing is believed that was not read
    assert services.check_account(ada, actor=ada).readiness == "active"
    assert services.dashboard_address(ada, actor=ada).startswith(f"{stripe_on.address}/hosted/dashboard/")
    assert stripe_on.posts("/v2/core/accounts")[0].key == f"account-{first.pk}"


@pytest.mark.parametrize("at", [At.BEFORE, At.AFTER])
def test_account_of_a_lost_answer_is_found_again(stripe_on: FakeStripe, ada: Person, at: At) -> None:
    choose(ada)
    stripe_on.go_wrong(Kind.RESET, at, path="/v2/core/accounts", times=3)
    assert code_of(lambda: services.open_account(ada, actor=ada)) == "stripe-away"
    row = RailAccount.objects.get()
    assert row.account is None
    stripe_on.pass_time(hours=24 * 40)  # and by then the key is forgotten
    made = services.open_account(ada, actor=ada)
    assert (made.pk, list(stripe_on.world.accounts)) == (row.pk, [made.account])


def test_process_that_dies_before_the_id_is_kept_makes_no_second_account(stripe_on: FakeStripe, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    choose(ada)

    def die(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("artists.compensation.payments.services.connecting.record", die)
        with pytest.raises(SystemExit):
            services.open_account(ada, actor=ada)
    assert RailAccount.objects.get().account is None
    made = services.open_account(ada, actor=ada)
    assert list(stripe_on.world.accounts) == [made.account]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_account(stripe_on: FakeStripe, ada: Person) -> None:
    choose(ada)
    done = at_once(2, lambda _n: services.open_account(ada, actor=ada).account)
    if any(isinstance(one, Exception) for one in done):  # the key was in use: nothing is lost, the next click finds it
        assert {type(one).__name__ for one in done if isinstance(one, Exception)} == {"Refused"}
    assert (RailAccount.objects.count(), len(stripe_on.world.accounts)) == (1, 1)
    assert services.open_account(ada, actor=ada).account in stripe_on.world.accounts


def test_country_that_stripe_does_not_reach_is_said_before(stripe_on: FakeStripe, ada: Person) -> None:
    choose(ada, country="MX")
    assert readiness_of(ada, "EUR").code == "country-not-by-stripe"
    assert code_of(lambda: services.open_account(ada, actor=ada)) == "country-not-by-stripe"
    assert (stripe_on.seen, RailAccount.objects.count()) == ([], 0)


def test_replaced_account_waits_three_days_and_is_mailed(stripe_on: FakeStripe, ada: Person) -> None:
    old = account_at(stripe_on, ada)
    new = services.replace_account(ada, actor=ada)
    old.refresh_from_db()
    assert (old.replaced_at is None, new.account == old.account, new.readiness) == (False, False, "incomplete")
    changed = PayProfile.objects.get().changed_at
    assert changed is not None and timezone.now() - changed < timedelta(minutes=1)
    tell_news()
    assert Letter.objects.filter(subject="The way you are paid was changed").count() == 1


STATES: dict[str, tuple[Callable[[Any, str], object], str, str]] = {
    "ready": (lambda world, id_: world.onboard(id_), "Ready: money reaches you by Stripe", "pay_dashboard"),
    "incomplete": (lambda world, id_: None, "Your account at Stripe is not finished", "pay_form"),
    "review": (lambda world, id_: world.review(id_), "Under review at Stripe", "pay_check"),
    "paused": (lambda world, id_: world.ask_again(id_), "Paused: Stripe asks you for something", "pay_form"),
    "rejected": (lambda world, id_: world.reject(id_), "Stripe does not take money for you", "pay_way"),
    "closed": (lambda world, id_: world.close(id_), "Your account at Stripe is closed", "pay_replace"),
}


@pytest.mark.parametrize("state", sorted(STATES))
def test_each_state_of_an_account_has_its_one_next_step(stripe_on: FakeStripe, client_of: ClientOf, ada: Person, state: str) -> None:  # fmt: skip
    happens, words, step = STATES[state]
    account = account_at(stripe_on, ada, active=False)
    happens(stripe_on.world, str(account.account))
    client = client_of(ada)
    assert client.post(reverse("pay_check")).status_code == 302
    page = client.get(reverse("pay"))
    text = page.content.decode()
    assert (page.status_code, words in text, reverse(step) in text) == (200, True, True)
    # Never why somebody was rejected.
    assert "rejected_other" not in text


def test_pages_lead_to_stripe_and_back(stripe_on: FakeStripe, client_of: ClientOf, ada: Person) -> None:
    client, pay = client_of(ada), reverse("pay")
    assert "We do not know how to pay you" in client.get(pay).content.decode()
    wrong = client.post(reverse("pay_way"), {"country": "", "rail": "stripe_connect"})
    assert (wrong.status_code, "checked" in wrong.content.decode()) == (422, True)
    client.post(reverse("pay_way"), {"country": "DE", "rail": "stripe_connect"})
    early = client.get(reverse("pay_form"))
    assert (early.status_code, "no-account" in early.content.decode()) == (409, True)
    assert client.post(reverse("pay_account")).status_code == 302
    [id_] = stripe_on.world.accounts
    to = client.get(reverse("pay_form"))
    assert (to.status_code, to["Location"].startswith(stripe_on.address)) == (302, True)
    link = next(iter(stripe_on.world.links.values()))
    options = link["use_case"]["account_onboarding"]
    assert (options["return_url"].endswith(reverse("pay_back")), options["refresh_url"].endswith(reverse("pay_form"))) == (True, True)  # fmt: skip
    client.get(reverse("pay_back"))
    assert RailAccount.objects.get().readiness == "incomplete"  # the link was opened and left
    stripe_on.world.onboard(id_)
    assert "Stripe is ready to pay you." in client.get(reverse("pay_back"), follow=True).content.decode()


def test_password_alone_leads_no_money_away(ada: Person, client_of: ClientOf) -> None:
    client, pay = client_of(ada), reverse("pay")
    session = client.session
    mark = session.pop(PROVEN)
    session.save()
    said = {"country": "DE", "rail": "manual"}
    addresses = [reverse(name) for name in ("pay_way", "pay_account", "pay_replace")]
    pages = [client.post(address, said) for address in addresses]
    pages += [client.get(reverse(name)) for name in ("pay_form", "pay_dashboard")]
    assert [page.status_code for page in pages] == [403] * 5
    shown = f"{reverse('second_factor')}?next=%2Fme%2Fpay%2F"
    assert [("second-factor-old" in page.content.decode(), shown in page.content.decode()) for page in pages] == [
        (True, True)
    ] * 5
    assert not PayProfile.objects.filter(person=ada).exclude(country="").exists()
    client.post(reverse("pay_way"), said)
    session = client.session
    session[PROVEN] = mark
    session.save()
    # What was chosen is still there after showing it.
    assert '<option value="DE" selected' in client.get(pay).content.decode()


def test_link_opened_by_another_artist_leads_to_their_own_account(stripe_on: FakeStripe, client_of: ClientOf, ada: Person, ben: Person) -> None:  # fmt: skip
    account_at(stripe_on, ada)
    other = client_of(ben)
    assert other.get(reverse("pay_back")).status_code == 409
    assert other.get(reverse("pay_form")).status_code == 409
    assert RailAccount.objects.get().person == ada


def test_stripe_that_is_away_loses_nothing(stripe_on: FakeStripe, client_of: ClientOf, ada: Person) -> None:
    account_at(stripe_on, ada)
    stripe_on.go_wrong(Kind.STATUS, method="GET", path=r"/v2/core/accounts/\w+", status=503, times=3)
    page = client_of(ada).post(reverse("pay_check"))
    assert (page.status_code, "stripe-away" in page.content.decode(), RailAccount.objects.get().readiness) == (
        503,
        True,
        "active",
    )


def test_without_a_key_only_bank_transfer_is_offered(client_of: ClientOf, ada: Person) -> None:
    text = client_of(ada).get(reverse("pay")).content.decode()
    assert ("stripe_connect" in text, 'value="manual"' in text) == (False, True)


def test_staff_confirm_tax_information_of_others_only(client_of: ClientOf, ada: Person, sam: Person) -> None:
    client = client_of(sam)
    assert client.post(reverse("staff_pay_tax", args=[ada.pk]), {"act": "seen"}).status_code == 302
    profile = PayProfile.objects.get(person=ada)
    assert (profile.tax_confirmed_at is None, profile.tax_confirmed_by_label) == (False, sam.label)
    client.post(reverse("staff_pay_tax", args=[ada.pk]), {"act": "anew"})
    assert PayProfile.objects.get(person=ada).tax_confirmed_at is None
    assert client.post(reverse("staff_pay_tax", args=[sam.pk]), {"act": "seen"}).status_code == 404


def test_tax_information_is_confirmed_anew_for_another_country(ada: Person, sam: Person) -> None:
    choose(ada)
    services.confirm_tax(ada, actor=sam, seen=True)
    assert choose(ada, rail="manual").tax_confirmed_at is not None
    moved = choose(ada, country="FR", rail="manual")
    assert (moved.tax_confirmed_at, moved.tax_confirmed_by_label) == (None, "")
