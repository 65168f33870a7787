"""`manage.py reconcile`: the books against Stripe. It sends no money."""

from argparse import ArgumentParser
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date

from artists.compensation.reconciling.comparing import Compared, reconcile
from artists.compensation.reconciling.kinds import KINDS
from artists.compensation.refusing import refusal
from portal.console import REFUSED, ProgramCommand


def day_of(text: str) -> datetime:
    """The beginning of a day in the program's zone. Raises Refused date-unreadable, date-ahead."""
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        raise refusal("reconcile.run", "date-unreadable", f"“{text}” is no date.", "Write it as 2026-11-29.")
    moment = timezone.make_aware(datetime.combine(day, time.min))
    if moment > timezone.now():
        raise refusal("reconcile.run", "date-ahead", f"{text} is yet to come.", "Give a day that has begun.")
    return moment


class Command(ProgramCommand):
    """What differs between the books and Stripe; exit 1 while anything does."""

    help = "Compare the books with Stripe; exit 1 while findings are open. Sends no money."
    acts_as_person = False

    def arguments(self, parser: ArgumentParser) -> None:
        """How far back, and whether to take in what is surely ours."""
        parser.add_argument("--since", metavar="DATE", help="compare transfers made since this day (default: 90 days)")
        adopt = "take in the transfer of a call of unknown end, where exactly one is there and matches"
        parser.add_argument("--adopt", action="store_true", help=adopt)

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Compare once."""
        since = day_of(options["since"]) if options["since"] else None
        done = reconcile(since=since, adopt=options["adopt"])
        if done.error:
            self.stderr.write(f"{done.error} The comparison is not complete; it is made again within the hour.")
        return _answer(done), _lines(done)


def _answer(done: Compared) -> dict[str, Any]:
    findings = [
        {
            "code": one.code,
            "subject": one.subject,
            "words": one.words,
            "step": str(KINDS[one.code].step),
            "opened_at": one.opened_at,
        }
        for one in done.open
    ]
    return {
        "stripe": "on" if done.by_stripe else "off",
        "compared": done.run.compared,
        "findings": findings,
        "closed": done.closed,
        "adopted": done.adopted,
        "error": done.error,
        "_exit": REFUSED if findings or done.error else 0,
    }


def _lines(done: Compared) -> list[str]:
    lines = [f"{one.code} {one.subject}: {one.words} {KINDS[one.code].step}" for one in done.open]
    lines += [f"Adopted: the transfer of payment {payment}." for payment in done.adopted]
    where = f"{done.run.compared} transfers and the books" if done.by_stripe else "the books (there is no Stripe key)"
    return [*lines, f"Compared {where}: {len(done.open)} findings are open, {done.closed} closed."]
