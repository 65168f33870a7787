"""Whether two accounts are one person, as far as the program can know: one rule of money is that a person counts once."""

from allauth.account.models import EmailAddress

from artists.people.models import Person

# Hosts that deliver an address with and without dots to one mailbox, and other names of theirs.
DOTLESS = frozenset({"gmail.com"})
ALSO_CALLED = {"googlemail.com": "gmail.com"}


def mailbox(address: str) -> str:
    """The mailbox behind an address: without case, "+tag", and dots where its host ignores them."""
    local, _at, host = address.strip().casefold().rpartition("@")
    host = ALSO_CALLED.get(host, host)
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if host in DOTLESS else local}@{host}"


def _mailboxes(*ids: int) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    for pk, address in Person.objects.filter(pk__in=ids).values_list("pk", "email"):
        found[pk].add(mailbox(address))
    for pk, address in EmailAddress.objects.filter(user_id__in=ids).values_list("user_id", "email"):
        found[pk].add(mailbox(address))
    return found


def is_among(person: int | None, others: list[int | None]) -> bool:
    """Whether this person is one of the others, or has a mailbox of one of them."""
    known = [pk for pk in others if pk is not None]
    if person is None or not known:
        return False
    if person in known:
        return True
    found = _mailboxes(person, *known)
    return any(found[person] & found[other] for other in known)
