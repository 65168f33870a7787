"""Who may write, publish and sign agreements."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule
from portal.storage.exit import Purpose, register_purpose

from .models import AgreementVersion, Signature
from .queries import answerable_by
from .states import VersionState


@rule("agreements.draft", who="staff, operators, the system at first run")
def draft(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Writing a text."""
    return ALLOWED if isinstance(actor, System) else holding(actor, Role.STAFF, Role.OPERATOR)


@rule("agreements.edit", who="staff, operators; a draft only")
def edit(actor: Actor, version: AgreementVersion) -> Decision:
    """Changing a text that nobody could have signed."""
    if version.state != VersionState.DRAFT:
        words = _("This version is published; its text never changes again.")
        return denied("agreement-published", words, todo=_("Draft a new version."), kind=Kind.CONFLICT)
    return draft(actor, version)


@rule("agreements.publish", who="staff, operators, the system at first run; a text that is not empty")
def publish(actor: Actor, version: AgreementVersion) -> Decision:
    """Putting a text in force."""
    if not version.text.strip() or not version.points:
        return denied(
            "agreement-empty",
            _("An agreement needs its text and a summary in plain words."),
            todo=_("Write both, then publish."),
            kind=Kind.INVALID,
        )
    return draft(actor, version)


@rule("agreements.see_all", who="staff, operators")
def see_all(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Drafts, and who is on what."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule(
    "agreements.sign", who="artists who are asked to, the text that is in force or announced, themselves, in a browser"
)
def sign(actor: Actor, version: AgreementVersion) -> Decision:
    """Signing binds a person: no system and no command does it for them."""
    first = holding(actor, Role.ARTIST)
    if not first:
        return first
    if not answerable_by(actor).filter(pk=version.pk).exists():
        return denied(
            "agreement-not-in-force",
            _("This version is not the one in force."),
            todo=_("Reload the page and read the version in force."),
            kind=Kind.CONFLICT,
        )
    return ALLOWED


@rule("agreements.decline", who="whoever could sign it and did not")
def decline(actor: Actor, version: AgreementVersion) -> Decision:
    """Saying no costs nothing that was promised before."""
    first = sign(actor, version)
    if first and Signature.objects.filter(version=version, person_id=actor.pk).exists():
        words = _("You have signed this version.")
        todo = _("You can leave the program on the page “Leave”.")
        return denied("agreement-signed", words, todo=todo, kind=Kind.CONFLICT)
    return first


@rule("agreements.read_paper", who="who signed it; staff")
def read_paper(actor: Actor, signature: Signature) -> Decision:
    """The signed text as PDF, in every state of the account short of deletion."""
    if actor.pk is not None and actor.pk == signature.person_id:
        return ALLOWED
    return see_all(actor, signature)


register_purpose(Purpose("signed-agreement", "agreements.read_paper", saved=True))
