"""How one is paid: country, way, account at Stripe, each with its one next step."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TypeAlias

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from artists.compensation.models import PayProfile, RailAccount
from artists.compensation.payments import services
from artists.compensation.payments.countries import country_called
from artists.compensation.payments.forms import WayForm
from artists.compensation.payments.holds import CHANGE_WAITS
from artists.compensation.payments.rails import account_in_use
from artists.compensation.payments.readiness import ready
from artists.compensation.payments.states import Rail, Readiness
from artists.compensation.stripe.gateway import configured
from artists.people.actors import actor_of, person_of
from artists.people.models import Person
from artists.people.proofs import keep_typed, recent, second_factor_shown_at, show_url, typed_before
from portal.access import Decision, Refused, require

View: TypeAlias = Callable[[HttpRequest], HttpResponse]


def _wants(account: RailAccount | None) -> list[str]:
    """What Stripe asks of the artist, as far as it says it in words that can be shown."""
    needs = [] if account is None else account.needs
    return sorted({need["about"].rpartition(".")[2].replace("_", " ") for need in needs if need["of_artist"]})


def _page(
    request: HttpRequest,
    *,
    form: WayForm | None = None,
    refused: Decision | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    typed = typed_before(request, reverse("pay")) if typed is None else typed
    person = person_of(request)
    require("pay_profile.read", actor_of(request), person)
    profile = PayProfile.objects.filter(person=person).first()
    account = account_in_use(person, Rail.STRIPE_CONNECT)
    changed = None if profile is None else profile.changed_at
    until = None if changed is None or changed + CHANGE_WAITS <= timezone.now() else changed + CHANGE_WAITS
    old = refused is not None and refused.code == "second-factor-old"
    context = {
        "profile": profile,
        "country": country_called(profile.country) if profile else "",
        "account": account if account is not None and account.account else None,
        "ready": ready(profile, account, ""),
        "until": until,
        "wants": _wants(account),
        "form": form or WayForm.of(profile, typed, stripe=configured()),
        "refused": refused,
        "show_again": show_url(person, reverse("pay")) if old else "",
    }
    status = refused.kind.value if refused is not None else form.status if form is not None else 200
    return render(request, "compensation/payments/pay.html", context, status=status)


def _proven(view: View) -> View:
    """Where money goes is changed by whoever showed a second factor within minutes: a password alone leads no money away."""

    @wraps(view)
    def shown_first(request: HttpRequest) -> HttpResponse:
        decision = recent(second_factor_shown_at(request))
        if decision:
            return view(request)
        page = _page(request, refused=decision, typed=request.POST.dict())
        if request.method == "POST":
            keep_typed(request, reverse("pay"))
        return page

    return shown_first


@require_GET
@login_required
def pay(request: HttpRequest) -> HttpResponse:
    """Where one's money goes, and what is needed for it."""
    return _page(request)


@require_POST
@login_required
@_proven
def way(request: HttpRequest) -> HttpResponse:
    """Choose country and way."""
    form = WayForm(request.POST, stripe=configured())
    if form.is_valid():
        try:
            services.choose_way(person_of(request), actor=actor_of(request), **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("pay")
    return _page(request, form=form)


def _to(request: HttpRequest, address: Callable[..., str]) -> HttpResponse:
    """Off to an address at Stripe that is made at this moment."""
    try:
        url = address(person_of(request), actor=actor_of(request))
    except Refused as refused:
        return _page(request, refused=refused.decision)
    return HttpResponseRedirect(url)


def _act(request: HttpRequest, act: Callable[..., RailAccount]) -> HttpResponse | RailAccount:
    try:
        person: Person = person_of(request)
        return act(person, actor=actor_of(request))
    except Refused as refused:
        return _page(request, refused=refused.decision)


@require_POST
@login_required
@_proven
def account(request: HttpRequest) -> HttpResponse:
    """Open one's account at Stripe: made here, completed there."""
    made = _act(request, services.open_account)
    if isinstance(made, HttpResponse):
        return made
    messages.success(request, _("Your account at Stripe is there. Complete it on Stripe's own pages."))
    return redirect("pay")


@require_GET
@login_required
@_proven
def form(request: HttpRequest) -> HttpResponse:
    """To Stripe's form of one's own account; the address is used once, so each click makes a new one. Stripe leads here too when one has expired."""
    return _to(request, services.onboarding_address)


@require_GET
@login_required
@_proven
def dashboard(request: HttpRequest) -> HttpResponse:
    """To one's own page at Stripe."""
    return _to(request, services.dashboard_address)


def _checked(request: HttpRequest) -> HttpResponse:
    found = _act(request, services.check_account)
    if isinstance(found, HttpResponse):
        return found
    done = found.readiness == Readiness.ACTIVE
    says = _("Stripe is ready to pay you.") if done else _("Read again at Stripe just now.")
    (messages.success if done else messages.info)(request, says)
    return redirect("pay")


@require_GET
@login_required
def back(request: HttpRequest) -> HttpResponse:
    """Back from Stripe: that proves nothing, so the account is read again."""
    return _checked(request)


@require_POST
@login_required
def check(request: HttpRequest) -> HttpResponse:
    """Read it again, because somebody asks."""
    return _checked(request)


@require_POST
@login_required
@_proven
def replace(request: HttpRequest) -> HttpResponse:
    """Another account instead of this one."""
    made = _act(request, services.replace_account)
    if isinstance(made, HttpResponse):
        return made
    messages.success(request, _("Another account is there. Complete it on Stripe's own pages."))
    return redirect("pay")
