"""Which browsers look again when a share request is made or moves: its artist's, and every reviewer's."""

from artists.people.roles import Role
from portal.events.publish import publish, role_channel, signal_moves, to_person

from .models import ShareRequest

REVIEW = "review"
SHARING = "sharing"


def told_of(asked: ShareRequest) -> list[tuple[str, str]]:
    """Channel and subject of each signal."""
    return [(role_channel(Role.REVIEWER), REVIEW), (to_person(asked.artist_id), SHARING)]


def tell_asked(asked: ShareRequest) -> None:
    """A request has just been made: that is no move."""
    for channel, subject in told_of(asked):
        publish(channel, subject)


def tell_reviewers() -> None:
    """Who has a request changed: that is no move either, and nothing for its artist."""
    publish(role_channel(Role.REVIEWER), REVIEW)


signal_moves(ShareRequest, told_of)
