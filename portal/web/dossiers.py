"""What staff read of one person: roles, membership, quota, tokens, agreements, stops, films; counts, never prompts."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.agreements.models import Signature
from artists.people.models import Person
from artists.people.queries import tokens_visible_to
from artists.people.roles import Role
from artists.people.states import TokenState
from generation.models import Clip, Generation
from generation.quota import left_today
from generation.states import UNDER_WAY
from portal.access import Actor
from portal.panels import Dossier, Fact, register_dossier
from portal.program.queries import cohort_of, suspensions_of


def _account(actor: Actor, person: Person) -> list[Fact]:
    del actor
    roles = ", ".join(sorted(str(Role(grant.role).label) for grant in person.grants.all()))
    return [
        Fact(_("Mail"), person.email),
        Fact(_("Roles"), roles or _("none")),
        Fact(_("In use"), _("yes") if person.is_active else _("no")),
        Fact(_("Last here"), person.last_login),
    ]


def _program(actor: Actor, person: Person) -> list[Fact]:
    del actor
    cohort = cohort_of(person)
    if cohort is None:
        return []
    left = left_today(person, cohort)
    quota = _("%(free)s of %(limit)s s left today") % {
        "free": f"{left.free_seconds:g}",
        "limit": f"{left.limit_ms / 1000:g}",
    }
    return [Fact(_("Cohort"), cohort.name), Fact(_("Quota"), quota)]


def _agreements(actor: Actor, person: Person) -> list[Fact]:
    del actor
    signed = Signature.objects.filter(person=person).select_related("version__agreement").order_by("-signed_at")
    return [Fact(str(one.version), one.signed_at) for one in signed]


def _tokens(actor: Actor, person: Person) -> list[Fact]:
    live = tokens_visible_to(actor).filter(person=person, state=TokenState.LIVE)
    return [Fact(f"{token.name} ({token.prefix})", token.used_at or _("never used")) for token in live]


def _stops(actor: Actor, person: Person) -> list[Fact]:
    del actor
    if not person.holds(Role.ARTIST):
        return []
    return [Fact(stop.target, stop.reason, reverse("suspension", args=[stop.pk])) for stop in suspensions_of(person)]


def _films(actor: Actor, person: Person) -> list[Fact]:
    del actor
    if not person.holds(Role.ARTIST):
        return []
    asked = Generation.objects.filter(artist=person)
    counts: list[tuple[Any, Any]] = [
        (_("Films under way"), asked.filter(state__in=UNDER_WAY).count()),
        (_("Films asked for"), asked.count()),
        (_("Films made"), Clip.objects.filter(artist=person).count()),
    ]
    return [Fact(name, value) for name, value in counts]


for _number, (_name, _title, _tell) in enumerate(
    (
        ("account", gettext_lazy("Account"), _account),
        ("program", gettext_lazy("Program"), _program),
        ("stops", gettext_lazy("What stops them"), _stops),
        ("agreements", gettext_lazy("Signed"), _agreements),
        ("tokens", gettext_lazy("Access tokens"), _tokens),
        ("films", gettext_lazy("Films"), _films),
    )
):
    register_dossier(Dossier(_name, _title, 10 * _number, _tell))
