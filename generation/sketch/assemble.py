"""The trained parts put together as a plain `WanPipeline` folder, in float16 and without a local path inside."""

import json
from pathlib import Path
from typing import Final

import torch

from generation.sketch.autoencoder import open_autoencoder
from generation.sketch.libraries import UniPCMultistepScheduler, WanPipeline
from generation.sketch.text import open_text_encoder, open_tokenizer
from generation.sketch.transformer import PREDICTION, open_transformer

# Keys that the libraries write into configurations and that only say where the files once lay.
_LOCAL_KEYS: Final = frozenset({"_name_or_path", "is_local", "local_files_only", "name_or_path"})


def assemble_pipeline(parts: Path, out: Path, *, sampling_shift: float) -> None:
    """Save the pipeline made of `parts`/{tokenizer,text_encoder,vae,transformer} to the folder `out`."""
    scheduler = UniPCMultistepScheduler(prediction_type=PREDICTION, use_flow_sigmas=True, flow_shift=sampling_shift)
    pipeline = WanPipeline(
        tokenizer=open_tokenizer(parts / "tokenizer"),
        text_encoder=open_text_encoder(parts / "text_encoder").to(torch.float16),
        vae=open_autoencoder(parts / "vae").to(torch.float16),
        transformer=open_transformer(parts / "transformer").to(torch.float16),
        scheduler=scheduler,
    )
    pipeline.save_pretrained(out)
    _make_public(out)


def renew_reading(model: Path) -> None:
    """Save the tokenizer of a pipeline folder anew, with the rules of `words.reading_rules` as they are now."""
    folder = model / "tokenizer"
    open_tokenizer(folder).save_pretrained(folder)
    _make_public(folder)


def _make_public(out: Path) -> None:
    for path in out.rglob("*.json"):
        _forget_paths(path)
    for path in out.rglob("*"):
        # Weights are written readable by their owner only; another user must be able to run the model.
        path.chmod(0o755 if path.is_dir() else 0o644)


def _forget_paths(path: Path) -> None:
    held = json.loads(path.read_text(encoding="utf-8"))
    kept = {key: value for key, value in held.items() if key not in _LOCAL_KEYS}
    if kept != held:
        path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
