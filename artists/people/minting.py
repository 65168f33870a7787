"""The form of an access token: `vrn_` prefix `_` secret checksum, so that scanners find it and typing mistakes show.

`vrn_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}`: eight public characters that name it, thirty-two secret ones (190 bits), and six of a
CRC-32 over everything before them, in base 62.
"""

import re
import secrets
import string
import zlib

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX_LENGTH, SECRET_LENGTH, CHECK_LENGTH = 8, 32, 6
FORM = re.compile(
    rf"vrn_([0-9A-Za-z]{{{PREFIX_LENGTH}}})_[0-9A-Za-z]{{{SECRET_LENGTH}}}([0-9A-Za-z]{{{CHECK_LENGTH}}})", re.ASCII
)
SALT = "artists.people.access-token"


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _each in range(length))


def checksum(body: str) -> str:
    """CRC-32 of everything before it, as six characters of base 62, most significant first."""
    number, found = zlib.crc32(body.encode()), ""
    for _each in range(CHECK_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        found = ALPHABET[rest] + found
    return found


def mint() -> tuple[str, str]:
    """(prefix, whole token) of a fresh credential."""
    prefix = _random(PREFIX_LENGTH)
    body = f"vrn_{prefix}_{_random(SECRET_LENGTH)}"
    return prefix, body + checksum(body)


def prefix_in(bearer: str) -> str | None:
    """The public prefix; None for what is no token or was mistyped: then no database is asked."""
    match = FORM.fullmatch(bearer)
    if match is None or checksum(bearer[:-CHECK_LENGTH]) != match.group(2):
        return None
    return match.group(1)


def digest_of(bearer: str, key: str | None = None) -> str:
    """What is stored: keyed with the site's secret, so that a stolen table cannot be tried against guesses."""
    return salted_hmac(SALT, bearer, secret=key or settings.SECRET_KEY, algorithm="sha256").hexdigest()


def fits(bearer: str, digest: str) -> bool:
    """Whether this is the token of the digest, under the present key or one being rotated out."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(digest_of(bearer, key), digest) for key in keys)
