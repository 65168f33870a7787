"""Web addresses that people give us and that are shown to others as links."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

WEB = URLValidator(schemes=["https", "http"])


def is_web_address(text: str) -> bool:
    """Whether this is an http or https address with a host: nothing a browser would run."""
    try:
        WEB(text)
    except ValidationError:
        return False
    return True
