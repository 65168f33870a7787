"""What one may see of invitations."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from artists.people.roles import Role
from portal.access import Actor

from .models import Invitation
from .states import OPEN_STATES, InvitationState

EXPIRED = "expired"


def invitations_visible_to(actor: Actor) -> QuerySet[Invitation]:
    """All invitations, newest first, for staff; nobody else sees whom the program asks."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return Invitation.objects.none()
    return Invitation.objects.select_related("cohort", "invited_by", "person")


def in_standing(invitations: QuerySet[Invitation], standing: str) -> QuerySet[Invitation]:
    """Those in one state; "expired" is an open one whose date has passed. Anything else: all."""
    now = timezone.now()
    if standing == EXPIRED:
        return invitations.filter(state__in=OPEN_STATES, expires_at__lte=now)
    if standing in InvitationState.values:
        late = Q(state__in=OPEN_STATES, expires_at__lte=now)
        return invitations.filter(state=standing).exclude(late)
    return invitations


def containing(invitations: QuerySet[Invitation], words: str) -> QuerySet[Invitation]:
    """Those whose address or name contains the words."""
    return invitations.filter(Q(email__icontains=words) | Q(name__icontains=words)) if words else invitations


def asked_again_count(actor: Actor) -> int:
    """How many people wait for a new link."""
    return invitations_visible_to(actor).filter(asked_again_at__isnull=False, state__in=OPEN_STATES).count()
