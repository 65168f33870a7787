"""The second factor: who must have one, whether this session showed one, and the page that asks for it."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from artists.people.actors import actor_of, person_of
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.views import PROVEN, SET_UP_AT
from portal.access import Kind, denied

from .middleware import View, answer_refused

ALWAYS = (Role.REVIEWER, Role.STAFF, Role.OPERATOR)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What somebody without a second factor still reaches: the account pages, the way out, what the public sees, the address that
# stops a mail, and the rail, which every page asks for again by itself: sent elsewhere, it would take the page along.
FREE_NAMES = frozenset(
    {"second_factor", "rail", "theme", "status", "healthz", "invitation", "sign_in_link", "mail_stop"}
)


def must_have_one(person: Person) -> bool:
    """Reviewers, staff and operators always; everybody where the setting says so."""
    return settings.VERNISSAGE_SECOND_FACTOR == "all" or any(person.holds(role) for role in ALWAYS)


def has_one(person: Person) -> bool:
    """Whether a passkey or one-time codes are set up. Recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).exists()


def shown_in(request: HttpRequest) -> bool:
    """Whether this very session was opened with one, or set one up. A demonstration link counts where it works at all."""
    mark = request.session.get(PROVEN)
    if mark == "demonstration link":
        return bool(settings.VERNISSAGE_DEMO_LINKS and settings.LOOPBACK)
    return mark == "set up" or any(
        one.get("method") == "mfa" for one in get_authentication_records(request, person_of(request))
    )


@receiver(authenticator_added)
def note_set_up(request: HttpRequest, user: Person, authenticator: Authenticator, **more: Any) -> None:
    """Whoever sets up their first one has just shown it. One more beside it proves nothing about the one that was there."""
    del more
    others = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exclude(pk=authenticator.pk)
    if authenticator.type in FACTORS and not others.exists():
        request.session[PROVEN] = "set up"
        request.session[SET_UP_AT] = timezone.now().timestamp()


class SecondFactorMiddleware:
    """Nobody who must have a second factor goes on without it; a session opened before it was set up shows it anew."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only views are held back, not static files."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Send to the page that asks for it; a form or a program gets the code."""
        del view, args, kwargs
        match = request.resolver_match
        if match is None or match.url_name in FREE_NAMES or match.route.startswith("accounts/"):
            return None
        person = actor_of(request)
        if not isinstance(person, Person) or not must_have_one(person):
            return None
        # Asked of the database last: most sessions have shown one.
        if shown_in(request) and (request.session.get(PROVEN) == "demonstration link" or has_one(person)):
            return None
        if request.method == "GET" and not request.headers.get("Accept", "").startswith("application/json"):
            return redirect(f"{reverse('second_factor')}?{urlencode({'next': request.get_full_path()})}")
        words = _("Your role needs a second factor, and this session has not shown one.")
        todo = _("Open the page “Second factor” and set one up or show it.")
        return answer_refused(request, denied("second-factor-needed", words, todo=todo, kind=Kind.FORBIDDEN))


@require_GET
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up a passkey or one-time codes, or show the one there is; who need not can go on without."""
    person = person_of(request)
    onward = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        onward = reverse("home")
    there = has_one(person)
    context = {
        "needed": must_have_one(person),
        "there": there,
        "shown": shown_in(request),
        "onward": onward,
        "again_url": f"{reverse('mfa_reauthenticate')}?{urlencode({'next': onward})}",
    }
    return render(request, "web/second_factor.html", context)
