"""A transformer to be taught on: opened, and grown where the recipe asks for more than it has."""

import json
from pathlib import Path
from typing import Final

import torch

from generation.sketch.course import TrainingError
from generation.sketch.libraries import Network, WanTransformer3DModel
from generation.sketch.recipe import Patch, TransformerRecipe
from generation.sketch.transformer import PREDICTION, answer_zero, open_transformer

# The last layers of a block's three parts: what goes through them is added to what comes in.
_ADDS: Final = ("attn1.to_out.", "attn2.to_out.", "ffn.net.2.")


def begin_with(model: Path, recipe: TransformerRecipe, *, channels: int) -> Network:
    """Open the transformer of a pipeline folder to teach it on, for latents of so many channels.

    It has the tokens of the recipe, and at least its blocks. One that answered with something else than the clip begins
    its answers at zero.
    """
    transformer = open_transformer(model / "transformer")
    if tuple(transformer.config.patch_size) != recipe.patch:
        transformer = divide_tokens(transformer, recipe.patch)
    if transformer.config.num_layers < recipe.layers:
        transformer = deepen_transformer(transformer, recipe.layers)
    if transformer.config.in_channels < channels:
        transformer = widen_transformer(transformer, channels)
    scheduler = json.loads((model / "scheduler" / "scheduler_config.json").read_text(encoding="utf-8"))
    if scheduler["prediction_type"] != PREDICTION:
        answer_zero(transformer)
    return transformer


def widen_transformer(narrow: Network, channels: int) -> Network:
    """Return a transformer for latents of more channels that answers as before for the first, and 0 for the new ones.

    Meant for an autoencoder whose first channels mean what the earlier one's meant (`AutoencoderCourse`).
    """
    held = narrow.config.in_channels
    wide = WanTransformer3DModel.from_config(dict(narrow.config) | {"in_channels": channels, "out_channels": channels})
    weights = narrow.state_dict()
    inwards = weights["patch_embedding.weight"]
    weights["patch_embedding.weight"] = inwards.new_zeros(inwards.shape[0], channels, *inwards.shape[2:])
    weights["patch_embedding.weight"][:, :held] = inwards
    for name in ("proj_out.weight", "proj_out.bias"):
        # Of a patch all channels of its first place come first, then those of the next.
        outwards = weights[name].unflatten(0, (-1, held))
        wider = outwards.new_zeros(outwards.shape[0], channels, *outwards.shape[2:])
        wider[:, :held] = outwards
        weights[name] = wider.flatten(0, 1)
    wide.load_state_dict(weights)
    return wide


def divide_tokens(coarse: Network, patch: Patch) -> Network:
    """Return a transformer with smaller tokens, whose sizes divide those of the earlier one (frames, places, places).

    A new token is read as an old one all of whose parts were alike, and answers with the mean of their answers. So it
    knows at once what is where; what the parts of a token have to do with each other is left to learn.
    """
    held = tuple(coarse.config.patch_size)
    if any(size % part for size, part in zip(held, patch, strict=True)):
        message = f"Tokens of {held} cannot be divided into tokens of {patch}. Start from another model."
        raise TrainingError("patch-mismatch", message)
    # Each axis of an old token as (part of a new token, how often that part is repeated).
    split = [size for whole, part in zip(held, patch, strict=True) for size in (part, whole // part)]
    weights = coarse.state_dict()
    inwards = weights["patch_embedding.weight"]
    weights["patch_embedding.weight"] = inwards.reshape(*inwards.shape[:2], *split).sum((3, 5, 7))
    for name in ("proj_out.weight", "proj_out.bias"):
        outwards = weights[name].unflatten(0, (*split, coarse.config.out_channels))
        weights[name] = outwards.mean((1, 3, 5)).flatten(0, 3)
    fine = WanTransformer3DModel.from_config(dict(coarse.config) | {"patch_size": patch})
    fine.load_state_dict(weights)
    return fine


def deepen_transformer(shallow: Network, layers: int) -> Network:
    """Return a transformer of more blocks that answers as before: the new ones lie evenly between the earlier ones.

    A new block is the one before it again, but adds nothing yet (https://arxiv.org/abs/2401.02415): what it could add is
    multiplied by zeros, which the first step of a course already changes.
    """
    held = len(shallow.blocks)
    # The earlier block that each one takes its weights from: the first to do so stands for it, the next ones are new.
    sources = [index * held // layers for index in range(layers)]
    weights = {name: weight for name, weight in shallow.state_dict().items() if not name.startswith("blocks.")}
    for index, source in enumerate(sources):
        new = index > 0 and sources[index - 1] == source
        for name, weight in shallow.blocks[source].state_dict().items():
            weights[f"blocks.{index}.{name}"] = torch.zeros_like(weight) if new and name.startswith(_ADDS) else weight
    deep = WanTransformer3DModel.from_config(dict(shallow.config) | {"num_layers": layers})
    deep.load_state_dict(weights)
    return deep
