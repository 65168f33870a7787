"""A version as one person reads it: in their language where there is one, as HTML, and compared with another."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from .models import AgreementVersion, Signature, points_of

# "js-default" switches raw HTML off and refuses javascript: links; the text is staff's, but stays text.
MARKDOWN = MarkdownIt("js-default", {"html": False}).disable("image")


def as_html(text: str) -> SafeString:
    """Markdown as HTML; tags written into the text come out as text."""
    return mark_safe(MARKDOWN.render(text))  # noqa: S308 - rendered with HTML switched off


@dataclass(frozen=True, slots=True)
class Reading:
    """One language of a version."""

    language: str
    title: str
    points: list[str]
    text: str
    digest: str


def readings(version: AgreementVersion) -> list[Reading]:
    """All languages of a version, its own first."""
    own = Reading(
        version.language,
        version.agreement.title,
        version.points,
        version.text,
        version.digest or version.text_digest,
    )
    others = [
        Reading(one.language, one.title, points_of(one.summary), one.text, one.digest)
        for one in version.translations.all()
    ]
    return [own, *others]


def reading(version: AgreementVersion, language: str) -> Reading:
    """The version in this language, else in its own."""
    every = readings(version)
    return next((one for one in every if one.language == language), every[0])


def signed_reading(signature: Signature) -> Reading:
    """Exactly what was signed, found by its digest."""
    every = readings(signature.version)
    return next((one for one in every if one.digest == signature.digest), every[0])


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of a comparison; `same` rows read alike on both sides."""

    before: SafeString
    after: SafeString
    same: bool


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def _marked(words: list[str], spans: list[tuple[int, int]], tag: str) -> SafeString:
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(conditional_escape("".join(words[at:start])))
        if start != end:
            pieces.append(format_html("<{0}>{1}</{0}>", tag, "".join(words[start:end])))
        at = end
    pieces.append(conditional_escape("".join(words[at:])))
    return mark_safe("".join(pieces))  # noqa: S308 - each piece was escaped


def _changed(before: str, after: str) -> Pair:
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    steps = [
        step for step in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if step[0] != "equal"
    ]
    gone = _marked(old, [(a, b) for _tag, a, b, _c, _d in steps], "del")
    came = _marked(new, [(c, d) for _tag, _a, _b, c, d in steps], "ins")
    return Pair(gone, came, same=False)


def compare(before: str, after: str) -> list[Pair]:
    """Two texts side by side, paragraph by paragraph, with the changed words marked."""
    return list(_pairs(_paragraphs(before), _paragraphs(after)))


def _pairs(old: list[str], new: list[str]) -> Iterator[Pair]:
    empty = SafeString("")
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for text in old[a:b]:
                yield Pair(conditional_escape(text), conditional_escape(text), same=True)
            continue
        both = min(b - a, d - c)
        for number in range(both):
            yield _changed(old[a + number], new[c + number])
        for text in old[a + both : b]:
            yield Pair(format_html("<del>{}</del>", text), empty, same=False)
        for text in new[c + both : d]:
            yield Pair(empty, format_html("<ins>{}</ins>", text), same=False)
