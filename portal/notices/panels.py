"""What inbox and mail add to the rail and to the sweep."""

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.panels import NavItem, register_nav
from portal.sweeps import register_sweep

from .kinds import EVERYBODY
from .queries import unread_count
from .services import write_digests

register_nav(NavItem("inbox", _("Inbox"), "inbox", 80, EVERYBODY, count=unread_count))
register_nav(NavItem("mails", _("Mail preview"), "mails", 66, frozenset({Role.STAFF, Role.OPERATOR})))
register_sweep("notices.digests", write_digests)
