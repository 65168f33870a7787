"""What follows from news: the artist is told when a film is ready, failed or paused."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.happenings import listen
from portal.notices.kinds import FILMS, Delivery, Kind, Sample, register_kind
from portal.notices.services import tell
from portal.program.news import SunsetReached, SuspensionEnded
from portal.program.queries import the_program
from portal.program.stopping import hold_off_stops
from portal.program.sunset import before_sunset

from .models import Generation
from .news import GenerationEnded, GenerationPaused
from .queue.endings import end_generation
from .queue.sweep import resume_paused
from .states import REFUSE, UNDER_WAY, GenerationState

register_kind(
    Kind(
        "generation.ended",
        _("A film is ready, or could not be made"),
        family=FILMS,
        sample=Sample(_("Your film is ready"), _("It is in your library. Only you can see it."), "/library/"),
    )
)
register_kind(
    Kind(
        "generation.paused",
        _("A film was paused"),
        family=FILMS,
        default=Delivery.NEVER,
        sample=Sample(
            _("A film is paused"),
            _("%(reason)s Finished shots are kept; it goes on by itself."),
            "/studio/",
            fill={"reason": _("The program is closed.")},
        ),
    )
)


@listen(GenerationEnded, name="generation.tell_ended")
def tell_ended(news: GenerationEnded) -> None:
    """Write to the artist; no prompt and no title leaves by mail."""
    generation = Generation.objects.select_related("artist").get(pk=news.generation)
    fill = {}
    if news.state == GenerationState.DONE:
        title, body = _("Your film is ready"), _("It is in your library. Only you can see it.")
        url = reverse("clip", args=[generation.clip.pk])
    elif news.state == GenerationState.CANCELLED:
        return
    else:
        title = _("A film could not be made")
        body, fill = _("%(reason)s Nothing was charged."), {"reason": generation.state_reason}
        url = reverse("generation", args=[generation.pk])
    key = f"ended:{generation.pk}"
    tell(generation.artist, "generation.ended", key=key, title=title, body=body, url=url, fill=fill)


@listen(GenerationPaused, name="generation.tell_paused")
def tell_paused(news: GenerationPaused) -> None:
    """Say why it waits, and that finished shots are safe."""
    generation = Generation.objects.select_related("artist").get(pk=news.generation)
    tell(
        generation.artist,
        "generation.paused",
        key=f"paused:{generation.pk}:{news.at}",
        title=_("A film is paused"),
        body=_("%(reason)s Finished shots are kept; it goes on by itself."),
        url=reverse("generation", args=[generation.pk]),
        fill={"reason": generation.state_reason},
    )


@listen(SuspensionEnded, name="generation.go_on")
def go_on(news: SuspensionEnded) -> None:
    """What was paused returns to its place in the queue at once; the sweep would do it a second later."""
    del news
    # After this delivery's own transaction: each film moves in a short one, and no stop waits for all of them.
    transaction.on_commit(resume_paused, robust=True)


@listen(SunsetReached, name="generation.end_unbegun")
def end_unbegun(news: SunsetReached) -> None:
    """Films that had not begun when the program ended never will: they end, and nothing is charged."""
    del news
    hold_off_stops()
    decision = before_sunset(the_program())
    if decision:
        return
    for generation in Generation.objects.filter(state__in=UNDER_WAY, started_at=None):
        end_generation(generation, REFUSE, decision.code, str(decision.reason))
