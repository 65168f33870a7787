"""What a letter of service says: drawn from contributions and the books once, then frozen."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import override

from artists.agreements.queries import signatures_of
from artists.compensation.awards.states import Purpose
from artists.compensation.contributions.kinds import label_of
from artists.compensation.contributions.queries import contributions_of
from artists.people.models import Person
from artists.people.reading import zone_of
from artists.tariff.kinds import Unit, contribution_called
from portal.money import plain_amount
from portal.program.queries import the_program

from .periods import day_span, today_in
from .queries import entries_of, paid_in

# Without letters and figures that look alike on paper. 20 of 32 signs are 100 bits: nobody guesses one.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 20
GROUP = 4
LANGUAGE = "en"  # a letter is read by offices elsewhere, so it is frozen in the language of the program


def mint() -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: in groups of four."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(text: str) -> str:
    """The code somebody typed from paper, with or without its hyphens, in small letters or large; empty where it is none."""
    kept = re.sub(r"[\s-]", "", text[:80]).upper()
    return kept if len(kept) == LENGTH and set(kept) <= set(SIGNS) else ""


def digest_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts, written the same way every time."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def signed_name(person: Person) -> str:
    """The name somebody typed under the newest agreement they signed; empty where they signed none."""
    newest = signatures_of(person).order_by("-signed_at", "-pk").first()
    return newest.typed_name if newest is not None else ""


def _unit(kind: str) -> str:
    try:
        return "hours" if contribution_called(kind).unit == Unit.HOUR else "times"
    except KeyError:
        return "times"


def facts_of(person: Person, since: date, until: date, *, sums: bool) -> dict[str, Any]:
    """What somebody did for the program in a period, by kind, and where they want it what they were paid; both days included."""
    zone = zone_of(person)
    begin, end = day_span(since, until, zone)
    done = contributions_of(person).filter(at__gte=begin, at__lt=end).order_by()
    kinds = done.values_list("kind").annotate(Count("pk"), Sum("quantity")).order_by("kind")
    program = the_program()
    with override(LANGUAGE):
        facts: dict[str, Any] = {
            "program": program.name if program is not None else "Vernissage",
            "name": " ".join(person.name.split()),
            # Letters made before, and those of people who never signed, carry a name that was compared with nothing.
            "signed": bool(signed_name(person)),
            "since": since.isoformat(),
            "until": until.isoformat(),
            "zone": str(zone),
            "made_on": today_in(zone).isoformat(),
            "work": [
                {
                    "kind": kind,
                    "label": str(label_of(kind)),
                    "count": count,
                    "quantity": f"{quantity.normalize():f}",
                    "unit": _unit(kind),
                }
                for kind, count, quantity in kinds
            ],
        }
        if sums:
            facts["paid"] = [
                {
                    "purpose": str(Purpose(line.purpose).label) if line.purpose else "",
                    "currency": line.currency,
                    "amount": plain_amount(line.paid, line.currency),
                    "came_back": plain_amount(line.came_back, line.currency) if line.came_back else "",
                }
                for line in paid_in(entries_of(person), begin, end)
            ]
    return facts
