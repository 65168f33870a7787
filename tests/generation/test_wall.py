"""The studio wall: shown by its artist alone, to the same cohort alone, gone at the next request."""

from collections.abc import Callable

from django.test import Client

from artists.people.models import Person
from generation.models import Clip
from portal.program.models import Cohort
from portal.program.services import CohortTerms, choose_wall, set_cohort
from tests.factories.people import SETUP


def with_wall(cohort: Cohort, *, wall: bool) -> None:
    """The cohort with a wall, or without."""
    terms = CohortTerms(name=cohort.name, daily_seconds=cohort.daily_seconds, at_once=cohort.at_once, wall=wall)
    set_cohort(cohort.slug, terms, actor=SETUP)


def test_wall_shows_to_the_same_cohort_while_the_artist_wants(  # the cast
    ada: Person, ben: Person, nia: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip = clip_of(ada)
    film = f"/wall/{clip.pk}/film/"

    def seen() -> list[tuple[int, int]]:
        answers = [(client_of(person).get("/wall/"), client_of(person).get(film)) for person in (nia, ben, ada)]
        return [(len(page.context["clips"]), answer.status_code) for page, answer in answers]

    nothing = [(0, 404)] * 3
    assert seen() == nothing
    with_wall(ada.membership.cohort, wall=True)
    assert seen() == nothing
    choose_wall(actor=ada, shown=True)
    assert seen() == [(1, 200), (0, 404), (0, 404)]
    choose_wall(actor=ada, shown=False)
    assert seen() == nothing


def test_wall_that_is_closed_shows_nothing_whoever_is_on_it(
    ada: Person, nia: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip = clip_of(ada)
    with_wall(ada.membership.cohort, wall=True)
    choose_wall(actor=ada, shown=True)
    assert client_of(nia).get(f"/wall/{clip.pk}/poster/").status_code == 200
    with_wall(ada.membership.cohort, wall=False)
    assert client_of(nia).get(f"/wall/{clip.pk}/poster/").status_code == 404
