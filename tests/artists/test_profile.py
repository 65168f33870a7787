"""Profiles: what people say about themselves, and what they cannot."""

from collections.abc import Callable

import pytest
from django.test import Client

from artists.people.models import Person
from portal.audit.models import Entry

FORM = {
    "name": "Ada Moreau",
    "credit_name": "A. M.",
    "discipline": "Animation",
    "links": "https://ada.example/\r\n\r\nhttps://films.example/ada",
    "time_zone": "Asia/Tokyo",
    "language": "de",
}


def test_profile_is_kept_and_used(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(ada)
    assert client.post("/me/profile/", FORM).status_code == 302
    ada.refresh_from_db()
    kept = (ada.name, ada.credit, ada.discipline, ada.links, ada.time_zone, ada.language)
    links = ["https://ada.example/", "https://films.example/ada"]
    assert kept == ("Ada Moreau", "A. M.", "Animation", links, "Asia/Tokyo", "de")
    page = client.get("/me/profile/").content.decode()
    assert ("Times are those of Asia/Tokyo" in page, "<h1>Profile</h1>" in page) == (True, True)


def test_profile_in_the_record_says_which_fields_changed_and_not_what_they_say(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    client.post("/me/profile/", FORM)
    client.post("/me/profile/", FORM)
    entries = Entry.objects.filter(action="people.set_profile")
    assert (entries.count(), "Animation" in entries.get().body) == (1, False)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": " . "},
        {"name": "x" * 121},
        {"links": "javascript:alert(1)"},
        {"links": "ada.example"},
        {"links": "\n".join(f"https://x.example/{n}" for n in range(7))},
        {"links": "https://x.example/" + "y" * 200},
        {"time_zone": "Mars/Base"},
        {"time_zone": "../../etc/passwd"},
        {"language": "xx"},
        {"discipline": "x" * 121},
    ],
)
def test_profile_with_bad_input_changes_nothing(
    ada: Person, client_of: Callable[[Person], Client], change: dict[str, str]
) -> None:
    page = client_of(ada).post("/me/profile/", FORM | change)
    ada.refresh_from_db()
    assert (page.status_code, ada.name, ada.links, ada.time_zone) == (422, "Ada", [], "UTC")


def test_profile_never_changes_the_address(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client_of(ada).post("/me/profile/", FORM | {"email": "other@example.org", "is_active": "", "roles": "operator"})
    ada.refresh_from_db()
    assert (ada.email, ada.is_active) == ("ada@example.org", True)
