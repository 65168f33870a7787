"""An artist's access tokens: make one, see where it was used, rotate, revoke."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import Refused, require

from . import queries
from . import tokens as tokens_services
from .actors import person_of
from .forms import RotateForm, TokenForm
from .models import AccessToken

UNPROCESSABLE = 422


def _page(
    request: HttpRequest, form: TokenForm, made: AccessToken | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    person = person_of(request)
    context = {
        "form": form,
        "rotate": RotateForm(),
        "tokens": queries.tokens_of(person).select_related("replaced_by"),
        "now": timezone.now(),
        "made": made,
        "secret": secret,
    }
    return render(request, "people/tokens.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """All my tokens; a POST makes one and shows its secret on this one page only."""
    person = person_of(request)
    require("people.make_token", person, person)
    if request.method == "GET":
        return _page(request, TokenForm())
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    values = form.cleaned_data
    try:
        made, secret = tokens_services.make_token(
            person, values["name"], scopes=values["scopes"], days=values["days"], limits=form.limits(), actor=person
        )
    except Refused as refused:
        form.say(refused)
        return _page(request, form, status=refused.decision.kind.value)
    return _page(request, TokenForm(), made, secret)


@never_cache
@require_POST
@login_required
def token_rotate(request: HttpRequest, prefix: str) -> HttpResponse:
    """A new secret, shown once; the old one works on for as long as was asked."""
    person = person_of(request)
    token = get_object_or_404(queries.tokens_of(person), prefix=prefix)
    form = RotateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The old one may work on for 0 to 168 hours. Nothing was changed."))
        return redirect("tokens")
    try:
        new, secret = tokens_services.rotate_token(
            token, overlap=timedelta(hours=form.cleaned_data["hours"]), actor=person
        )
    except Refused as refused:
        messages.error(request, f"{refused.decision.reason} {refused.decision.todo}".strip())
        return redirect("tokens")
    return _page(request, TokenForm(), new, secret)


@require_POST
@login_required
def token_revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    """End it for good."""
    person = person_of(request)
    token = get_object_or_404(queries.tokens_of(person), prefix=prefix)
    tokens_services.revoke_token(token, actor=person)
    messages.success(request, _("Revoked. It is refused from now on."))
    return redirect("tokens")
