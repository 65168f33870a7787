"""What one may see of people."""

from django.db.models import QuerySet

from .models import Person
from .roles import Role


def people_holding(*roles: Role) -> QuerySet[Person]:
    """Everybody in use with at least one of these roles, each once; for the portal itself, not for a page."""
    return Person.objects.filter(is_active=True, grants__role__in=roles).distinct().order_by("pk")
