"""Acts on invitations: invite, send again, open, accept once, decline, withdraw, bounce, ask for a new one."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import grant_role
from portal.access import Actor, Kind, Refused, System, denied, require
from portal.audit.chain import record
from portal.happenings import announce
from portal.machine import move
from portal.notices.services import Mail, address, write_letters
from portal.program.models import Cohort
from portal.program.queries import have_left
from portal.program.services import join_cohort

from .letters import letter_text
from .models import Invitation, InvitationLink
from .news import InvitationAnswered, NewInvitationAsked
from .rules import still_good
from .states import ACCEPT, BOUNCE, DECLINE, OPEN, OPEN_STATES, RESEND, WITHDRAW, InvitationState

LIFE = timedelta(days=14)
LONGEST_LIFE_DAYS = 90
LONGEST_MESSAGE = 1000
DOOR = System("invitations")


def digest_of(token: str) -> str:
    """What is stored of an invitation link."""
    return hashlib.sha256(token.encode()).hexdigest()


def refusal(code: str, words: Any, todo: Any = "", kind: Kind = Kind.INVALID) -> Refused:
    """A refusal to invite."""
    return Refused("invitations.invite", denied(code, words, todo=todo, kind=kind))


def checked_address(email: str) -> str:
    """The address in lower case. Raises Refused address-invalid."""
    cleaned = email.strip().lower()
    try:
        validate_email(cleaned)
    except ValidationError:
        raise refusal("address-invalid", _("This is not a mail address."), _("Check the spelling.")) from None
    return cleaned


def check_free(email: str, role: Role) -> None:
    """Raises Refused already-here, already-invited."""
    known = Person.objects.filter(email__iexact=email).first()
    if known is not None and known.holds(role) and not have_left().filter(person=known).exists():
        raise refusal("already-here", _("This address is already in the program."), kind=Kind.CONFLICT)
    waiting = open_invitation(email, role)
    if waiting is not None and not waiting.is_expired:
        words = _("This address has an invitation that waits for an answer.")
        raise refusal("already-invited", words, _("Send that one again, or withdraw it first."), Kind.CONFLICT)


def open_invitation(email: str, role: Role) -> Invitation | None:
    """The invitation of this address that could still be answered or renewed."""
    return Invitation.objects.filter(email=email.strip().lower(), role=role, state__in=OPEN_STATES).first()


def make_link(invitation: Invitation, sender: Actor) -> tuple[InvitationLink, Mail]:
    """A fresh link and the letter that carries it, neither of them written yet."""
    token = secrets.token_urlsafe(32)
    letter = letter_text(
        name=invitation.name,
        role=Role(invitation.role),
        cohort=invitation.cohort,
        message=invitation.message,
        expires_at=invitation.expires_at,
        sender=sender,
    )
    path = reverse("invitation", args=[token])
    mail = Mail(invitation.email, letter_key(invitation), letter.subject, letter.body, path, letter.button)
    return InvitationLink(invitation=invitation, digest=digest_of(token)), mail


def _new_link(invitation: Invitation, sender: Actor) -> str:
    link, mail = make_link(invitation, sender)
    link.save()
    write_letters([mail])
    return mail.url


def letter_key(invitation: Invitation) -> str:
    """What makes a letter this invitation's."""
    return f"invitation:{invitation.pk}:{invitation.letters}"


@transaction.atomic
def invite(
    email: str,
    *,
    cohort: Cohort | None,
    actor: Actor,
    role: Role = Role.ARTIST,
    life: timedelta = LIFE,
    name: str = "",
    message: str = "",
    daily_seconds: int | None = None,
) -> tuple[Invitation, str]:
    """Ask an address in; the letter goes out with the next sweep. Returns the invitation and its link's address.

    Raises Refused address-invalid, cohort-needed, message-too-long, already-here, already-invited, role-above-yours.
    """
    require("invitations.invite", actor, role)
    to = checked_address(email)
    if role == Role.ARTIST and cohort is None:
        raise refusal("cohort-needed", _("An artist is invited into a cohort."), _("Name one."))
    if len(message) > LONGEST_MESSAGE:
        words = _("The personal message has %(count)s characters.") % {"count": len(message)}
        raise refusal("message-too-long", words, _("Keep it under %(most)s.") % {"most": LONGEST_MESSAGE})
    check_free(to, role)
    former = open_invitation(to, role)
    if former is not None:  # expired: the new one takes its place
        move(former, WITHDRAW, actor=actor, fields={"answered_at": timezone.now()}, detail={"why": "renewed"})
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=to,
                name=name.strip()[:120],
                role=role,
                cohort=cohort if role == Role.ARTIST else None,
                daily_seconds=daily_seconds if role == Role.ARTIST else None,
                message=message.strip(),
                invited_by_id=actor.pk,
                expires_at=timezone.now() + life,
            )
    except IntegrityError:  # somebody else was faster
        words = _("This address was invited a moment ago.")
        raise refusal("already-invited", words, _("Look at the list."), Kind.CONFLICT) from None
    record(
        "invitations.invite",
        actor=actor,
        subject=invitation,
        detail={"role": str(role), "cohort": cohort.slug if cohort else ""},
    )
    return invitation, address(_new_link(invitation, actor))


