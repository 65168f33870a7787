"""Three storyboards to begin with: in the words that the small model knows, and made in under a minute without a GPU."""

from django.utils.translation import gettext_lazy as _

STARTERS = (
    (_("First light"), ("a red ball rises over a blue sea",)),
    (_("Evening sail"), ("a red ball rises over a blue sea", "a white boat drifts left at sunset")),
    (_("Night shapes"), ("a yellow star spins at night", "a pink heart grows at night")),
)
