"""What the program adds to the rail."""

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.panels import NavItem, register_nav

from .queries import waits_for_ratification

STAFF = frozenset({Role.STAFF, Role.OPERATOR})
register_nav(NavItem("safety", _("Safety"), "safety", 62, STAFF, count=waits_for_ratification))
register_nav(NavItem("announcements", _("Announcements"), "announcements", 66, STAFF))
