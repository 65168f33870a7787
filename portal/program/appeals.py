"""A suspension can be appealed by everybody it stops; overturning ends it."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from artists.people.roles import Role
from portal.access import Actor
from portal.appeals.subjects import Act, Appealable, register_appealable

from .models import Suspension
from .queries import suspensions_in_force, suspensions_of
from .suspending import resume


def _act(suspension: Suspension) -> Act:
    return Act(
        kind="suspension",
        key=str(suspension.pk),
        title=_("Suspension: %(what)s") % {"what": capfirst(suspension.get_scope_display())},
        reason=suspension.reason,
        made_by_id=suspension.by_id,
        made_by_label=suspension.by_label,
        at=suspension.since,
    )


def _against(person: Actor) -> list[Act]:
    stops = suspensions_of(person)
    # A cohort, a model or the program stops artists; staff can only be stopped as the person they are.
    return [_act(one) for one in (stops if person.holds(Role.ARTIST) else stops.filter(artist_id=person.pk))]


def _overturn(key: str, actor: Actor) -> None:
    """End it; one that has ended meanwhile stays so."""
    found = suspensions_in_force().filter(pk=int(key)).first()
    if found is not None:
        resume(found, actor=actor)


register_appealable(Appealable("suspension", _against, _overturn))
