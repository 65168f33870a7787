"""Staff build a form, see it as the artist does, publish it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from artists.feedback.models import FeedbackForm, FormVersion, Question
from artists.feedback.surveys import queries, services
from artists.feedback.surveys.forms import FrameForm, NewForm, QuestionForm, WordsForm
from artists.feedback.surveys.rules import open_now
from artists.feedback.surveys.sheet import AnswerSheet
from artists.feedback.surveys.states import VersionState
from artists.people.actors import actor_of, person_of
from artists.tariff.queries import price_of
from portal.access import Actor, Refused, require

from .artist import asking

A_PAGE = 30


def staff_of(request: HttpRequest) -> Actor:
    """Staff, or a refusal."""
    actor = actor_of(request)
    require("survey.oversee", actor)
    return actor


def form_of(request: HttpRequest, slug: str) -> FeedbackForm:
    """The form of this address, for staff."""
    return get_object_or_404(queries.forms_overseen_by(staff_of(request)), slug=slug)


@require_GET
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """All forms with what they pay and how many answered."""
    page = Paginator(queries.forms_overseen_by(staff_of(request)), A_PAGE).get_page(request.GET.get("page"))
    prices = {kind: price_of(kind) for kind in {one.contribution for one in page.object_list}}
    rows = [{"form": one, "price": prices[one.contribution], "may": open_now(one)} for one in page.object_list]
    return render(request, "feedback/surveys/staff/desk.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A new form, a draft."""
    staff_of(request)
    form = NewForm(request.POST) if request.method == "POST" else NewForm()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.make_form(
                given["slug"], title=given["title"], about=given["about"], frame=form.frame(), actor=person_of(request)
            )
        except Refused as refused:
            form.say(refused)
        else:
            return redirect("staff_feedback_form", made.form.slug)
    status = form.status if form.is_bound else 200
    return render(request, "feedback/surveys/staff/new.html", {"form": form}, status=status)


def _build_page(
    request: HttpRequest, found: FeedbackForm, *, frame: FrameForm | None = None, words: WordsForm | None = None
) -> HttpResponse:
    draft, published = queries.draft_of(found), queries.version_in_force(found)
    version = draft or published
    assert version is not None  # noqa: S101 - every form has a version
    context = {
        "found": found,
        "draft": draft,
        "published": published,
        "version": version,
        "questions": queries.questions_of(version),
        "price": price_of(found.contribution),
        "may": open_now(found),
        "frame": frame or FrameForm.of(found),
        "words": words or WordsForm(initial={"title": version.title, "about": version.about}),
    }
    bound = frame or words
    status = bound.status if bound is not None else 200
    return render(request, "feedback/surveys/staff/build.html", context, status=status)


@require_GET
@login_required
def build(request: HttpRequest, slug: str) -> HttpResponse:
    """One form: its window, whom it asks, its words and questions."""
    return _build_page(request, form_of(request, slug))


@require_POST
@login_required
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """Its window, its cohorts, what it counts as."""
    found, form = form_of(request, slug), FrameForm(request.POST)
    if form.is_valid():
        try:
            services.set_form(found, form.frame(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_feedback_form", slug)
    return _build_page(request, found, frame=form)


@require_POST
@login_required
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """Title and words of the draft."""
    found, form = form_of(request, slug), WordsForm(request.POST)
    draft = _draft(found)
    if form.is_valid():
        try:
            services.write_version(draft, actor=person_of(request), **form.cleaned_data)
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_feedback_form", slug)
    return _build_page(request, found, words=form)


def _draft(found: FeedbackForm) -> FormVersion:
    draft = queries.draft_of(found)
    if draft is None:
        raise Http404
    return draft


def _question(request: HttpRequest, found: FeedbackForm, pk: int) -> Question:
    staff_of(request)
    question = queries.question_of(found, pk)
    if question is None:
        raise Http404
    return question


def _question_page(request: HttpRequest, found: FeedbackForm, form: QuestionForm, one: Question | None) -> HttpResponse:
    context = {"found": found, "form": form, "question": one}
    status = form.status if form.is_bound else 200
    return render(request, "feedback/surveys/staff/question.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def question_new(request: HttpRequest, slug: str) -> HttpResponse:
    """One more question of the draft."""
    found = form_of(request, slug)
    draft, films = _draft(found), queries.films_to_compare(actor_of(request))
    if request.method == "GET":
        kind = {"kind": request.GET.get("kind", "scale"), "points": 5}
        return _question_page(request, found, QuestionForm(initial=kind, films=films), None)
    form = QuestionForm(request.POST, films=films)
    if form.is_valid():
        try:
            services.add_question(draft, form.asked(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Added."))
            return redirect("staff_feedback_form", slug)
    return _question_page(request, found, form, None)


@require_http_methods(["GET", "POST"])
@login_required
def question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One question of the draft, to be changed."""
    found = form_of(request, slug)
    one, films = _question(request, found, pk), queries.films_to_compare(actor_of(request))
    if request.method == "GET":
        if one.version.state == VersionState.PUBLISHED:
            messages.info(request, _("This version is published: its questions never change. Begin a new version."))
            return redirect("staff_feedback_form", slug)
        return _question_page(request, found, QuestionForm.of(one, films), one)
    form = QuestionForm(request.POST, films=films)
    if form.is_valid():
        try:
            services.change_question(one, form.asked(), actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("staff_feedback_form", slug)
    return _question_page(request, found, form, one)


@require_POST
@login_required
def question_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Up or down."""
    one = _question(request, form_of(request, slug), pk)
    services.move_question(one, -1 if request.POST.get("way") == "up" else 1, actor=person_of(request))
    return redirect("staff_feedback_form", slug)


@require_POST
@login_required
def question_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Out of the draft."""
    services.remove_question(_question(request, form_of(request, slug), pk), actor=person_of(request))
    messages.success(request, _("Removed."))
    return redirect("staff_feedback_form", slug)


@require_GET
@login_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """As the artist sees it; nothing can be sent."""
    found = form_of(request, slug)
    version = queries.draft_of(found) or queries.version_in_force(found)
    assert version is not None  # noqa: S101 - every form has a version
    context: dict[str, Any] = {
        "form": found,
        "version": version,
        "asking": asking(AnswerSheet(queries.questions_of(version))),
        "price": price_of(found.contribution),
    }
    return render(request, "feedback/surveys/staff/preview.html", context)


@require_POST
@login_required
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft's questions are fixed from now on."""
    services.publish_version(_draft(form_of(request, slug)), actor=person_of(request))
    messages.success(request, _("Published. This version never changes; a new one can be begun."))
    return redirect("staff_feedback_form", slug)


@require_POST
@login_required
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the next version."""
    services.draft_version(form_of(request, slug), actor=person_of(request))
    return redirect("staff_feedback_form", slug)


@require_POST
@login_required
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """Take no more responses."""
    services.end_form(form_of(request, slug), actor=person_of(request))
    messages.success(request, _("Closed. Drafts stay with those who wrote them."))
    return redirect("staff_feedback_form", slug)


@require_POST
@login_required
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Take responses again."""
    services.reopen_form(form_of(request, slug), actor=person_of(request))
    messages.success(request, _("Open again."))
    return redirect("staff_feedback_form", slug)
