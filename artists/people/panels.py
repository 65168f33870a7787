"""What accounts add to the rail."""

from django.utils.translation import gettext_lazy as _

from portal.panels import NavItem, register_nav

from .roles import Role

register_nav(NavItem("tokens", _("Access tokens"), "tokens", 75, frozenset({Role.ARTIST})))
