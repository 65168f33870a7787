"""What people hear besides their own channel: that of each role they hold."""

from portal.access import Actor
from portal.events.publish import role_channel
from portal.events.standing import register_channels

from .roles import Role


def channels_of(actor: Actor) -> list[str]:
    """One channel for each role held."""
    return [role_channel(role) for role in Role if actor.holds(role)]


register_channels("roles", channels_of)
