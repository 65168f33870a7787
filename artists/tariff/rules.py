"""Who may write and publish the tariff. Everybody reads it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.rules import holding
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule

from .models import TariffVersion
from .states import TariffState


@rule("tariff.draft", who="staff, operators, the system at first run")
def draft(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Writing prices."""
    return ALLOWED if isinstance(actor, System) else holding(actor, Role.STAFF, Role.OPERATOR)


@rule("tariff.edit", who="staff, operators; a draft only")
def edit(actor: Actor, version: TariffVersion) -> Decision:
    """Changing prices that hold for nobody yet."""
    if version.state != TariffState.DRAFT:
        words = _("This version is published; its prices never change.")
        return denied("tariff-published", words, todo=_("Draft a new version."), kind=Kind.CONFLICT)
    return draft(actor, version)


@rule("tariff.publish", who="staff, operators, the system at first run")
def publish(actor: Actor, version: TariffVersion) -> Decision:
    """Putting prices in force."""
    return draft(actor, version)


@rule("tariff.see_drafts", who="staff, operators")
def see_drafts(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Prices that are not published."""
    return holding(actor, Role.STAFF, Role.OPERATOR)
