"""Whether money would reach somebody, said in words before it is promised: country, rail, account."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from artists.compensation.models import PayProfile, RailAccount
from artists.people.models import Person
from portal.access.decisions import Words

from .states import Rail, Readiness


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether money would reach somebody now; `words` for whoever promises it, `todo` is the payee's next step."""

    ok: bool
    code: str
    words: Words
    todo: Words = ""


_CHOOSE = _("They choose country and way on their page “How I am paid”.")
NO_PROFILE = Ready(False, "no-profile", _("Has not said yet how to be paid."), _CHOOSE)
NO_COUNTRY = Ready(False, "no-country", _("Has not said in which country to be paid."), _CHOOSE)
NO_RAIL = Ready(False, "no-rail", _("Has not chosen a way to be paid."), _CHOOSE)
BY_HAND = Ready(True, "by-hand", _("Is paid by bank transfer, outside of the portal."))
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
    Readiness.REJECTED: Ready(
        False, "account-rejected", _("Stripe does not take money for them."), _("They choose to be paid by bank transfer.")
    ),
    Readiness.CLOSED: Ready(
        False, "account-closed", _("Their account at Stripe is closed."), _("They open another, or choose bank transfer.")
    ),
}  # fmt: skip


def _ready(profile: PayProfile | None, account: RailAccount | None) -> Ready:
    if profile is None:
        return NO_PROFILE
    if not profile.country:
        return NO_COUNTRY
    if profile.rail == Rail.MANUAL:
        return BY_HAND
    if profile.rail != Rail.STRIPE_CONNECT:
        return NO_RAIL
    return NO_ACCOUNT if account is None else _ACCOUNT[Readiness(account.readiness)]


def readiness_of_many(people: Iterable[Person], currency: str) -> dict[int, Ready]:
    """By number of the person: two queries, however many people."""
    del currency
    ids = [person.pk for person in people]
    profiles = {one.person_id: one for one in PayProfile.objects.filter(person__in=ids)}
    live = RailAccount.objects.filter(person__in=ids, rail=Rail.STRIPE_CONNECT, replaced_at=None)
    accounts = {one.person_id: one for one in live}
    return {pk: _ready(profiles.get(pk), accounts.get(pk)) for pk in ids}


def readiness_of(person: Person, currency: str) -> Ready:
    """Whether money in this currency would reach them now."""
    return readiness_of_many([person], currency)[person.pk]
