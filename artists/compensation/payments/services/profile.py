"""How somebody is paid: country and way, and that their tax information was seen. No bank number and no tax number is taken here."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.models import PayProfile
from artists.compensation.payments.countries import NAMES
from artists.compensation.payments.news import WayChanged
from artists.compensation.payments.states import Rail
from artists.compensation.refusing import refusal
from artists.people.models import Person
from portal import happenings
from portal.access import require
from portal.audit.chain import record

ACT = "pay_profile.set"


def profile_of(person: Person) -> PayProfile:
    """The row of somebody under lock, made where there is none."""
    PayProfile.objects.get_or_create(person=person)
    return PayProfile.objects.select_for_update().get(person=person)


def note_change(person: Person) -> None:
    """From now on nothing is sent for three days, and its artist is told. Inside the caller's transaction."""
    now = timezone.now()
    PayProfile.objects.filter(person=person).update(changed_at=now)
    happenings.announce(WayChanged(person.pk, now.isoformat()))


@transaction.atomic
def choose_way(person: Person, *, actor: Person, country: str, rail: str) -> PayProfile:
    """Say in which country and by which way. A change of what was said before holds payments for three days; the first word does not.

    Another country asks for the tax information anew. Raises Refused not-found, country-unknown, rail-unknown.
    """
    require(ACT, actor, person)
    if country not in NAMES:
        raise refusal(ACT, "country-unknown", _("There is no such country."), _("Choose one of the list."))
    if rail not in Rail.values:
        raise refusal(ACT, "rail-unknown", _("There is no such way to be paid."), _("Choose one of those shown."))
    before = profile_of(person)
    was = (before.country, before.rail)
    if was == (country, rail):
        return before
    fields: dict[str, Any] = {"country": country, "rail": rail}
    record(ACT, actor=actor, subject=before, detail=fields)
    if before.country and before.country != country:
        # What staff saw was of another country: they look again.
        fields |= {"tax_confirmed_at": None, "tax_confirmed_by_label": ""}
    PayProfile.objects.filter(pk=before.pk).update(**fields)
    if all(was):
        note_change(person)
    return PayProfile.objects.get(pk=before.pk)


@transaction.atomic
def confirm_tax(person: Person, *, actor: Person, seen: bool) -> PayProfile:
    """That the tax information of somebody was seen, or has to be seen anew. Twice is once. Raises Refused role, own-money."""
    require("pay_profile.confirm_tax", actor, person)
    before = profile_of(person)
    if bool(before.tax_confirmed_at) == seen:
        return before
    at, label = (timezone.now(), actor.label[:200]) if seen else (None, "")
    PayProfile.objects.filter(pk=before.pk).update(tax_confirmed_at=at, tax_confirmed_by_label=label)
    record("pay_profile.confirm_tax", actor=actor, subject=before, detail={"seen": seen})
    return PayProfile.objects.get(pk=before.pk)
