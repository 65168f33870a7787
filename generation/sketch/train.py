"""Trains the small model, one stage after the other: `python -m generation.sketch.train`. Run it again to go on."""

import argparse
import logging
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch

from generation.sketch.arithmetic import pick_device
from generation.sketch.assemble import assemble_pipeline
from generation.sketch.autoencoder import (
    AutoencoderCourse,
    DecoderCourse,
    build_autoencoder,
    measure_latents,
    open_autoencoder,
    same_sizes,
)
from generation.sketch.course import Clock, TrainingError
from generation.sketch.growth import begin_with
from generation.sketch.libraries import keep_quiet
from generation.sketch.recipe import RECIPES, Recipe, change_recipe
from generation.sketch.text import (
    TextCourse,
    build_text_encoder,
    open_text_encoder,
    open_tokenizer,
    train_tokenizer,
)
from generation.sketch.transformer import (
    TransformerCourse,
    build_transformer,
    encode_clips,
)

log = logging.getLogger(__name__)

WORK: Final = Path("var/sketch")
# The parts of a model, and the stage that makes each first.
_MADE_BY: Final[Mapping[str, str]] = {
    "tokenizer": "text",
    "text_encoder": "text",
    "vae": "autoencoder",
    "transformer": "transformer",
}


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the parts of a model are made: each stage reads the parts before it and writes its own, averaged.

    `start` is a pipeline folder whose weights a part begins from where the workshop has none of its own.
    """

    folder: Path
    recipe: Recipe
    device: torch.device
    clock: Clock
    start: Path | None = None
    compiled: bool = False

    @property
    def parts(self) -> Path:
        """The folder of the finished parts, laid out like a pipeline folder."""
        return self.folder / "parts"

    def checkpoint(self, stage: str) -> Path:
        """Return the path of the checkpoint of a stage."""
        return self.folder / f"{stage}.checkpoint.pt"

    def find(self, part: str) -> Path | None:
        """Return the folder of a part: the workshop's own, else that of the pipeline to start from, else None."""
        folders = [self.parts / part] + ([self.start / part] if self.start else [])
        return next((folder for folder in folders if folder.is_dir()), None)

    def need(self, part: str) -> Path:
        """Return the folder of a part; TrainingError "stage-missing" names the stage that makes it."""
        folder = self.find(part)
        if folder is None:
            raise TrainingError(
                "stage-missing",
                f"There is no {part} yet. Run --stage {_MADE_BY[part]} first, or give --start-from a model.",
            )
        return folder


def train_text(shop: Workshop) -> bool:
    """Train tokenizer and text encoder; True when the stage is finished."""
    recipe, seed = shop.recipe.text, shop.recipe.seed
    torch.manual_seed(seed)
    held = shop.find("tokenizer")
    tokenizer = open_tokenizer(held) if held else train_tokenizer(recipe, seed)
    # The text encoder among the parts may be the one that the transformer trained; the checkpoint has this stage's own.
    encoder = open_text_encoder(shop.start / "text_encoder") if shop.start else build_text_encoder(recipe)
    course = TextCourse(recipe, tokenizer, encoder, seed, shop.device)
    course.resume(shop.checkpoint("text"))
    if not course.finished or not (shop.parts / "text_encoder").is_dir():
        course.run(shop.checkpoint("text"), shop.clock)
        tokenizer.save_pretrained(shop.parts / "tokenizer")
        with course.averaged() as networks:
            networks["text_encoder"].save_pretrained(shop.parts / "text_encoder")
    return course.finished


def train_autoencoder(shop: Workshop) -> bool:
    """Train the autoencoder and measure its latents; True when the stage is finished."""
    recipe, seed = shop.recipe.autoencoder, shop.recipe.seed
    torch.manual_seed(seed)
    earlier = open_autoencoder(shop.start / "vae") if shop.start else None
    autoencoder = build_autoencoder(recipe)
    if earlier and same_sizes(earlier, autoencoder):
        autoencoder, earlier = earlier, None
    course = AutoencoderCourse(recipe, autoencoder, seed, shop.device, earlier=earlier, compiled=shop.compiled)
    course.resume(shop.checkpoint("autoencoder"))
    if not course.finished or not (shop.parts / "vae").is_dir():
        course.run(shop.checkpoint("autoencoder"), shop.clock)
        with course.averaged():
            measure_latents(autoencoder, recipe.measured_clips, seed)
            autoencoder.save_pretrained(shop.parts / "vae")
        # Latents of an earlier autoencoder mean nothing to this one.
        shutil.rmtree(shop.folder / "latents", ignore_errors=True)
    return course.finished


def train_decoder(shop: Workshop) -> bool:
    """Train the decoder on, the latents staying as they are; True when the stage is finished."""
    recipe, seed = shop.recipe.decoder, shop.recipe.seed
    autoencoder = open_autoencoder(shop.need("vae"))
    course = DecoderCourse(recipe, autoencoder, seed, shop.device)
    course.resume(shop.checkpoint("decoder"))
    if not course.finished:
        course.run(shop.checkpoint("decoder"), shop.clock)
        with course.averaged():
            autoencoder.save_pretrained(shop.parts / "vae")
    return course.finished


