"""The published tariff for everybody; for staff the draft, what it would change, and publishing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.people.actors import actor_of
from portal.access import Actor, Refused, require
from portal.money import currencies

from . import queries, services
from .forms import PricesForm, PublishForm
from .models import TariffVersion

PAGE = 20


@require_safe
def tariff(request: HttpRequest) -> HttpResponse:
    """What each kind of contribution pays now, what is announced, and every version before."""
    version = queries.version_at()
    page = Paginator(queries.published(), PAGE).get_page(request.GET.get("page"))
    context = {
        "version": version,
        "prices": queries.prices_of(version),
        "announced": queries.announced(),
        "page": page,
    }
    return render(request, "tariff/tariff.html", context)


@require_safe
def tariff_version(request: HttpRequest, number: int) -> HttpResponse:
    """One published version, as it was."""
    found = get_object_or_404(queries.published(), number=number)
    context = {"version": found, "prices": queries.prices_of(found), "current": queries.version_at()}
    return render(request, "tariff/version.html", context)


def _staff(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    require("tariff.see_drafts", actor)
    return actor


def _draft(request: HttpRequest) -> TariffVersion | None:
    return queries.the_draft(_staff(request))


@require_safe
@login_required
def staff_tariff(request: HttpRequest) -> HttpResponse:
    """Versions with their dates, and the draft."""
    actor = _staff(request)
    context = {
        "draft": queries.the_draft(actor),
        "version": queries.version_at(),
        "page": Paginator(queries.published(), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "tariff/staff/list.html", context)


@require_POST
@login_required
def staff_tariff_new(request: HttpRequest) -> HttpResponse:
    """Begin a draft with the prices of the last version."""
    actor = _staff(request)
    try:
        services.draft_version(actor=actor)
    except Refused as refused:
        messages.info(request, f"{refused.decision.reason} {refused.decision.todo}")
    return redirect("staff_tariff_draft")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def staff_tariff_draft(request: HttpRequest) -> HttpResponse:
    """Set the prices of the draft; a POST keeps them and shows what they would change."""
    draft = _draft(request)
    if draft is None:
        return redirect("staff_tariff")
    amounts = {price.kind: price.amount for price in draft.prices.all()}
    initial = {"currency": draft.currency or currencies()[0], "note": draft.note}
    form = PricesForm(request.POST or None, initial=initial, amounts=amounts, currency=draft.currency)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.edit_draft(
                draft, form.prices, actor=actor_of(request), currency=data["currency"], note=data["note"]
            )
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Kept as a draft. Nothing is published yet."))
            return redirect("staff_tariff_publish")
    return render(request, "tariff/staff/draft.html", {"draft": draft, "form": form}, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def staff_tariff_publish(request: HttpRequest) -> HttpResponse:
    """What the draft would change; a POST publishes it."""
    draft = _draft(request)
    if draft is None:
        return redirect("staff_tariff")
    form = PublishForm(request.POST if request.method == "POST" else None, initial={"seen": draft.edits})
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_version(draft, actor=actor_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
            form.data = form.data.copy() | {"seen": draft.edits}  # what is on the page now is what is read next
        else:
            messages.success(request, _("Published. These prices never change again; a new version can replace them."))
            return redirect("staff_tariff")
    # Against what will be in force when it begins: the last version that is announced, or the one of now.
    former = queries.published().order_by("-in_force_from", "-number").first()
    context = {"draft": draft, "former": former, "changes": queries.changes(former, draft), "form": form}
    return render(request, "tariff/staff/publish.html", context, status=form.status)
