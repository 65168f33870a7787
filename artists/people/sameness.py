"""Whether two accounts are one person, as far as the program can know: one rule of money is that a person counts once."""

from collections.abc import Iterable, Mapping

from allauth.account.models import EmailAddress

from .models import Person

# Hosts that deliver an address with and without dots to one mailbox, and other names of theirs.
DOTLESS = frozenset({"gmail.com"})
ALSO_CALLED = {"googlemail.com": "gmail.com"}


def mailbox(address: str) -> str:
    """The mailbox behind an address: without case, "+tag", and dots where its host ignores them."""
    local, _at, host = address.strip().casefold().rpartition("@")
    host = ALSO_CALLED.get(host, host)
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if host in DOTLESS else local}@{host}"


def mailboxes_of(ids: Iterable[int]) -> dict[int, set[str]]:
    """By number of the person: every mailbox that is proven to be theirs. Two queries, however many people.

    An address that nobody verified is only typed: it would shut somebody else out.
    """
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    for pk, address in Person.objects.filter(pk__in=found).values_list("pk", "email"):
        found[pk].add(mailbox(address))
    proven = EmailAddress.objects.filter(user_id__in=found, verified=True)
    for pk, address in proven.values_list("user_id", "email"):
        found[pk].add(mailbox(address))
    return found


def same_in(found: Mapping[int, set[str]], person: int | None, others: Iterable[int | None]) -> set[int]:
    """Those of the others who are this person, or have a mailbox of theirs, by mailboxes that were read."""
    known = {pk for pk in others if pk is not None}
    if person is None:
        return set()
    return {pk for pk in known if pk == person or found.get(person, set()) & found.get(pk, set())}


def same_as(person: int | None, others: Iterable[int | None]) -> set[int]:
    """As `same_in`, read now: two queries, however many others."""
    known = {pk for pk in others if pk is not None}
    if person is None or not known:
        return set()
    return same_in({} if known == {person} else mailboxes_of({person, *known}), person, known)


def is_among(person: int | None, others: Iterable[int | None]) -> bool:
    """Whether this person is one of the others."""
    return bool(same_as(person, others))
