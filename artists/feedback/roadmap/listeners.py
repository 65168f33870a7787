"""You asked, we shipped: each author of what an item came from is told once, however often it is shipped."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import RoadmapItem
from artists.people.models import Person
from portal.happenings import listen
from portal.notices.kinds import VOICE, Kind, Sample, register_kind
from portal.notices.services import tell

from .news import ItemShipped
from .queries import people_of
from .states import ItemState

TITLE = _("You asked, we shipped")
BODY = _("Something you reported or asked for is there. What, and since which version, is on the roadmap.")
register_kind(
    Kind("roadmap.shipped", _("What you asked for was shipped"), family=VOICE, sample=Sample(TITLE, BODY, "/roadmap/"))
)


@listen(ItemShipped, name="roadmap.tell_authors")
def tell_authors(news: ItemShipped) -> None:
    """The key names the item alone: a second shipping of the same is no news to whoever was told."""
    item = RoadmapItem.objects.prefetch_related("sources").get(pk=news.item)
    if item.state != ItemState.SHIPPED:
        return
    for person in Person.objects.filter(pk__in=people_of(item), is_active=True).order_by("pk"):
        tell(
            person,
            "roadmap.shipped",
            key=f"shipped:{item.pk}",
            title=TITLE,
            body=BODY,
            url=f"{reverse('roadmap')}#item-{item.pk}",
        )
