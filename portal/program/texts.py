"""Texts that people put their names under."""

from django.utils.translation import gettext as _


def confidentiality_statement(cohort: str) -> str:
    """What a reviewer promises for a cohort."""
    return _(
        "I look at requests of the cohort %(cohort)s only to decide on them. I keep to myself what I see of unreleased "
        "works, prompts and people, I store no copies, and I say at once when I am too close to a request to decide on it."
    ) % {"cohort": cohort}
