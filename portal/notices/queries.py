"""What one may see of inbox and mail."""

from django.db.models import QuerySet

from artists.people.roles import Role
from portal.access import Actor

from .models import Letter, Notice


def notices_visible_to(actor: Actor) -> QuerySet[Notice]:
    """One's own inbox, newest first."""
    return Notice.objects.filter(person_id=actor.pk) if actor.pk else Notice.objects.none()


def unread_count(actor: Actor) -> int:
    """How many new notices wait."""
    return notices_visible_to(actor).filter(read_at=None).count()


def letters_visible_to(actor: Actor) -> QuerySet[Letter]:
    """All letters, for operators; nobody else reads other people's mail."""
    return Letter.objects.all() if actor.holds(Role.OPERATOR) else Letter.objects.none()
