"""What is mailed to me, and when; and stopping it from a mail, without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from artists.people.reading import zone_of
from portal.access import Kind, Refused, denied
from portal.notices import queries, services
from portal.notices.forms import ChoicesForm, HoursForm
from portal.notices.kinds import DIGEST, known_kind
from portal.notices.stopping import read_stop, stoppable

ONE_CLICK = ("List-Unsubscribe", "One-Click")
# Without the form that chooses a light, nothing is stored at the visitor's.
NO_COOKIE = {"theme_url": ""}


def _form(request: HttpRequest) -> ChoicesForm:
    actor = actor_of(request)
    data = request.POST if request.method == "POST" else None
    return ChoicesForm(queries.kinds_for(actor), queries.deliveries_of(actor), data)


def _page(request: HttpRequest, form: ChoicesForm, when: HoursForm) -> HttpResponse:
    person = person_of(request)
    context = {
        "form": form,
        "sections": form.sections(),
        "when": when,
        "hours": queries.hours_of(person),
        "zone": zone_of(person).key,
        "refusal": when.refusal if form.refusal is None else form.refusal,
    }
    return render(request, "notices/choices.html", context, status=max(form.status, when.status))


@require_http_methods(["GET", "POST"])
@login_required
def choices(request: HttpRequest) -> HttpResponse:
    """How each kind is mailed; a POST sets all that are on the page."""
    form, person = _form(request), person_of(request)
    if request.method == "GET":
        return _page(request, form, HoursForm.of(queries.hours_of(person)))
    if form.is_valid():
        try:
            changed = services.choose_mail(person, form.wanted(), actor=actor_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("mail_choices")
    return _page(request, form, HoursForm.of(queries.hours_of(person)))


@require_POST
@login_required
def hours(request: HttpRequest) -> HttpResponse:
    """Quiet hours and the digest."""
    person, actor = person_of(request), actor_of(request)
    when = HoursForm(request.POST)
    if when.is_valid():
        try:
            services.choose_hours(person, actor=actor, **when.wanted())  # type: ignore[arg-type]
        except Refused as refused:
            when.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("mail_choices")
    return _page(request, ChoicesForm(queries.kinds_for(actor), queries.deliveries_of(actor)), when)


def _about(signed: str) -> dict[str, object]:
    """What this address stops, in words; nothing about whose mail it is."""
    found = read_stop(signed)
    if found is None or not stoppable(found.kind):
        words = _("This address stops no mail.")
        todo = _("Copy it whole from the mail, or sign in and choose on the page “Mail to me”.")
        raise Refused("notices.stop_by_link", denied("stop-unknown", words, todo=todo, kind=Kind.MISSING))
    kind = known_kind(found.kind)
    return {"digest": found.kind == DIGEST, "label": "" if kind is None else kind.label}


@csrf_exempt  # a mail program sends it without cookies; the address itself is signed (RFC 8058)
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """A GET asks, the one-click POST stops; a link that a mail scanner follows changes nothing."""
    about = _about(signed)
    done = request.method == "POST"
    if done:
        name, value = ONE_CLICK
        if request.POST.get(name) != value:
            words = _("This is not the form of a mail or of this page.")
            todo = _("Open the address and press the button.")
            raise Refused("notices.stop_by_link", denied("one-click-missing", words, todo=todo, kind=Kind.INVALID))
        services.stop_by_link(signed)
    return render(request, "notices/stop.html", about | NO_COOKIE | {"done": done})
