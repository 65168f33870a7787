"""Acts of gatherings, by who does them."""

from .arranging import Plan, cancel_gathering, change_gathering, make_gathering
from .attending import mark_attended
from .feeding import end_feed, make_feed
from .reminding import remind_due
from .seating import give_up_seat, release_seats, take_seat

__all__ = [
    "Plan",
    "cancel_gathering",
    "change_gathering",
    "end_feed",
    "give_up_seat",
    "make_feed",
    "make_gathering",
    "mark_attended",
    "release_seats",
    "remind_due",
    "take_seat",
]
