"""What composed pages add to the rail."""

from django.utils.translation import gettext_lazy as _

from artists.agreements.standing import Ability, register_ability
from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.panels import NavItem, register_nav

EVERYBODY = frozenset({Role.ARTIST, Role.REVIEWER, Role.STAFF, Role.OPERATOR})
register_nav(NavItem("home", _("Home"), "home", 0, EVERYBODY))
register_nav(NavItem("today", _("Today"), "today", 60, frozenset({Role.STAFF, Role.OPERATOR})))
register_nav(NavItem("outbox", _("Outbox"), "outbox", 65, frozenset({Role.OPERATOR})))
register_nav(NavItem("people", _("People"), "people", 61, frozenset({Role.STAFF, Role.OPERATOR})))
register_nav(NavItem("record", _("Record"), "record", 67, frozenset({Role.STAFF, Role.OPERATOR})))
register_ability(Ability("appeal", _("Appeal what stops you"), 90, EVERYBODY, signed_in, "appeals"))
