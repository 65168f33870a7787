"""The app of feedback."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Forms, bug reports, the roadmap, missions, critique, open letters."""

    name = "artists.feedback"
    label = "feedback"
