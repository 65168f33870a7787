"""What is trained how long: the sizes of the networks and the lengths of the stages (standard library)."""

from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

# What one token of the transformer holds: frames, and places down and across.
Patch: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class TextRecipe:
    """The text encoder, taught alone to name what a caption says before it is trained together with the transformer."""

    vocabulary: int = 1024
    captions_for_tokenizer: int = 20_000
    length: int = 32  # tokens; the transformer attends to padding too, so sampling must use the same length
    width: int = 128
    heads: int = 4
    layers: int = 3
    feed_forward: int = 256
    steps: int = 900
    batch: int = 64
    rate: float = 1e-3


@dataclass(frozen=True, slots=True)
class AutoencoderRecipe:
    """The autoencoder: 8x8 pixels become one latent place, time is kept."""

    patch: int = 8
    channels: int = 16
    encoder_width: int = 96
    decoder_width: int = 128
    steps: int = 4_000
    batch: int = 12
    span: int = 5  # frames of a clip per example
    rate: float = 3e-3
    measured_clips: int = 192  # clips the mean and deviation of the latents are taken from


@dataclass(frozen=True, slots=True)
class DecoderRecipe:
    """The decoder taught on alone: the latents stay as they are, so a transformer trained on them stays valid."""

    steps: int = 2_400
    batch: int = 12
    span: int = 5
    rate: float = 2e-3
    noise: float = (
        0.3  # at most this much is added to the latents (deviation 1): the transformer's are not exact either
    )


@dataclass(frozen=True, slots=True)
class TransformerRecipe:
    """The transformer, trained by flow matching on latents of clips encoded once."""

    heads: int = 4
    head_width: int = 64
    layers: int = 9
    feed_forward: int = 1024
    patch: Patch = (2, 2, 2)
    clips: int = 40_000
    steps: int = 12_000
    batch: int = 32
    rate: float = 7e-4
    training_shift: float = 5.0  # half of the times above 0.83: there a thing's place and shape are settled
    sampling_shift: float = 8.0
    captions_left_out: float = 0.1  # so that the model can also run without a prompt, which guidance needs
    first_given: float = 0.15  # how often the first frame is given, so that a shot can start from a picture
    thing_weight: float = 3.0  # how much more the places of a thing count once the noise lets them be told
    tracing_weight: float = 1.0  # of the side question where which shape and colour is


@dataclass(frozen=True, slots=True)
class Recipe:
    """All three stages, and the seed that everything drawn by lot comes from."""

    seed: int = 1
    text: TextRecipe = field(default_factory=TextRecipe)
    autoencoder: AutoencoderRecipe = field(default_factory=AutoencoderRecipe)
    decoder: DecoderRecipe = field(default_factory=DecoderRecipe)
    transformer: TransformerRecipe = field(default_factory=TransformerRecipe)


# The sizes of the model that ships.
FULL: Final = Recipe()

# The same classes and the same code in seconds; what comes out draws nothing.
TINY: Final = Recipe(
    text=TextRecipe(
        vocabulary=320, captions_for_tokenizer=40, width=16, heads=2, layers=1, feed_forward=16, steps=2, batch=4
    ),
    autoencoder=AutoencoderRecipe(
        channels=4, encoder_width=8, decoder_width=8, steps=2, batch=2, span=3, measured_clips=2
    ),
    decoder=DecoderRecipe(steps=2, batch=2, span=3),
    transformer=TransformerRecipe(heads=2, head_width=12, layers=1, feed_forward=32, clips=4, steps=2, batch=2),
)

RECIPES: Final = {"full": FULL, "tiny": TINY}


def change_recipe(
    recipe: Recipe, stage: str, *, steps: int | None = None, rate: float | None = None, clips: int | None = None
) -> Recipe:
    """Return the recipe with other steps and another rate for one stage, and other clips, where they are given.

    Fewer steps than a course has done already end it; with more, the pace of the rest is that of the longer course.
    """
    changes = {name: value for name, value in (("steps", steps), ("rate", rate)) if value is not None}
    if changes:
        recipe = replace(recipe, **{stage: replace(getattr(recipe, stage), **changes)})
    if clips is not None:
        recipe = replace(recipe, transformer=replace(recipe.transformer, clips=clips))
    return recipe
