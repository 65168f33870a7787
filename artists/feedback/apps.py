"""The app of feedback."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Forms, bug reports, the roadmap, missions, critique, open letters."""

    name = "artists.feedback"
    label = "feedback"

    def ready(self) -> None:
        """Load what registers itself, noun by noun."""
        from .bugs import api, kinds, listeners, panels, rules, sources  # noqa: F401 - registration
        from .critique import listeners as critique_listeners  # noqa: F401 - registration
        from .critique import panels as critique_panels  # noqa: F401 - registration
        from .critique import rules as critique_rules  # noqa: F401 - registration
        from .letters import api as letter_api  # noqa: F401 - registration
        from .letters import listeners as letter_listeners  # noqa: F401 - registration
        from .letters import panels as letter_panels  # noqa: F401 - registration
        from .letters import rules as letter_rules  # noqa: F401 - registration
        from .missions import contributions as mission_contributions  # noqa: F401 - registration
        from .missions import listeners as mission_listeners  # noqa: F401 - registration
        from .missions import panels as mission_panels  # noqa: F401 - registration
        from .missions import rules as mission_rules  # noqa: F401 - registration
        from .roadmap import listeners as roadmap_listeners  # noqa: F401 - registration
        from .roadmap import panels as roadmap_panels  # noqa: F401 - registration
        from .roadmap import rules as roadmap_rules  # noqa: F401 - registration
        from .surveys import contributions as survey_contributions  # noqa: F401 - registration
        from .surveys import listeners as survey_listeners  # noqa: F401 - registration
        from .surveys import panels as survey_panels  # noqa: F401 - registration
        from .surveys import rules as survey_rules  # noqa: F401 - registration
        from .surveys import sources as survey_sources  # noqa: F401 - registration
