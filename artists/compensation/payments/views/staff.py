"""The payments desk of staff: what is payable, a dry run, what is under way, what failed, and one payment with all that happened to it."""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.compensation.models import Payment
from artists.compensation.payments import queries, services
from artists.compensation.payments.countries import country_called
from artists.compensation.payments.forms import BackForm, ReasonForm, RecordForm
from artists.compensation.payments.holds import OF_THE_WAY, holds_of, way_of
from artists.compensation.payments.readiness import accounts_in_use, profiles_of, ready
from artists.compensation.payments.services.sending import LONGEST_BATCH
from artists.compensation.payments.states import PaymentState, Rail
from artists.people.actors import actor_of, person_of
from artists.people.proofs import keep_typed, second_factor_shown_at, show_again_url, typed_before
from portal.access import Actor, Decision, Kind, Refused, check, denied, require
from portal.money import plain_amount
from portal.pages import leaf_of
from portal.program.forms import Refusable
from portal.storage.exit import Purpose, hand_out, register_purpose

A_PAGE = 30
_S = PaymentState
TONES = {
    _S.READY: "info", _S.SENDING: "info", _S.UNKNOWN: "warn", _S.NEEDS_HUMAN: "yours", _S.REFUSED: "yours", _S.SENT: "ok",
    _S.PARTLY_REVERSED: "warn", _S.REVERSED: "warn", _S.CANCELLED: "plain",
}  # fmt: skip
OLD = "second-factor-old"
register_purpose(Purpose("payment-proof", "payment.read_proof", saved=True))


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("payment.oversee", actor)
    return actor


def _found(request: HttpRequest, pk: uuid.UUID) -> Payment:
    return get_object_or_404(queries.payments_overseen_by(_staff(request)), pk=pk)


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What failed, what is under way, what could be sent, with what holds it."""
    actor = _staff(request)
    page = leaf_of(queries.payable(actor), request.GET.get("page"), A_PAGE)
    failing, travelling = list(queries.failing(actor)[:A_PAGE]), list(queries.travelling(actor)[:A_PAGE])
    planned = services.plan(page.rows)
    context = {
        "page": page,
        "planned": planned,
        "goes": sum(one.goes for one in planned),
        "failing": [(one, queries.next_step(one), next(reversed(one.attempts.all()), None)) for one in failing],
        "travelling": [(one, queries.next_step(one)) for one in travelling],
    }
    return render(request, "compensation/payments/desk.html", context)


@require_GET
@login_required
def everything(request: HttpRequest) -> HttpResponse:
    """All payments, the newest first."""
    rows = queries.payments_overseen_by(_staff(request)).order_by("-made_at", "-pk")
    page = leaf_of(rows, request.GET.get("page"), A_PAGE)
    lines = [(one, TONES[PaymentState(one.state)]) for one in page.rows]
    return render(request, "compensation/payments/all.html", {"page": page, "lines": lines})


def _keys(request: HttpRequest) -> list[str]:
    return (request.GET.getlist("p") or request.POST.getlist("p"))[:LONGEST_BATCH]


@require_http_methods(["GET", "POST"])
@login_required
def batch(request: HttpRequest) -> HttpResponse:
    """A dry run of the chosen ones; sending is a second press, with a recent second factor."""
    actor, keys = _staff(request), _keys(request)
    rows = list(queries.chosen(actor, keys))
    here = f"{reverse('staff_payments_batch')}?{urlencode([('p', key) for key in keys])}"
    refused: Decision | None = None
    told: list[services.Told] = []
    if request.method == "POST":
        try:
            told = services.send_due(rows, actor=person_of(request), proof=second_factor_shown_at(request))
        except Refused as no:
            refused = no.decision
        else:
            rows = list(queries.chosen(actor, keys))
    planned = services.plan(rows)
    sums: dict[str, int] = {}
    for one in planned:
        if one.goes:
            sums[one.payment.currency] = sums.get(one.payment.currency, 0) + one.payment.amount
    context = {
        "planned": planned,
        "goes": sum(one.goes for one in planned),
        "sums": sorted(sums.items()),
        "told": told,
        "here": here,
        "refused": refused,
        "show_again": show_again_url(here) if refused is not None and refused.code == OLD else "",
    }
    status = refused.kind.value if refused is not None else 200
    return render(request, "compensation/payments/batch.html", context, status=status)


def _page(request: HttpRequest, found: Payment, **forms: Refusable) -> HttpResponse:
    here, actor = reverse("staff_payment", args=[found.pk]), actor_of(request)
    bound = next(iter(forms.values()), None)
    old = bound is not None and bound.refusal is not None and bound.refusal.code == OLD
    typed = {} if bound is not None else typed_before(request, here)
    by_hand = found.rail == Rail.MANUAL
    left, rest = found.amount - found.came_back, queries.rest_of(found)
    holds = holds_of(found)
    seen = {name: typed[name] for name in ("reference", "amount", "reason") if name in typed}
    first = {"amount": plain_amount(left, found.currency)} | seen
    context = {
        "payment": found,
        "tone": TONES[PaymentState(found.state)],
        "holds": holds,
        "by_bank": [hold for hold in holds if hold.code not in OF_THE_WAY],
        "way": way_of(profiles_of([found.payee_id]).get(found.payee_id)),
        "step": queries.next_step(found),
        "attempts": found.attempts.all(),
        "returns": found.returns.all(),
        "story": queries.story_of(found),
        "may": check("payment.hold", actor, found),
        "record": forms.get("record") or RecordForm(initial=seen),
        "hold": forms.get("hold") or ReasonForm(prefix="hold"),
        "cancel": forms.get("cancel") or ReasonForm(prefix="end"),
        "back": forms.get("back") or BackForm(currency=found.currency, by_hand=by_hand, initial=first),
        "left": left,
        "rest": rest,
        "rest_told": f"{plain_amount(rest, found.currency)} {found.currency}",
        "is_rest": queries.is_rest(found),
        "read_at": queries.last_entry_of(found),
        "has_proof": bool(found.proof),
        "show_again": show_again_url(here) if old else "",
    }
    return render(
        request, "compensation/payments/payment.html", context, status=bound.status if bound is not None else 200
    )


@require_GET
@login_required
def payment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One payment: what holds it, what was tried, what can be done."""
    return _page(request, _found(request, pk))


