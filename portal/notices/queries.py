"""What one may see of inbox, mail, and what was chosen about it."""

from typing import Final

from django.db.models import QuerySet

from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor

from .kinds import Delivery, Kind, kinds
from .models import Letter, MailChoice, MailHours, Notice

MOST_COUNTED: Final = 1000  # counting goes no further: "999+" says enough


def notices_visible_to(actor: Actor) -> QuerySet[Notice]:
    """One's own inbox, newest first."""
    return Notice.objects.filter(person_id=actor.pk) if actor.pk else Notice.objects.none()


def behind(rows: QuerySet[Notice], last: Notice) -> QuerySet[Notice]:
    """The rows behind this one: an index seeks it, so a page costs the same however deep."""
    return rows.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)


def unread_count(actor: Actor) -> int:
    """How many new notices wait; MOST_COUNTED stands for that many or more."""
    return notices_visible_to(actor).filter(read_at=None).order_by()[:MOST_COUNTED].count()


def letters_visible_to(actor: Actor) -> QuerySet[Letter]:
    """All letters, for operators; nobody else reads other people's mail."""
    return Letter.objects.all() if actor.holds(Role.OPERATOR) else Letter.objects.none()


def kinds_for(actor: Actor) -> list[Kind]:
    """The kinds of notices that concern somebody with these roles."""
    return [kind for kind in kinds() if any(actor.holds(role) for role in kind.roles)]


def deliveries_of(actor: Actor) -> dict[str, str]:
    """How each kind is mailed to this person: as chosen, else as registered; binding ones at once."""
    chosen = dict(MailChoice.objects.filter(person_id=actor.pk).values_list("kind", "delivery"))
    return {kind.name: Delivery.NOW if kind.binding else chosen.get(kind.name, kind.default) for kind in kinds()}


def delivery_of(person: Person, kind: Kind) -> str:
    """How this kind is mailed to this person."""
    if kind.binding:
        return Delivery.NOW
    chosen = MailChoice.objects.filter(person=person, kind=kind.name).values_list("delivery", flat=True).first()
    return chosen or kind.default


def hours_of(actor: Actor) -> MailHours:
    """When mail reaches this person; not stored while nothing was chosen."""
    return MailHours.objects.filter(person_id=actor.pk).first() or MailHours(person_id=actor.pk)
