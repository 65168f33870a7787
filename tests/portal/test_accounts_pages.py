"""Sign-in and second-factor pages in our own frame, under our own policy."""

import pytest
from django.test import Client

from artists.people.models import Person


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_page_for_signing_in_has_language_and_landmark(path: str) -> None:
    page = Client().get(path).content.decode()
    assert ('lang="en' in page, page.count("<main"), page.count("<h1")) == (True, 1, 1)


def test_one_time_codes_show_their_picture_without_a_data_address(ada: Person) -> None:
    client = Client()
    client.force_login(ada)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 4102444800.0, "email": ada.email}]
    session.save()
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert ("<svg" in page, "data:image" in page, "style=" in page) == (True, False, False)
