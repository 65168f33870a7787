"""The transformer: a small `WanTransformer3DModel`, trained by flow matching on latents of drawn clips.

The network answers with the clip itself and not with the velocity (https://arxiv.org/abs/2511.13720): a token holds as
many numbers as the network is wide, so noise that had to pass through it would leave no room for anything else.

In part of the examples the first frame is given: its latents are put in free of noise, as the engine does for a shot
that starts from a picture. A side question, thrown away afterwards, makes the middle of the network know where which
shape and colour is: the drawing code can tell (the thought of https://arxiv.org/abs/2410.06940, with known answers).
"""

import hashlib
import random
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW

from generation.sketch.arithmetic import fast_arithmetic
from generation.sketch.autoencoder import clips_to_tensor, encode, scale_latents
from generation.sketch.course import Clock, Course, Pace, build_optimisers
from generation.sketch.libraries import Network, Tokenizer, WanTransformer3DModel
from generation.sketch.recipe import TransformerRecipe
from generation.sketch.scenes import Scene, choose_scene, is_held_out, write_caption
from generation.sketch.text import embed
from generation.sketch.words import COLOURS, MOTIONS, SHAPES
from generation.sketch.world import cover_places, film_with_tracks

_CLIPS_PER_FILE: Final = 250
# The code that draws a scene: clips that other code drew are other clips.
_DRAWN_BY: Final = tuple(Path(__file__).with_name(name) for name in ("world.py", "backdrops.py"))
_TIMESTEPS: Final = 1000
# The matrices inside the blocks learn twice as fast as the rest, the text encoder half as fast.
_MATRIX_FACTOR: Final = 2.0
_TEXT_FACTOR: Final = 0.5
_BETAS: Final = (0.9, 0.98)
_DECAY: Final = 0.01
# Where a thing is can be told from here on (1 is all noise), and its outline from there on.
_PLACED_AT: Final = 0.95
_OUTLINED_AT: Final = 0.8
_MOST_THINGS: Final = 2
# Two things, and what bounces, circles or spins, are harder to learn than the rest: they come oftener than in the world.
# Of 0.3 the clips with one thing become a third, as two things are held out oftener than one.
_TAUGHT_ALONE: Final = 0.3
_TAUGHT_MOTIONS: Final = (*MOTIONS, "bounce", "circle", "spin", "spin")
# In 12 steps no clip is sampled at less noise than this, so less is no reason for more precision.
_CLEAREST: Final = 0.2
# What a scheduler calls a network that answers with the clip.
PREDICTION: Final = "sample"


class Encoded(NamedTuple):
    """Drawn clips as the course takes them."""

    latents: Tensor  # float16 (clips, channels, frames, height/8, width/8), scaled
    cover: Tensor  # uint8 (clips, things, frames, height/8, width/8): how much of a place a thing covers


def build_transformer(recipe: TransformerRecipe, *, channels: int, text_width: int) -> Network:
    """Build an untrained transformer whose first answer is zero everywhere."""
    transformer = WanTransformer3DModel(
        patch_size=recipe.patch,
        num_attention_heads=recipe.heads,
        attention_head_dim=recipe.head_width,
        in_channels=channels,
        out_channels=channels,
        text_dim=text_width,
        freq_dim=128,
        ffn_dim=recipe.feed_forward,
        num_layers=recipe.layers,
        rope_max_seq_len=64,
    )
    answer_zero(transformer)
    return transformer


def open_transformer(folder: Path) -> Network:
    """Open a saved transformer in float32."""
    return WanTransformer3DModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)


def answer_zero(transformer: Network) -> None:
    """Make the first answer of a transformer zero everywhere."""
    torch.nn.init.zeros_(transformer.proj_out.weight)
    torch.nn.init.zeros_(transformer.proj_out.bias)


def training_scene(seed: int, index: int) -> tuple[Scene, random.Random]:
    """Return the scene of a training clip, never one that is held out, and the lot that it is drawn with."""
    rng = random.Random(f"{seed}/clip/{index}")
    while True:
        scene = choose_scene(rng, things=1 if rng.random() < _TAUGHT_ALONE else 2, motions=_TAUGHT_MOTIONS)
        if not is_held_out(scene):
            return scene, rng


