"""States of a roadmap item."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class ItemState(models.TextChoices):
    """Nothing here is a promise of a date."""

    CONSIDERED = "considered", _("considered")
    PLANNED = "planned", _("planned")
    UNDER_WAY = "under_way", _("under way")
    SHIPPED = "shipped", _("shipped")
    DROPPED = "dropped", _("not planned")


_I = ItemState
OPEN = (_I.CONSIDERED, _I.PLANNED, _I.UNDER_WAY)

CONSIDER = Move.of("roadmap.consider", [_I.PLANNED, _I.UNDER_WAY, _I.DROPPED, _I.SHIPPED], _I.CONSIDERED)
PLAN = Move.of("roadmap.plan", [_I.CONSIDERED, _I.UNDER_WAY, _I.DROPPED], _I.PLANNED)
BEGIN = Move.of("roadmap.begin", [_I.CONSIDERED, _I.PLANNED], _I.UNDER_WAY)
SHIP = Move.of("roadmap.ship", OPEN, _I.SHIPPED)
DROP = Move.of("roadmap.drop", OPEN, _I.DROPPED)

STEPS = {_I.CONSIDERED: CONSIDER, _I.PLANNED: PLAN, _I.UNDER_WAY: BEGIN, _I.SHIPPED: SHIP, _I.DROPPED: DROP}
