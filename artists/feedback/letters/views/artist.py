"""Artists write letters, show them to each other, sign them and take their names back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from artists.feedback.letters import queries, services
from artists.feedback.letters.forms import LetterForm, SignForm
from artists.feedback.letters.pages import found, letter_page
from artists.feedback.models import OpenLetter
from artists.people.actors import actor_of, person_of
from portal.access import Refused, require


def _form(request: HttpRequest, form: LetterForm, letter: OpenLetter | None = None) -> HttpResponse:
    context = {"form": form, "letter": letter, "promised": queries.promised()}
    return render(request, "feedback/letters/write.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Begin a letter; nobody else reads it yet."""
    require("letters.write", actor_of(request))
    person = person_of(request)
    if request.method == "GET":
        return _form(request, LetterForm(person=person))
    form = LetterForm(request.POST, person=person)
    if form.is_valid():
        try:
            letter = services.write_letter(**form.cleaned_data, actor=person)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Kept. Only you read it, until you let the other artists."))
            return redirect("open_letter", letter.slug)
    return _form(request, form)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change it while nobody has signed."""
    letter, person = found(request, slug), person_of(request)
    require("letters.edit", actor_of(request), letter)
    if request.method == "GET":
        initial = {"title": letter.title, "text": letter.text, "shown_as": letter.shown_as}
        return _form(request, LetterForm(person=person, initial=initial), letter)
    form = LetterForm(request.POST, person=person)
    if form.is_valid():
        try:
            services.edit_letter(letter, **form.cleaned_data, actor=person)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("open_letter", slug)
    return _form(request, form, letter)


@require_POST
@login_required
def open_(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the other artists read and sign it."""
    letter = found(request, slug)
    try:
        _row, moved = services.open_letter(letter, actor=person_of(request))
    except Refused as refused:
        return letter_page(request, letter, refusal=refused.decision)
    if moved:
        messages.success(
            request, _("The other artists read it now and were told. Until somebody signs you can change it.")
        )
    return redirect("open_letter", slug)


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take it back whole, before it is public."""
    letter = found(request, slug)
    try:
        _row, moved = services.withdraw_letter(letter, actor=person_of(request))
    except Refused as refused:
        return letter_page(request, letter, refusal=refused.decision)
    if moved:
        messages.success(request, _("Taken back. Nobody else reads it any more."))
    return redirect("open_letters")


@require_POST
@login_required
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """My name under it."""
    letter, person = found(request, slug), person_of(request)
    require("letters.sign", actor_of(request), letter)
    form = SignForm(request.POST, person=person)
    if not form.is_valid():
        return letter_page(request, letter, sign_form=form, status=form.status)
    values = form.cleaned_data
    try:
        services.sign_letter(letter, actor=person, shown_as=values["shown_as"], read_digest=values["digest"])
    except Refused as refused:
        return letter_page(request, found(request, slug), refusal=refused.decision)
    if letter.seeks and found(request, slug).is_public:
        messages.success(request, _("Signed, and with your signature it is public."))
    else:
        messages.success(request, _("Signed. You can take your name back at any time."))
    return redirect("open_letter", slug)


@require_POST
@login_required
def take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """My name off it."""
    letter = found(request, slug)
    signature = queries.signature_of(actor_of(request), letter)
    if signature is not None and services.take_back_signature(signature, actor=person_of(request)):
        messages.success(request, _("Your name no longer stands under it."))
    else:
        messages.info(request, _("Your name does not stand under it. Nothing was changed."))
    return redirect("open_letter", slug)
