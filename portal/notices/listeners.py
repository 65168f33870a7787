"""Tells owners what happened to their access tokens: people live on the floor below and cannot write notices."""

from django.utils.translation import gettext_lazy as _

from artists.people.models import AccessToken, Look
from artists.people.news import LookBegan, TokenMade, TokenSeenAtNewPlace
from portal.happenings import listen

from .kinds import ARTISTS, STANDING, Kind, Sample, register_kind
from .services import tell

PAGE = "/me/tokens/"
_PLACE = _("An access token was used from a new place")
_NOT_YOU = _("“%(name)s” was used from %(network)s for the first time. If that was not you, revoke it.")

register_kind(
    Kind(
        "people.token",
        _("An access token was made for you, or used from a new place"),
        family=STANDING,
        concerns=ARTISTS,
        binding=True,
        why=_("Nobody holds or uses a credential of yours without your knowing."),
        urgent=True,
        sample=Sample(_PLACE, _NOT_YOU, PAGE, fill={"name": "editing script", "network": "192.0.2.0/24"}),
    )
)
register_kind(
    Kind(
        "people.look",
        _("Staff looked at what is yours"),
        family=STANDING,
        concerns=ARTISTS,
        binding=True,
        why=_("Nobody looks at what is yours without your knowing."),
        sample=Sample(
            _("Staff look at what is yours"), _("Who, at what, why and until when is on one page."), "/me/looks/"
        ),
    )
)


@listen(TokenMade, name="notices.token_made")
def token_made(news: TokenMade) -> None:
    """Nobody holds a credential of yours without your knowing."""
    token = AccessToken.objects.select_related("person").get(pk=news.token)
    tell(
        token.person,
        "people.token",
        key=f"token-made:{token.pk}",
        title=_("An access token was made for you"),
        body=_("%(who)s made “%(name)s”. You can revoke it at any time."),
        url=PAGE,
        fill={"who": news.by, "name": token.name},
    )


@listen(TokenSeenAtNewPlace, name="notices.token_seen_at_new_place")
def token_seen_at_new_place(news: TokenSeenAtNewPlace) -> None:
    """If that was not you, one click ends it."""
    token = AccessToken.objects.select_related("person").get(pk=news.token)
    tell(
        token.person,
        "people.token",
        key=f"token-place:{token.pk}:{news.network}",
        title=_PLACE,
        body=_NOT_YOU,
        url=PAGE,
        fill={"name": token.name, "network": news.network},
    )


@listen(LookBegan, name="notices.look_began")
def look_began(news: LookBegan) -> None:
    """The reason is behind the link."""
    look = Look.objects.select_related("person").get(pk=news.look)
    tell(
        look.person,
        "people.look",
        key=f"look:{look.pk}",
        title=_("Staff look at what is yours"),
        body=_("Who, at what, why and until when is on one page."),
        url="/me/looks/",
    )
