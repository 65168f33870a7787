"""Whether a typed name is the name of the account: people write their names in more than one way."""

import re
import unicodedata


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"\w+", bare)


def _same(one: str, other: str) -> bool:
    return one == other or (len(one) == 1 and other.startswith(one)) or (len(other) == 1 and one.startswith(other))


def is_same_name(typed: str, known: str) -> bool:
    """Case, accents, order, middle names and initials do not matter; another name does. An unknown name is any."""
    few, many = sorted((_words(typed), _words(known)), key=len)
    if not _words(known):
        return bool(_words(typed))
    if not few or not any(len(word) > 1 for word in few):
        return False
    left = list(many)
    for word in few:
        match = next((other for other in left if _same(word, other)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def says_no_more(name: str, known: str) -> bool:
    """The same name, and no word more than the known one has: a title, a praise or a sentence is no part of it."""
    return is_same_name(name, known) and len(_words(name)) <= len(_words(known))
