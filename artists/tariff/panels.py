"""What the tariff adds to staff's rail, to the first run's checklist and to the status."""

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.panels import NavItem, ToDo, register_nav, register_status, register_to_do

from .queries import published, tariff_status

STAFF = frozenset({Role.STAFF, Role.OPERATOR})

register_nav(NavItem("tariff", _("Tariff"), "staff_tariff", 65, STAFF))
register_to_do(ToDo("tariff", _("Publish the tariff"), 36, lambda: published().exists(), "staff_tariff"))
register_status("tariff", tariff_status)
