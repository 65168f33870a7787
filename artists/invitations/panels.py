"""What invitations add to the rail."""

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.panels import NavItem, register_nav

from .queries import asked_again_count

STAFF = frozenset({Role.STAFF, Role.OPERATOR})
register_nav(NavItem("invitations", _("Invitations"), "invitations", 62, STAFF, count=asked_again_count))
