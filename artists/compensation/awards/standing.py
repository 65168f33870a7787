"""Which approvals of an award count at this moment, and whether they are enough."""

from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Approval, Award
from artists.people.roles import Role
from portal.access import ALLOWED, Decision, Kind, denied

from .sameness import is_among
from .states import AwardState, Verdict


def yes_to(award: Award) -> list[Approval]:
    """Everybody who approved exactly what the award says now, whether or not it still counts."""
    said = Approval.objects.filter(award_id=award.pk, digest=award.digest, verdict=Verdict.YES)
    return list(said.select_related("by").prefetch_related("by__grants").order_by("at", "pk"))


def counting(award: Award) -> list[Approval]:
    """Approvals by different people who may still approve: in use, in their role, neither proposer nor payee."""
    kept: list[Approval] = []
    for one in yes_to(award):
        if not (one.by.holds(Role.STAFF) or one.by.holds(Role.OPERATOR)):
            continue
        if is_among(one.by_id, [award.proposer_id, award.payee_id, *(other.by_id for other in kept)]):
            continue
        kept.append(one)
    return kept


def needed_for(award: Award) -> int:
    """How many people have to approve. A fund that grows stricter asks it of what is not approved yet."""
    asked = award.fund.approvals_needed
    if award.approved_at is None:
        return asked
    then = sum(one.at <= award.approved_at for one in yes_to(award))
    return max(2, min(asked, then))


def still_approved(award: Award) -> Decision:
    """Whether enough people who approved an award are still in their role: asked again whenever money of it is sent."""
    if award.state not in {AwardState.APPROVED, AwardState.CLOSED}:
        words = _("This award is not approved.")
        return denied("award-not-approved", words, todo=_("Two people approve it first."), kind=Kind.CONFLICT)
    missing = needed_for(award) - len(counting(award))
    if missing > 0:
        words = _("Somebody who approved this award is no longer of the staff: an approval is missing.")
        todo = _("Somebody else of the staff approves it as it stands; then it can be paid.")
        return denied("approvals-lapsed", words, todo=todo, kind=Kind.CONFLICT)
    return ALLOWED
