"""When somebody last showed a second factor: what moves money wants it shown within minutes, not once a session.

A refusal for it costs nothing that was typed: `keep_typed` holds a form for its page until the person comes back from showing it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access import ALLOWED, Decision, Refused, denied

from .models import Person
from .views import PROVEN, SET_UP_AT

RECENT = timedelta(minutes=15)
# A clock that runs ahead a little is no reason to ask again; a moment that is to come is no proof.
_SKEW = timedelta(minutes=1)
_TYPED = "typed_before_proof"
_MOST_KEPT = 3
_NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})


def second_factor_shown_at(request: HttpRequest) -> datetime | None:
    """When this very session last showed a second factor, or None.

    A demonstration link counts as shown now, where such links work at all. Staff who view as an artist have shown nothing
    that counts here.
    """
    user = getattr(request, "user", None)
    if getattr(request, "viewer", None) is not None or not isinstance(user, Person):
        return None
    mark = request.session.get(PROVEN)
    if mark == "demonstration link":
        return timezone.now() if settings.VERNISSAGE_DEMO_LINKS and settings.LOOPBACK else None
    shown = [
        datetime.fromtimestamp(one["at"], UTC)
        for one in get_authentication_records(request, user)
        if one.get("method") == "mfa"
    ]
    if mark == "set up" and SET_UP_AT in request.session:
        shown.append(datetime.fromtimestamp(request.session[SET_UP_AT], UTC))
    return max(shown, default=None)


def recent(proof: datetime | None) -> Decision:
    """Whether a second factor shown at this moment still counts."""
    now = timezone.now()
    if proof is not None and now - RECENT <= proof <= now + _SKEW:
        return ALLOWED
    words = _("Money asks for your second factor, shown within the last fifteen minutes.")
    return denied("second-factor-old", words, todo=_("Show it again: what you typed is kept on this page."))


def require_recent(action: str, proof: datetime | None) -> None:
    """Raises Refused second-factor-old."""
    decision = recent(proof)
    if not decision:
        raise Refused(action, decision)


def show_again_url(path: str) -> str:
    """Where a second factor is shown again; from there one comes back to `path`, an address of ours."""
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': path})}"


def show_url(person: Person, path: str) -> str:
    """Where this person shows a second factor, or sets up the first; from there one comes back to `path`."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    if Authenticator.objects.filter(user_id=person.pk, type__in=kinds).exists():
        return show_again_url(path)
    return f"{reverse('second_factor')}?{urlencode({'next': path})}"


def keep_typed(request: HttpRequest, path: str) -> None:
    """Keep what was typed for the page at `path` until it is opened again in this session."""
    kept = dict(request.session.get(_TYPED, {}))
    kept.pop(path, None)
    kept[path] = {name: request.POST.getlist(name) for name in request.POST if name not in _NEVER_KEPT}
    request.session[_TYPED] = dict(list(kept.items())[-_MOST_KEPT:])


def typed_before(request: HttpRequest, path: str) -> Mapping[str, str]:
    """What was typed there before the second factor was asked for, once; empty where nothing was."""
    kept = dict(request.session.get(_TYPED, {}))
    found: Mapping[str, list[str]] = kept.pop(path, {})
    if found:
        request.session[_TYPED] = kept
    return {name: values[-1] for name, values in found.items() if values}
