"""Whether money would reach somebody, said in words before it is promised: country, currency, way, account."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from artists.compensation.models import PayProfile, RailAccount
from artists.compensation.stripe.gateway import CURRENCIES, configured
from artists.people.models import Person
from portal.access.decisions import Words

from .countries import BY_STRIPE
from .states import Rail, Readiness


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether money would reach somebody now; `words` for whoever promises it, `todo` is the payee's next step."""

    ok: bool
    code: str
    words: Words
    todo: Words = ""


_CHOOSE = _("They choose country and way on their page “How I am paid”.")
_BY_BANK = _("They choose to be paid by bank transfer.")
NO_PROFILE = Ready(False, "no-profile", _("Has not said yet how to be paid."), _CHOOSE)
NO_COUNTRY = Ready(False, "no-country", _("Has not said in which country to be paid."), _CHOOSE)
NO_RAIL = Ready(False, "no-rail", _("Has not chosen a way to be paid."), _CHOOSE)
BY_HAND = Ready(True, "by-hand", _("Is paid by bank transfer, outside of the portal."))
NO_STRIPE = Ready(False, "stripe-off", _("This program does not pay by Stripe at present."), _BY_BANK)
NOT_THERE = Ready(
    False, "country-not-by-stripe", _("Stripe sends no money of this program to their country."), _BY_BANK
)
NOT_IN_IT = Ready(False, "currency-not-by-stripe", _("Stripe does not send this currency for us."), _BY_BANK)
NO_ACCOUNT = Ready(
    False, "no-account", _("Has no account at Stripe yet."), _("They open one on their page “How I am paid”.")
)
_ACCOUNT = {
    Readiness.ACTIVE: Ready(True, "ready", _("Stripe takes money for them.")),
    Readiness.INCOMPLETE: Ready(
        False, "account-incomplete", _("Has not finished opening the account at Stripe."), _("They finish it there.")
    ),
    Readiness.REVIEW: Ready(
        False, "account-review", _("Stripe is checking the account."), _("Nothing is to be done; it takes some days.")
    ),
    Readiness.RESTRICTED: Ready(
        False, "account-restricted", _("Stripe asks for something before it takes money."), _("They answer Stripe.")
    ),
    Readiness.REJECTED: Ready(False, "account-rejected", _("Stripe does not take money for them."), _BY_BANK),
    Readiness.CLOSED: Ready(
        False, "account-closed", _("Their account at Stripe is closed."), _("They open another, or choose bank transfer.")
    ),
}  # fmt: skip


def ready(profile: PayProfile | None, account: RailAccount | None, currency: str) -> Ready:
    """Of a profile and the account in use, in one currency (empty: in any). No query."""
    if profile is None:
        return NO_PROFILE
    if not profile.country:
        return NO_COUNTRY
    if profile.rail == Rail.MANUAL:
        return BY_HAND
    if profile.rail != Rail.STRIPE_CONNECT:
        return NO_RAIL
    if not configured():
        return NO_STRIPE
    if profile.country not in BY_STRIPE:
        return NOT_THERE
    if currency and currency not in CURRENCIES:
        return NOT_IN_IT
    if account is None or account.account is None:
        return NO_ACCOUNT
    return _ACCOUNT[Readiness(account.readiness)]


def accounts_in_use(people: Iterable[int]) -> dict[int, RailAccount]:
    """By number of the person: the account at Stripe that is not replaced. One query."""
    live = RailAccount.objects.filter(person__in=people, rail=Rail.STRIPE_CONNECT, replaced_at=None)
    return {one.person_id: one for one in live}


def profiles_of(people: Iterable[int]) -> dict[int, PayProfile]:
    """By number of the person. One query."""
    return {one.person_id: one for one in PayProfile.objects.filter(person__in=people)}


def readiness_of_many(people: Iterable[Person], currency: str) -> dict[int, Ready]:
    """By number of the person: two queries, however many people."""
    ids = [person.pk for person in people]
    profiles, accounts = profiles_of(ids), accounts_in_use(ids)
    return {pk: ready(profiles.get(pk), accounts.get(pk), currency) for pk in ids}


def readiness_of(person: Person, currency: str) -> Ready:
    """Whether money in this currency would reach them now."""
    return readiness_of_many([person], currency)[person.pk]
