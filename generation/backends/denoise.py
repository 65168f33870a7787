"""The denoising loop for Wan-shaped pipelines: words and noise in, latents out, stoppable at every step.

The arithmetic is that of `WanPipeline.__call__` and `WanImageToVideoPipeline.__call__` of diffusers 0.42 (parity
tests hold the two together). The loop is our own because the library's interrupt flag hands half-made frames
over as a finished film, and its step caches survive an exception and spoil the next job.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image

from generation.backends.base import Control
from generation.backends.errors import FramesBroken


@dataclass(frozen=True, slots=True)
class Start:
    """What a shot that begins with a picture adds to the loop.

    `condition` is the encoded picture. With a `mask` (1, 1, frames, height, width; 0 where the picture stands)
    it replaces those latents, as Wan 2.2 TI2V does, which also tells the transformer that they are free of noise
    (models of the registry that hold their first frame are not told, they see it); without a mask it is stacked onto
    them as more channels.
    `image` is the picture's CLIP embedding, for models that have an image encoder.
    """

    condition: torch.Tensor
    mask: torch.Tensor | None
    image: torch.Tensor | None


@torch.inference_mode()
def draw_noise(pipeline: Any, *, width: int, height: int, frames: int, seed: int, device: str) -> torch.Tensor:
    """Return starting noise, float32 (1, channels, latent frames, latent height, latent width).

    Drawn on the CPU whatever the device, so that a seed means the same noise everywhere. The latent frames are
    computed here: asked for n frames, the library makes n + 1 where the autoencoder does not compress time.
    """
    channels = pipeline.vae.config.z_dim
    generator = torch.Generator("cpu").manual_seed(seed)
    shape = (1, channels, *latent_size(pipeline, width=width, height=height, frames=frames))
    return torch.randn(shape, generator=generator, dtype=torch.float32).to(device)


def latent_size(pipeline: Any, *, width: int, height: int, frames: int) -> tuple[int, int, int]:
    """Latent frames, height and width of a film of so many pixels and frames."""
    time, space = pipeline.vae.config.scale_factor_temporal, pipeline.vae.config.scale_factor_spatial
    return (frames - 1) // time + 1, height // space, width // space


def latent_scale(vae: Any, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and inverse deviation of the autoencoder's latents, (1, channels, 1, 1, 1), as `like`'s type."""
    mean = torch.tensor(vae.config.latents_mean).view(1, vae.config.z_dim, 1, 1, 1)
    deviation = torch.tensor(vae.config.latents_std).view(1, vae.config.z_dim, 1, 1, 1)
    return mean.to(like.device, like.dtype), 1.0 / deviation.to(like.device, like.dtype)


@torch.inference_mode()
def prepare_start(
    pipeline: Any, picture: Image.Image, noise: torch.Tensor, *, frames: int, holds_first: bool = False
) -> Start:
    """Encode the first frame (`picture`, already of the film's size) for the denoising loop.

    With `holds_first` it takes the place of the first latent frame in a model that knows one time for all frames.
    """
    vae, device = pipeline.vae, noise.device
    pixels = pipeline.video_processor.preprocess(picture, height=picture.height, width=picture.width)
    pixels = pixels.to(device, dtype=torch.float32).unsqueeze(2)
    replaces = pipeline.config.expand_timesteps or holds_first
    if not replaces:
        blank = pixels.new_zeros(1, pixels.shape[1], frames - 1, picture.height, picture.width)
        pixels = torch.cat([pixels, blank], dim=2)
    condition = vae.encode(pixels.to(vae.dtype)).latent_dist.mode().to(device, noise.dtype)
    mean, scale = latent_scale(vae, condition)
    condition = (condition - mean) * scale

    if replaces:
        mask = torch.ones(1, 1, *noise.shape[2:], dtype=noise.dtype, device=device)
        mask[:, :, 0] = 0
        return Start(condition=condition, mask=mask, image=None)

    # One mask channel for each pixel frame behind a latent frame: ones where the picture is given.
    given = torch.zeros(1, vae.config.scale_factor_temporal, *noise.shape[2:], device=device)
    given[:, :, 0] = 1
    image = None
    if pipeline.transformer.config.image_dim is not None:
        inputs = pipeline.image_processor(images=picture, return_tensors="pt").to(device)
        image = pipeline.image_encoder(**inputs, output_hidden_states=True).hidden_states[-2]
        image = image.to(device, pipeline.transformer.dtype)
    return Start(condition=torch.cat([given, condition], dim=1), mask=None, image=image)