def encode_clips(autoencoder: Network, count: int, seed: int, folder: Path, clock: Clock) -> Encoded | None:
    """Draw and encode that many clips once, into files that a later run finds; None when the clock is up first.

    The name of a file says of which scenes it is and which code drew them, so that clips of others are never taught with
    the captions of these, nor clips of an earlier world with those of a later one.
    """
    drawn_by = b"".join(path.read_bytes() for path in _DRAWN_BY)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for start in range(0, count, _CLIPS_PER_FILE):
        end = min(start + _CLIPS_PER_FILE, count)
        scenes = [training_scene(seed, index)[0] for index in range(start, end)]
        mark = hashlib.sha256(repr(scenes).encode() + drawn_by).hexdigest()[:12]
        path = folder / f"{start:06d}-{end:06d}-{mark}.safetensors"
        if not path.exists():
            if clock.is_up():
                return None
            _encode_file(autoencoder, range(start, end), seed, path)
        files.append(load_file(path))
    return Encoded(*(torch.cat([file[name] for file in files]) for name in Encoded._fields))


@torch.no_grad()
def _encode_file(autoencoder: Network, indices: range, seed: int, path: Path) -> None:
    latents, covers = [], []
    for index in indices:
        scene, rng = training_scene(seed, index)
        clip, tracks = film_with_tracks(scene, rng)
        pixels = clips_to_tensor(clip[None], autoencoder.device)
        with fast_arithmetic(autoencoder.device):
            mean, _ = encode(autoencoder, pixels)
        latents.append(scale_latents(autoencoder, mean.float()).half().cpu())
        cover = np.zeros((1, _MOST_THINGS, *mean.shape[2:]), np.uint8)
        for place, (thing, track) in enumerate(zip(scene.things, tracks, strict=True)):
            cover[0, place] = cover_places(thing.shape, track, autoencoder.config.patch_size) * 255.0
        covers.append(torch.from_numpy(cover))
    unfinished = path.with_suffix(".tmp")
    # Some processors' convolutions answer with another order of axes in memory, which a file cannot hold.
    save_file({"latents": torch.cat(latents).contiguous(), "cover": torch.cat(covers)}, unfinished)
    unfinished.replace(path)


