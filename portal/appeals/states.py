"""States of an appeal, and every way between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class AppealState(models.TextChoices):
    """Whose turn it is, and how it ended."""

    OPEN = "open", _("open")
    UPHELD = "upheld", _("the decision stands")
    OVERTURNED = "overturned", _("the decision is overturned")
    WITHDRAWN = "withdrawn", _("withdrawn")


DECIDED = (AppealState.UPHELD, AppealState.OVERTURNED)
UPHOLD = Move.of("appeals.uphold", [AppealState.OPEN], AppealState.UPHELD)
OVERTURN = Move.of("appeals.overturn", [AppealState.OPEN], AppealState.OVERTURNED)
WITHDRAW = Move.of("appeals.withdraw", [AppealState.OPEN], AppealState.WITHDRAWN)
