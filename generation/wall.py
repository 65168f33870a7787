"""The studio wall: finished films that artists show to the artists of their own cohort, and to nobody else."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, Kind, denied, rule
from portal.program.models import Membership
from portal.program.queries import membership_of
from portal.storage.exit import Purpose, register_purpose

from .models import Clip


def clips_on_wall(actor: Actor) -> QuerySet[Clip]:
    """What the others of one's cohort show, newest first: while the cohort has a wall and they are on it."""
    mine = membership_of(actor)
    if mine is None or not mine.cohort.wall or not actor.holds(Role.ARTIST):
        return Clip.objects.none()
    showing = Membership.objects.filter(cohort=mine.cohort, on_wall=True).exclude(person_id=actor.pk)
    shown = Clip.objects.filter(artist_id__in=showing.values("person_id"), deleted_at=None)
    return shown.select_related("artist").order_by("-made_at")


@rule("generation.see_on_wall", who="artists of the same cohort, while its artist shows it")
def see_on_wall(actor: Actor, clip: Clip) -> Decision:
    """Asked at every request: a film taken off the wall is gone at the next one."""
    first = holding(actor, Role.ARTIST)
    if not first or clips_on_wall(actor).filter(pk=clip.pk).exists():
        return first and ALLOWED
    return denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)


register_purpose(Purpose("wall", "generation.see_on_wall"))
