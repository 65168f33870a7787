"""What every kind of mail looks like, with made-up names: for the preview and its test. Nobody's data is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.reading import as_read_by
from portal.panels import Words

from .kinds import DIGEST, OTHER, Delivery, Family, Kind, Sample, kinds
from .letters import Line, Mail, address, rendered, said
from .services.digests import digest_mail
from .stopping import stoppable

# The address that would stop the mail; in a sample it stops nothing.
NO_STOP = "/mail/stop/sample/"
SOME_DAY = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
_A_DAY = (
    (_("Your film is ready"), "/library/"),
    (_("A work of yours was used"), "/me/uses/"),
    (_("A reviewer has a question about your share request"), "/sharing/"),
)


def sample_reader() -> Person:
    """Somebody made up, who reads samples; never stored."""
    return Person(pk=0, email="artist@example.org", name="Ada", time_zone="Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Shown:
    """One kind of mail as the preview shows it."""

    name: str
    label: Words
    family: Family
    delivery: Delivery
    binding: bool
    urgent: bool
    mail: Mail

    @property
    def mailed(self) -> str:
        """When it goes out, as long as nobody chose."""
        if self.name == DIGEST:
            return gettext("once a day, if there is anything in it")
        words = gettext("always, at once") if self.binding else str(self.delivery.label)
        return f"{words}, {gettext('also in quiet hours')}" if self.urgent else words

    def rendered(self, light: str = "") -> tuple[str, str]:
        """(text, HTML) in one light, or in that of whoever reads."""
        return rendered(self.mail, stop=address(NO_STOP) if stoppable(self.name) else "", light=light)


def _mail_of(kind: Kind, reader: Person) -> Mail:
    sample = kind.sample or Sample(kind.label)
    with as_read_by(reader):
        return Mail(
            to=reader.email,
            key=f"sample:{kind.name}",
            subject=said(sample.title, sample.fill),
            body=said(sample.body, sample.fill),
            url=sample.url,
            button=str(sample.button or _("Open Vernissage")),
            person=reader,
            kind=kind.name,
            urgent=kind.urgent,
        )


def _digest(reader: Person) -> Shown:
    with as_read_by(reader):
        lines = tuple(
            Line(str(title), SOME_DAY - timedelta(hours=number), url) for number, (title, url) in enumerate(_A_DAY)
        )
    mail = digest_mail(reader, lines, key="sample:digest")
    return Shown(DIGEST, _("The daily digest"), OTHER, Delivery.DAILY, binding=False, urgent=False, mail=mail)


def samples() -> Iterator[Shown]:
    """Every kind of mail, by its name; the digest with them."""
    reader = sample_reader()
    yield _digest(reader)
    for kind in kinds():
        yield Shown(kind.name, kind.label, kind.family, kind.default, kind.binding, kind.urgent, _mail_of(kind, reader))


def sample_of(name: str) -> Shown | None:
    """One kind of mail; None when there is no such kind."""
    return next((one for one in samples() if one.name == name), None)
