"""Who may report, read, answer and triage bugs. Reporting is open in every standing, and access depends on none of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.feedback.models import BugReport
from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from generation.rules import not_deleted
from portal.access import ALLOWED, Actor, Decision, Kind, denied, rule
from portal.storage.exit import Purpose, register_purpose

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)


def _staff(actor: Actor) -> Decision:
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("bugs.report", who="everybody with an account, in every standing")
def report(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Saying that something does not work."""
    return signed_in(actor)


@rule("bugs.see", who="whoever reported it; staff, operators")
def see(actor: Actor, bug: BugReport) -> Decision:
    """A report with its thread and its screenshot."""
    if actor.pk is not None and bug.author_id == actor.pk:
        return signed_in(actor)
    return ALLOWED if _staff(actor) else NOT_THERE


@rule("bugs.see_film", who="whoever reported it; staff, operators, where the artist lets them; not a deleted film")
def see_film(actor: Actor, bug: BugReport) -> Decision:
    """A film is its artist's: it is shown to staff only with the report that allows it."""
    mine = actor.pk is not None and bug.author_id == actor.pk
    first = see(actor, bug) and (ALLOWED if mine or bug.may_look else NOT_THERE)
    return first and (not_deleted(bug.clip) if bug.clip is not None else ALLOWED)


@rule("bugs.reply", who="whoever reported it, in every standing; staff, operators")
def reply(actor: Actor, bug: BugReport) -> Decision:
    """Writing in the thread."""
    return see(actor, bug)


@rule("bugs.oversee", who="staff, operators")
def oversee(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """The board."""
    return _staff(actor)


@rule("bugs.export", who="staff, operators")
def export(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """The board as a table."""
    return _staff(actor)


for _action in ("reproduce", "plan", "fix", "decline", "merge", "reopen"):
    rule(f"bugs.{_action}", who="staff, operators")(oversee)

register_purpose(Purpose("bug-screenshot", "bugs.see"))
register_purpose(Purpose("bug-film", "bugs.see_film"))
