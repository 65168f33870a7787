"""The rail asked for alone: fresh counts, and the page that asks is the current one."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from artists.people.models import Person
from portal.notices.kinds import Delivery, Kind, register_kind
from portal.notices.services import tell


@pytest.mark.parametrize(
    ("asking", "current"),
    [("http://127.0.0.1:8000/library/?after=x", ["Library"]), ("", []), ("nonsense", []), ("/studio/", ["Studio"])],
)
def test_rail_marks_the_page_that_asks_and_counts(
    ada: Person, client_of: Callable[[Person], Client], asking: str, current: list[str]
) -> None:
    register_kind(Kind("tests.news", "News", default=Delivery.NEVER))
    client = client_of(ada)
    for key in ("a", "b"):
        tell(ada, "tests.news", key=key, title="News")
    page = client.get("/rail/", headers={"HX-Current-URL": asking}).content.decode()
    assert re.findall(r'aria-current="page"><span>([^<]+)', page) == current
    assert re.findall(r"Inbox</span><span class=\"rail-count\" data-yours>(\d+)", page) == ["2"]
