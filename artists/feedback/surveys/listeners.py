"""What follows from news of forms: those who answered are told what became of it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import FeedbackForm, Response
from portal.happenings import listen
from portal.notices.kinds import ARTISTS, VOICE, Kind, Sample, register_kind
from portal.notices.services import tell

from .news import OutcomeTold
from .states import ResponseState

TITLE = _("You answered, and something came of it")
BODY = _("The program says what became of a form you answered.")
register_kind(
    Kind(
        "feedback.outcome",
        _("What became of a feedback form you answered"),
        family=VOICE,
        concerns=ARTISTS,
        sample=Sample(TITLE, BODY, "/feedback/"),
    )
)


@listen(OutcomeTold, name="feedback.tell_outcome")
def tell_outcome(news: OutcomeTold) -> None:
    """Everybody who sent a response, once for each telling."""
    form = FeedbackForm.objects.get(pk=news.form)
    told: set[int] = set()
    sent = Response.objects.filter(form=form, state=ResponseState.SENT).select_related("person")
    for response in sent.order_by("pk"):
        if response.person_id in told:
            continue
        told.add(response.person_id)
        tell(
            response.person,
            "feedback.outcome",
            key=f"outcome:{form.pk}:{news.at}",
            title=TITLE,
            body=BODY,
            url=reverse("feedback_form", args=[form.slug]),
        )
