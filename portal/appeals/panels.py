"""What appeals add to the rail and to the status."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.access import Actor
from portal.panels import NavItem, register_nav, register_status

from .models import Appeal
from .queries import to_decide
from .states import DECIDED, AppealState


def _waiting(actor: Actor) -> int:
    return to_decide(actor).count()


def appeal_counts() -> dict[str, Any]:
    """Open, late, answered and overturned, over all time."""
    appeals = Appeal.objects.all()
    waiting = appeals.filter(state=AppealState.OPEN)
    return {
        "open": waiting.count(),
        "late": waiting.filter(due_at__lt=timezone.now()).count(),
        "answered": appeals.filter(state__in=DECIDED).count(),
        "overturned": appeals.filter(state=AppealState.OVERTURNED).count(),
    }


register_nav(
    NavItem(
        "appeals",
        _("Appeals"),
        "appeals_desk",
        62,
        frozenset({Role.STAFF, Role.OPERATOR, Role.REVIEWER}),
        count=_waiting,
    )
)
register_status("appeals", appeal_counts)
