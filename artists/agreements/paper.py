"""What was signed, as PDF: the exact text set in type, and the signature under it."""

import io
from datetime import UTC
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from markdown_it.token import Token
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer

from .models import Signature
from .texts import MARKDOWN, Reading, signed_reading

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
SIZES = {1: 18, 2: 13.5, 3: 11}
INDENT = 6 * mm


@cache
def load_faces() -> None:
    """Make the faces that ship known to reportlab, once."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    # There is no slanted face: emphasis is set in the upright one.
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def style(size: float = 9.5, *, bold: bool = False, indent: float = 0, after: float = 6) -> ParagraphStyle:
    """Text of a size in points."""
    return ParagraphStyle(
        "text",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.45,
        leftIndent=indent,
        spaceAfter=after,
        alignment=TA_LEFT,
        splitLongWords=1,
    )


def _inline(token: Token) -> str:
    """An inline token as reportlab's mark-up."""
    marks = {"strong_open": "<b>", "strong_close": "</b>", "softbreak": " ", "hardbreak": "<br/>"}
    pieces, targets = [], []
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            pieces.append(escape(child.content))
        elif child.type == "link_open":
            targets.append(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            pieces.append(f" ({escape(targets.pop())})")
        else:
            pieces.append(marks.get(child.type, ""))
    return "".join(pieces)


class _Setter:
    """Sets Markdown as flowing text: headings, paragraphs, lists, quotations, code, rules."""

    def __init__(self) -> None:
        self.flow: list[Flowable] = []
        self.lists: list[int | None] = []
        self.mark = ""
        self.heading = 0
        self.quotes = 0

    def set_text(self, text: str) -> list[Flowable]:
        """The whole text."""
        for token in MARKDOWN.parse(text):
            self._structure(token)
            self._content(token)
        return self.flow

    def _structure(self, token: Token) -> None:
        if token.type == "heading_open":
            self.heading = int(token.tag[1])
        elif token.type == "heading_close":
            self.heading = 0
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            self.lists.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self.lists.pop()
        elif token.type == "list_item_open":
            number = self.lists[-1]
            self.mark = "•" if number is None else f"{number}."
            self.lists[-1] = None if number is None else number + 1
        elif token.tag == "blockquote":
            self.quotes += token.nesting

    def _content(self, token: Token) -> None:
        indent = INDENT * (len(self.lists) + self.quotes)
        if token.type == "inline" and self.heading:
            self.flow.append(Paragraph(_inline(token), style(SIZES.get(self.heading, 10), bold=True, after=5)))
        elif token.type == "inline":
            self.flow.append(Paragraph(_inline(token), style(indent=indent), bulletText=self.mark or None))
            self.mark = ""
        elif token.type in {"fence", "code_block"}:
            lines = "<br/>".join(escape(line) for line in token.content.rstrip("\n").split("\n"))
            self.flow.append(Paragraph(lines, style(8.5, indent=indent + INDENT)))
        elif token.type == "hr":
            self.flow.append(HRFlowable(width="100%", spaceBefore=4, spaceAfter=8))


def undrawable(text: str) -> bool:
    """Whether a character has no picture in the face that ships."""
    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return any(ord(letter) not in known for letter in text if not letter.isspace())


def _facts(signature: Signature, read: Reading) -> list[tuple[str, str]]:
    return [
        (_("Signed by"), signature.typed_name),
        (_("Account"), f"{signature.person.name} <{signature.person.email}>"),
        (_("When"), signature.signed_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")),
        (_("How"), str(signature.get_method_display())),
        (_("From"), signature.address or "–"),
        (_("With"), signature.user_agent or "–"),
        (_("Document"), f"{read.title}, {_('version')} {signature.version.number}, {read.language}"),
        (_("SHA-256 of the exact text"), signature.digest),
    ]


def _numbered(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.saveState()
    canvas.setFont(REGULAR, 7.5)
    canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, str(document.page))
    canvas.restoreState()


def set_pages(flow: list[Flowable], *, title: str, language: str) -> bytes:
    """A PDF of numbered pages; the same flow prints the same bytes."""
    written = io.BytesIO()
    document = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title=title,
        author="Vernissage",
        lang=language,
        invariant=1,
    )
    document.build(flow, onFirstPage=_numbered, onLaterPages=_numbered)
    return written.getvalue()


def paper_of(signature: Signature) -> bytes:
    """The PDF of a signature; the same signature prints the same bytes."""
    load_faces()
    read = signed_reading(signature)
    flow = [
        Paragraph(escape(read.title), style(22, bold=True, after=4)),
        Paragraph(f"{_('Version')} {signature.version.number}", style(after=14)),
        Paragraph(_("In plain words"), style(SIZES[2], bold=True)),
        *(Paragraph(escape(point), style(indent=INDENT), bulletText="•") for point in read.points),
        HRFlowable(width="100%", spaceBefore=6, spaceAfter=10),
        *_Setter().set_text(read.text),
        HRFlowable(width="100%", spaceBefore=6, spaceAfter=10),
    ]
    end: list[Flowable] = [Paragraph(_("Signature"), style(SIZES[2], bold=True))]
    end += [
        Paragraph(f"<b>{escape(name)}</b>: {escape(value)}", style(8.5, after=2))
        for name, value in _facts(signature, read)
    ]
    if undrawable(read.text + signature.typed_name):
        words = _(
            "Some characters have no picture in the face used here. The exact text is on the page of this signature."
        )
        end.append(Paragraph(words, style(8.5)))
    flow += [KeepTogether(end), Spacer(1, 1)]
    return set_pages(flow, title=read.title, language=read.language)
