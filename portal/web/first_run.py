"""The first run's checklist: what must be there before artists can work; each line asks the real thing."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from artists.agreements.queries import versions_in_force
from artists.people.models import Person
from artists.people.roles import Role
from generation.queries import models_offered, workers_alive
from portal.panels import ToDo, register_to_do
from portal.program.models import Cohort
from portal.program.queries import the_program
from portal.program.states import Doors


def _named() -> bool:
    return the_program() is not None


def _second_pair_of_hands() -> bool:
    """Money and a suspension of everything need two people; appeals need somebody else."""
    return Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR]).distinct().count() > 1


def _reviewer() -> bool:
    return Person.objects.filter(is_active=True, grants__role=Role.REVIEWER).exists()


def _open() -> bool:
    program = the_program()
    return program is not None and program.state == Doors.OPEN and Cohort.objects.filter(state=Doors.OPEN).exists()


register_to_do(ToDo("name", _("Name the program"), 10, _named, hint="manage.py start_program NAME --operator EMAIL"))
register_to_do(ToDo("agreement", _("Publish the agreement"), 20, lambda: versions_in_force().exists(), "agreements"))
register_to_do(ToDo("cohort", _("Make a cohort with its quota"), 30, Cohort.objects.exists, "cohorts"))
register_to_do(ToDo("staff", _("Invite a second person of the staff"), 40, _second_pair_of_hands, "invitations_new"))
register_to_do(ToDo("reviewer", _("Invite a reviewer"), 50, _reviewer, "invitations_new"))
register_to_do(
    ToDo(
        "mail",
        _("Send mail"),
        60,
        lambda: not settings.EMAIL_BACKEND.endswith(".console.EmailBackend"),
        hint=_("Set VERNISSAGE_MAIL_URL. Until then letters lie in the outbox."),
    )
)
register_to_do(
    ToDo(
        "storage",
        _("Choose where films lie"),
        70,
        lambda: settings.EMBEDDED or bool(settings.VERNISSAGE_STORAGE_URL),
        hint=_("Set VERNISSAGE_STORAGE_URL, or keep the folder and back it up."),
    )
)
register_to_do(
    ToDo("worker", _("Start a worker"), 80, lambda: workers_alive().exists(), hint=_("manage.py worker on each GPU."))
)
register_to_do(
    ToDo("model", _("Bring a model"), 90, lambda: bool(models_offered()), hint="manage.py models fetch NAME")
)
register_to_do(ToDo("doors", _("Open the program and a cohort"), 100, _open, "cohorts"))
