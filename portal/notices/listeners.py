"""Tells owners what happened to their access tokens: people live on the floor below and cannot write notices."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.people.models import AccessToken, Look
from artists.people.news import LookBegan, TokenMade, TokenSeenAtNewPlace
from portal.happenings import listen

from .kinds import Kind, register_kind
from .services import tell

register_kind(Kind("people.token", gettext_lazy("An access token was made for you, or used from a new place")))
register_kind(Kind("people.look", gettext_lazy("Staff looked at what is yours")))
PAGE = "/me/tokens/"


@listen(TokenMade, name="notices.token_made")
def token_made(news: TokenMade) -> None:
    """Nobody holds a credential of yours without your knowing."""
    token = AccessToken.objects.select_related("person").get(pk=news.token)
    tell(
        token.person,
        "people.token",
        key=f"token-made:{token.pk}",
        title=_("An access token was made for you"),
        body=_("%(who)s made “%(name)s”. You can revoke it at any time.") % {"who": news.by, "name": token.name},
        url=PAGE,
    )


@listen(TokenSeenAtNewPlace, name="notices.token_seen_at_new_place")
def token_seen_at_new_place(news: TokenSeenAtNewPlace) -> None:
    """If that was not you, one click ends it."""
    token = AccessToken.objects.select_related("person").get(pk=news.token)
    tell(
        token.person,
        "people.token",
        key=f"token-place:{token.pk}:{news.network}",
        title=_("An access token was used from a new place"),
        body=_("“%(name)s” was used from %(network)s for the first time. If that was not you, revoke it.")
        % {"name": token.name, "network": news.network},
        url=PAGE,
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