def train_transformer(shop: Workshop) -> bool:
    """Encode the training clips once, train transformer and text encoder on them; True when the stage is finished."""
    recipe, seed = shop.recipe.transformer, shop.recipe.seed
    torch.manual_seed(seed)
    tokenizer = open_tokenizer(shop.need("tokenizer"))
    encoder = open_text_encoder(shop.need("text_encoder"))
    autoencoder = open_autoencoder(shop.need("vae")).to(shop.device)
    clips = encode_clips(autoencoder, recipe.clips, seed, shop.folder / "latents", shop.clock)
    if clips is None:
        return False
    channels = autoencoder.config.z_dim
    transformer = (
        begin_with(shop.start, recipe, channels=channels)
        if shop.start
        else build_transformer(recipe, channels=channels, text_width=encoder.config.d_model)
    )
    length = shop.recipe.text.length
    course = TransformerCourse(
        recipe,
        transformer,
        encoder,
        tokenizer,
        clips,
        text_length=length,
        seed=seed,
        device=shop.device,
        compiled=shop.compiled,
    )
    course.resume(shop.checkpoint("transformer"))
    course.run(shop.checkpoint("transformer"), shop.clock)
    with course.averaged() as networks:
        for part in ("transformer", "text_encoder"):
            networks[part].save_pretrained(shop.parts / part)
    return course.finished


STAGES: Final[Mapping[str, Callable[[Workshop], bool]]] = {
    "text": train_text,
    "autoencoder": train_autoencoder,
    "decoder": train_decoder,
    "transformer": train_transformer,
}


def train(shop: Workshop, stages: Sequence[str], out: Path) -> bool:
    """Train these stages in order until the clock is up, then save the pipeline to `out` if every part is there.

    Returns whether all of the stages are finished.
    """
    finished = all(STAGES[stage](shop) for stage in stages)
    for part, stage in _MADE_BY.items():
        found = shop.find(part)
        if found is None:
            log.info("No model yet: stage %s is to come.", stage)
            return finished
        if found.parent != shop.parts:
            shutil.copytree(found, shop.parts / part)
    assemble_pipeline(shop.parts, out, sampling_shift=shop.recipe.transformer.sampling_shift)
    log.info("Model saved: %s", out)
    return finished


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when finished, 3 when the minutes ran out first (run it again), 1 on an error."""
    options = _read_options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    keep_quiet()
    torch.set_num_threads(options.threads)
    # Numbers near zero are many times slower on some CPUs and change nothing.
    torch.set_flush_denormal(True)
    shop = Workshop(
        options.work,
        change_recipe(
            RECIPES[options.recipe], options.stage, steps=options.steps, rate=options.rate, clips=options.clips
        ),
        pick_device(options.device),
        Clock(options.minutes),
        options.start_from,
        options.compile,
    )
    stages = list(STAGES) if options.stage == "all" else [options.stage]
    try:
        finished = train(shop, stages, options.out or options.work / "model")
    except TrainingError as error:
        log.error("%s (%s)", error, error.code)  # noqa: TRY400 - a mistake of the caller, no traceback
        return 1
    return 0 if finished else 3


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m generation.sketch.train", description=__doc__)
    parser.add_argument("--stage", choices=(*STAGES, "all"), default="all")
    parser.add_argument(
        "--out", type=Path, help="folder of the finished pipeline (default: the folder model in --work)"
    )
    parser.add_argument(
        "--minutes", type=float, help="stop after this long; the next run goes on (default: until finished)"
    )
    parser.add_argument(
        "--work", type=Path, default=WORK, help="folder of checkpoints and parts (default: %(default)s)"
    )
    parser.add_argument("--recipe", choices=tuple(RECIPES), default="full")
    parser.add_argument(
        "--start-from", type=Path, metavar="MODEL", help="pipeline folder whose weights a new course begins with"
    )
    parser.add_argument("--steps", type=int, help="steps of the one stage (default: the recipe's)")
    parser.add_argument(
        "--rate",
        type=float,
        help="learning rate of the one stage (default: the recipe's, for a network that knows nothing)",
    )
    parser.add_argument("--clips", type=int, help="clips to draw for the transformer (default: the recipe's)")
    parser.add_argument(
        "--compile", action="store_true", help="compile autoencoder and transformer (needs a C++ compiler)"
    )
    parser.add_argument("--device", help="cpu or cuda (default: cuda where there is one)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads; more than one is slower on a busy machine")
    options = parser.parse_args(arguments)
    if options.start_from and not (options.start_from / "model_index.json").is_file():
        parser.error(f"{options.start_from} is not a pipeline folder: it has no model_index.json.")
    if (options.steps, options.rate) != (None, None) and options.stage == "all":
        parser.error("--steps and --rate need one --stage.")
    if options.rate is not None and not 0.0 < options.rate < 1.0:
        parser.error("--rate must be between 0 and 1.")
    return options


if __name__ == "__main__":
    sys.exit(main())
