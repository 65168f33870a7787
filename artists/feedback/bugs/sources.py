"""A roadmap item can come from a bug report; whoever reported the same has asked for it too."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import BugReport
from artists.feedback.roadmap.sources import Source, register_source

from .queries import authors_of


def _keys_of(person: int) -> Collection[int]:
    """One's own reports, those they were merged into, and those merged into the same."""
    mine = list(BugReport.objects.filter(author_id=person).values_list("pk", "duplicate_of_id"))
    firsts = {first or pk for pk, first in mine}
    same = BugReport.objects.filter(duplicate_of__in=firsts).values_list("pk", flat=True)
    return firsts | set(same)


def _page(key: int) -> str:
    return reverse("staff_bug", args=[key])


register_source(Source("bug", _("Bug report"), authors_of, _keys_of, _page))
