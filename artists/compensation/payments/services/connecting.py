"""An artist's account at Stripe: made once whatever dies meanwhile, completed on Stripe's own pages, replaced when it has to be."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.models import PayProfile, RailAccount
from artists.compensation.payments.accounts import reread_account
from artists.compensation.payments.countries import BY_STRIPE, country_called
from artists.compensation.payments.rails import account_in_use
from artists.compensation.payments.states import Rail, Readiness
from artists.compensation.refusing import refusal
from artists.compensation.stripe.gateway import configured, open_gateway
from artists.compensation.stripe.outcomes import NotDone
from artists.people.models import Person
from portal.access import Kind, Refused, require
from portal.audit.chain import record

from .profile import ACT, note_change, profile_of


def no_answer(fault: NotDone) -> Refused:
    """Stripe said no, or nothing. Its own words may name a bank, and stay out."""
    if fault.outcome.code == "country_unsupported":
        words = _("Stripe opens no accounts in this country.")
        return refusal(ACT, "country-not-by-stripe", words, _("Choose to be paid by bank transfer."), Kind.CONFLICT)
    words = _("Stripe did not answer as it should (%(code)s).") % {"code": fault.outcome.code}
    todo = _("Nothing is lost. Try again in a minute; if it stays so, tell the program staff.")
    return refusal(ACT, "stripe-away", words, todo, Kind.UNAVAILABLE)


def _possible(person: Person) -> PayProfile:
    """Their profile, by which Stripe can pay them. Raises Refused."""
    if not configured():
        raise refusal(ACT, "stripe-off", _("This program does not pay by Stripe at present."), kind=Kind.UNAVAILABLE)
    found = PayProfile.objects.filter(person=person).first()
    if found is None or found.rail != Rail.STRIPE_CONNECT:
        words = _("You have not chosen to be paid by Stripe.")
        raise refusal(ACT, "no-rail", words, _("Choose country and way first."), Kind.CONFLICT)
    if found.country not in BY_STRIPE:
        words = _("Stripe sends no money of this program to this country: %(name)s.") % {
            "name": country_called(found.country)
        }
        raise refusal(ACT, "country-not-by-stripe", words, _("Choose to be paid by bank transfer."), Kind.CONFLICT)
    return found


def _row(person: Person, country: str) -> RailAccount:
    """The account in use, without an id where it was never made: committed before anything is asked of Stripe."""
    found = account_in_use(person, Rail.STRIPE_CONNECT)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return RailAccount.objects.create(person=person, rail=Rail.STRIPE_CONNECT, country=country)
    except IntegrityError:  # the other click was faster
        return RailAccount.objects.get(person=person, rail=Rail.STRIPE_CONNECT, replaced_at=None)


def open_account(person: Person, *, actor: Person) -> RailAccount:
    """The account at Stripe, made where there is none. Twice, at once, or after a crash it is the same one. Not inside a transaction.

    Raises Refused not-found, stripe-off, no-rail, country-not-by-stripe, stripe-away.
    """
    require(ACT, actor, person)
    profile = _possible(person)
    row = _row(person, profile.country)
    if row.account:
        return row
    gateway, artist = open_gateway(), str(row.pk)
    try:
        # What a crash left between Stripe's answer and our row. The key alone would not do: Stripe forgets it in time.
        left = gateway.find_accounts(artist)
        made = left[0] if left else gateway.create_account(
            artist=artist, name=person.name, email=person.email, country=row.country, key=f"account-{artist}"
        ).id  # fmt: skip
    except NotDone as fault:
        raise no_answer(fault) from None
    with transaction.atomic():
        if RailAccount.objects.filter(pk=row.pk, account=None).update(account=made):
            record("rail_account.open", actor=actor, subject=row, detail={"account": made})
    return RailAccount.objects.get(pk=row.pk)


def _account(person: Person) -> RailAccount:
    _possible(person)
    found = account_in_use(person, Rail.STRIPE_CONNECT)
    if found is None or not found.account:
        words = _("You have no account at Stripe yet.")
        raise refusal(ACT, "no-account", words, _("Open one first."), Kind.CONFLICT)
    return found


def onboarding_address(person: Person, *, actor: Person) -> str:
    """Where they complete the account now: used once, within minutes, never mailed. Raises Refused as open_account, no-account."""
    require(ACT, actor, person)
    found, base = _account(person), settings.VERNISSAGE_BASE_URL.rstrip("/")
    try:
        link = open_gateway().account_link(
            str(found.account), refresh=base + reverse("pay_form"), back=base + reverse("pay_back")
        )
    except NotDone as fault:
        raise no_answer(fault) from None
    return link.url


def dashboard_address(person: Person, *, actor: Person) -> str:
    """Their own page at Stripe. Raises Refused as open_account, no-account, account-incomplete."""
    require(ACT, actor, person)
    found = _account(person)
    if found.readiness in {Readiness.INCOMPLETE, Readiness.CLOSED}:
        words = _("Stripe shows a page of your own once the account is complete.")
        raise refusal(ACT, "account-incomplete", words, _("Finish it at Stripe first."), Kind.CONFLICT)
    try:
        return open_gateway().login_link(str(found.account)).url
    except NotDone as fault:
        raise no_answer(fault) from None


def check_account(person: Person, *, actor: Person) -> RailAccount:
    """Read it again at Stripe: coming back from there proves nothing. Not inside a transaction. Raises Refused as onboarding_address."""
    require(ACT, actor, person)
    try:
        return reread_account(_account(person))
    except NotDone as fault:
        raise no_answer(fault) from None


@transaction.atomic
def _replace(person: Person, actor: Person) -> None:
    profile_of(person)
    old = account_in_use(person, Rail.STRIPE_CONNECT)
    if old is None:
        return
    RailAccount.objects.filter(pk=old.pk, replaced_at=None).update(replaced_at=timezone.now())
    record("rail_account.replace", actor=actor, subject=old, detail={"account": old.account or ""})
    if old.account:
        note_change(person)


def replace_account(person: Person, *, actor: Person) -> RailAccount:
    """Another account instead of this one; nothing is sent for three days, and its artist is told. Not inside a transaction.

    Raises Refused as open_account.
    """
    require(ACT, actor, person)
    _possible(person)
    _replace(person, actor)
    return open_account(person, actor=actor)
