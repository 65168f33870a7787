"""States of a fund, and what accounts and entries are for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class FundState(models.TextChoices):
    """Whether money may leave it."""

    OPEN = "open", _("open")
    FROZEN = "frozen", _("frozen")
    CLOSED = "closed", _("closed")


class Side(models.TextChoices):
    """What an account is for. Only capital may be below zero: it is what the program has put in."""

    CAPITAL = "capital", _("put in by the program")
    FUND = "fund", _("free in a fund")
    OWED = "owed", _("promised to an artist")
    FLIGHT = "flight", _("on its way to an artist")
    PAID = "paid", _("paid to an artist")


class EntryKind(models.TextChoices):
    """Why money moved from one account to another."""

    BUDGET = "budget", _("budget given")
    CUT = "cut", _("budget taken back")
    RESERVE = "reserve", _("promised")
    RELEASE = "release", _("promise ended")
    SEND = "send", _("sent")
    ARRIVE = "arrive", _("accepted by the rail")
    REFUSE = "refuse", _("refused by the rail")
    REVERSE = "reverse", _("came back")
    HAND = "hand", _("paid by hand")


# Which way each kind of entry goes: from the account debited to the account credited.
WAYS = {
    EntryKind.BUDGET: (Side.CAPITAL, Side.FUND),
    EntryKind.CUT: (Side.FUND, Side.CAPITAL),
    EntryKind.RESERVE: (Side.FUND, Side.OWED),
    EntryKind.RELEASE: (Side.OWED, Side.FUND),
    EntryKind.SEND: (Side.OWED, Side.FLIGHT),
    EntryKind.ARRIVE: (Side.FLIGHT, Side.PAID),
    EntryKind.REFUSE: (Side.FLIGHT, Side.OWED),
    EntryKind.REVERSE: (Side.PAID, Side.OWED),
    EntryKind.HAND: (Side.OWED, Side.PAID),
}

FREEZE = Move.of("fund.freeze", [FundState.OPEN], FundState.FROZEN)
UNFREEZE = Move.of("fund.unfreeze", [FundState.FROZEN], FundState.OPEN)
CLOSE = Move.of("fund.close", [FundState.OPEN, FundState.FROZEN], FundState.CLOSED)
