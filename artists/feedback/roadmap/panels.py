"""What the roadmap adds to the rail."""

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.panels import NavItem, register_nav

register_nav(NavItem("roadmap", _("Roadmap"), "roadmap", 52, frozenset({Role.ARTIST})))
register_nav(NavItem("staff_roadmap", _("Roadmap"), "staff_roadmap", 64, frozenset({Role.STAFF, Role.OPERATOR})))
