"""Apply for a grant: a draft kept while it is written, handed in, taken back while the round is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.states import HAND_IN, TAKE_BACK, ApplicationState
from artists.compensation.models import Application, Round
from artists.compensation.refusing import refusal
from artists.people.models import Person
from portal.access import Kind, Refused, require
from portal.addresses import is_web_address
from portal.machine import move
from portal.money import plain_amount

from .checking import kept_words, words_in

LONGEST_TEXT, MOST_LINKS, LONGEST_LINK = 8000, 10, 500
WRITABLE = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an artist asks for; `amount` in minor units of the round's currency, None while it is not said."""

    text: str = ""
    links: Sequence[str] = ()
    amount: int | None = None


def _links(lines: Sequence[str]) -> list[str]:
    kept = [line.strip() for line in lines if line.strip()]
    if len(kept) > MOST_LINKS:
        words = _("Up to %(most)s links.") % {"most": MOST_LINKS}
        raise refusal("application.keep", "links-many", words, kept_words())
    for line in kept:
        if len(line) > LONGEST_LINK or not is_web_address(line):
            words = _("“%(link)s” is no web address.") % {"link": line[:60]}
            raise refusal("application.keep", "link-wrong", words, _("An address begins with https://."))
    return kept


def _moved_on(fresh: Application, action: str) -> Refused:
    words = _("This application has moved on: %(state)s.") % {"state": fresh.get_state_display()}
    todo = _("Take it back to change it, while the round is open.")
    return refusal(action, "application-moved", words, todo, Kind.CONFLICT)


@transaction.atomic
def keep_application(found: Round, wish: Wish, *, actor: Person) -> Application:
    """Keep what was written; nobody else reads it. Raises Refused text-long, links-many, link-wrong, amount-wrong, application-moved."""
    require("application.keep", actor, found)
    if len(wish.text) > LONGEST_TEXT:
        words = _("It has up to %(most)s characters.") % {"most": LONGEST_TEXT}
        raise refusal("application.keep", "text-long", words, kept_words())
    if wish.amount is not None and wish.amount <= 0:
        raise refusal("application.keep", "amount-wrong", _("A sum is above zero."), kept_words())
    columns = {
        "text": wish.text.strip(),
        "links": _links(wish.links),
        "amount": wish.amount,
        "changed_at": timezone.now(),
    }
    try:
        with transaction.atomic():
            mine, new = Application.objects.get_or_create(round=found, person=actor, defaults=columns)
    except IntegrityError:  # the same artist in another window
        mine, new = Application.objects.get(round=found, person=actor), False
    if not new and not Application.objects.filter(pk=mine.pk, state__in=WRITABLE).update(**columns):
        raise _moved_on(Application.objects.get(pk=mine.pk), "application.keep")
    return Application.objects.select_related("round__fund").get(pk=mine.pk)


@transaction.atomic
def hand_in(application: Application, *, actor: Person) -> Application:
    """Hand in what is kept. Raises Refused text-missing, amount-missing, amount-more, round-over, round-not-yet, application-moved."""
    require("application.hand_in", actor, application)
    fresh = Application.objects.select_for_update(of=("self",)).select_related("round__fund").get(pk=application.pk)
    if fresh.state == ApplicationState.SUBMITTED:
        return fresh  # a second click
    act = "application.hand_in"
    words_in(fresh.text, act, "text", LONGEST_TEXT, reason=_("Say what you would do with it."))
    most, currency = fresh.round.most_each, fresh.round.fund.currency
    if fresh.amount is None:
        raise refusal(act, "amount-missing", _("Say how much you ask for."), kept_words())
    if fresh.amount > most:
        words = _("A grant of this round is at most %(most)s %(currency)s.") % {
            "most": plain_amount(most, currency), "currency": currency,
        }  # fmt: skip
        raise refusal(act, "amount-more", words, kept_words())
    done, moved = move(fresh, HAND_IN, actor=actor, fields={"handed_in_at": timezone.now()})
    if not moved:
        raise _moved_on(done, act)
    return done


@transaction.atomic
def take_back(application: Application, *, actor: Person) -> Application:
    """Out of the round again, to be changed or left; what was written is kept. Raises Refused round-over, application-moved."""
    done, moved = move(application, TAKE_BACK, actor=actor, fields={"handed_in_at": None})
    if not moved and done.state not in WRITABLE:
        raise _moved_on(done, "application.take_back")
    return done
