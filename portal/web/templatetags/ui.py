"""Formatting for templates: times, lengths, timecode, amounts, icons, static addresses."""

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Final

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.money import EXPONENTS

register = template.Library()

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
FEW: Final = 4  # days that are still told with their hours

# ISO 4217: currencies whose minor unit is not a hundredth.
NO_BREAK: Final = "\N{NO-BREAK SPACE}"

# Outlines on a 24 x 24 grid, drawn for this product: an element name and its attributes.
ICONS: Final[Mapping[str, str]] = {
    "arrow-left": '<path d="M19 12H5m6-6-6 6 6 6"/>',
    "arrow-right": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "arrow-up": '<path d="M12 19V5m-6 6 6-6 6 6"/>',
    "arrow-down": '<path d="M12 5v14m-6-6 6 6 6-6"/>',
    "captions": '<rect x="3.5" y="5.5" width="17" height="13" rx="1.5"/><path d="M11 10.5a2 2 0 1 0 0 3m6-3a2 2 0 1 0 0 3"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "close": '<path d="M6 6l12 12M18 6 6 18"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="1.5"/><path d="M15.5 8.5v-4h-11v11h4"/>',
    "download": '<path d="M12 4v11m-5-5 5 5 5-5M5 20h14"/>',
    "expand": '<path d="M4.5 9V4.5H9m6 0h4.5V9m0 6v4.5H15m-6 0H4.5V15"/>',
    "first": '<path d="M6 6v12M18.5 6v12L9 12z"/>',
    "forward": '<path d="M4.5 6.5v11l7-5.5zm8 0v11l7-5.5z"/>',
    "image": '<rect x="4" y="5" width="16" height="14" rx="1.5"/><path d="m4 16 5-5 4 4 3-3 4 4M15.5 8.8v.4"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5m0-8.2v.2"/>',
    "key": '<circle cx="8" cy="12" r="4"/><path d="M12 12h8m-3 0v3.5"/>',
    "last": '<path d="M18 6v12M5.5 6v12l9.5-6z"/>',
    "lock": '<rect x="5.5" y="11" width="13" height="9" rx="1.5"/><path d="M8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "loop": '<path d="M17 3.5 20 6.5l-3 3M20 6.5H8a4 4 0 0 0-4 4V12m3 8.5-3-3 3-3m-3 3h12a4 4 0 0 0 4-4V12"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "minus": '<path d="M5 12h14"/>',
    "pause": '<path d="M9 6v12M15 6v12"/>',
    "play": '<path d="M8 5.5v13l10.5-6.5z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "rewind": '<path d="M19.5 6.5v11l-7-5.5zm-8 0v11l-7-5.5z"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="m15.5 15.5 4.5 4.5"/>',
    "star": '<path d="m12 4.5 2.3 4.9 5.2.7-3.8 3.7.9 5.3-4.6-2.6-4.6 2.6.9-5.3-3.8-3.7 5.2-.7z"/>',
    "stop": '<rect x="6.5" y="6.5" width="11" height="11" rx="1"/>',
    "undo": '<path d="M8.5 9.5h6.75a4.75 4.75 0 0 1 0 9.5H9m2.5-13-3 3.5 3 3.5"/>',
    "warning": '<path d="M12 4.5 21 19.5H3z"/><path d="M12 10.5v4m0 2.4v.2"/>',
}


@register.simple_tag
def asset(path: str) -> str:
    """Give the address of a static file; falls back to the plain address, so that an error page never fails on a manifest."""
    try:
        return static(path)
    except (ValueError, OSError):
        return f"{settings.STATIC_URL or '/static/'}{path}"


