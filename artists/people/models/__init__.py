"""People, their roles, and what they sign in with."""

from .links import SignInLink
from .looks import Look
from .people import Person, PersonManager, RoleGrant
from .tokens import AccessToken, TokenPlace

__all__ = ["AccessToken", "Look", "Person", "PersonManager", "RoleGrant", "SignInLink", "TokenPlace"]
