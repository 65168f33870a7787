"""Staff's desk of invitations: the list, one, and inviting with a dry run before the letters."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.invitations import lists, queries, services
from artists.invitations.forms import InviteForm
from artists.invitations.letters import letter_text
from artists.invitations.models import Invitation
from artists.invitations.states import InvitationState
from artists.people.actors import actor_of, person_of
from artists.people.roles import Role
from portal.access import Refused, check, require

PAGE = 50
SHOWN = 300
TONES = {
    InvitationState.SENT: "info",
    InvitationState.OPENED: "info",
    InvitationState.BOUNCED: "stop",
    InvitationState.ACCEPTED: "ok",
    InvitationState.DECLINED: "plain",
    InvitationState.WITHDRAWN: "plain",
}


def _standing(invitation: Invitation) -> dict[str, Any]:
    if invitation.is_open and invitation.is_expired:
        return {"tone": "warn", "label": _("expired")}
    return {"tone": TONES[InvitationState(invitation.state)], "label": invitation.get_state_display()}


def _tabs(chosen: str, words: str) -> list[dict[str, Any]]:
    names = [("", _("All")), *InvitationState.choices]
    names.insert(3, (queries.EXPIRED, _("expired")))
    return [
        {"label": label, "url": f"?{urlencode({'state': name, 'q': words})}", "current": name == chosen}
        for name, label in names
    ]


@require_GET
@login_required
def invitations(request: HttpRequest) -> HttpResponse:
    """Everybody asked in, newest first, by state and by words."""
    require("invitations.see", actor_of(request))
    chosen, words = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = queries.containing(queries.in_standing(queries.invitations_visible_to(actor_of(request)), chosen), words)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [{"invitation": invitation, **_standing(invitation)} for invitation in page.object_list]
    context = {"rows": rows, "page": page, "tabs": _tabs(chosen, words), "words": words, "chosen": chosen}
    context["asked"] = queries.asked_again_count(actor_of(request))
    for name, number in (("newer", page.number - 1), ("older", page.number + 1)):
        there = page.has_previous() if name == "newer" else page.has_next()
        context[name] = f"?{urlencode({'state': chosen, 'q': words, 'page': number})}" if there else ""
    return render(request, "invitations/staff/list.html", context)


@require_GET
@login_required
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One invitation: where it stands, the letter, and what can be done."""
    actor = actor_of(request)
    require("invitations.see", actor)
    found = get_object_or_404(queries.invitations_visible_to(actor), pk=pk)
    letter = letter_text(
        name=found.name,
        role=Role(found.role),
        cohort=found.cohort,
        message=found.message,
        expires_at=found.expires_at,
        sender=found.invited_by or actor,
    )
    context = {
        "invitation": found,
        "letter": letter,
        "may_resend": found.is_open and check("invitations.resend", actor, found),
        "may_withdraw": found.is_open and check("invitations.withdraw", actor, found),
        **_standing(found),
    }
    return render(request, "invitations/staff/one.html", context)


def _answer(request: HttpRequest, form: InviteForm, refused: Refused | None = None) -> HttpResponse:
    status = 422 if form.errors else 200
    context: dict[str, Any] = {"form": form}
    if refused is not None:
        status, context["refusal"] = refused.decision.kind.value, refused.decision
    return render(request, "invitations/staff/new.html", context, status=status)


def _text(form: InviteForm) -> str:
    upload = form.cleaned_data.get("file")
    if upload is None:
        return str(form.cleaned_data["rows"])
    # One byte more than is allowed: enough to see that it is too large.
    return lists.read_upload(upload.read(lists.MOST_BYTES + 1))


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Write; then see what would become of each row and what the letter says; then send."""
    person = person_of(request)
    require("invitations.see", person)
    if request.method == "GET":
        return _answer(request, InviteForm(actor=person))
    form = InviteForm(request.POST, request.FILES, actor=person)
    if not form.is_valid():
        return _answer(request, form)
    terms = form.terms()
    send = "send" in request.POST
    try:
        text = _text(form)
        rows = lists.read_rows(text)
        done = lists.send_rows(rows, terms, actor=person) if send else lists.try_rows(rows, terms, actor=person)
    except Refused as refused:
        return _answer(request, form, refused)
    good, bad = [row for row in done if row.ok], [row for row in done if not row.ok]
    if send and not bad:
        messages.success(request, _("%(n)s invited. The letters are on their way.") % {"n": len(good)})
        return redirect("invitations")
    context: dict[str, Any] = {
        "good": good[:SHOWN],
        "good_count": len(good),
        "bad": bad[:SHOWN],
        "bad_count": len(bad),
        "sent": send,
        "text": text,
        "data": form.cleaned_data,
        "role_label": terms.role.label,
        "cohort": terms.cohort,
    }
    if good and not send:
        first = good[0]
        context["letter"] = letter_text(
            name=first.name,
            role=terms.role,
            cohort=terms.cohort,
            message=terms.message,
            expires_at=timezone.now() + terms.life,
            sender=person,
        )
        context["letter_to"] = first.email
    return render(request, "invitations/staff/check.html", context)


@require_POST
@login_required
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter again, with a fresh link and date."""
    actor = actor_of(request)
    require("invitations.see", actor)
    found = get_object_or_404(queries.invitations_visible_to(actor), pk=pk)
    services.resend(found, actor=actor)
    messages.success(request, _("Sent again. The new link is good for two weeks; the former one leads here too."))
    return redirect("invitation_staff", pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    actor = actor_of(request)
    require("invitations.see", actor)
    found = get_object_or_404(queries.invitations_visible_to(actor), pk=pk)
    _row, moved = services.withdraw(found, actor=actor)
    if moved:
        messages.success(request, _("Withdrawn. The link says so to whoever opens it."))
    else:
        messages.warning(request, _("It was answered or withdrawn before; nothing was changed."))
    return redirect("invitation_staff", pk)
