"""Where a person is signed in: each browser by name, and the way to end one from another."""

from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.access import Kind, Refused, denied, require
from portal.audit.chain import record

from .models import Person

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def name_of(user_agent: str) -> str:
    """A browser in two words; what is not known is quoted, shortened."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:60] or _("a browser without a name")


def note_session(request: HttpRequest) -> None:
    """Keep that this browser is signed in; called at sign-in by link, and by the page itself."""
    UserSession.objects.create_from_request(request)


def sessions_of(person: Person) -> list[UserSession]:
    """All live ones, the newest first; those that ended by themselves are forgotten."""
    return sorted(UserSession.objects.purge_and_list(person), key=lambda one: one.created_at, reverse=True)


def end_session(pk: int, *, actor: Person) -> None:
    """Sign one of one's own browsers out, at its next request. Raises Refused session-unknown."""
    require("people.end_session", actor, None)
    found = UserSession.objects.filter(pk=pk, user=actor).first()
    if found is None:
        words = _("This browser is not signed in any more.")
        raise Refused("people.end_session", denied("session-unknown", words, kind=Kind.MISSING))
    name = name_of(found.user_agent)
    found.end()
    record("people.end_session", actor=actor, subject=actor, detail={"browser": name})
