"""Pages of long lists: nothing is counted, nothing is lost, and what is no number is the first page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artists.people.models import Person
from artists.people.roles import Role
from portal.pages import FURTHEST, leaf_of
from tests.factories.people import holder_of


@pytest.fixture
def seven(db: None) -> list[Person]:
    return [holder_of(Role.ARTIST, f"Artist {number}") for number in range(7)]


def test_pages_follow_each_other_without_a_count(seven: list[Person]) -> None:
    rows = Person.objects.filter(pk__in=[one.pk for one in seven]).order_by("pk")
    seen: list[Person] = []
    number = 1
    while number:
        with CaptureQueriesContext(connection) as asked:
            page = leaf_of(rows, str(number), 3)
        assert (len(asked), "COUNT" in asked[0]["sql"].upper()) == (1, False)
        assert (page.first, page.last, page.previous_number) == (len(seen) + 1, len(seen) + len(page.rows), number - 1)
        seen += page.rows
        number = page.next_number
    assert seen == seven


@pytest.mark.parametrize("asked", [None, "", "0", "-1", "x", "²", "1.5"])
def test_what_is_no_number_is_the_first_page(seven: list[Person], asked: str | None) -> None:
    assert leaf_of(Person.objects.order_by("pk"), asked, 3).number == 1


def test_page_beyond_the_end_is_empty_and_leads_back(seven: list[Person]) -> None:
    page = leaf_of(Person.objects.order_by("pk"), str(FURTHEST), 3)
    assert (page.rows, page.next_number, page.previous_number) == ([], 0, FURTHEST - 1)
    assert leaf_of(Person.objects.order_by("pk"), "99999999999", 3).number == 1
