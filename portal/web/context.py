"""What every page knows: who looks at it, the rail, the program's doors."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.agreements.queries import confidential_until
from artists.people.actors import actor_of, person_of
from artists.people.roles import Role
from portal.access import Actor, Decision
from portal.panels import nav_for
from portal.program.announcing import announcements_for
from portal.program.queries import the_program
from portal.program.states import Doors, Scope
from portal.program.stopping import denial, suspension_of
from portal.program.sunset import sunset_of

from .templatetags.ui import span_words

THEMES = frozenset({"dark", "light"})


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    actor = actor_of(request)
    lines = []
    # The rail asked for alone is shown on the page that asks.
    at = urlsplit(request.headers.get("HX-Current-URL", "")).path if request.path == reverse("rail") else request.path
    items = [(item, reverse(item.url_name)) for item in nav_for(actor)]
    # Of two lines that lead here, the nearer one: /staff/cohorts/ lies under /staff/ too.
    here = max((url for _item, url in items if at.startswith(url)), key=len, default="")
    for item, url in items:
        count = item.count(actor) if item.count else None
        current = url == here and (url != "/" or at == "/")
        lines.append({"label": item.label, "url": url, "current": current, "count": count, "yours": bool(count)})
    return lines


def _confidential(actor: Actor) -> dict[str, Any] | None:
    """What a person signed about confidentiality: until when, or that it is over."""
    until = confidential_until(actor)
    return None if until is None else {"until": until, "over": until < timezone.localdate()}


def _stop(actor: Actor) -> Decision | None:
    """What stops this artist; everybody hears of a suspension of the whole program."""
    found = suspension_of(actor)
    if found is None or (found.scope != Scope.PROGRAM and not actor.holds(Role.ARTIST)):
        return None
    return denial(found)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; lazy where a page may not need it."""
    actor = actor_of(request)
    program = the_program()
    sunset = sunset_of(program)
    theme = request.COOKIES.get("theme", "")
    return {
        "actor": actor,
        "person": person_of(request) if actor.pk else None,
        "nav": _nav(request) if actor.pk else [],
        "program": program
        and {
            "name": program.name,
            "state": program.state,
            "state_label": _("Program open") if program.state == Doors.OPEN else _("Program closed"),
            "state_tone": "ok" if program.state == Doors.OPEN else "warn",
        },
        "viewing": getattr(request, "viewer", None),
        "announcements": announcements_for(actor),
        "sign_in_url": reverse("account_login"),
        "confidential": _confidential(actor),
        "banner": {
            "stop": _stop(actor),
            "sunset_at": sunset,
            "sunset_over": sunset is not None and sunset <= timezone.now(),
            "sunset_left": sunset and span_words((sunset - timezone.now()).total_seconds()),
        },
        "theme_url": reverse("theme"),
        "theme": theme if theme in THEMES else "",
    }
