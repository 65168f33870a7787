"""What one may see of forms and responses."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.models import Answer, FeedbackForm, FormVersion, Question, Response
from artists.people.roles import Role
from generation.models import Clip
from generation.queries import clips_visible_to
from portal.access import Actor, check
from portal.program.models import Membership

from .labels import labels_of
from .states import FormState, ResponseState, VersionState

LONG = 5  # digits that no number of a version has


def _published() -> QuerySet[FormVersion]:
    return FormVersion.objects.filter(form=OuterRef("pk"), state=VersionState.PUBLISHED).order_by("-number")


def forms_overseen_by(actor: Actor) -> QuerySet[FeedbackForm]:
    """All forms with their title and how many answered, for staff; newest first."""
    if not check("survey.oversee", actor):
        return FeedbackForm.objects.none()
    newest = FormVersion.objects.filter(form=OuterRef("pk")).order_by("-number")
    return FeedbackForm.objects.annotate(
        title=Subquery(newest.values("title")[:1]),
        sent=Count("responses", filter=Q(responses__state=ResponseState.SENT)),
    ).order_by("-made_at", "-pk")


def forms_visible_to(actor: Actor) -> QuerySet[FeedbackForm]:
    """Published forms that ask this artist, with the title and number of their newest version; newest first."""
    if not actor.pk or not actor.holds(Role.ARTIST):
        return FeedbackForm.objects.none()
    asked = FeedbackForm.cohorts.through.objects.filter(feedbackform=OuterRef("pk"))
    mine = asked.filter(cohort__in=Membership.objects.filter(person_id=actor.pk).values("cohort"))
    newest = _published()
    found = FeedbackForm.objects.exclude(state=FormState.DRAFT).filter(~Exists(asked) | Exists(mine))
    own = Response.objects.filter(form=OuterRef("pk"), person_id=actor.pk)
    return found.annotate(
        title=Subquery(newest.values("title")[:1]),
        about=Subquery(newest.values("about")[:1]),
        my_state=Subquery(own.filter(clip=None).values("state")[:1]),
        my_sent=Subquery(
            own.filter(state=ResponseState.SENT).order_by().values("form").annotate(n=Count("pk")).values("n")[:1]
        ),
    ).order_by("-made_at", "-pk")


def open_forms(forms: QuerySet[FeedbackForm]) -> QuerySet[FeedbackForm]:
    """Those whose window is open now."""
    now = timezone.now()
    begun = Q(opens_at__isnull=True) | Q(opens_at__lte=now)
    return forms.filter(begun, Q(closes_at__isnull=True) | Q(closes_at__gt=now), state=FormState.OPEN)


def forms_waiting_for(actor: Actor) -> QuerySet[FeedbackForm]:
    """Open forms one has not answered; those about films are not counted."""
    unsent = Q(my_state__isnull=True) | Q(my_state=ResponseState.DRAFT)
    return open_forms(forms_visible_to(actor)).filter(unsent, about_film=False)


def version_in_force(form: FeedbackForm) -> FormVersion | None:
    """The published version with the highest number."""
    return form.versions.filter(state=VersionState.PUBLISHED).first()


def draft_of(form: FeedbackForm) -> FormVersion | None:
    """The version that is being written."""
    return form.versions.filter(state=VersionState.DRAFT).first()


def questions_of(version: FormVersion) -> list[Question]:
    """In their order, with the takes they show."""
    return list(version.questions.select_related("first", "second"))


def responses_of(actor: Actor) -> QuerySet[Response]:
    """One's own responses and drafts, newest first."""
    mine = Response.objects.filter(person_id=actor.pk) if actor.pk else Response.objects.none()
    return mine.select_related("form", "version", "clip")


def response_to(actor: Actor, form: FeedbackForm, clip: Clip | None) -> Response | None:
    """What one has written to a form already, for this film where it is about one."""
    return responses_of(actor).filter(form=form, clip=clip).first()


def responses_sent(actor: Actor, version: FormVersion) -> QuerySet[Response]:
    """What artists sent, with their answers, newest first; for staff. Drafts are nobody's but their writers'."""
    if not check("survey.oversee", actor):
        return Response.objects.none()
    answers = Prefetch("answers", Answer.objects.select_related("question").order_by("pk"))
    sent = Response.objects.filter(version=version, state=ResponseState.SENT)
    return sent.select_related("person__membership__cohort", "clip").prefetch_related(answers).order_by("-sent_at", "-pk")  # fmt: skip


def response_overseen_by(actor: Actor, pk: int) -> Response | None:
    """A response that was sent, for staff."""
    if not check("survey.oversee", actor):
        return None
    sent = Response.objects.filter(pk=pk, state=ResponseState.SENT)
    return sent.select_related("form", "version", "person", "clip").first()


def films_to_compare(actor: Actor) -> QuerySet[Clip]:
    """Films staff may put into a question: their own. Nobody else's film is shown without its artist's consent."""
    return clips_visible_to(actor)


def question_of(form: FeedbackForm, pk: int) -> Question | None:
    """A question of any version of the form."""
    found = Question.objects.select_related("version__form", "first__film", "second__film")
    return found.filter(version__form=form, pk=pk).first()


def version_shown(form: FeedbackForm, number: str) -> FormVersion | None:
    """The published version of this number, as it stood on a page; the one in force if there is none."""
    known = form.versions.filter(state=VersionState.PUBLISHED)
    shown = known.filter(number=int(number)).first() if number.isdecimal() and len(number) < LONG else None
    return shown or known.first()


def words_of(answer: Answer) -> list[str]:
    """One answer in words."""
    one, words = answer.question, []
    if answer.value:
        known = dict(labels_of(one))
        words.append(str(known.get(answer.value, answer.value)))
    if answer.frame is not None:
        words.append(_("frame %(n)d") % {"n": answer.frame})
    return [*words, answer.text] if answer.text else words


def answers_in_words(response: Response) -> dict[int, list[str]]:
    """One response in words, by number of the question."""
    found: dict[int, list[str]] = {}
    for answer in response.answers.select_related("question"):
        found.setdefault(answer.question_id, []).extend(words_of(answer))
    return found
