"""The receipt of a consent as PDF, in the manner of signed agreements."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Paragraph

from artists.agreements.paper import INDENT, SIZES, load_faces, set_pages, style, undrawable
from portal.money import plain_amount

from .models import Consent
from .receipts import SCHEMA_VERSION, receipt_of
from .sheets import places_words
from .standing import means

LANGUAGE = "en"


def _moment(value: datetime | None) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if value is not None else "–"


def _facts(consent: Consent) -> list[tuple[str, str]]:
    said = means(consent.kind)
    fee = f"{plain_amount(consent.fee, consent.currency)} {consent.currency}" if consent.fee else _("none")
    return [
        (_("Work"), f"{consent.clip.title} ({consent.clip_id})"),
        (_("Use"), f"{said.label}. {said.says}"),
        (_("Where"), consent.where),
        (_("Places"), places_words(consent.places)),
        (_("From"), _moment(max(consent.starts_at, consent.given_at))),
        (_("Until"), _moment(consent.ends_at)),
        (_("Fee for the use"), fee),
        (_("Credit"), consent.credit_line),
        (_("Conditions"), consent.conditions or _("none")),
        (_("State"), str(consent.get_state_display())),
    ]


def _named(rows: list[tuple[str, str]]) -> list[Flowable]:
    return [Paragraph(f"<b>{escape(name)}</b>: {escape(value)}", style(after=3)) for name, value in rows]


def _title(words: str) -> Paragraph:
    return Paragraph(escape(words), style(SIZES[2], bold=True))


def paper_of(consent: Consent) -> bytes:
    """The PDF of a receipt; the same history prints the same bytes, in the language of the receipt."""
    load_faces()
    with override(LANGUAGE):
        receipt, said = receipt_of(consent), means(consent.kind)
        controller, *authors = receipt["parties"]
        parties = [(_("Program"), f"{controller['party_name']}, {controller['party_contact']}")]
        parties += [(_("Author"), author["party_name"]) for author in authors]
        numbers = [
            (_("Receipt"), str(consent.pk)),
            (_("Record"), str(consent.asked_id)),
            (_("Fields after"), SCHEMA_VERSION),
        ]
        facts, events = _facts(consent), list(consent.events.order_by("number"))
        flow: list[Flowable] = [
            Paragraph(escape(_("Receipt of a consent")), style(22, bold=True, after=10)),
            *_named(numbers),
            HRFlowable(width="100%", spaceBefore=6, spaceAfter=10),
            *_named(facts),
            _title(_("Who agreed")),
            *_named(parties),
            _title(_("Withdrawing")),
            Paragraph(escape(_("At any time, on this page:")), style(after=2)),
            Paragraph(escape(receipt["processing"]["purposes"][0]["withdrawal_method"]), style(after=3)),
            Paragraph(escape(_("What can stop, stops %(when)s.") % {"when": said.stops}), style(after=3)),
            Paragraph(escape(str(said.undone)), style()),
        ]
        lines = [
            Paragraph(
                escape(f"{event.number}. {_moment(event.at)}: {event.get_kind_display()}, {event.by_label}"),
                style(8.5, indent=INDENT, after=2),
            )
            for event in events
        ]
        flow.append(KeepTogether([_title(_("History")), *lines[:1]]))
        flow += lines[1:]
        if undrawable("".join([*(value for _name, value in facts + parties), *(one.by_label for one in events)])):
            words = _("Some characters have no picture in the face used here. The exact text is in the JSON.")
            flow.append(Paragraph(escape(words), style(8.5)))
        return set_pages(flow, title=_("Receipt of a consent"), language=LANGUAGE)
