"""The app of the program."""

from django.apps import AppConfig


class ProgramConfig(AppConfig):
    """The program, its cohorts, and who is in which."""

    name = "portal.program"
    label = "program"

    def ready(self) -> None:
        """Load what registers itself."""
        from . import appeals, bearer, cohort_panels, letters, listeners, live, panels, rules, status, stopping  # noqa: F401 - registration
