"""Reads which shape a silhouette is: a small classifier; `python -m generation.sketch.shape_reader` teaches it.

It is taught on things of the drawn world, whose outlines are softened, bent and bitten and whose gaps run together,
since a model that draws a boat draws it less sharply than we do, and on blobs and specks, which are none of the shapes.
It never sees a clip of the model that it judges.
"""

import argparse
import functools
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR

from generation.sketch.scenes import choose_scenes
from generation.sketch.silhouettes import SIDE, cut_silhouette, find_colours, find_thing
from generation.sketch.words import COLOURS, SHAPES
from generation.sketch.world import film_scene

WEIGHTS: Final = Path(__file__).parent / "shape_reader.safetensors"
# In pixels of a 112x64 frame: less cannot show a shape.
LEAST_SHAPED: Final = 60

_CLIPS: Final = 1600
_TESTED_CLIPS: Final = 400
_STEPS: Final = 2000
_BATCH: Final = 128
_FILLED: Final = 0.3
_BLOBS: Final = 32  # of each batch
_RATE: Final = 3e-3
_SEED: Final = 5


def build_reader() -> nn.Sequential:
    """Build an untaught reader: silhouettes (count, 1, 24, 24), values 0 to 1, become (count, shapes and none) logits."""
    layers: list[nn.Module] = []
    for before, after in ((1, 16), (16, 32), (32, 48)):
        layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.GELU()]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(48 * (SIDE // 8) ** 2, len(SHAPES) + 1))


@functools.cache
def open_reader() -> nn.Sequential:
    """Open the reader that ships."""
    reader = build_reader()
    reader.load_state_dict(load_file(WEIGHTS))
    return reader.eval()


@torch.no_grad()
def read_silhouettes(silhouettes: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return how likely each silhouette is which shape: (silhouettes, shapes in the order of `words.SHAPES`).

    What is missing to 1 is how likely it is none of them.
    """
    seen = torch.from_numpy(np.stack(silhouettes))[:, None]
    likely: NDArray[np.float32] = open_reader()(seen).softmax(-1)[:, :-1].numpy()
    return likely


def draw_silhouettes(count: int, seed: int, *, held_out: bool) -> tuple[Tensor, Tensor]:
    """Draw clips of one thing; return the silhouettes of every third frame, (frames, 1, 24, 24), and their shapes."""
    rng = random.Random(f"{seed}/reader/{held_out}")
    silhouettes, shapes = [], []
    for scene in choose_scenes(rng, count, held_out=held_out, things=1, legible=True):
        thing = scene.things[0]
        for mask in find_colours(film_scene(scene, rng)[::3])[:, COLOURS.index(thing.colour)]:
            found = find_thing(mask)
            if found.sum() >= LEAST_SHAPED:
                silhouettes.append(cut_silhouette(found))
                shapes.append(SHAPES.index(thing.shape))
    return torch.from_numpy(np.stack(silhouettes))[:, None], torch.tensor(shapes)


def soften(silhouettes: Tensor, lot: torch.Generator) -> Tensor:
    """Bend silhouettes (count, 1, 24, 24), let gaps run together, blur and bite, each by a measure drawn by lot."""
    count = len(silhouettes)

    def draw(*shape: int) -> Tensor:
        return torch.rand((count, *shape), generator=lot)

    bend = (draw(2, 4, 4) - 0.5) * 0.5 * draw(1, 1, 1)
    bent = functional.interpolate(bend, (SIDE, SIDE), mode="bicubic").permute(0, 2, 3, 1)
    straight = torch.eye(2, 3).expand(count, 2, 3) * (0.85 + 0.35 * draw(2, 1))
    grid = functional.affine_grid(straight, list(silhouettes.shape), align_corners=False)
    moved = functional.grid_sample(silhouettes, grid + bent, align_corners=False)
    filled = -functional.max_pool2d(-functional.max_pool2d(moved, 5, 1, 2), 5, 1, 2)
    moved = torch.where(draw(1, 1, 1) < _FILLED, filled, moved)
    blurred = functional.avg_pool2d(moved, 5, 1, 2)
    bites = functional.interpolate(draw(1, 8, 8) - 0.5, (SIDE, SIDE), mode="bicubic") * draw(1, 1, 1)
    # An edge below a half lets a thing swell; bites work on it and beside it, not far away.
    edge = 0.5 - 0.25 * draw(1, 1, 1)
    return torch.sigmoid(12.0 * (moved.lerp(blurred, draw(1, 1, 1)) + bites * blurred.clamp(0.15) - edge))


def draw_blobs(count: int, lot: torch.Generator) -> Tensor:
    """Draw what is no shape, (count, 1, 24, 24): from a few round patches to many specks, much or little of them."""
    grain = 3 + int(torch.randint(SIDE - 3, (1,), generator=lot))
    noise = torch.rand((count, 1, grain, grain), generator=lot)
    smooth = functional.interpolate(noise, (SIDE, SIDE), mode="bicubic")
    return torch.sigmoid(24.0 * (smooth - 0.3 - 0.4 * torch.rand((count, 1, 1, 1), generator=lot)))


def teach(clips: int = _CLIPS, steps: int = _STEPS) -> nn.Sequential:
    """Teach a reader on so many drawn clips, softened anew in each step."""
    torch.manual_seed(_SEED)
    lot = torch.Generator().manual_seed(_SEED)
    silhouettes, shapes = draw_silhouettes(clips, _SEED, held_out=False)
    none = torch.full((_BLOBS,), len(SHAPES))
    reader = build_reader().train()
    optimiser = AdamW(reader.parameters(), lr=_RATE, weight_decay=0.05)
    pace = OneCycleLR(optimiser, _RATE, total_steps=steps)
    for _ in range(steps):
        chosen = torch.randint(len(shapes), (_BATCH,), generator=lot)
        seen = torch.cat([soften(silhouettes[chosen], lot), draw_blobs(_BLOBS, lot)])
        loss = functional.cross_entropy(reader(seen), torch.cat([shapes[chosen], none]))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        pace.step()
    return reader.eval()


@torch.no_grad()
def measure_error(reader: nn.Module, clips: int = _TESTED_CLIPS) -> tuple[float, float, float]:
    """Return the share of single silhouettes that are misread: held-out things as drawn, softened, and blobs."""
    silhouettes, shapes = draw_silhouettes(clips, _SEED, held_out=True)
    # Not the lot that the reader was taught with.
    lot = torch.Generator().manual_seed(_SEED + 1)
    blobs = torch.cat([draw_blobs(_BLOBS, lot) for _ in range(clips // 4)])
    none = torch.full((len(blobs),), len(SHAPES))
    tests = ((silhouettes, shapes), (soften(silhouettes, lot), shapes), (blobs, none))
    plain, soft, named = ((reader(seen).argmax(-1) != right).float().mean().item() for seen, right in tests)
    return plain, soft, named


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command: teach the reader, or only measure the one that ships."""
    parser = argparse.ArgumentParser(prog="python -m generation.sketch.shape_reader", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure the reader that ships, teach nothing")
    options = parser.parse_args(arguments)
    reader = open_reader() if options.measure else teach()
    if not options.measure:
        save_file(reader.state_dict(), WEIGHTS)
    plain, soft, named = measure_error(reader)
    sys.stdout.write(
        f"misread of single frames of held-out clips: {plain:.3f} as drawn, {soft:.3f} softened; "
        f"of blobs and specks: {named:.3f}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
