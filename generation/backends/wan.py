"""Wan-shaped models (text to video, and picture and text to video) behind the engine's contract."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import diffusers.utils.logging
import torch
import transformers.utils.logging
from diffusers import AutoencoderKLWan, DiffusionPipeline
from PIL import Image

from generation.backends.base import Control, Frames, ShotOrder, check_order
from generation.backends.between import between
from generation.backends.decode import decode_stream, decode_tiled, enlarge
from generation.backends.denoise import Start, denoise, draw_noise, latent_size, prepare_start
from generation.backends.errors import EngineError, FramesBroken, ModelBroken, ModelMismatch, OutOfMemory
from generation.backends.folder import check_folder
from generation.backends.reference import carry_over, read_reference
from generation.backends.registry import ModelEntry

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
_FLAT = 1  # steps of 255 between the darkest and the brightest value of a film; at most this is one flat colour


class WanBackend:
    """One WanPipeline or WanImageToVideoPipeline in memory. Renders one order at a time."""

    def __init__(self, entry: ModelEntry, *, threads: int | None = None, device: str | None = None) -> None:
        """`threads`: CPU threads of torch, for the whole process (default: the cores this process may use)."""
        self.entry = entry
        self.threads = threads or available_cores()
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.pipeline: Any = None
        self._current: object = None
        self._embed: Callable[[str], torch.Tensor] = self._encode
        self._embed_negative: Callable[[str], torch.Tensor] = self._encode

    def load(self, control: Control) -> None:
        """Check the folder, then load it; a second call does nothing."""
        control.checkpoint()
        if self.pipeline is not None:
            return
        control.progress("load", 0, 2)
        folder = check_folder(self.entry)
        if self.device == "cpu" and self.entry.dtype == "float16":
            raise ModelMismatch(
                f"{self.entry.title} is set to float16, which a CPU computes many times slower. "
                'Write dtype = "float32" or "bfloat16" in the model registry.'
            )
        control.progress("load", 1, 2)
        control.checkpoint()
        torch.set_num_threads(self.threads)
        pipeline = self._read(folder)
        self._check_shapes(pipeline)
        # A storyboard asks for its few prompts again and again, and for one negative prompt with each of them;
        # kept apart, so that many prompts never push the negative one out.
        self._embed = lru_cache(maxsize=16)(self._encode)
        self._embed_negative = lru_cache(maxsize=4)(self._encode)
        self.pipeline = pipeline
        control.progress("load", 2, 2)

    def render(self, order: ShotOrder, control: Control) -> Iterator[Frames]:
        """Yield uint8 chunks of frames, as the contract says; the first comes after the last denoising step."""
        if self.pipeline is None:
            raise EngineError(
                "engine-not-loaded", f"{self.entry.title} is not loaded yet. Call load first.", retry=True
            )
        check_order(self.entry, order)
        control.checkpoint()
        self._current = current = object()
        self._forget()
        try:
            picture = self._read_picture(order)
            latents = self._denoise_twice(order, picture, control)
            yield from self._hand_over(latents, order, picture, control)
        finally:
            # An iterator that somebody dropped may be closed late, in the middle of the next render.
            if self._current is current:
                self._forget()

    def close(self) -> None:
        """Drop the model and give the memory back."""
        self.pipeline = None
        self._embed = self._embed_negative = self._encode
        self._relieve()

    def _read(self, folder: Path) -> Any:
        # Their own progress bars would write over the worker's log; our progress goes through the control.
        diffusers.utils.logging.disable_progress_bar()
        transformers.utils.logging.disable_progress_bar()
        dtypes = {"default": _DTYPES[self.entry.dtype], "vae": _DTYPES[self.entry.vae_dtype]}
        try:
            pipeline: Any = DiffusionPipeline.from_pretrained(str(folder), dtype=dtypes, local_files_only=True)
            pipeline.to(self.device)
        except Exception as error:
            # The loaders raise anything from KeyError to SafetensorError; all of it means a folder they cannot use.
            if is_out_of_memory(error):
                raise OutOfMemory(
                    f"{self.entry.title} does not fit into the memory of this machine. Use a larger one."
                ) from error
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            raise ModelBroken(f"{self.entry.title} cannot be loaded from {folder}: {reason}") from error
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    def _check_shapes(self, pipeline: Any) -> None:
        """What the registry offers must be what these networks can make: found out now, not in an artist's job."""
        entry = self.entry
        if not isinstance(pipeline.vae, AutoencoderKLWan) or pipeline.transformer is None:
            raise ModelMismatch(
                f"{entry.title} lacks a Wan autoencoder or a first transformer, which this engine needs."
            )
        patch = pipeline.transformer.config.patch_size
        time, space = pipeline.vae_scale_factor_temporal, pipeline.vae_scale_factor_spatial
        for width, height in entry.sizes if entry.native is None else (entry.native,):
            if width % (space * patch[2]) or height % (space * patch[1]):
                raise ModelMismatch(
                    f"{entry.title} cannot draw at {width}x{height}: its sides are multiples of "
                    f"{space * patch[2]} and {space * patch[1]}. Change the sizes in the model registry."
                )
            for frames in entry.frames if entry.drawn is None else (entry.drawn,):
                latent_frames = latent_size(pipeline, width=width, height=height, frames=frames)[0]
                if (frames - 1) % time or latent_frames % patch[0]:
                    raise ModelMismatch(
                        f"{entry.title} cannot make {frames} frames: it makes them {time} at a time after the first, "
                        f"in groups of {patch[0]}. Change the frames in the model registry."
                    )
        can_start = entry.holds_first or pipeline.config.expand_timesteps
        if entry.kind == "wan-t2v" and entry.takes_reference and not can_start:
            raise ModelMismatch(
                f"{entry.title} cannot start from a picture. Remove takes_reference in the model registry."
            )

    @torch.inference_mode()
    def _encode(self, text: str) -> torch.Tensor:
        """Text embedding (1, max_sequence_length, width) in the transformer's type."""
        words, _ = self.pipeline.encode_prompt(
            prompt=text,
            do_classifier_free_guidance=False,
            max_sequence_length=self.entry.max_sequence_length,
            device=torch.device(self.device),
        )
        embedding: torch.Tensor = words.to(self.pipeline.transformer.dtype)
        return embedding

    def _read_picture(self, order: ShotOrder) -> Image.Image | None:
        """The picture that the shot starts from, at the size this model draws at."""
        if order.reference is None:
            return None
        return read_reference(order.reference, order.width, order.height, drawn_at=self.entry.native)

    def _denoise_twice(self, order: ShotOrder, picture: Image.Image | None, control: Control) -> torch.Tensor:
        """Denoise; on a full memory once more after emptying it, then raise OutOfMemory."""
        try:
            return self._denoise(order, picture, control)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        self._forget()
        self._relieve()
        try:
            return self._denoise(order, picture, control)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise self._too_large(order) from error

    def _denoise(self, order: ShotOrder, picture: Image.Image | None, control: Control) -> torch.Tensor:
        entry, pipeline = self.entry, self.pipeline
        width, height = entry.native or (order.width, order.height)
        control.progress("read", 0, 1)
        words = self._embed(order.prompt)
        negative = None
        if entry.guidance > 1.0:
            negative = self._embed_negative(order.negative_prompt or entry.negative_prompt)
        frames = entry.drawn_for(order.frames)
        noise = draw_noise(pipeline, width=width, height=height, frames=frames, seed=order.seed, device=self.device)
        start: Start | None = None
        if picture is not None:
            start = prepare_start(pipeline, picture, noise, frames=frames, holds_first=entry.holds_first)
        control.progress("read", 1, 1)
        return denoise(
            pipeline,
            noise,
            words=words,
            negative=negative,
            start=start,
            steps=entry.steps,
            guidance=entry.guidance,
            control=control,
        )

    def _hand_over(
        self, latents: torch.Tensor, order: ShotOrder, picture: Image.Image | None, control: Control
    ) -> Iterator[Frames]:
        """Decode, fill in, enlarge and count; nothing is handed over from a film of one flat colour to its end."""
        control.progress("decode", 0, order.frames)
        done, darkest, brightest = 0, 255, 0
        chunks = self._decode(latents, order, control)
        if picture is not None and self.entry.holds_first:
            chunks = carry_over(chunks, picture, self.entry.drawn_for(order.frames))
        if self.entry.drawn is not None:
            chunks = between(chunks, self.entry.drawn, order.frames)
        while True:
            control.checkpoint()
            chunk = next(chunks, None)
            if chunk is None:
                break
            done += len(chunk)
            darkest, brightest = min(darkest, int(chunk.min())), max(brightest, int(chunk.max()))
            if done > order.frames or (done == order.frames and brightest - darkest <= _FLAT):
                break
            control.progress("decode", done, order.frames)
            yield enlarge(chunk, order.width, order.height)
        if done != order.frames:
            raise FramesBroken(f"{self.entry.title} made {done} frames instead of {order.frames}.")
        if brightest - darkest <= _FLAT:
            raise FramesBroken(f"{self.entry.title} made a film of one flat colour. Try another seed or other words.")

    def _decode(self, latents: torch.Tensor, order: ShotOrder, control: Control) -> Iterator[Frames]:
        """Frame by frame; when the memory is full, the rest in tiles, and then raise OutOfMemory."""
        vae, done = self.pipeline.vae, 0
        try:
            for chunk in decode_stream(vae, latents):
                done += len(chunk)
                yield chunk
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        else:
            return
        self._relieve()
        control.checkpoint()
        try:
            skip = done
            for chunk in decode_tiled(vae, latents):
                yield from [chunk[skip:]] if skip < len(chunk) else []
                skip = max(0, skip - len(chunk))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise self._too_large(order) from error

    def _too_large(self, order: ShotOrder) -> OutOfMemory:
        return OutOfMemory(
            f"A shot of {order.width}x{order.height} and {order.frames} frames does not fit into the memory of this "
            "machine. Choose a smaller size or a shorter shot."
        )

    def _forget(self) -> None:
        """Empty the step caches: they outlive an exception, and the next job would render on somebody else's state."""
        for part in (self.pipeline.transformer, self.pipeline.transformer_2) if self.pipeline is not None else ():
            if part is not None and part.is_cache_enabled:
                part._reset_stateful_cache()

    def _relieve(self) -> None:
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether a device, or the machine itself, had no memory left (torch calls the latter a RuntimeError)."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and ("can't allocate memory" in text or "out of memory" in text)


def available_cores() -> int:
    """CPU cores this process may use: physical ones, within its affinity and its container's share.

    More threads than that wait for each other: measured 5 to 10 times slower on a shared machine.
    """
    cores = min(torch.get_num_threads(), len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 64)
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return cores
    return cores if quota == "max" else max(1, min(cores, int(quota) // int(period)))
