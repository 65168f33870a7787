"""The letter that carries an invitation: what it says, for sending and for the preview before it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from artists.people.roles import Role
from portal.access import Actor
from portal.program.models import Cohort
from portal.program.queries import the_program


@dataclass(frozen=True, slots=True)
class LetterText:
    """Subject and body; the link is added by whoever sends it."""

    subject: str
    body: str
    button: str


def _what_for(role: Role) -> str:
    if role == Role.ARTIST:
        return _("making films with a model that is not public yet")
    if role == Role.REVIEWER:
        return _("answering artists who ask to share their films, by published grounds and inside a clock")
    return _("running the program")


def pay_words(cohort: Cohort | None) -> str:
    """What is paid, in one sentence."""
    own = cohort.pay.strip() if cohort else ""
    return own or _("What is paid is said before you do it; testing and feedback are voluntary.")


def sharing_words() -> str:
    """The sharing rule, in one sentence."""
    return _("Before you show a film in public you ask; a person who is not you answers with a reason.")


def letter_text(
    *,
    name: str,
    role: Role,
    cohort: Cohort | None,
    message: str,
    expires_at: datetime,
    sender: Actor,
) -> LetterText:
    """The whole letter: who, what for, how long, paid or not, the sharing rule, and how long the link is good."""
    program = the_program()
    title = program.name if program else "Vernissage"
    who = getattr(sender, "name", "") or title
    lines = [_("Hello %(name)s,") % {"name": name}] if name else []
    lines.append(
        _("%(who)s invites you to %(program)s: %(what)s.") % {"who": who, "program": title, "what": _what_for(role)}
    )
    if message.strip():
        lines.append(message.strip())
    if role == Role.ARTIST and cohort is not None:
        if cohort.ends_at is not None:
            lines.append(_("It goes on until %(date)s.") % {"date": cohort.ends_at.date().isoformat()})
        lines.append(f"{pay_words(cohort)} {sharing_words()}")
    lines.append(
        _("The link works once, until %(date)s. Nothing begins before you agree, and you can say no on the same page.")
        % {"date": expires_at.date().isoformat()}
    )
    if program and program.contact:
        lines.append(_("Questions: %(contact)s") % {"contact": program.contact})
    return LetterText(
        subject=_("You are invited to %(program)s") % {"program": title},
        body="\n\n".join(lines),
        button=_("Read the invitation"),
    )
