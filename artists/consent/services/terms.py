"""Terms go down: what a work's file says about training follows the consents in force."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from artists.consent.kinds import UseKind
from artists.consent.models import Consent
from artists.consent.queries import covers_use, live_at
from artists.consent.states import ConsentState
from generation.models import Clip
from generation.services import set_training_terms
from generation.states import TrainingTerms

MOST = 500


def terms_of(clip: Clip) -> TrainingTerms:
    """Allowed under a live consent for the world; constrained where it covers some places or conditions; else not allowed."""
    given = Consent.objects.filter(clip=clip, kind=UseKind.TRAINING, state=ConsentState.GIVEN)
    usable = [one for one in given if covers_use(one, place=one.places[0])]
    if not usable:
        return TrainingTerms.NOT_ALLOWED
    plain = any(one.places == ["world"] and not one.conditions for one in usable)
    return TrainingTerms.ALLOWED if plain else TrainingTerms.CONSTRAINED


def push_terms(clip: Clip) -> bool:
    """Tell generation what files of this clip say from now on; True when it changed."""
    return set_training_terms(clip, terms_of(clip))


def refresh_terms() -> int:
    """Consents begin, end and rest by themselves: works whose terms no longer fit are brought up to date."""
    live = live_at(timezone.now()).filter(kind=UseKind.TRAINING, clip=OuterRef("pk"))
    stale = Clip.objects.filter(
        Q(~Exists(live), ~Q(training=TrainingTerms.NOT_ALLOWED))
        | Q(Exists(live), training=TrainingTerms.NOT_ALLOWED, deleted_at=None)
    )
    return sum(push_terms(clip) for clip in stale.order_by("pk")[:MOST])
