"""The page of components misses none."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.urls import reverse

from artists.people.models import Person
from portal.web.gallery import FRAME, components

ROOT = Path(settings.ROOT) / "templates"


def test_every_component_has_an_example_and_every_example_a_component() -> None:
    made = {path.stem for path in (ROOT / "ui").glob("*.html")}
    shown = {path.stem for path in (ROOT / "web" / "gallery").glob("*.html")}
    assert (made - shown, shown - made) == (FRAME, set())


def test_every_component_says_what_it_is_for() -> None:
    assert [part.name for part in components() if not part.says] == []


def test_page_shows_every_component_in_both_lights(sam: Person, client_of: Callable[[Person], Client]) -> None:
    said = client_of(sam).get(reverse("components")).content.decode()
    assert [part.name for part in components() if f'id="{part.name}-name"' not in said] == []
    rooms = len(components()) + 2  # colours and type
    assert (said.count('data-light="dark"'), said.count('data-light="light"')) == (rooms, rooms)


def test_examples_use_the_component_they_show() -> None:
    missing = []
    for part in components():
        text = (ROOT / part.template).read_text()
        if f"<c-{part.name.replace('_', '-')}" not in text and f"ui/{part.name}.html" not in text:
            missing.append(part.name)
    assert missing == []
