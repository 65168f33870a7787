"""Amounts of money: whole minor units with their currency, never a fraction of one, never a float.

Exponents after ISO 4217. A program uses those of VERNISSAGE_CURRENCIES; the first is the one offered.
"""

import re
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.utils.translation import gettext as _

from portal.access import Kind, Refused, denied

# Digits after the point as ISO 4217 has them, for the currencies a program may choose from.
EXPONENTS = {
    "AUD": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2, "INR": 2,
    "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "MXN": 2, "NOK": 2, "NZD": 2, "OMR": 3, "PLN": 2, "SEK": 2,
    "TND": 3, "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip
_AMOUNT = re.compile(r"\d{1,12}(?:\.\d+)?")


def currencies() -> list[str]:
    """Those this program uses; the first is offered."""
    return list(settings.VERNISSAGE_CURRENCIES)


def check_currency(currency: str) -> str:
    """The currency, if this program uses it. Raises Refused currency-unused."""
    if currency not in currencies():
        words = _("This program does not use %(currency)s.") % {"currency": currency[:8] or "–"}
        todo = _("Choose one of %(known)s.") % {"known": ", ".join(currencies())}
        raise Refused("money.read", denied("currency-unused", words, todo=todo, kind=Kind.INVALID))
    return currency


def minor_units(text: str, currency: str) -> int:
    """Read "12.50" as 1250 of a currency with two digits. Raises Refused currency-unused, amount-unreadable."""
    exponent = EXPONENTS[check_currency(currency)]
    try:
        plain = text.strip()
        amount = Decimal(plain) if _AMOUNT.fullmatch(plain) else None
    except InvalidOperation:
        amount = None
    scaled = None if amount is None else amount.scaleb(exponent)
    if scaled is None or scaled != scaled.to_integral_value():
        words = _("“%(text)s” is no amount of %(currency)s.") % {"text": text.strip()[:20], "currency": currency}
        todo = _("Write it with up to %(n)s digits after the point.") % {"n": exponent}
        raise Refused("money.read", denied("amount-unreadable", words, todo=todo, kind=Kind.INVALID))
    return int(scaled)


def plain_amount(minor: int, currency: str) -> str:
    """Write minor units as minor_units reads them: 1250 of a currency with two digits is "12.50"."""
    digits = EXPONENTS.get(currency, 2)
    major, rest = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{major}.{rest:0{digits}d}" if digits else f"{sign}{major}"