@transaction.atomic
def resend(invitation: Invitation, *, actor: Actor, life: timedelta = LIFE) -> tuple[Invitation, str]:
    """Write the letter again with a fresh link and a fresh date. Raises Refused invitation-used, invitation-closed."""
    fields = {
        "sent_at": timezone.now(),
        "expires_at": timezone.now() + life,
        "letters": F("letters") + 1,
        "asked_again_at": None,
        "reason": "",
    }
    sent, moved = move(invitation, RESEND, actor=actor, fields=fields, where={"letters": invitation.letters})
    if not moved:
        good = still_good(sent)
        if not good and good.code != "invitation-expired":
            raise Refused("invitations.resend", good)
        words = _("This letter was sent again a moment ago.")
        raise refusal("invitation-just-sent", words, _("Look at the page again."), Kind.CONFLICT)
    return sent, address(_new_link(sent, actor))


def invitation_by(token: str) -> Invitation:
    """The invitation behind a link. Raises Refused invitation-unknown."""
    rows = Invitation.objects.select_related("cohort", "invited_by")
    found = rows.filter(links__digest=digest_of(token)).first()
    if found is None:
        words = _("This is not an invitation of ours.")
        todo = _("Check that the link is whole.")
        raise Refused("invitations.accept", denied("invitation-unknown", words, todo=todo, kind=Kind.MISSING))
    return found


def has_account(invitation: Invitation) -> bool:
    """Whether the invited address can sign in already. Said only to whoever holds the mailed link."""
    return Person.objects.filter(email__iexact=invitation.email).exists()


def open_link(invitation: Invitation) -> Invitation:
    """Note that the link was visited, once, while it can be answered."""
    if invitation.state == InvitationState.OPENED or not still_good(invitation):
        return invitation
    opened, _moved = move(invitation, OPEN, actor=DOOR, fields={"opened_at": timezone.now()})
    return opened


@transaction.atomic
def accept(invitation: Invitation, *, actor: Person) -> bool:
    """Use an invitation: role and cohort are the person's from here on. True for the one call that used it."""
    fields = {"person": actor, "answered_at": timezone.now()}
    news = InvitationAnswered(invitation.pk, InvitationState.ACCEPTED)
    where = {"expires_at__gt": timezone.now()}
    row, moved = move(invitation, ACCEPT, actor=actor, fields=fields, where=where, news=news)
    if not moved:
        require("invitations.accept", actor, Invitation.objects.get(pk=invitation.pk))
        return False
    grant_role(actor, Role(row.role), actor=DOOR)
    if row.cohort is not None:
        join_cohort(actor, row.cohort, actor=DOOR, daily_seconds=row.daily_seconds)
    return True


def decline(invitation: Invitation, *, actor: Actor, reason: str = "") -> tuple[Invitation, bool]:
    """Say no, with or without a reason; no account is made."""
    fields = {"answered_at": timezone.now(), "reason": reason.strip()[:300]}
    news = InvitationAnswered(invitation.pk, InvitationState.DECLINED)
    return move(invitation, DECLINE, actor=actor, fields=fields, news=news)


def withdraw(invitation: Invitation, *, actor: Actor) -> tuple[Invitation, bool]:
    """Take an invitation back."""
    return move(invitation, WITHDRAW, actor=actor, fields={"answered_at": timezone.now()})


def bounce(email: str, *, actor: Actor, reason: str = "") -> list[Invitation]:
    """The mail provider says that this address takes no letter: its waiting invitations show it."""
    require("invitations.bounce", actor, None)
    cleaned = checked_address(email)
    came_back = []
    for invitation in Invitation.objects.filter(email=cleaned, state=InvitationState.SENT):
        row, moved = move(invitation, BOUNCE, actor=actor, fields={"reason": reason.strip()[:300]})
        came_back += [row] if moved else []
    return came_back


@transaction.atomic
def ask_again(invitation: Invitation) -> bool:
    """The holder of an expired link asks for a new one; staff are told. Once is enough until it is sent again."""
    if not (invitation.is_open and invitation.is_expired):
        return False
    now = timezone.now()
    asked = Invitation.objects.filter(pk=invitation.pk, asked_again_at=None, state__in=OPEN_STATES)
    if not asked.update(asked_again_at=now):
        return False
    record("invitations.ask_again", actor=DOOR, subject=invitation)
    announce(NewInvitationAsked(invitation.pk, now.isoformat()))
    return True
