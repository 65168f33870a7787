"""A list of addresses, pasted or uploaded: read it, try it without sending, send it; each row has its own answer."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor, Refused, require
from portal.audit.chain import record
from portal.notices.services import write_letters
from portal.program.models import Cohort
from portal.program.queries import cohorts, have_left

from .models import Invitation, InvitationLink
from .services import checked_address, invite, make_link, refusal
from .states import OPEN_STATES

MOST_ROWS = 5_000
MOST_BYTES = 1_000_000
BLOCK = 100
# What a spreadsheet takes for a formula; such a cell would be run by whoever opens an export of it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADS = {
    "email": "email", "e-mail": "email", "mail": "email", "address": "email",
    "name": "name", "cohort": "cohort", "seconds": "seconds", "daily_seconds": "seconds",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `code` is empty while nothing speaks against it."""

    number: int
    email: str
    name: str = ""
    cohort: str = ""
    seconds: str = ""
    code: str = ""
    says: str = ""

    @property
    def ok(self) -> bool:
        """Whether this row can be invited."""
        return not self.code

    def bad(self, code: str, says: Any) -> "Row":
        """The row with what speaks against it."""
        return replace(self, code=code, says=str(says))


@dataclass(frozen=True, slots=True)
class Terms:
    """What is the same for all rows of a list."""

    role: Role
    cohort: Cohort | None
    life: timedelta
    message: str = ""
    daily_seconds: int | None = None


