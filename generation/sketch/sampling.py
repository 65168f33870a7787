"""Sampling clips from a saved model by the plain pipeline call, for evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from generation.sketch.libraries import DiffusionPipeline, Pipeline
from generation.sketch.world import FRAMES, HEIGHT, WIDTH, Clip

_BATCH = 8


@dataclass(frozen=True, slots=True)
class Sampling:
    """How clips are sampled; the defaults are those the model is made for. Width and height are multiples of 16."""

    width: int = WIDTH
    height: int = HEIGHT
    frames: int = FRAMES  # a multiple of 2, which the transformer takes together
    steps: int = 12
    guidance: float = 2.0
    text_length: int = 32


def open_pipeline(folder: Path, device: torch.device) -> Pipeline:
    """Open a saved `WanPipeline` in float32, from the folder alone."""
    pipeline = DiffusionPipeline.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to(device)


def sample_clips(pipeline: Pipeline, prompts: Sequence[str], seeds: Sequence[int], how: Sampling) -> list[Clip]:
    """Sample one uint8 clip (frames, height, width, 3) per prompt; a seed gives the same clip, but for rounding."""
    clips: list[Clip] = []
    for start in range(0, len(prompts), _BATCH):
        batch = slice(start, start + _BATCH)
        pixels = pipeline(
            list(prompts[batch]),
            width=how.width,
            height=how.height,
            # With an autoencoder that keeps every frame the pipeline makes one more than it is asked for.
            num_frames=how.frames - 1,
            num_inference_steps=how.steps,
            guidance_scale=how.guidance,
            max_sequence_length=how.text_length,
            generator=[torch.Generator().manual_seed(seed) for seed in seeds[batch]],
            output_type="np",
        ).frames
        clips.extend((np.asarray(pixels) * 255.0).round().clip(0, 255).astype(np.uint8))
    return clips
