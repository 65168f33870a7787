"""The author of a report and staff write to each other."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.bugs.news import BugAnswered
from artists.feedback.bugs.refusing import refusal
from artists.feedback.models import BugMessage, BugReport
from artists.people.models import Person
from portal import happenings
from portal.access import require
from portal.audit.chain import record

LONGEST_MESSAGE = 4000
ACT = "bugs.reply"


@transaction.atomic
def write(bug: BugReport, text: str, *, actor: Person) -> BugMessage:
    """One message; the other side is told that there is one. Raises Refused message-missing, message-long."""
    require(ACT, actor, bug)
    words = text.strip()
    if not words:
        raise refusal(ACT, "message-missing", _("Write something first."), _("Nothing was sent."))
    if len(words) > LONGEST_MESSAGE:
        long = _("A message has up to %(most)s characters.") % {"most": LONGEST_MESSAGE}
        raise refusal(ACT, "message-long", long, _("Shorten it, or send two."))
    message = BugMessage.objects.create(
        bug=bug, by=actor, from_staff=bug.author_id != actor.pk, text=words, at=timezone.now()
    )
    record(ACT, actor=actor, subject=bug, detail={"message": message.pk})
    happenings.announce(BugAnswered(message.pk))
    return message
