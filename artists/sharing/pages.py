"""What the page of a public work shows: one set of words for the release, its preview, its embed and its oEmbed."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from portal.notices.services import address

from .models import Release, ShareRequest
from .queries import collaborators_of
from .states import CollaboratorState, RequestState

WORDS_IN_SHORT = 200
WIDEST = 720


def page_of(asked: ShareRequest, media: str, key: object = None) -> dict[str, Any]:
    """Addresses of the film and its pictures; `media` is "share" for those who made it, "release" for the public."""
    where = [asked.pk if key is None else key]
    return {name: reverse(f"{media}_{name}", args=where) for name in ("film", "poster", "filmstrip")}


def released_page(asked: ShareRequest) -> dict[str, Any]:
    """What is said of the work, the same before and after it is public."""
    approved = asked.state == RequestState.APPROVED
    named = [one for one in collaborators_of(asked) if one.state != CollaboratorState.DECLINED]
    names = [one.person.credit for one in named]
    now = timezone.now()
    return {
        "asked": asked,
        "clip": asked.clip,
        "beside": [name for name in names if name.casefold() not in asked.credit.casefold()],
        "waits": asked.embargo_until is not None and asked.embargo_until > now,
        "from_day": max(asked.embargo_until or now, now),
        # Nobody is told of a decision that rests: its conditions are on the request already.
        "conditions": asked.conditions if approved else "",
    }


def short_words(asked: ShareRequest) -> str:
    """One or two sentences about the work."""
    return Truncator(asked.words or asked.alt_text or asked.title).chars(WORDS_IN_SHORT)


def addresses_of(release: Release) -> dict[str, str]:
    """Whole addresses of everything that other sites are told of a release."""
    where = [release.slug]
    names = {"page": "release", "embed": "release_embed", "film": "release_film", "poster": "release_poster"}
    found = {name: address(reverse(view, args=where)) for name, view in names.items()}
    return found | {"oembed": address(reverse("oembed"))}


def fitted(width: int, height: int, most_wide: int, most_high: int) -> tuple[int, int]:
    """The largest size of this shape inside both limits, in whole pixels, at least 1 by 1."""
    scale = min(1.0, most_wide / width, most_high / height)
    return max(1, round(width * scale)), max(1, round(height * scale))
