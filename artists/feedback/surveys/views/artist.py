"""Forms as artists see them: what is open, answering with drafts, what became of it."""

import uuid
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from artists.feedback.models import FeedbackForm, FormVersion, Question, Response
from artists.feedback.surveys import queries, services
from artists.feedback.surveys.results import results_for_artists
from artists.feedback.surveys.rules import open_now
from artists.feedback.surveys.sheet import FPS, AnswerSheet, begun_with
from artists.feedback.surveys.states import FormState, QuestionKind, ResponseState
from artists.people.actors import actor_of, person_of
from artists.tariff.queries import price_of
from generation.models import Clip
from generation.queries import clips_visible_to
from portal.access import Refused, check
from portal.storage.exit import hand_out

A_PAGE = 20
HIGHEST_FRAME = 10**6


@dataclass(frozen=True, slots=True)
class Shown:
    """One take of a question as the player wants it; artists see neither title nor model."""

    width: int
    height: int
    frames: int
    fps_numerator: int
    fps_denominator: int
    title: str

    @classmethod
    def of(cls, clip: Clip, title: str) -> "Shown":
        """This film under another name."""
        return cls(clip.width, clip.height, clip.frames, clip.fps_numerator, clip.fps_denominator, title)


def takes_of(question: Question) -> dict[str, Any] | None:
    """Both takes of a question; None where one was deleted meanwhile."""
    first, second = question.first, question.second
    if question.kind != QuestionKind.COMPARE or first is None or second is None:
        return None
    if first.deleted_at is not None or second.deleted_at is not None:
        return {"gone": True}
    return {"a": Shown.of(first, _("the first take")), "b": Shown.of(second, _("the second take"))}


def asking(sheet: AnswerSheet) -> list[dict[str, Any]]:
    """The questions as the page shows them."""
    return [{"one": one.question, "fields": one.fields, "takes": takes_of(one.question)} for one in sheet.asking()]


def _film(request: HttpRequest) -> services.Film | None:
    """The film of one's own that the address names, with the frame it stood at. Raises Http404."""
    named = request.GET.get("clip", "")
    if not named:
        return None
    try:
        pk = uuid.UUID(named)
    except ValueError:
        raise Http404 from None
    clip = get_object_or_404(clips_visible_to(actor_of(request)).select_related("generation"), pk=pk)
    frame = request.GET.get("frame", "")
    stood = int(frame) if frame.isdecimal() and len(frame) < 8 and int(frame) < clip.frames else None  # noqa: PLR2004 - no film has as many frames
    return services.Film(clip, stood)


def _priced(forms: list[FeedbackForm]) -> list[dict[str, Any]]:
    prices = {kind: price_of(kind) for kind in {one.contribution for one in forms}}
    return [{"form": one, "price": prices[one.contribution]} for one in forms]


@require_GET
@login_required
def forms(request: HttpRequest) -> HttpResponse:
    """What is open, what is about films, and what became of the rest."""
    actor, film = actor_of(request), _film(request)
    found = queries.forms_visible_to(actor)
    ready = list(queries.open_forms(found)[:A_PAGE])
    waiting = [one for one in ready if not one.about_film and one.my_state != ResponseState.SENT]  # type: ignore[attr-defined]
    rest = found.exclude(pk__in=[one.pk for one in waiting]).filter(about_film=False)
    page = Paginator(rest, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": _priced(waiting),
        "about_films": _priced([one for one in ready if one.about_film]),
        "page": page,
        "film": film,
        "query": urlencode(_query(film)) if film else "",
    }
    return render(request, "feedback/surveys/list.html", context)


def _query(film: services.Film) -> dict[str, Any]:
    return {"clip": film.clip.pk} | ({} if film.frame is None else {"frame": film.frame})


def _address(form: FeedbackForm, film: services.Film | None) -> str:
    here = reverse("feedback_form", args=[form.slug])
    return f"{here}?{urlencode(_query(film))}" if film else here


def _found(request: HttpRequest, slug: str) -> FeedbackForm:
    return get_object_or_404(queries.forms_visible_to(actor_of(request)), slug=slug)


def _fps(film: services.Film | None) -> float:
    return float(Fraction(film.clip.fps)) if film else FPS


def _page(
    request: HttpRequest,
    form: FeedbackForm,
    version: FormVersion,
    sheet: AnswerSheet,
    *,
    film: services.Film | None = None,
    response: Response | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "version": version,
        "newest": queries.version_in_force(form),
        "sheet": sheet,
        "asking": asking(sheet),
        "price": price_of(form.contribution),
        "may": open_now(form),
        "film": film,
        "response": response,
        "action": _address(form, film),
    }
    return render(request, "feedback/surveys/form.html", context, status=sheet.status if sheet.is_bound else 200)


def _said(request: HttpRequest, form: FeedbackForm, response: Response) -> HttpResponse:
    """What was sent, and what became of it."""
    sheet = AnswerSheet(queries.questions_of(response.version), initial=begun_with(response), fps=FPS)
    return _read(request, form, response, [one for one in asking(sheet) if any(f.initial for f in one["fields"])])


