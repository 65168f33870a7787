"""The page behind an invitation link, and its three answers."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from artists.invitations import services
from artists.invitations.letters import pay_words, sharing_words
from artists.invitations.rules import still_good
from artists.people.actors import actor_of
from artists.people.models import Person
from portal.access import check

INVITED = "invitation"


@never_cache
@require_GET
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, what for, until when; used, expired and withdrawn links say so, each in its own words."""
    found = services.open_link(services.invitation_by(token))
    decision = still_good(found)
    actor = actor_of(request)
    context = {
        "invitation": found,
        "token": token,
        "decision": decision,
        "may_accept": check("invitations.accept", actor, found) if isinstance(actor, Person) else decision,
        "pay": pay_words(found.cohort),
        "sharing": sharing_words(),
    }
    return render(request, "invitations/invitation.html", context, status=200 if decision else decision.kind.value)


@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Signed in with the invited address: join at once. Otherwise on to the account, the link kept in the session."""
    found = services.invitation_by(token)
    actor = actor_of(request)
    if isinstance(actor, Person):
        services.accept(found, actor=actor)
        return redirect("home")
    if not still_good(found):
        return redirect("invitation", token)
    if services.has_account(found):
        return redirect_to_login(reverse("invitation", args=[token]))
    request.session[INVITED] = token
    return redirect("account_signup")


@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """No, with or without a reason."""
    found = services.invitation_by(token)
    _row, moved = services.decline(found, actor=actor_of(request), reason=request.POST.get("reason", ""))
    if moved:
        messages.success(request, _("You said no. Nothing else happens, and no account was made."))
    return redirect("invitation", token)


@require_POST
def ask_again(request: HttpRequest, token: str) -> HttpResponse:
    """The holder of an expired link asks for a new one."""
    if services.ask_again(services.invitation_by(token)):
        messages.success(request, _("The program staff know that you would like a new invitation."))
    return redirect("invitation", token)
