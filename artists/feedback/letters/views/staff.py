"""Staff answer public letters and keep the promise. They have no page to change, remove or reorder one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from artists.feedback.letters import queries, services
from artists.feedback.letters.forms import AnswerForm, NumberForm
from artists.feedback.letters.pages import found, letter_page
from artists.people.actors import actor_of, person_of
from portal.access import Refused, require
from portal.program.letters import promise_letters

A_PAGE = 20


@require_http_methods(["GET", "POST"])
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """Public letters, answered or not; the number that makes a letter public, which a POST promises anew."""
    actor = actor_of(request)
    require("letters.oversee", actor)
    form = NumberForm(request.POST if request.method == "POST" else None, initial={"number": queries.promised()})
    if request.method == "POST" and form.is_valid():
        try:
            promise_letters(form.cleaned_data["number"], actor=actor)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Promised, in public. Letters that seek signatures already keep theirs."))
            return redirect("staff_letters")
    context = {
        "form": form,
        "page": Paginator(queries.public_letters(), A_PAGE).get_page(request.GET.get("page")),
        "unanswered": queries.unanswered_count(actor),
        "promised": queries.promised(),
        "artists": queries.artists_of_the_program().count(),
    }
    return render(request, "feedback/letters/staff.html", context, status=form.status)


@require_POST
@login_required
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Speak for the program beneath a public letter."""
    letter = found(request, slug)
    require("letters.answer", actor_of(request), letter)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer_letter(letter, actor=person_of(request), text=form.cleaned_data["text"])
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Answered. It stands beneath the letter; those who signed were told."))
            return redirect("open_letter", slug)
    return letter_page(request, letter, answer_form=form, status=form.status)
