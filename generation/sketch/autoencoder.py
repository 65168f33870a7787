"""The autoencoder: an `AutoencoderKLWan` without resampling, 8x8 pixels to one latent place, every frame kept."""

import random
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from generation.sketch.arithmetic import fast_arithmetic
from generation.sketch.course import Course, Pace, build_optimisers
from generation.sketch.libraries import AutoencoderKLWan, Network, patchify, unpatchify
from generation.sketch.recipe import AutoencoderRecipe, DecoderRecipe
from generation.sketch.scenes import Scene, choose_scenes
from generation.sketch.world import FRAMES, Clip, cover_places, film_scene, film_with_tracks

# Of the loss: how much more a pixel of a thing or its outline counts, the weight of edges, that of the latents'
# distance from normal. Things cover a fourteenth of a picture, and stars and flowers are harder to draw than they.
_THING_WEIGHT: Final = 6.0
_EDGE_WEIGHT: Final = 0.4
_EDGE_WEIGHT_OF_DECODER: Final = 0.8
_NORMAL_WEIGHT: Final = 1.5e-3
# Of the loss: how far the first channels are from those of an earlier autoencoder, in its deviations, squared.
_MEANING_WEIGHT: Final = 0.1
# Smaller weights than this are not worth making orthogonal.
_SMALL_WEIGHT: Final = 2000


def build_autoencoder(recipe: AutoencoderRecipe) -> Network:
    """Build an untrained autoencoder: all resampling is left out and the pixels are unshuffled instead.

    Without resampling a whole clip passes at once exactly as frame by frame, which makes training fast and plain.
    """
    return AutoencoderKLWan(
        base_dim=recipe.encoder_width,
        decoder_base_dim=recipe.decoder_width,
        z_dim=recipe.channels,
        dim_mult=[1],
        num_res_blocks=1,
        temperal_downsample=[],
        patch_size=recipe.patch,
        in_channels=3 * recipe.patch**2,
        out_channels=3 * recipe.patch**2,
        scale_factor_temporal=1,
        scale_factor_spatial=recipe.patch,
        latents_mean=[0.0] * recipe.channels,
        latents_std=[1.0] * recipe.channels,
    )


def open_autoencoder(folder: Path) -> Network:
    """Open a saved autoencoder in float32."""
    return AutoencoderKLWan.from_pretrained(folder, dtype=torch.float32, local_files_only=True)


def same_sizes(one: Network, other: Network) -> bool:
    """Say whether the weights of one autoencoder fit the other."""
    names = ("base_dim", "decoder_base_dim", "z_dim", "patch_size")
    return all(one.config[name] == other.config[name] for name in names)


def clips_to_tensor(clips: Clip, device: torch.device) -> Tensor:
    """Bring uint8 clips (clips, frames, height, width, 3) to float32 (clips, 3, frames, height, width) from -1 to 1."""
    return torch.from_numpy(clips).to(device).permute(0, 4, 1, 2, 3).float() / 127.5 - 1.0


def tensor_to_clips(pixels: Tensor) -> Clip:
    """Bring float (clips, 3, frames, height, width) from -1 to 1 back to uint8 (clips, frames, height, width, 3)."""
    levels = ((pixels.float().clamp(-1.0, 1.0) + 1.0) * 127.5).round()
    clips: Clip = levels.to(torch.uint8).permute(0, 2, 3, 4, 1).cpu().numpy()
    return clips


