"""A refused prompt can be appealed; overturning says so and gives back nothing, for nothing was charged."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access import Actor
from portal.appeals.subjects import Act, Appealable, register_appealable

from .models import Generation
from .queries import generations_visible_to
from .states import GenerationState

# A refusal older than this no longer stands in anybody's way.
FOR = timedelta(days=30)


def _act(generation: Generation) -> Act:
    prompts = "\n".join(shot["prompt"] for shot in generation.snapshot["shots"])
    return Act(
        kind="prompt",
        key=str(generation.pk),
        title=_("A prompt was refused"),
        reason=generation.state_reason,
        made_by_id=None,
        made_by_label=_("the model's own filter"),
        at=generation.ended_at or generation.made_at,
        detail=_("The prompts: %(prompts)s") % {"prompts": prompts},
    )


def _against(person: Actor) -> list[Act]:
    since = timezone.now() - FOR
    refused = generations_visible_to(person).filter(state=GenerationState.REFUSED, ended_at__gte=since)
    return [_act(one) for one in refused]


def _overturn(key: str, actor: Actor) -> None:
    """The generation stays as it ended, and cost nothing; the answer says whether asking again will do."""


register_appealable(
    Appealable(
        "prompt",
        _against,
        _overturn,
        shows=gettext_lazy("Whoever answers sees the prompts of this film. Nobody else does."),
    )
)
