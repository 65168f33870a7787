"""Acts of this room: make and withdraw a letter of service, and take the books along."""

from datetime import UTC, date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from artists.compensation.models import Fund, ServiceLetter
from artists.compensation.refusing import refusal
from artists.people.models import Person
from artists.people.names import says_no_more
from artists.people.reading import zone_of
from portal.access import Kind, require
from portal.api.paces import Pace, keep_pace
from portal.audit.chain import record

from .letters import digest_of, facts_of, mint, signed_name
from .periods import day_span, today_in, year_span
from .queries import entries_overseen_by, letter_of_code, letters_of, paid_in
from .sheets import books_sheet, year_sheet

MOST_LIVE = 50
LONGEST = timedelta(days=366 * 20)
LONGEST_EXPORT = timedelta(days=366)
# Whoever checks letters on a desk is never slowed down; a script that tries codes is.
CHECKS = Pace("letters", a_minute=20, at_once=20)


def _period(since: date, until: date, *, today: date, action: str, longest: timedelta) -> None:
    if since > until:
        raise refusal(action, "period-backwards", _("The first day is after the last."), _("Change one of them."))
    if since > today:
        raise refusal(action, "period-future", _("This period has not begun."), _("Choose an earlier first day."))
    if until - since > longest:
        words = _("This period is too long: at most %(days)s days.")
        raise refusal(action, "period-long", words % {"days": longest.days}, _("Choose a shorter one."))


def _name(actor: Person) -> None:
    """The name is the artist's own to write, and the program's paper bears it: it is the one they signed with, or it says otherwise.

    Whoever signed nothing (staff, reviewers, an artist who declined) has done their work all the same and has nothing to put
    right: their letter is made, and says that the program has not compared their name.
    """
    signed = signed_name(actor)
    if signed and not says_no_more(actor.name, signed):
        words = _("A letter carries the name you signed with, “%(signed)s”. Your profile says “%(name)s”.")
        todo = _("Write it there as you signed it, without a word more. A new name counts once you sign with it.")
        raise refusal("letter.make", "letter-name", words % {"signed": signed, "name": actor.name}, todo)


def draw_letter(since: date, until: date, *, actor: Person, sums: bool) -> ServiceLetter:
    """The letter as it would be made now; nothing is kept, and it has no code.

    Raises Refused letter-name, period-backwards, period-future, period-long, letter-empty.
    """
    require("letter.make", actor)
    _name(actor)
    today = today_in(zone_of(actor))
    _period(since, until, today=today, action="letter.make", longest=LONGEST)
    # A day that is still to come has nothing to say.
    until = min(until, today)
    facts = facts_of(actor, since, until, sums=sums)
    if not facts["work"] and not facts.get("paid"):
        words = _("Nothing was counted in this period.")
        raise refusal("letter.make", "letter-empty", words, _("Choose another one, or ask about what is missing."))
    return ServiceLetter(
        person=actor, since=since, until=until, facts=facts, digest=digest_of(facts), made_at=timezone.now()
    )


@transaction.atomic
def make_letter(since: date, until: date, *, actor: Person, sums: bool, seen: str) -> ServiceLetter:
    """Freeze what the preview said, under a code. `seen` is the digest that was read.

    Raises Refused letter-changed, letters-many, and as draw_letter.
    """
    letter = draw_letter(since, until, actor=actor, sums=sums)
    if seen != letter.digest:
        words = _("What it would say has changed since you read it.")
        raise refusal("letter.make", "letter-changed", words, _("Read it once more below."), Kind.CONFLICT)
    if letters_of(actor).filter(withdrawn_at=None).count() >= MOST_LIVE:
        words = _("You have %(most)s letters that are not withdrawn.") % {"most": MOST_LIVE}
        raise refusal(
            "letter.make", "letters-many", words, _("Withdraw one that nobody needs any more."), Kind.CONFLICT
        )
    letter.code = mint()
    letter.save(force_insert=True)
    record("letter.make", actor=actor, subject=letter, detail={"digest": letter.digest})
    return letter


@transaction.atomic
def withdraw_letter(letter: ServiceLetter, *, actor: Person) -> bool:
    """Its page confirms nothing from now on. True for the call that did it."""
    require("letter.withdraw", actor, letter)
    if not ServiceLetter.objects.filter(pk=letter.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        return False
    record("letter.withdraw", actor=actor, subject=letter)
    return True


def _who(address: str | None) -> str:
    """A name for an address that is good for a day, and tells nobody the address."""
    day = timezone.now().date().isoformat()
    return salted_hmac("letter.check", f"{day}:{address or ''}", algorithm="sha256").hexdigest()[:32]


def check_letter(code: str, *, address: str | None) -> ServiceLetter | None:
    """The letter with a code, for anybody. `address`: where it is asked from, only to keep the pace. Raises TooMany."""
    keep_pace(CHECKS, _who(address))
    return letter_of_code(code) if code else None


@transaction.atomic
def export_books(since: date, until: date, *, actor: Person, fund: Fund | None = None) -> str:
    """The books of a period, of one fund or all, as CSV; days of UTC, and that it was taken is recorded.

    Raises Refused period-backwards, period-future, period-long.
    """
    require("ledger.export", actor)
    _period(since, until, today=today_in(UTC), action="ledger.export", longest=LONGEST_EXPORT)
    text, count = books_sheet(entries_overseen_by(actor, *day_span(since, until, UTC), fund))
    detail = {"since": since.isoformat(), "until": until.isoformat(), "fund": fund and fund.name, "entries": count}
    record("ledger.export", actor=actor, subject=fund, detail=detail)
    return text


@transaction.atomic
def export_year(year: int, *, actor: Person) -> str:
    """What every artist was sent in a year, by purpose and currency, as CSV; the year of UTC, recorded."""
    require("ledger.export", actor)
    lines = paid_in(entries_overseen_by(actor, *year_span(year, UTC)), *year_span(year, UTC))
    record("ledger.export", actor=actor, detail={"year": year, "lines": len(lines)})
    return year_sheet(lines, year, "UTC")