@register.simple_tag
def icon(name: str, *, solid: bool = False) -> SafeString:
    """Draw one of ICONS as inline SVG, hidden from screen readers: the words beside it speak. Unknown name: KeyError."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"{}>{}</svg>',
        SafeString(" data-solid") if solid else "",
        SafeString(ICONS[name]),
    )


@register.filter
def pass_on(attrs: Mapping[str, object]) -> SafeString:
    """Write the attributes a component did not name itself, escaped; True stands alone, False and None vanish."""
    left = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs
    pairs = [(name, value) for name, value in left.items() if value is not None and value is not False]
    return format_html_join(
        "",
        " {}{}",
        ((name, "" if value is True else format_html('="{}"', conditional_escape(value))) for name, value in pairs),
    )


@register.simple_tag
def when(moment: datetime | None, style: str = "moment") -> str:
    """Show a time in the reader's zone, named; ISO in `datetime`, UTC in `title`.

    style: "moment" (24 Nov 2026, 14:05 CET), "short" (24 Nov, 14:05), "date" (24 Nov 2026), "time" (14:05 CET).
    """
    if moment is None:
        return _("never")
    local = timezone.localtime(moment)
    pattern = {"moment": "j M Y, H:i", "short": "j M, H:i", "date": "j M Y", "time": "H:i"}[style]
    words = formats.date_format(local, pattern)
    if style in {"moment", "time"}:
        words = f"{words} {local.tzname()}"
    exact = moment.astimezone(UTC)
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        exact.isoformat(timespec="seconds"),
        f"{exact:%Y-%m-%d %H:%M:%S} UTC",
        words,
    )


def span_words(seconds: float) -> str:
    """Say a span in its one or two largest units: "31 h", "2 days 4 h", "9 min"."""
    left = max(0, int(seconds))
    if left < MINUTE:
        return _("less than a minute")
    if left < HOUR:
        return _("%(n)d min") % {"n": left // MINUTE}
    if left < 2 * DAY:
        return _("%(n)d h") % {"n": left // HOUR}
    days, hours = left // DAY, left % DAY // HOUR
    said = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days < FEW and hours:
        said = f"{said} {_('%(n)d h') % {'n': hours}}"
    return said


@register.filter
def span(value: float | None) -> str:
    """Say a span of seconds in words; a dash for none."""
    return "\N{EN DASH}" if value is None else span_words(value)


@register.simple_tag
def time_left(deadline: datetime, warn_hours: int = 12) -> dict[str, object]:
    """Say what a clock shows until `deadline`: `words`, `tone` (plain, warn, stop) and `over`."""
    seconds = (deadline - timezone.now()).total_seconds()
    if seconds <= 0:
        return {"words": _("over for %(span)s") % {"span": span_words(-seconds)}, "tone": "stop", "over": True}
    tone = "warn" if seconds < warn_hours * HOUR else "plain"
    return {"words": _("%(span)s left") % {"span": span_words(seconds)}, "tone": tone, "over": False}


@register.filter
def seconds(value: float | Fraction | None) -> str:
    """Say the length of a film in seconds: "4 s", "2.5 s", "1 min 15 s"."""
    if value is None:
        return "\N{EN DASH}"
    exact = round(float(value), 2)
    minutes, rest = divmod(exact, MINUTE)
    said = f"{rest:.2f}".rstrip("0").rstrip(".")
    if not minutes:
        return f"{said}{NO_BREAK}s"
    return f"{int(minutes)}{NO_BREAK}min" + (f"{NO_BREAK}{said}{NO_BREAK}s" if rest else "")


@register.filter
def timecode(frame: int, fps: float | Fraction = 24) -> str:
    """Write a frame number as HH:MM:SS:FF, non-drop; frames are counted from 0 and `fps` is rounded to a whole base."""
    base = max(1, round(float(fps)))
    whole, part = divmod(int(frame), base)
    return f"{whole // HOUR:02d}:{whole // MINUTE % 60:02d}:{whole % MINUTE:02d}:{part:02d}"


@register.filter
def amount(minor: int, currency: str = "EUR") -> str:
    """Write minor units as an amount with its ISO code: 125000, "EUR" -> "1,250.00 EUR"."""
    code = currency.upper()
    digits = EXPONENTS.get(code, 2)
    sign = "-" if minor < 0 else ""
    major, rest = divmod(abs(int(minor)), 10**digits)
    whole = formats.number_format(major, decimal_pos=0, force_grouping=True)
    part = f"{formats.get_format('DECIMAL_SEPARATOR')}{rest:0{digits}d}" if digits else ""
    return f"{sign}{whole}{part}{NO_BREAK}{code}"


@register.filter
def picture_size(value: str) -> str:
    """Write a size as people do, with a multiplication sign: "448x256"."""
    return str(value).replace("x", f"{NO_BREAK}\N{MULTIPLICATION SIGN}{NO_BREAK}")


@register.filter
def shot_index(number: int | str | None) -> str:
    """Give the place of a shot in the form: number 1 is 0; no number is the blank shot of the dock's template."""
    return str(int(number) - 1) if number else "__prefix__"


@register.filter
def same(left: object, right: object) -> bool:
    """Tell whether two values read the same, as form values do: 16 and "16"."""
    return str(left) == str(right)
