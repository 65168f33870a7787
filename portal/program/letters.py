"""What the program promises about open letters: the number of signatures that makes one public."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import Actor, Decision, Kind, Refused, denied, require, rule
from portal.audit.chain import record

from .models import Program

MOST_SIGNATURES = 1000


@rule("program.promise_letters", who="staff, operators")
def may_promise_letters(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Promising another number. It holds for letters from then on, never for those that seek signatures already."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@transaction.atomic
def promise_letters(number: int, *, actor: Actor) -> Program:
    """Promise in public how many signatures make an open letter public. Raises Refused letters-number, program-not-started."""
    require("program.promise_letters", actor)
    if not 1 <= number <= MOST_SIGNATURES:
        words = _("Promise 1 to %(most)s signatures.") % {"most": MOST_SIGNATURES}
        todo = _("Nothing was changed.")
        raise Refused("program.promise_letters", denied("letters-number", words, todo=todo, kind=Kind.INVALID))
    program = Program.objects.select_for_update().filter(id=1).first()
    if program is None:
        words = _("The program has not been started yet.")
        raise Refused("program.promise_letters", denied("program-not-started", words, kind=Kind.UNAVAILABLE))
    before = program.letter_signatures
    Program.objects.filter(id=1).update(letter_signatures=number)
    program.refresh_from_db()
    record("program.promise_letters", actor=actor, subject=program, detail={"from": before, "to": number})
    return program
