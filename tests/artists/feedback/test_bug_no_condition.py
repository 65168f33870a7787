"""Nothing depends on bugs, the roadmap or the tariff: gate, quota, queue and standing do not read them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artists.agreements.standing import standing_of
from artists.people.models import Person
from generation.models import Clip, Generation
from generation.queue.claim import claim
from generation.quota import left_today
from portal.access import check
from portal.program.queries import cohort_of
from tests.factories.bugs import moved, reported
from tests.factories.films import deliver_waiting, submitted

NEVER = ("feedback_", "tariff_")


@pytest.mark.parametrize("reports", [0, 3])
def test_making_a_film_reads_nothing_of_what_was_reported(
    ada: Person, ben: Person, sam: Person, clip_of: Callable[..., Clip], reports: int
) -> None:
    for _number in range(reports):
        moved(reported(ada, clip=clip_of(ada)), "wont_fix", sam)
    with CaptureQueriesContext(connection) as seen:
        gate = check("generation.submit", ada)
        left = left_today(ada, cohort_of(ada))
        stands = [bool(one.decision) for one in standing_of(ada)]
        theirs, mine = submitted(ben), submitted(ada)
        first = claim("tests", {mine.model})
    deliver_waiting()
    read = [query["sql"] for query in seen if any(name in query["sql"] for name in NEVER)]
    assert (read, bool(gate), left is not None, all(stands)) == ([], True, True, True)
    assert (first is not None, Generation.objects.get(pk=theirs.pk).artist) == (True, ben)
