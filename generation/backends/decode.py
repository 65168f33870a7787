"""Latents to frames, a few at a time: the film never lies in memory as floating-point numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from diffusers.models.autoencoders.autoencoder_kl_wan import WanCausalConv3d, unpatchify
from PIL import Image

from generation.backends.base import Frames
from generation.backends.denoise import latent_scale

_SLICE = 4  # frames turned to bytes at a time where the whole film was decoded in one call


def decode_stream(vae: Any, latents: torch.Tensor) -> Iterator[Frames]:
    """Yield the frames of each latent frame as uint8 (n, height, width, 3); exactly what `vae.decode` gives.

    AutoencoderKLWan itself decodes one latent frame after the other and carries the last rows of every causal
    convolution along; it only joins the results before it hands them over. We hand over each one instead, and
    carry those rows in a list of our own, so that an abandoned film leaves nothing behind in the model.
    """
    carried: list[Any] = [None] * sum(isinstance(module, WanCausalConv3d) for module in vae.decoder.modules())
    codes = _codes(vae, latents)
    for index in range(codes.shape[2]):
        yield _decode_one(vae, codes, index, carried)


@torch.inference_mode()
def decode_tiled(vae: Any, latents: torch.Tensor) -> Iterator[Frames]:
    """Yield the frames in slices after decoding in overlapping tiles: less memory, more time, not bit-exact."""
    vae.enable_tiling()
    try:
        mean, scale = latent_scale(vae, latents.to(vae.dtype))
        film = vae.decode(latents.to(vae.dtype) / scale + mean, return_dict=False)[0]
    finally:
        vae.use_tiling = False
    for start in range(0, film.shape[2], _SLICE):
        yield to_bytes(film[:, :, start : start + _SLICE])


def enlarge(frames: Frames, width: int, height: int) -> Frames:
    """Return the frames at width x height (Lanczos); unchanged where they have that size already."""
    if frames.shape[1:3] == (height, width):
        return frames
    sized = [Image.fromarray(frame).resize((width, height), Image.Resampling.LANCZOS) for frame in frames]
    return np.stack([np.asarray(frame, dtype=np.uint8) for frame in sized])


@torch.inference_mode()
def _codes(vae: Any, latents: torch.Tensor) -> torch.Tensor:
    latents = latents.to(vae.dtype)
    mean, scale = latent_scale(vae, latents)
    codes: torch.Tensor = vae.post_quant_conv(latents / scale + mean)
    return codes


@torch.inference_mode()
def _decode_one(vae: Any, codes: torch.Tensor, index: int, carried: list[Any]) -> Frames:
    pixels = vae.decoder(codes[:, :, index : index + 1], feat_cache=carried, feat_idx=[0], first_chunk=index == 0)
    if vae.config.patch_size is not None:
        pixels = unpatchify(pixels, patch_size=vae.config.patch_size)
    return to_bytes(pixels)


@torch.inference_mode()
def to_bytes(pixels: torch.Tensor) -> Frames:
    """(1, 3, n, height, width) from -1 to 1 becomes uint8 (n, height, width, 3), rounded to the nearest."""
    unit = (pixels.float().clamp(-1.0, 1.0) / 2 + 0.5).clamp(0.0, 1.0)
    bytes_ = (unit * 255).round().to(torch.uint8)
    frames: Frames = bytes_[0].permute(1, 2, 3, 0).contiguous().cpu().numpy()
    return frames
