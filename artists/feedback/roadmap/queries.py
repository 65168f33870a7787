"""What one may see of the roadmap, and which items came from oneself."""

from django.db.models import Count, Q, QuerySet

from artists.feedback.models import RoadmapItem, RoadmapSource
from portal.access import Actor, check

from .sources import Source, source_called, sources
from .states import OPEN, ItemState


def items_visible_to(actor: Actor) -> QuerySet[RoadmapItem]:
    """Every item with how many sources it has (`asked`), last changed first, for everybody with an account."""
    found = RoadmapItem.objects.annotate(asked=Count("sources")).order_by("-changed_at", "-pk")
    return found if check("roadmap.see", actor) else found.none()


def open_items(actor: Actor) -> dict[str, list[RoadmapItem]]:
    """Items that have not ended, by state."""
    found: dict[str, list[RoadmapItem]] = {state.value: [] for state in OPEN}
    for item in items_visible_to(actor).filter(ended_at=None):
        found[item.state].append(item)
    return found


def shipped_items(actor: Actor) -> QuerySet[RoadmapItem]:
    """Shipped items, last first."""
    return items_visible_to(actor).filter(state=ItemState.SHIPPED)


def _asked_for_by(actor: Actor) -> Q | None:
    if actor.pk is None:
        return None
    wanted = Q()
    for source in sources():
        keys = list(source.keys_of(actor.pk))
        if keys:
            wanted |= Q(kind=source.kind, key__in=keys)
    return wanted or None


def items_asked_by(actor: Actor) -> set[int]:
    """Numbers of the items that came from what this person said."""
    wanted = _asked_for_by(actor)
    if wanted is None:
        return set()
    return set(RoadmapSource.objects.filter(wanted).values_list("item_id", flat=True))


def items_from(kind: str, key: int) -> list[RoadmapItem]:
    """The items that came from this source."""
    return list(RoadmapItem.objects.filter(sources__kind=kind, sources__key=key).order_by("pk"))


def sources_of(item: RoadmapItem) -> list[tuple[RoadmapSource, Source, str]]:
    """What an item came from: the row, its kind, and its page for staff."""
    found = [(row, source_called(row.kind)) for row in item.sources.all()]
    return [(row, source, source.page(row.key)) for row, source in found if source is not None]


def people_of(item: RoadmapItem) -> set[int]:
    """Everybody whose report or response an item came from, each once."""
    keys: dict[str, list[int]] = {}
    for row in item.sources.all():
        keys.setdefault(row.kind, []).append(row.key)
    found: set[int] = set()
    for kind, numbers in keys.items():
        source = source_called(kind)
        if source is not None:
            found.update(*source.people(numbers).values())
    return found
