"""The app of feedback."""

from importlib import import_module

from django.apps import AppConfig

NOUNS = {
    "surveys": ("contributions", "rules", "listeners", "panels"),
    "critique": ("rules", "listeners", "panels"),
    "missions": ("contributions", "rules", "listeners", "panels"),
}


class FeedbackConfig(AppConfig):
    """Forms, bug reports, the roadmap, missions, critique, open letters."""

    name = "artists.feedback"
    label = "feedback"

    def ready(self) -> None:
        """Load what registers itself."""
        for noun, drawers in NOUNS.items():
            for drawer in drawers:
                import_module(f"artists.feedback.{noun}.{drawer}")