def encode(autoencoder: Network, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and log-variance of the latents, each (clips, channels, frames, height/8, width/8), unscaled.

    The whole clip at once, where `AutoencoderKLWan.encode` goes in pieces of four frames: equal, as nothing is
    resampled in time.
    """
    hidden = autoencoder.quant_conv(autoencoder.encoder(patchify(pixels, autoencoder.config.patch_size)))
    mean, log_variance = hidden.chunk(2, dim=1)
    return mean, log_variance.clamp(-20.0, 4.0)


def decode(autoencoder: Network, latents: Tensor) -> Tensor:
    """Return the pixels of unscaled latents, not clamped: a clamp would leave no gradient outside of -1 to 1."""
    hidden = autoencoder.decoder(autoencoder.post_quant_conv(latents))
    pixels: Tensor = unpatchify(hidden, autoencoder.config.patch_size)
    return pixels


def scale_latents(autoencoder: Network, latents: Tensor) -> Tensor:
    """Bring latents to mean 0 and deviation 1 per channel, as the transformer sees them and `WanPipeline` undoes it."""
    mean = torch.tensor(autoencoder.config.latents_mean, device=latents.device).view(1, -1, 1, 1, 1)
    deviation = torch.tensor(autoencoder.config.latents_std, device=latents.device).view(1, -1, 1, 1, 1)
    return (latents - mean) / deviation


@torch.no_grad()
def pass_through(autoencoder: Network, clips: Clip) -> Clip:
    """Encode and decode uint8 clips (clips, frames, height, width, 3): what the autoencoder alone makes of them."""
    pixels = clips_to_tensor(clips, autoencoder.device)
    return tensor_to_clips(decode(autoencoder, encode(autoencoder, pixels)[0]))


@torch.no_grad()
def measure_latents(autoencoder: Network, clips: int, seed: int) -> None:
    """Store mean and deviation of the latents of that many drawn clips in the configuration of the autoencoder."""
    rng = random.Random(f"{seed}/latents")
    scenes = choose_scenes(rng, clips, held_out=False)
    latents = torch.cat(
        [encode(autoencoder, _film(scene, rng, autoencoder.device))[0].float().cpu() for scene in scenes]
    )
    over_all_but_channels = (0, 2, 3, 4)
    mean, deviation = latents.mean(over_all_but_channels), latents.std(over_all_but_channels)
    autoencoder.register_to_config(latents_mean=mean.tolist(), latents_std=deviation.tolist())


def _film(scene: Scene, rng: random.Random, device: torch.device) -> Tensor:
    return clips_to_tensor(film_scene(scene, rng)[None], device)


class AutoencoderCourse(Course):
    """Teaches the autoencoder on short spans of freshly drawn clips.

    With an earlier, smaller one its first channels come to mean what all channels of that one mean, so that a
    transformer trained on those goes on with the new latents (`transformer.widen_transformer`).
    """

    def __init__(
        self,
        recipe: AutoencoderRecipe,
        autoencoder: Network,
        seed: int,
        device: torch.device,
        *,
        earlier: Network | None = None,
        compiled: bool = False,
    ) -> None:
        autoencoder.to(device)
        if compiled:
            autoencoder.encoder.compile()
            autoencoder.decoder.compile()
        optimisers = build_optimisers(
            autoencoder,
            _is_matrix,
            rate=recipe.rate,
            matrix_rate=recipe.rate,
            betas=(0.9, 0.95),
        )
        super().__init__({"vae": autoencoder}, optimisers, Pace(recipe.steps, warm_up=30, level_share=0.4), device)
        self._recipe = recipe
        self._seed = seed
        self._earlier = earlier.to(device).requires_grad_(False) if earlier else None

    def loss(self, step: int) -> Tensor:
        """Return the loss of a batch: pixels (those of things most), edges, and how far the latents are from normal."""
        rng = random.Random(f"{self._seed}/autoencoder/{step}")
        spans = draw_spans(rng, self._recipe.batch, self._recipe.span)
        pixels, weight = spans_to_tensors(spans, self.device)
        autoencoder: Network = self.networks["vae"]
        with fast_arithmetic(self.device):
            mean, log_variance = encode(autoencoder, pixels)
            noise = torch.randn(mean.shape, generator=self.random(step, self._seed), device=self.device)
            drawn = decode(autoencoder, mean + noise * (0.5 * log_variance).exp()).float()
        from_normal = 0.5 * (mean.float().square() + log_variance.float().exp() - 1.0 - log_variance.float()).mean()
        loss: Tensor = _pixel_loss(drawn - pixels, weight, _EDGE_WEIGHT) + _NORMAL_WEIGHT * from_normal
        if self._earlier:
            loss = loss + _MEANING_WEIGHT * self._change_of_meaning(pixels, mean.float())
        return loss

    def _change_of_meaning(self, pixels: Tensor, mean: Tensor) -> Tensor:
        """Return the mean square of how far the first channels are from those of the earlier autoencoder, scaled."""
        with torch.no_grad(), fast_arithmetic(self.device):
            meant = scale_latents(self._earlier, encode(self._earlier, pixels)[0].float())
        return (scale_latents(self._earlier, mean[:, : meant.shape[1]]) - meant).square().mean()


class DecoderCourse(Course):
    """Teaches the decoder alone, on latents with some noise, and above all the things and their outlines.

    The encoder stays as it is, and so do the latents: a transformer trained on them goes on with sharper pictures.
    """

    def __init__(self, recipe: DecoderRecipe, autoencoder: Network, seed: int, device: torch.device) -> None:
        autoencoder.to(device)
        for part in (autoencoder.encoder, autoencoder.quant_conv):
            part.requires_grad_(False)
        taught = torch.nn.ModuleDict({"decoder": autoencoder.decoder, "post_quant_conv": autoencoder.post_quant_conv})
        optimisers = build_optimisers(
            taught, _is_matrix, rate=recipe.rate * 0.5, matrix_rate=recipe.rate, betas=(0.9, 0.95)
        )
        pace = Pace(recipe.steps, warm_up=50, level_share=0.3)
        super().__init__({"vae": autoencoder}, optimisers, pace, device)
        self._recipe = recipe
        self._seed = seed

    def loss(self, step: int) -> Tensor:
        """Return how far the pixels and the edges of a batch are off, those of things counting most."""
        rng = random.Random(f"{self._seed}/decoder/{step}")
        spans = draw_spans(rng, self._recipe.batch, self._recipe.span)
        pixels, weight = spans_to_tensors(spans, self.device)
        autoencoder: Network = self.networks["vae"]
        lot = self.random(step, self._seed)
        with fast_arithmetic(self.device):
            with torch.no_grad():
                latents, _ = encode(autoencoder, pixels)
            amount = self._recipe.noise * torch.rand(len(pixels), 1, 1, 1, 1, generator=lot, device=self.device)
            noise = torch.randn(latents.shape, generator=lot, device=self.device)
            deviation = torch.tensor(autoencoder.config.latents_std, device=self.device).view(1, -1, 1, 1, 1)
            drawn = decode(autoencoder, latents.float() + amount * noise * deviation).float()
        return _pixel_loss(drawn - pixels, weight, _EDGE_WEIGHT_OF_DECODER)


class Spans(NamedTuple):
    """Spans of clips, and where their things are."""

    clips: Clip  # uint8 (spans, frames, height, width, 3)
    things: NDArray[np.bool_]  # (spans, frames, height, width)


def draw_spans(rng: random.Random, count: int, length: int) -> Spans:
    """Draw spans of that many frames out of clips of as many scenes, half of them mirrored."""
    clips, things = [], []
    for scene in choose_scenes(rng, count, held_out=False):
        start = rng.randint(0, FRAMES - length)
        span = range(start, start + length)
        clip, tracks = film_with_tracks(scene, rng, span=span)
        covers = [
            cover_places(thing.shape, [track[frame] for frame in span], 1) > 0.0
            for thing, track in zip(scene.things, tracks, strict=True)
        ]
        step = -1 if rng.random() < 0.5 else 1
        clips.append(clip[:, :, ::step])
        things.append(np.logical_or.reduce(covers)[:, :, ::step])
    return Spans(np.stack(clips), np.stack(things))


def spans_to_tensors(spans: Spans, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the pixels of spans as the autoencoder takes them, and how much each counts: outlines as things do."""
    things = torch.from_numpy(spans.things).to(device)[:, None].float()
    outlined = functional.max_pool3d(things, (1, 3, 3), stride=1, padding=(0, 1, 1))
    return clips_to_tensor(spans.clips, device), 1.0 + _THING_WEIGHT * outlined


def _is_matrix(_: str, weight: Tensor) -> bool:
    return weight.ndim >= 4 and weight.numel() > _SMALL_WEIGHT


def _pixel_loss(error: Tensor, weight: Tensor, edges: float) -> Tensor:
    """Return the mean error of pixels and, `edges` times, that of their differences to the right and downwards.

    Shapes: error (spans, 3, frames, height, width), weight (spans, 1, frames, height, width).
    """
    across = (error.diff(dim=-1).abs() * weight[..., 1:]).mean()
    down = (error.diff(dim=-2).abs() * weight[..., 1:, :]).mean()
    return (error.abs() * weight).mean() + edges * (across + down)