def _read(
    request: HttpRequest, form: FeedbackForm, response: Response | None, said: list[dict[str, Any]]
) -> HttpResponse:
    told = form.outcome_at is not None or form.state == FormState.ENDED
    answers = {} if response is None else queries.answers_in_words(response)
    context = {
        "form": form,
        "version": response.version if response else queries.version_in_force(form),
        "response": response,
        "said": [(one["one"], answers.get(one["one"].pk, [])) for one in said],
        "may": open_now(form),
        "told": told,
        "results": results_for_artists(queries.version_in_force(form)) if told else None,
    }
    return render(request, "feedback/surveys/sent.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def form(request: HttpRequest, slug: str) -> HttpResponse:
    """One form: answer it, keep a draft, send it. What was sent is read here, with what became of it."""
    found, film, actor = _found(request, slug), _film(request), actor_of(request)
    if found.about_film and film is None:
        mine = queries.responses_of(actor).filter(form=found)
        return render(request, "feedback/surveys/no_film.html", {"form": found, "mine": mine[:A_PAGE]})
    response = queries.response_to(actor, found, film.clip if film else None)
    if request.method == "POST":
        return _take(request, found, film, response)
    if response is not None and response.state == ResponseState.SENT:
        return _said(request, found, response)
    if response is None and not open_now(found):
        return _read(request, found, None, [])
    version = response.version if response else queries.version_in_force(found)
    assert version is not None  # noqa: S101 - a form that artists see was published
    initial = begun_with(response) if response else _first(version, film)
    sheet = AnswerSheet(queries.questions_of(version), initial=initial, fps=_fps(film))
    return _page(request, found, version, sheet, film=film, response=response)


def _first(version: FormVersion, film: services.Film | None) -> dict[str, Any]:
    """The frame the film stood at, where the form asks for one."""
    if film is None or film.frame is None:
        return {}
    asked = [one for one in queries.questions_of(version) if one.kind == QuestionKind.TIMECODE]
    return {f"f{one.pk}": str(film.frame) for one in asked[:1]}


def _take(
    request: HttpRequest, found: FeedbackForm, film: services.Film | None, response: Response | None
) -> HttpResponse:
    """Keep what was typed; then, as the button says, stop there or send it. Nothing typed is lost."""
    person = person_of(request)
    version = response.version if response else queries.version_shown(found, request.POST.get("version", ""))
    assert version is not None  # noqa: S101 - a form that artists see was published
    sheet = AnswerSheet(queries.questions_of(version), request.POST, fps=_fps(film))
    if sheet.is_valid():
        try:
            kept = services.keep_response(found, sheet.said(), actor=person, film=film, version=version)
            if request.POST.get("act", "send") == "send":
                services.send_response(kept, actor=person)
                messages.success(request, _("Sent. Thank you; what becomes of it will stand here."))
                return redirect(_address(found, film))
        except Refused as refused:
            sheet.say(refused)
            response = queries.response_to(actor_of(request), found, film.clip if film else None)
        else:
            return _kept(request, found, film)
    return _refused(request, sheet) or _page(request, found, version, sheet, film=film, response=response)


def _kept(request: HttpRequest, found: FeedbackForm, film: services.Film | None) -> HttpResponse:
    here = _address(found, film)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"edit": here})
    messages.success(request, _("Kept as a draft. Only you see it; nothing was sent."))
    return redirect(here)


def _refused(request: HttpRequest, sheet: AnswerSheet) -> HttpResponse | None:
    """What a saving script is told; None for a page."""
    if request.headers.get("Accept") != "application/json":
        return None
    wrong = [error for errors in sheet.errors.as_data().values() for error in errors]
    code = sheet.refusal.code if sheet.refusal else (wrong[0].code if wrong else "") or "invalid"
    words = next((str(error) for errors in sheet.errors.values() for error in errors), "")
    return JsonResponse({"code": code, "message": words}, status=sheet.status)


@require_http_methods(["POST"])
@login_required
def forget(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw one's draft away."""
    found, film = _found(request, slug), _film(request)
    mine = queries.response_to(actor_of(request), found, film.clip if film else None)
    if mine is None:
        raise Http404
    services.forget_draft(mine, actor=person_of(request))
    messages.success(request, _("The draft is gone."))
    return redirect("feedback")


@require_safe
@login_required
def film(request: HttpRequest, slug: str, pk: int, side: str) -> HttpResponseBase:
    """One of the two takes of a question."""
    actor = actor_of(request)
    seen = queries.forms_visible_to(actor).filter(slug=slug).first()
    found = seen or get_object_or_404(queries.forms_overseen_by(actor), slug=slug)
    question = queries.question_of(found, pk)
    clip = None if question is None else {"a": question.first, "b": question.second}.get(side)
    if question is None or clip is None or not check("survey.see_question", actor, question):
        raise Http404
    return hand_out(request, clip.film, actor=actor, purpose="feedback", subject=(clip, found))
