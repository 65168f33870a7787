"""A statement and a letter of service as PDF, in the manner of signed agreements."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from xml.sax.saxutils import escape

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, LongTable, Paragraph, Spacer, Table

from artists.agreements.paper import SIZES, load_faces, set_pages, style, undrawable
from artists.compensation.models import ServiceLetter
from artists.people.reading import spoken_by, zone_of
from portal.money import plain_amount

from .letters import LANGUAGE, grouped
from .months import Balances, Moved, Statement, all_moved_in, words_of
from .periods import Month

# Beyond this a month is printed without its entries: the sheet has them all, and nobody reads 400 pages.
MOST_PRINTED = 3000
RULE = HexColor("#c9c5bd")
NARROW = (16 * mm, 27 * mm, 44 * mm, 21 * mm, 20 * mm, 18 * mm, 20 * mm)


def _right(size: float = 7.5, *, bold: bool = False) -> ParagraphStyle:
    found = style(size, bold=bold, after=0)
    found.alignment = TA_RIGHT
    return found


def _cell(text: str, *, size: float = 7.5, bold: bool = False) -> Paragraph:
    return Paragraph(escape(text), style(size, bold=bold, after=0))


def _sum(minor: int, currency: str, *, size: float = 7.5, bold: bool = False) -> Paragraph:
    return Paragraph(plain_amount(minor, currency), _right(size, bold=bold))


def _named(rows: Sequence[tuple[str, str]], size: float = 9.5) -> list[Flowable]:
    return [Paragraph(f"<b>{escape(name)}</b>: {escape(value)}", style(size, after=3)) for name, value in rows]


def _title(words: str) -> Paragraph:
    return Paragraph(escape(words), style(SIZES[2], bold=True))


def _lined(table: Table) -> Table:
    table.setStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return table


def _balances(statement: Statement) -> Table:
    rows: list[tuple[str, Balances]] = [
        (_("Before"), statement.opening),
        (_("Change"), statement.change),
        (_("After"), statement.closing),
    ]
    head = ["", *(Paragraph(escape(word), _right(9, bold=True)) for word in (_("Payable"), _("Being sent"), _("Sent")))]
    body = [
        [
            _cell(name, size=9),
            *(_sum(minor, statement.currency, size=9) for minor in (there.owed, there.flight, there.paid)),
        ]
        for name, there in rows
    ]
    return _lined(Table([head, *body], colWidths=(46 * mm, 40 * mm, 40 * mm, 40 * mm)))


def _day(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _moved(one: Moved, zone: tzinfo) -> list[Paragraph]:
    entry, there = one.entry, one.after
    kind, about = words_of(entry)
    number = f"{about} · {str(entry.payment_id)[:8]}" if entry.payment_id else about
    return [
        _cell(str(entry.number)),
        _cell(_day(entry.at, zone)),
        Paragraph(f"{escape(kind)}<br/>{escape(number)}", style(7.5, after=0)),
        _sum(entry.amount, entry.currency),
        *(_sum(minor, entry.currency) for minor in (there.owed, there.flight, there.paid)),
    ]


def _entries(statement: Statement) -> list[Flowable]:
    if statement.opening == statement.closing and not statement.entries().exists():
        return [Paragraph(escape(_("Nothing moved in this month.")), style())]
    if statement.entries()[MOST_PRINTED : MOST_PRINTED + 1].exists():
        words = _("There are too many entries to print. The sheet (CSV) of this month has them all.")
        return [Paragraph(escape(words), style())]
    zone = zone_of(statement.person)
    words = (_("No."), _("When"), _("What"), _("Amount"), _("Payable"), _("Being sent"), _("Sent"))
    head: list[Paragraph] = [
        Paragraph(escape(word), _right(bold=True) if at > 2 else style(7.5, bold=True, after=0))  # noqa: PLR2004 - figures
        for at, word in enumerate(words)
    ]
    rows = [_moved(one, zone) for one in all_moved_in(statement)]
    return [_lined(LongTable([head, *rows], colWidths=NARROW, repeatRows=1))]


def statement_paper(statement: Statement, program: str) -> bytes:
    """The PDF of a month, in the language of the artist; the same month prints the same bytes."""
    load_faces()
    person, month = statement.person, statement.month
    with override(spoken_by(person)):
        zone = zone_of(person)
        title = _("Statement, %(month)s") % {"month": month.words}
        until = Month(month.year, month.number).ends(zone)
        facts = [
            (_("For"), person.name),
            (_("Program"), program),
            (_("Currency"), statement.currency),
            (_("Period"), f"{_day(month.begins(zone), zone)} – {_day(until, zone)} ({zone})"),
        ]
        flow: list[Flowable] = [
            Paragraph(escape(title), style(22, bold=True, after=10)),
            *_named(facts),
            HRFlowable(width="100%", spaceBefore=6, spaceAfter=10),
            _balances(statement),
            Spacer(1, 6 * mm),
            _title(_("Entries")),
            *_entries(statement),
            Spacer(1, 4 * mm),
            Paragraph(
                escape(
                    _(
                        "Payable: promised to you, and not sent. Being sent: on its way to the rail. Sent: taken by the rail, "
                        "or paid by hand; when it reached your bank is on the page of the payment."
                    )
                ),
                style(8, after=0),
            ),
        ]
        if undrawable(person.name + program):
            words = _("Some characters have no picture in the face used here. The exact text is in the sheet (CSV).")
            flow.append(Paragraph(escape(words), style(8)))
        return set_pages(flow, title=title, language=spoken_by(person))


def _quantity(line: dict[str, str]) -> str:
    return _("%(n)s hours") % {"n": line["quantity"]} if line["unit"] == "hours" else str(line["count"])


def _qr(address: str) -> Drawing:
    code, side = QrCodeWidget(address, barLevel="M"), 32 * mm
    left, low, right, high = code.getBounds()
    drawing = Drawing(side, side, transform=[side / (right - left), 0, 0, side / (high - low), 0, 0])
    drawing.add(code)
    return drawing


def address_of(letter: ServiceLetter) -> str:
    """Where anybody checks a letter."""
    path = reverse("service_letter_check", args=[grouped(letter.code)])
    return f"{settings.VERNISSAGE_BASE_URL.rstrip('/')}{path}"


def letter_paper(letter: ServiceLetter) -> bytes:
    """The PDF of a letter of service: its frozen facts, its code and where it is checked; always the same bytes."""
    load_faces()
    facts = letter.facts
    with override(LANGUAGE):
        title = _("Letter of service")
        unsigned = _("The program has not compared this name with a signature.")
        # The name stands on a line of its own: its bearer wrote it, and no sentence of the program is made of it.
        said = _("%(program)s confirms that this person did the following for it from %(since)s to %(until)s.") % facts
        flow: list[Flowable] = [
            Paragraph(escape(title), style(22, bold=True, after=4)),
            Paragraph(escape(facts["program"]), style(11, after=14)),
            *_named([(_("For"), facts["name"])], 10.5),
            *([] if facts.get("signed") else [Paragraph(escape(unsigned), style(8.5))]),
            Paragraph(escape(said), style(10.5, after=10)),
        ]
        if facts["work"]:
            rows = [
                [_cell(line["label"], size=9), Paragraph(escape(_quantity(line)), _right(9))] for line in facts["work"]
            ]
            flow += [_title(_("Work")), _lined(Table(rows, colWidths=(126 * mm, 40 * mm))), Spacer(1, 5 * mm)]
        if facts.get("paid"):
            rows = [
                [
                    _cell(line["purpose"], size=9),
                    Paragraph(
                        escape(f"{line['amount']} {line['currency']}")
                        + (f"<br/>{escape(_('came back'))}: {escape(line['came_back'])}" if line["came_back"] else ""),
                        _right(9),
                    ),
                ]
                for line in facts["paid"]
            ]
            flow += [_title(_("Paid for it")), _lined(Table(rows, colWidths=(126 * mm, 40 * mm))), Spacer(1, 5 * mm)]
        address = address_of(letter)
        end: list[Flowable] = [
            _title(_("Check this letter")),
            *_named(
                [
                    (_("Made on"), f"{facts['made_on']} ({facts['zone']})"),
                    (_("Code"), grouped(letter.code)),
                    (_("Where"), address),
                    (_("SHA-256 of what it says"), letter.digest),
                ],
                8.5,
            ),
            Paragraph(escape(_("The page says the same as this letter, or that it was withdrawn.")), style(8.5)),
            _qr(address),
        ]
        if undrawable(facts["name"] + facts["program"]):
            words = _("Some characters have no picture in the face used here. The exact text is on the page.")
            end.append(Paragraph(escape(words), style(8.5)))
        flow += [HRFlowable(width="100%", spaceBefore=6, spaceAfter=10), KeepTogether(end)]
        return set_pages(flow, title=title, language=LANGUAGE)