@torch.inference_mode()
def denoise(
    pipeline: Any,
    noise: torch.Tensor,
    *,
    words: torch.Tensor,
    negative: torch.Tensor | None,
    start: Start | None,
    steps: int,
    guidance: float,
    control: Control,
) -> torch.Tensor:
    """Return finished latents, float32, of the shape of `noise`.

    `words` and `negative` are text embeddings (1, length, width); without `negative` there is no guidance.
    Asks `control` before each of the two transformer calls of a step; raises FramesBroken as soon as a value is
    not a number, before more time is spent on it.
    """
    # A scheduler remembers the steps it has seen; a fresh one for each shot remembers nobody else's.
    scheduler = type(pipeline.scheduler).from_config(pipeline.scheduler.config)
    scheduler.set_timesteps(steps, device=noise.device)
    scheduler.set_begin_index(0)  # spares the library a look-up that waits for the device
    boundary = None
    if pipeline.config.boundary_ratio is not None:
        boundary = pipeline.config.boundary_ratio * scheduler.config.num_train_timesteps

    latents = noise
    control.progress("denoise", 0, steps)
    for step, time in enumerate(scheduler.timesteps):
        # Models of two experts: the first for the noisy steps, the second for the rest.
        expert = pipeline.transformer if boundary is None or time >= boundary else pipeline.transformer_2
        seen, when = _model_input(pipeline, latents, time, start, expert.dtype)
        where = {"step_index": step, "sigma": float(scheduler.sigmas[step]), "num_inference_steps": steps}
        control.checkpoint()
        with expert.cache_context("cond", **where):
            prediction = _predict(expert, seen, when, words, start)
        if negative is not None:
            control.checkpoint()
            with expert.cache_context("uncond", **where):
                without = _predict(expert, seen, when, negative, start)
            prediction = without + guidance * (prediction - without)
        latents = scheduler.step(prediction, time, latents, return_dict=False)[0]
        # Also waits for the device, so that progress is true and a stop is never a queue of steps away.
        if not bool(torch.isfinite(latents).all()):
            raise FramesBroken(f"The model produced values that are not numbers at step {step + 1} of {steps}.")
        control.progress("denoise", step + 1, steps)

    if start is not None and start.mask is not None:
        latents = (1 - start.mask) * start.condition + start.mask * latents
    return latents


def _predict(
    expert: Any, seen: torch.Tensor, when: torch.Tensor, text: torch.Tensor, start: Start | None
) -> torch.Tensor:
    """One call of the transformer: its answer, of the kind its scheduler knows, in the shape of the latents."""
    more = {} if start is None else {"encoder_hidden_states_image": start.image}
    prediction: torch.Tensor = expert(
        hidden_states=seen, timestep=when, encoder_hidden_states=text, return_dict=False, **more
    )[0]
    return prediction


def _model_input(
    pipeline: Any, latents: torch.Tensor, time: torch.Tensor, start: Start | None, dtype: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor]:
    """What the transformer sees in one step, and the time it is told: one value, or one for each token."""
    mask = torch.ones((1, 1, *latents.shape[2:]), device=latents.device)
    seen = latents
    if start is not None and start.mask is not None:
        mask = start.mask
        seen = (1 - mask) * start.condition + mask * latents
    elif start is not None:
        seen = torch.cat([latents, start.condition], dim=1)
    if not pipeline.config.expand_timesteps:
        return seen.to(dtype), time.expand(latents.shape[0])
    times = (mask[0][0][:, ::2, ::2] * time).flatten()
    return seen.to(dtype), times.unsqueeze(0).expand(latents.shape[0], -1)
