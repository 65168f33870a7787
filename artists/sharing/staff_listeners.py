"""What follows from what staff do: the reviewer hears of new work, whoever reported a concern of its answer."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from artists.people.models import Person
from portal.happenings import listen
from portal.notices.services import tell, write_letter

from .models import Concern
from .news import ConcernAnswered, SharesAssigned


@listen(SharesAssigned, name="sharing.tell_assigned")
def tell_assigned(news: SharesAssigned) -> None:
    """One notice for all that were handed over at once."""
    reviewer = Person.objects.filter(pk=news.reviewer).first()
    if reviewer is None:
        return
    said = ngettext_lazy(
        "%(n)s share request was assigned to you", "%(n)s share requests were assigned to you", news.count
    )
    one = news.count == 1
    tell(
        reviewer,
        "sharing.assigned",
        key=f"assigned:{news.reviewer}:{news.at}",
        title=said,
        fill={"n": news.count},
        url=reverse("review", args=[news.first]) if one else reverse("review_queue"),
    )


def answer_page(concern: Concern) -> str:
    """Where the answer is read: under the key of the report, which nobody else knows."""
    return reverse("concern", args=[concern.key])


@listen(ConcernAnswered, name="sharing.write_answer")
def write_answer(news: ConcernAnswered) -> None:
    """A letter to whoever left an address; the words are behind its link."""
    concern = Concern.objects.filter(pk=news.concern).first()
    if concern is None or not concern.email:
        return
    write_letter(
        concern.email,
        key=f"concern:{concern.pk}",
        subject=_("Your report was answered"),
        body=_("You reported a concern about a public work. The program staff have looked at it and answered."),
        url=answer_page(concern),
        button=_("Read the answer"),
    )
