"""`manage.py token create|list|revoke`: access tokens from a shell."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any, cast

from artists.people.models import AccessToken, Person
from artists.people.queries import tokens_visible_to
from artists.people.states import TokenScope
from artists.people.tokens import Limits, make_token, revoke_token
from portal.access import Kind, Refused, denied
from portal.console import ProgramCommand, acting_person, person_called


class Command(ProgramCommand):
    """The secret is printed once; the owner is told that somebody made it for them."""

    help = "Make, list and revoke access tokens."

    def arguments(self, parser: ArgumentParser) -> None:
        """One of three acts."""
        acts = parser.add_subparsers(dest="what", required=True)
        create = acts.add_parser("create", help="make one; its secret is shown once")
        create.add_argument("--artist", required=True, metavar="EMAIL")
        create.add_argument("--scopes", required=True, nargs="+", metavar="SCOPE", help=", ".join(TokenScope.values))
        create.add_argument("--budget-seconds", required=True, type=int, metavar="N", help="GPU work in its whole life")
        create.add_argument("--expires", required=True, type=int, metavar="DAYS")
        create.add_argument("--name", default="command line")
        create.add_argument("--budget-generations", type=int, default=100, metavar="N")
        create.add_argument("--at-once", type=int, default=1, metavar="N")
        create.add_argument("--longest-seconds", type=float, metavar="N")
        create.add_argument("--largest-pixels", type=int, metavar="N")
        create.add_argument("--network", action="append", default=[], metavar="CIDR")
        listing = acts.add_parser("list", help="all of them, or one artist's; never a secret")
        listing.add_argument("--artist", metavar="EMAIL")
        revoke = acts.add_parser("revoke", help="end one for good")
        revoke.add_argument("prefix", metavar="PREFIX")
        for part in (create, listing, revoke):
            # Written behind the act too, as people do; absent there, the value before the act stays.
            part.add_argument("--json", action="store_true", default=SUPPRESS, help="one JSON document on stdout")
            part.add_argument("--actor", default=SUPPRESS, metavar="EMAIL", help="act as this person")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Do the one that was named."""
        acts = {"create": self._create, "list": self._list, "revoke": self._revoke}
        return acts[options["what"]](options)

    def _create(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        scopes = [scope for text in options["scopes"] for scope in text.split(",") if scope]
        limits = Limits(
            budget_seconds=options["budget_seconds"],
            budget_generations=options["budget_generations"],
            at_once=options["at_once"],
            longest_seconds=options["longest_seconds"],
            largest_pixels=options["largest_pixels"],
            networks=options["network"],
        )
        token, secret = make_token(
            cast("Person", person_called(options["artist"])),
            options["name"],
            scopes=scopes,
            days=options["expires"],
            limits=limits,
            actor=acting_person(options["actor"]),
        )
        return _told(token) | {"token": secret}, [
            f"{secret}",
            "Shown this once. It expires " + f"{token.expires_at:%Y-%m-%d}.",
        ]

    def _list(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        found = tokens_visible_to(acting_person(options["actor"])).select_related("person")
        if options["artist"]:
            found = found.filter(person_id=person_called(options["artist"]).pk)
        lines = [
            f"{one.prefix} {one.state:8} {one.person.email} “{one.name}” {one.spent_seconds:g} of {one.budget_seconds} s, "
            f"expires {one.expires_at:%Y-%m-%d}, used {one.used_at or 'never'}"
            for one in found
        ]
        return {"tokens": [_told(one) for one in found]}, lines or ["There are no access tokens."]

    def _revoke(self, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        actor = acting_person(options["actor"])
        token = tokens_visible_to(actor).filter(prefix=options["prefix"].removeprefix("vrn_").partition("_")[0]).first()
        if token is None:
            words = "No access token has this prefix."
            raise Refused("token", denied("token-unknown", words, todo="`token list` shows them.", kind=Kind.MISSING))
        ended, moved = revoke_token(token, actor=actor)
        if not moved:
            words = f"Token {ended.prefix} was revoked before."
            raise Refused("token", denied("token-revoked", words, kind=Kind.CONFLICT))
        return _told(ended), [f"Token {ended.prefix} is revoked."]


def _told(token: AccessToken) -> dict[str, Any]:
    return {
        "prefix": token.prefix,
        "artist": token.person.email,
        "name": token.name,
        "scopes": token.scopes,
        "state": token.state,
        "expires": token.expires_at,
        "budget_seconds": token.budget_seconds,
        "spent_seconds": token.spent_seconds,
        "generations": token.made_generations,
        "used_at": token.used_at,
        "used_from": token.used_from,
        "used_by": token.used_by,
    }