def read_upload(data: bytes) -> str:
    """The text of an uploaded file: UTF-8 or UTF-16 with a mark, else what old spreadsheets write.

    Raises Refused list-too-large, list-unreadable.
    """
    if len(data) > MOST_BYTES:
        raise refusal("list-too-large", _("This file is larger than 1 MB."), _("Split it."))
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encoding = "utf-16"
    else:
        try:
            data.decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = "cp1252"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise refusal("list-unreadable", _("This file is not a list of addresses."), _("Save it as CSV in UTF-8."))
    return text


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise refusal(
                "list-unreadable",
                _("Line %(n)s cannot be read.") % {"n": number},
                _("Look for a quotation mark that is never closed."),
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, cells


def _as_row(number: int, values: dict[str, str]) -> Row:
    row = Row(number, **{name: value.strip() for name, value in values.items()})
    if any(value.startswith(FORMULA) for value in values.values()):
        return row.bad("cell-formula", _("A cell begins like a formula; write it as plain text."))
    if any("\n" in value or "\r" in value for value in values.values()):
        return row.bad("cell-broken", _("A cell runs over several lines: a quotation mark is never closed."))
    return row


def read_rows(text: str) -> list[Row]:
    """The rows of a pasted or uploaded list. Raises Refused list-empty, list-too-long, list-unreadable."""
    lines = _cells(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}"))
    rows: list[Row] = []
    columns: list[str] | None = None
    for number, cells in lines:
        if columns is None:
            heads = [HEADS.get(cell.strip().casefold(), "") for cell in cells]
            columns = heads if "email" in heads else ["email", "name", "cohort", "seconds"]
            if "email" in heads:
                continue
        if "email" in columns and len(cells) > 1 and all("@" in cell for cell in cells):
            rows += [_as_row(number, {"email": cell}) for cell in cells]
        else:
            named = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
            rows.append(_as_row(number, {"email": "", **named}))
        if len(rows) > MOST_ROWS:
            words = _("This list has more than %(most)s rows.") % {"most": MOST_ROWS}
            raise refusal("list-too-long", words, _("Send it in parts."))
    if not rows:
        raise refusal("list-empty", _("There is no address in the list."), _("Write one address on each line."))
    return rows


def _own_cohort(row: Row, terms: Terms, known: dict[str, Cohort]) -> Cohort | None:
    return known.get(row.cohort.casefold()) if row.cohort else terms.cohort


def _own_seconds(row: Row, terms: Terms) -> int | None:
    return int(row.seconds) if row.seconds else terms.daily_seconds


def _known_cohorts() -> dict[str, Cohort]:
    return {word.casefold(): cohort for cohort in cohorts() for word in (cohort.name, cohort.slug)}


def _judge(row: Row, terms: Terms, seen: set[str], here: set[str], waiting: set[str], known: dict[str, Cohort]) -> Row:
    if not row.ok:
        return row
    try:
        email = checked_address(row.email)
    except Refused as refused:
        return row.bad(refused.decision.code, refused.decision.reason)
    row = replace(row, email=email)
    if email in seen:
        return row.bad("duplicate", _("This address stands in the list twice."))
    seen.add(email)
    if email in here:
        return row.bad("already-here", _("This address is already in the program."))
    if email in waiting:
        return row.bad("already-invited", _("This address has an invitation that waits for an answer."))
    if row.cohort and row.cohort.casefold() not in known:
        return row.bad("cohort-unknown", _("There is no cohort %(cohort)s.") % {"cohort": row.cohort})
    if terms.role == Role.ARTIST and _own_cohort(row, terms, known) is None:
        return row.bad("cohort-needed", _("An artist is invited into a cohort."))
    if row.seconds and not (row.seconds.isdecimal() and row.seconds.isascii() and int(row.seconds) <= 86_400):  # noqa: PLR2004 - a day
        return row.bad("seconds-invalid", _("The quota is a whole number of seconds a day."))
    return row


def try_rows(rows: Iterable[Row], terms: Terms, *, actor: Actor) -> list[Row]:
    """What would become of each row; nothing is written. Raises Refused role-above-yours."""
    require("invitations.invite", actor, terms.role)
    holders = Person.objects.filter(is_active=True, grants__role=terms.role)
    holders = holders.exclude(pk__in=have_left().values("person"))
    here = {email.lower() for email in holders.values_list("email", flat=True)}
    good = Invitation.objects.filter(role=terms.role, state__in=OPEN_STATES, expires_at__gt=timezone.now())
    waiting = set(good.values_list("email", flat=True))
    seen: set[str] = set()
    known = _known_cohorts()
    return [_judge(row, terms, seen, here, waiting, known) for row in rows]


def _invitation(row: Row, terms: Terms, known: dict[str, Cohort], actor: Actor) -> Invitation:
    artist = terms.role == Role.ARTIST
    return Invitation(
        email=row.email,
        name=row.name[:120],
        role=terms.role,
        cohort=_own_cohort(row, terms, known) if artist else None,
        daily_seconds=_own_seconds(row, terms) if artist else None,
        message=terms.message.strip(),
        invited_by_id=actor.pk,
        expires_at=timezone.now() + terms.life,
    )


def _send_one(row: Row, terms: Terms, known: dict[str, Cohort], actor: Actor) -> Row:
    if not row.ok:
        return row
    asked = _invitation(row, terms, known, actor)
    try:
        invite(
            row.email,
            cohort=asked.cohort,
            actor=actor,
            role=terms.role,
            life=terms.life,
            name=row.name,
            message=terms.message,
            daily_seconds=asked.daily_seconds,
        )
    except Refused as refused:
        return row.bad(refused.decision.code, refused.decision.reason)
    return row


def _send_block(rows: Sequence[Row], terms: Terms, known: dict[str, Cohort], actor: Actor) -> Sequence[Row]:
    """A block in a few statements; one by one where somebody invites the same address at the same time."""
    good = [row for row in rows if row.ok]
    try:
        with transaction.atomic():
            made = Invitation.objects.bulk_create([_invitation(row, terms, known, actor) for row in good])
            links = [make_link(invitation, actor) for invitation in made]
            InvitationLink.objects.bulk_create([link for link, _mail in links])
            write_letters([mail for _link, mail in links])
            if made:
                detail = {"role": str(terms.role), "invitations": [invitation.pk for invitation in made]}
                record("invitations.invite_list", actor=actor, detail=detail)
    except IntegrityError:
        return [_send_one(row, terms, known, actor) for row in rows]
    return rows


def send_rows(rows: Sequence[Row], terms: Terms, *, actor: Actor) -> list[Row]:
    """Invite every row that nothing speaks against. A list sent twice invites nobody twice: it can go on after a fault."""
    tried = iter(try_rows(rows, terms, actor=actor))
    known = _known_cohorts()
    done: list[Row] = []
    # In blocks, so that a long list holds no lock for long and what was sent stays sent. An expired invitation of the
    # same address makes its block go one by one: there the former one is withdrawn.
    while block := list(islice(tried, BLOCK)):
        done += _send_block(block, terms, known, actor)
    return done
