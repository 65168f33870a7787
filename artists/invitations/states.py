"""States of an invitation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class InvitationState(models.TextChoices):
    """Expiry is a date, not a state: it holds without anybody doing anything."""

    SENT = "sent", _("sent")
    OPENED = "opened", _("opened")
    BOUNCED = "bounced", _("bounced")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


_S = InvitationState
# Answers can still come: a letter that bounced once may have reached the person by another way.
OPEN_STATES = (_S.SENT, _S.OPENED, _S.BOUNCED)

OPEN = Move.of("invitations.open", [_S.SENT, _S.BOUNCED], _S.OPENED)
BOUNCE = Move.of("invitations.bounce", [_S.SENT], _S.BOUNCED)
RESEND = Move.of("invitations.resend", OPEN_STATES, _S.SENT)
ACCEPT = Move.of("invitations.accept", OPEN_STATES, _S.ACCEPTED)
DECLINE = Move.of("invitations.decline", OPEN_STATES, _S.DECLINED)
WITHDRAW = Move.of("invitations.withdraw", OPEN_STATES, _S.WITHDRAWN)
