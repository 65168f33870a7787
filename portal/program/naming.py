"""Finds what a person names when they want to stop something: a prefix, an address, a slug, a model."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from artists.people.models import AccessToken, Person
from portal.access import Kind, Refused, denied

from .models import Cohort, Suspension
from .reach import Target
from .states import Scope

LONGEST_NUMBER = 18  # digits the database can count to
_model_names: Callable[[], list[str]] = list


def know_models(names: Callable[[], list[str]]) -> None:
    """Take a way to read the names of all models: the registry is generation's, on a floor above."""
    global _model_names  # noqa: PLW0603 - one registry
    _model_names = names


def model_names() -> list[str]:
    """Names of all models of the registry."""
    return _model_names()


def _unknown(code: str, reason: str, todo: str) -> Refused:
    return Refused("program.suspend", denied(code, reason, todo=todo, kind=Kind.MISSING))


def target_called(scope: Scope, name: str) -> Target:
    """The target of this scope. Raises Refused token-unknown, person-unknown, cohort-unknown, model-unknown."""
    name = name.strip()
    if scope == Scope.PROGRAM:
        return Target(scope)
    if scope == Scope.TOKEN:
        # People paste whole tokens: only the public prefix is looked at.
        prefix = name.removeprefix("vrn_").partition("_")[0]
        token = AccessToken.objects.select_related("person").filter(prefix=prefix).first()
        if token is None:
            raise _unknown("token-unknown", _("No access token has this prefix."), _("It is the part after “vrn_”."))
        return Target(scope, token=token)
    if scope == Scope.ARTIST:
        artist = Person.objects.filter(email__iexact=name).first()
        if artist is None:
            raise _unknown(
                "person-unknown",
                _("Nobody here has the address %(email)s.") % {"email": name},
                _("Check the spelling."),
            )
        return Target(scope, artist=artist)
    if scope == Scope.COHORT:
        cohort = Cohort.objects.filter(slug=name).first()
        if cohort is None:
            known = ", ".join(Cohort.objects.order_by("slug").values_list("slug", flat=True))
            raise _unknown(
                "cohort-unknown",
                _("There is no cohort “%(slug)s”.") % {"slug": name},
                _("Choose from: %(known)s.") % {"known": known},
            )
        return Target(scope, cohort=cohort)
    if name not in model_names():
        raise _unknown(
            "model-unknown",
            _("There is no model “%(name)s”.") % {"name": name},
            _("Choose from: %(known)s.") % {"known": ", ".join(model_names())},
        )
    return Target(scope, model=name)


def moment(text: str) -> datetime | None:
    """An ISO date or time, in the current zone where it names none; None for nothing. Raises Refused until-unreadable."""
    text = text.strip()
    if not text:
        return None
    try:
        found = parse_datetime(text)
        day = parse_date(text) if found is None else None
    except ValueError:
        found, day = None, None
    if found is None and day is not None:
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone follows
    if found is None:
        reason = _("“%(text)s” is not a date or time.") % {"text": text}
        todo = _("Write it like 2027-01-31T18:00.")
        raise Refused("program.suspend", denied("until-unreadable", reason, todo=todo, kind=Kind.INVALID))
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def suspension_numbered(text: str) -> Suspension:
    """The suspension with this number. Raises Refused suspension-unknown."""
    found = (
        Suspension.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) <= LONGEST_NUMBER else None
    )
    if found is None:
        raise _unknown(
            "suspension-unknown",
            _("There is no suspension %(number)s.") % {"number": text},
            _("`manage.py status` lists those in force."),
        )
    return found
