"""People: who they are and what roles they hold."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role


class PersonManager(BaseUserManager["Person"]):
    """Makes people; addresses are kept in lower case, so that one address is one person."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person with this address; without a password, only a link or a passkey signs in."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Sign-in does not care for upper and lower case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account; signs in by mail address."""

    email = models.EmailField(_("mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    credit_name = models.CharField(_("name in credits"), max_length=120, blank=True)
    discipline = models.CharField(_("discipline"), max_length=120, blank=True)
    links = models.JSONField(_("links"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [models.UniqueConstraint(Lower("email"), name="people_one_person_per_address")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def label(self) -> str:
        """How the record names this person."""
        return f"{self.name or 'person'} (#{self.pk})"

    @property
    def credit(self) -> str:
        """How this person wants to be named in public."""
        return self.credit_name or self.name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held, read once per request."""
        return frozenset(grant.role for grant in self.grants.all())

    def holds(self, role: str) -> bool:
        """Whether this person has the role and may act at all."""
        return self.is_active and str(role) in self.roles

    @property
    def is_staff(self) -> bool:
        """Django's word for who may open the back office: operators only."""
        return self.holds(Role.OPERATOR)


class RoleGrant(models.Model):
    """That a person holds a role."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role"], name="people_role_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="people_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"