def _try(
    request: HttpRequest, pk: uuid.UUID, name: str, form: Refusable, act: Callable[[Payment], Any]
) -> HttpResponse:
    """One act with what was typed; nothing of it is lost when it is refused."""
    found = _found(request, pk)
    if form.is_valid():
        try:
            act(found)
        except Refused as refused:
            form.say(refused)
            if refused.decision.code == OLD:
                keep_typed(request, reverse("staff_payment", args=[pk]))
        else:
            return redirect("staff_payment", pk)
    return _page(request, _found(request, pk), **{name: form})


@require_POST
@login_required
def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down a payment by hand."""
    form = RecordForm(request.POST, request.FILES)

    def act(found: Payment) -> None:
        services.record_by_hand(
            found, actor=person_of(request), proof=second_factor_shown_at(request), **form.cleaned_data
        )
        messages.success(request, _("Written down. Its artist is told the reference."))

    return _try(request, pk, "record", form, act)


@require_POST
@login_required
def hold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hold it, by name."""
    form = ReasonForm(request.POST, prefix="hold")
    return _try(
        request, pk, "hold", form, lambda one: services.hold(one, actor=person_of(request), **form.cleaned_data)
    )


@require_POST
@login_required
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It is not paid."""
    form = ReasonForm(request.POST, prefix="end")
    return _try(
        request, pk, "cancel", form, lambda one: services.cancel(one, actor=person_of(request), **form.cleaned_data)
    )


@require_POST
@login_required
def back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take money back, all or a part."""
    found = _found(request, pk)
    form = BackForm(request.POST, currency=found.currency, by_hand=found.rail == Rail.MANUAL)

    def act(one: Payment) -> None:
        given = form.cleaned_data
        done = services.reverse(
            one,
            actor=person_of(request),
            proof=second_factor_shown_at(request),
            amount=form.minor or 0,
            reason=given["reason"],
            reference=given.get("reference", ""),
            read_at=given["read_at"] or 0,
        )
        known = done.came_back > one.came_back
        says = _("It came back and is owed again.") if known else _("Asked. Whether it came back is not known yet; it is looked at by itself.")  # fmt: skip
        messages.success(request, says)

    return _try(request, pk, "back", form, act)


def _press(request: HttpRequest, pk: uuid.UUID, act: Callable[..., Payment], says: str) -> HttpResponse:
    """An act without anything typed."""
    act(_found(request, pk), actor=person_of(request))
    messages.success(request, says)
    return redirect("staff_payment", pk)


@require_POST
@login_required
def unhold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let it go."""
    return _press(request, pk, services.unhold, _("Nobody holds it any more."))


@require_POST
@login_required
def retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Payable again after a refusal."""
    return _press(request, pk, services.retry, _("Payable again. The next attempt has a key of its own."))


@require_POST
@login_required
def pay_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Payable again after it came back; a part of it is a payment of its own, which is shown then."""
    again = services.pay_again(_found(request, pk), actor=person_of(request))
    messages.success(request, _("Payable again."))
    return redirect("staff_payment", again.pk)


@require_POST
@login_required
def look(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Look at the rail now."""
    return _press(request, pk, services.look_again, _("Looked at it just now."))


@require_GET
@login_required
def proof(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file kept with a payment by hand, saved and never shown in the browser."""
    found = _found(request, pk)
    file = services.proof_of(found)
    if file is None:
        words = _("No file was kept with this payment.")
        raise Refused("payment.read_proof", denied("not-found", words, kind=Kind.MISSING))
    return hand_out(request, file, actor=actor_of(request), purpose="payment-proof", subject=found)


@require_GET
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """How somebody is paid, and all their payments."""
    actor = _staff(request)
    found = get_object_or_404(queries.people_overseen_by(actor), pk=pk)
    profile, account = profiles_of([pk]).get(pk), accounts_in_use([pk]).get(pk)
    rows = queries.payments_overseen_by(actor).filter(payee=found).order_by("-made_at", "-pk")
    page = leaf_of(rows, request.GET.get("page"), A_PAGE)
    context = {
        "person": found,
        "profile": profile,
        "country": country_called(profile.country) if profile else "",
        "account": account,
        "ready": ready(profile, account, ""),
        "may": check("pay_profile.confirm_tax", actor, found),
        "page": page,
        "lines": [(one, TONES[PaymentState(one.state)]) for one in page.rows],
    }
    return render(request, "compensation/payments/person.html", context)


@require_POST
@login_required
def tax(request: HttpRequest, pk: int) -> HttpResponse:
    """That tax information was seen, or has to be seen anew."""
    found = get_object_or_404(queries.people_overseen_by(_staff(request)), pk=pk)
    seen = request.POST.get("act") == "seen"
    services.confirm_tax(found, actor=person_of(request), seen=seen)
    messages.success(request, _("Confirmed.") if seen else _("It has to be confirmed anew."))
    return redirect("staff_pay_person", pk)
