"""What artists answered: counts, the outcome of A and B, words; and what became of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from artists.feedback.models import FeedbackForm, FormVersion
from artists.feedback.surveys import queries, services
from artists.feedback.surveys.forms import OutcomeForm
from artists.feedback.surveys.results import NEWEST_WORDS, export_results, results_of, sent_count
from artists.people.actors import person_of
from portal.access import Refused

from .building import form_of, staff_of


def _version(request: HttpRequest, found: FeedbackForm) -> FormVersion:
    """The version that was asked for, or the one in force, or the draft."""
    wanted = request.GET.get("version", "")
    if wanted.isdecimal() and len(wanted) < queries.LONG:
        return get_object_or_404(found.versions, number=int(wanted))
    version = queries.version_in_force(found) or queries.draft_of(found)
    assert version is not None  # noqa: S101 - every form has a version
    return version


def _page(request: HttpRequest, found: FeedbackForm, outcome: OutcomeForm | None = None) -> HttpResponse:
    version = _version(request, found)
    context = {
        "found": found,
        "version": version,
        "versions": list(found.versions.all()),
        "sent": sent_count(version),
        "results": results_of(version, words=True),
        "newest": NEWEST_WORDS,
        "outcome": outcome or OutcomeForm(initial={"text": found.outcome}),
    }
    status = outcome.status if outcome is not None else 200
    return render(request, "feedback/surveys/staff/results.html", context, status=status)


@require_GET
@login_required
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """One version's results."""
    return _page(request, form_of(request, slug))


@require_GET
@login_required
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """One response, whole."""
    found = queries.response_overseen_by(staff_of(request), pk)
    if found is None:
        raise Http404
    said = [(one, queries.answers_in_words(found).get(one.pk, [])) for one in queries.questions_of(found.version)]
    return render(request, "feedback/surveys/staff/response.html", {"found": found, "said": said})


@require_GET
@login_required
def results_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that was sent to one version, as a sheet."""
    found = form_of(request, slug)
    version = _version(request, found)
    text = export_results(version, actor=person_of(request))
    name = f"feedback-{found.slug}-{version.number}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@login_required
def outcome(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell those who answered what became of it."""
    found, form = form_of(request, slug), OutcomeForm(request.POST)
    if form.is_valid():
        try:
            services.tell_outcome(found, form.cleaned_data["text"], actor=person_of(request))
        except Refused as refused:
            form.say(refused)
        else:
            messages.success(request, _("Said. Those who answered are told."))
            return redirect("staff_feedback_results", slug)
    return _page(request, found, form)