class TransformerCourse(Course):
    """Teaches transformer and text encoder together: flow matching, https://arxiv.org/abs/2210.02747."""

    def __init__(
        self,
        recipe: TransformerRecipe,
        transformer: Network,
        text_encoder: Network,
        tokenizer: Tokenizer,
        clips: Encoded,
        *,
        text_length: int,
        seed: int,
        device: torch.device,
        compiled: bool = False,
    ) -> None:
        transformer.to(device)
        patch = transformer.config.patch_size
        width = transformer.config.num_attention_heads * transformer.config.attention_head_dim
        tracer = nn.Linear(width, len(SHAPES) + len(COLOURS) + patch[0] * patch[1] * patch[2]).to(device)
        transformer.blocks[len(transformer.blocks) // 2].register_forward_hook(self._keep_middle)
        if compiled:
            transformer.compile_repeated_blocks(dynamic=False)
        text_encoder.to(device)
        optimisers = build_optimisers(
            transformer,
            lambda name, weight: weight.ndim == 2 and name.startswith("blocks."),
            rate=recipe.rate,
            matrix_rate=recipe.rate * _MATRIX_FACTOR,
            betas=_BETAS,
            decay=_DECAY,
        )
        text_rate = recipe.rate * _TEXT_FACTOR
        optimisers.append(AdamW(text_encoder.parameters(), lr=text_rate, betas=_BETAS, weight_decay=_DECAY, fused=True))
        optimisers.append(AdamW(tracer.parameters(), lr=recipe.rate, betas=_BETAS, fused=True))
        networks = {"transformer": transformer, "text_encoder": text_encoder, "tracer": tracer}
        super().__init__(networks, optimisers, Pace(recipe.steps, warm_up=150, level_share=0.4), device)
        self._recipe = recipe
        self._tokenizer = tokenizer
        self.clips = clips
        self._patch = tuple(patch)
        self._middle = torch.empty(0)
        self._scenes = [training_scene(seed, index)[0] for index in range(len(clips.latents))]
        self._text_length = text_length
        self._seed = seed

    def loss(self, step: int) -> Tensor:
        """Return the squared error of the clip at times drawn by lot, and the side question's.

        The error is divided by the time, as it grows with it: so it is that of the velocity (noise minus clip).
        """
        rng = random.Random(f"{self._seed}/transformer/{step}")
        chosen = [rng.randrange(len(self.clips.latents)) for _ in range(self._recipe.batch)]
        clips = self.clips.latents[chosen].to(self.device).float()
        cover = self.clips.cover[chosen].to(self.device).float() / 255.0
        captions = [self._write_caption(index, rng) for index in chosen]
        lot = self.random(step, self._seed)
        times = _shifted(
            torch.sigmoid(torch.randn(len(chosen), generator=lot, device=self.device)), self._recipe.training_shift
        )
        noise = torch.randn(clips.shape, generator=lot, device=self.device)
        given = torch.rand(len(chosen), generator=lot, device=self.device) < self._recipe.first_given
        asked = torch.ones(len(chosen), 1, *clips.shape[2:], device=self.device)
        asked[given, :, 0] = 0.0
        share = times.view(-1, 1, 1, 1, 1) * asked
        with fast_arithmetic(self.device):
            reading = embed(self.networks["text_encoder"], self._tokenizer, captions, self._text_length)
            answer = self.networks["transformer"](
                (1.0 - share) * clips + share * noise, times * _TIMESTEPS, reading, return_dict=False
            )[0]
        weight = asked * self._weigh_places(cover, times)
        error = ((answer.float() - clips) / times.clamp(min=_CLEAREST).view(-1, 1, 1, 1, 1)).square()
        return (error * weight).sum() / weight.expand_as(error).sum() + self._recipe.tracing_weight * self._trace(
            cover, [self._scenes[index] for index in chosen]
        )

    def _keep_middle(self, _: nn.Module, __: Any, hidden: Tensor) -> None:
        self._middle = hidden

    def _weigh_places(self, cover: Tensor, times: Tensor) -> Tensor:
        """Let the places of things, and those beside them, count more once the noise lets them be told."""
        near = functional.max_pool3d(cover.sum(1, keepdim=True), (1, 3, 3), stride=1, padding=(0, 1, 1)) > 0.0
        clear = ((_PLACED_AT - times) / (_PLACED_AT - _OUTLINED_AT)).clamp(0.0, 1.0).view(-1, 1, 1, 1, 1)
        return 1.0 + self._recipe.thing_weight * near * clear

    def _trace(self, cover: Tensor, scenes: list[Scene]) -> Tensor:
        """Return how badly the middle of the network tells, at each token, which shape and colour covers how much."""
        by_name = torch.zeros(len(scenes), len(SHAPES) + len(COLOURS), *cover.shape[2:], device=self.device)
        for row, scene in enumerate(scenes):
            for place, thing in enumerate(scene.things):
                by_name[row, SHAPES.index(thing.shape)] += cover[row, place]
                by_name[row, len(SHAPES) + COLOURS.index(thing.colour)] += cover[row, place]
        named = functional.avg_pool3d(by_name, self._patch).flatten(2).transpose(1, 2)
        whole = cover.sum(1)
        for axis, size in zip((3, 2, 1), reversed(self._patch), strict=True):
            whole = whole.unfold(axis, size, size)
        answer = torch.cat([named, whole.flatten(4).flatten(1, 3)], dim=-1).clamp(0.0, 1.0)
        asked: Tensor = self.networks["tracer"](self._middle.float())
        return functional.binary_cross_entropy_with_logits(asked, answer)

    def _write_caption(self, index: int, rng: random.Random) -> str:
        return "" if rng.random() < self._recipe.captions_left_out else write_caption(self._scenes[index], rng)


def _shifted(times: Tensor, shift: float) -> Tensor:
    """Move times (0 clip, 1 noise) towards the noise: https://arxiv.org/abs/2403.03206, equation 23."""
    return shift * times / (1.0 + (shift - 1.0) * times)
