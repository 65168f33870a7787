"""`manage.py invite EMAIL --cohort SLUG`: ask somebody in."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from artists.invitations.services import LIFE, LONGEST_LIFE_DAYS, invite
from artists.people.roles import Role
from portal.access import Kind, Refused, denied
from portal.console import ProgramCommand, acting_person
from portal.program.queries import cohorts


def _between(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
    return int(text)


def _days(text: str) -> int:
    return _between(text, 1, LONGEST_LIFE_DAYS)


def _seconds(text: str) -> int:
    return _between(text, 0, 86_400)


class Command(ProgramCommand):
    """The letter goes out with the worker's next sweep; the address of the link is printed once."""

    help = "Invite an address into a cohort."

    def arguments(self, parser: ArgumentParser) -> None:
        """Whom, and into what."""
        parser.add_argument("email")
        parser.add_argument("--cohort", metavar="SLUG")
        parser.add_argument("--role", choices=Role.values, default=Role.ARTIST.value)
        parser.add_argument("--name", default="")
        parser.add_argument("--message", default="", help="a personal word in the letter")
        parser.add_argument("--daily-seconds", type=_seconds, metavar="N", help="quota instead of the cohort's")
        parser.add_argument("--days", type=_days, default=LIFE.days, metavar="N", help="how long the link is good")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Invite."""
        cohort = None
        if options["cohort"]:
            cohort = cohorts().filter(slug=options["cohort"]).first()
            if cohort is None:
                known = ", ".join(cohorts().values_list("slug", flat=True)) or "none"
                words = f"There is no cohort {options['cohort']}."
                raise Refused("invite", denied("cohort-unknown", words, todo=f"Known: {known}.", kind=Kind.INVALID))
        actor = acting_person(options["actor"])
        invitation, url = invite(
            options["email"],
            cohort=cohort,
            actor=actor,
            role=Role(options["role"]),
            life=timedelta(days=options["days"]),
            name=options["name"],
            message=options["message"],
            daily_seconds=options["daily_seconds"],
        )
        answer = {"invitation": invitation.pk, "url": url, "expires": invitation.expires_at.isoformat()}
        return answer, [f"{invitation.email} is invited until {invitation.expires_at.date()}.", url]
