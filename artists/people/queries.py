"""What one may see of accounts."""

from django.db.models import QuerySet

from portal.access import Actor, check

from .models import AccessToken, Person


def tokens_of(person: Actor) -> QuerySet[AccessToken]:
    """One's own tokens, newest first."""
    return AccessToken.objects.filter(person_id=person.pk) if person.pk else AccessToken.objects.none()


def tokens_visible_to(actor: Actor) -> QuerySet[AccessToken]:
    """Staff see all tokens, artists their own; nobody sees a secret."""
    every = AccessToken.objects.select_related("person")
    return every if check("people.see_tokens", actor, None) else every.filter(person_id=actor.pk)


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """Everybody, for staff; by name."""
    return Person.objects.order_by("name", "pk") if check("people.see_people", actor) else Person.objects.none()
