"""Real Wan classes at tiny size, built and saved here; and a caller that watches and stops engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
)
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    CLIPImageProcessor,
    CLIPVisionConfig,
    CLIPVisionModel,
    PreTrainedTokenizerFast,
    UMT5Config,
    UMT5EncoderModel,
)

from generation.backends.base import Backend, Frames, ShotOrder, Unwatched
from generation.backends.errors import Stopped
from generation.backends.opening import open_backend
from generation.backends.registry import Registry

WIDTH_OF_WORDS = 32
SENTENCES = ("a red ball rises over a blue sea", "a white sailboat drifts left at dusk", "overall grey, blurred")
Z = 4  # latent channels

REGISTRY = """
[[model]]
name = "tiny-card"
title = "Tiny card"
kind = "card"
licence = "none"
takes_reference = true
tier = "draft"
sizes = [[96, 64]]
frames = [5, 9]
fps = 8
steps = 4

[[model]]
name = "tiny-wan"
title = "Tiny Wan"
kind = "wan-t2v"
source = "./tiny-wan"
licence = "none"
tier = "draft"
sizes = [[64, 48]]
frames = [5, 9]
fps = 8
steps = 4
guidance = 4.0
max_sequence_length = 16

[[model]]
name = "tiny-experts"
title = "Tiny experts"
kind = "wan-t2v"
source = "./tiny-experts"
licence = "none"
tier = "final"
native = [64, 48]
sizes = [[128, 96]]
frames = [5, 9]
fps = 8
steps = 4
guidance = 3.0
max_sequence_length = 16

[[model]]
name = "tiny-ti2v"
title = "Tiny words and picture"
kind = "wan-t2v"
source = "./tiny-ti2v"
licence = "none"
takes_reference = true
tier = "final"
sizes = [[64, 32]]
frames = [5, 9]
fps = 8
steps = 4
guidance = 4.0
max_sequence_length = 16

[[model]]
name = "tiny-i2v"
title = "Tiny picture"
kind = "wan-i2v"
source = "./tiny-i2v"
licence = "none"
tier = "final"
sizes = [[64, 48]]
frames = [5, 9]
fps = 8
steps = 4
guidance = 4.0
max_sequence_length = 16
"""


class Watcher:
    """A caller that writes down what it is told, and stops at the moment it was given."""

    def __init__(self, *, stop_at: tuple[str, int] | None = None, stop_now: bool = False) -> None:
        self.stop_at = stop_at
        self.stop = stop_now
        self.told: list[tuple[str, int, int]] = []
        self.asked = 0

    def progress(self, phase: str, step: int, steps: int) -> None:
        self.told.append((phase, step, steps))
        if self.stop_at is not None and (phase, step) == self.stop_at:
            self.stop = True

    def checkpoint(self) -> None:
        self.asked += 1
        if self.stop:
            raise Stopped


@dataclass
class Subject:
    """One engine under the contract: how to open it, and an order it can render."""

    name: str
    open: Callable[[], Backend]
    order: ShotOrder
    loaded: Backend = field(init=False)

    def __post_init__(self) -> None:
        self.loaded = self.open()


def film(backend: Backend, order: ShotOrder, control: Any = None) -> Frames:
    """Render an order to its end and join the chunks."""
    return np.concatenate(list(backend.render(order, control or Unwatched())))


def build_tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<pad>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>")


def build_text_encoder() -> UMT5EncoderModel:
    config = UMT5Config(
        vocab_size=400, d_model=WIDTH_OF_WORDS, d_kv=8, d_ff=64, num_layers=1, num_heads=4, dropout_rate=0.0
    )
    return UMT5EncoderModel(config)


def build_transformer(**more: Any) -> WanTransformer3DModel:
    values: dict[str, Any] = {"in_channels": Z, "out_channels": Z} | more
    return WanTransformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=16,
        text_dim=WIDTH_OF_WORDS,
        freq_dim=32,
        ffn_dim=64,
        num_layers=3,
        rope_max_seq_len=32,
        **values,
    )


def build_vae(**more: Any) -> AutoencoderKLWan:
    return AutoencoderKLWan(
        base_dim=8,
        z_dim=Z,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.1, -0.2, 0.3, 0.0],
        latents_std=[1.1, 0.9, 1.2, 1.0],
        **more,
    )


def build_parts(transformer: WanTransformer3DModel, vae: AutoencoderKLWan) -> dict[str, Any]:
    parts = {
        "tokenizer": build_tokenizer(),
        "text_encoder": build_text_encoder(),
        "transformer": transformer,
        "vae": vae,
        "scheduler": UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, num_train_timesteps=1000, flow_shift=3.0
        ),
    }
    for network in (parts["text_encoder"], transformer, vae):
        stir(network)
    return parts


def stir(network: torch.nn.Module) -> None:
    """Give a network weights under which everything that goes in changes what comes out."""
    network.eval()
    for name, value in network.named_parameters():
        if value.dim() > 1:
            torch.nn.init.normal_(value, std=0.6 / max(1.0, float(np.prod(value.shape[1:]))) ** 0.5)
        elif "bias" in name:
            torch.nn.init.zeros_(value)


def save_models(folder: Path) -> None:
    """Write the tiny models, each as a folder that `DiffusionPipeline.from_pretrained` reads."""
    torch.manual_seed(20)
    WanPipeline(**build_parts(build_transformer(), build_vae())).save_pretrained(folder / "tiny-wan")
    second = build_transformer()
    stir(second)
    WanPipeline(
        **build_parts(build_transformer(), build_vae()), transformer_2=second, boundary_ratio=0.875
    ).save_pretrained(folder / "tiny-experts")
    newer = build_vae(is_residual=True, patch_size=2, in_channels=12, out_channels=12, scale_factor_spatial=16)
    WanPipeline(**build_parts(build_transformer(), newer), expand_timesteps=True).save_pretrained(folder / "tiny-ti2v")
    eyes = CLIPVisionModel(
        CLIPVisionConfig(
            hidden_size=WIDTH_OF_WORDS, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4,
            image_size=32, patch_size=8, projection_dim=WIDTH_OF_WORDS,
        )
    )  # fmt: skip
    eyes.eval()
    animator = build_transformer(in_channels=2 * Z + 4, image_dim=WIDTH_OF_WORDS, added_kv_proj_dim=32)
    WanImageToVideoPipeline(
        **build_parts(animator, build_vae()),
        image_encoder=eyes,
        image_processor=CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}),
    ).save_pretrained(folder / "tiny-i2v")


def open_loaded(registry: Registry, name: str, *, step_cache: bool = False) -> Backend:
    backend = open_backend(registry.get(name), threads=1, device="cpu")
    backend.load(Unwatched())
    if step_cache:
        from diffusers import FirstBlockCacheConfig

        backend.pipeline.transformer.enable_cache(FirstBlockCacheConfig(threshold=0.9))  # type: ignore[attr-defined]
    return backend
