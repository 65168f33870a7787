"""Critique for everybody to read, artists to write, staff to answer."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.feedback.models import Critique
from artists.people.actors import actor_of, person_of
from portal.access import Refused, check, require

from . import queries, services
from .forms import AnswerForm, CritiqueForm, WithholdForm
from .states import Withheld

A_PAGE = 20
WEEKS = 12


def _page(request: HttpRequest, form: CritiqueForm) -> HttpResponse:
    page = Paginator(queries.texts_public(), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "may": check("critique.write", actor_of(request)),
        "oversees": bool(check("critique.oversee", actor_of(request))),
        "page": page,
        "texts": queries.shown(page.object_list),
        "weeks": list(queries.weeks_over()[:WEEKS]),
        "grounds": Withheld.choices,
        "most": services.MOST_A_WEEK,
        "kept": request.GET.get("kept") == "yes",
    }
    response = render(request, "feedback/critique/critique.html", context, status=form.status if form.is_bound else 200)
    # Django logs every refusal with its moment; here no line may say when somebody tried to write.
    response._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001 - what django.utils.log asks for
    return response


@sensitive_post_parameters("text")
@never_cache
@require_http_methods(["GET", "POST"])
def critique(request: HttpRequest) -> HttpResponse:
    """Everything that is public; a POST keeps a text. No message is left: it would lie in the session of whoever wrote."""
    if request.method == "GET":
        return _page(request, CritiqueForm())
    form, may = CritiqueForm(request.POST), check("critique.write", actor_of(request))
    if not may:  # a sign-in that ran out must not cost the text
        form.refusal = may
    elif form.is_valid():
        try:
            services.write_critique(form.cleaned_data["text"], actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            return redirect(f"{reverse('critique')}?kept=yes")
    return _page(request, form)


def _text(request: HttpRequest, pk: uuid.UUID) -> Critique:
    require("critique.oversee", actor_of(request))
    return get_object_or_404(queries.texts_overseen_by(actor_of(request)), pk=pk)


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The same texts for staff, unanswered ones first."""
    actor = actor_of(request)
    require("critique.oversee", actor)
    found = queries.texts_overseen_by(actor)
    if request.GET.get("show") != "all":
        found = found.filter(answer="", withheld="")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "texts": queries.shown(page.object_list, whole=True),
        "waiting": queries.unanswered(actor),
        "every": request.GET.get("show") == "all",
    }
    return render(request, "feedback/critique/desk.html", context)


def _one_page(
    request: HttpRequest, found: Critique, *, answer: AnswerForm | None = None, withhold: WithholdForm | None = None
) -> HttpResponse:
    context = {
        "text": queries.shown([found], whole=True)[0],
        "form": answer or AnswerForm(initial={"answer": found.answer}),
        "withhold": withhold or WithholdForm(initial={"ground": found.withheld}),
    }
    bound = answer or withhold
    return render(request, "feedback/critique/one.html", context, status=bound.status if bound is not None else 200)


@require_GET
@login_required
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One text, to be answered or withheld."""
    return _one_page(request, _text(request, pk))


@require_POST
@login_required
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer in public."""
    found, form = _text(request, pk), AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer_critique(found, form.cleaned_data["answer"], actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Answered. Everybody reads it."))
            return redirect("critique_desk")
    return _one_page(request, found, answer=form)


@require_POST
@login_required
def withhold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the ground in its place, or the text again."""
    found, form = _text(request, pk), WithholdForm(request.POST)
    if form.is_valid():
        try:
            services.withhold_critique(found, form.cleaned_data["ground"], actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved. The ground stands in its place.") if form.cleaned_data["ground"] else _("It is shown."))  # fmt: skip
            return redirect("critique_one", pk)
    return _one_page(request, found, withhold=form)
