"""What follows from news: the inviter hears the answer, staff hear who asks for a new link, a letter that came back shows."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.roster import people_holding
from portal.access import System
from portal.happenings import listen
from portal.notices.kinds import DESK, Delivery, Kind, Sample, register_kind
from portal.notices.news import LetterCameBack
from portal.notices.services import tell

from .models import Invitation
from .news import InvitationAnswered, NewInvitationAsked
from .services import bounce
from .states import InvitationState

_STAFF = frozenset({Role.STAFF, Role.OPERATOR})
_SOMEBODY = {"email": "nour@example.org"}
register_kind(
    Kind(
        "invitations.answered",
        _("An invitation was answered"),
        family=DESK,
        concerns=_STAFF,
        default=Delivery.NEVER,
        sample=Sample(_("%(email)s accepted the invitation"), url="/staff/invitations/", fill=_SOMEBODY),
    )
)
register_kind(
    Kind(
        "invitations.asked_again",
        _("Somebody asks for a new invitation"),
        family=DESK,
        concerns=_STAFF,
        sample=Sample(
            _("%(email)s asks for a new invitation"),
            _("The link of the former one has expired. Sending it again takes one click."),
            "/staff/invitations/",
            fill=_SOMEBODY,
        ),
    )
)
POST_OFFICE = System("post office")


@listen(InvitationAnswered, name="invitations.tell_inviter")
def tell_inviter(news: InvitationAnswered) -> None:
    """Say who came, or who did not want to."""
    invitation = Invitation.objects.select_related("invited_by", "cohort").get(pk=news.invitation)
    inviter = invitation.invited_by
    if inviter is None:
        return
    accepted = news.state == InvitationState.ACCEPTED
    title = _("%(email)s accepted the invitation") if accepted else _("%(email)s declined the invitation")
    tell(
        inviter,
        "invitations.answered",
        key=f"invitation-answered:{invitation.pk}",
        title=title,
        body="%(reason)s",
        url=reverse("invitation_staff", args=[invitation.pk]),
        fill={"email": invitation.email, "reason": invitation.reason},
    )


@listen(NewInvitationAsked, name="invitations.tell_staff")
def tell_staff(news: NewInvitationAsked) -> None:
    """All staff hear it: whoever is there first sends a new one."""
    invitation = Invitation.objects.get(pk=news.invitation)
    for person in people_holding(Role.STAFF, Role.OPERATOR):
        tell(
            person,
            "invitations.asked_again",
            key=f"invitation-asked-again:{invitation.pk}:{news.at}",
            title=_("%(email)s asks for a new invitation"),
            body=_("The link of the former one has expired. Sending it again takes one click."),
            url=reverse("invitation_staff", args=[invitation.pk]),
            fill={"email": invitation.email},
        )


@listen(LetterCameBack, name="invitations.mark_bounced")
def mark_bounced(news: LetterCameBack) -> None:
    """The mail server refused the address."""
    bounce(news.to, actor=POST_OFFICE, reason=news.reason)
