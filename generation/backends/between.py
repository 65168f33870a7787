"""Frames between frames: a model that draws few of them still makes a film that runs smoothly.

A fixed filter, nothing learned. It finds the few ways that places go from one drawn frame to the next, and which place
goes which way, seen from either frame. At a moment in between, each frame is moved so far along every way, and where
a thing in front and the ground behind it both claim a place, the thing gets it: it moves against the rest.
Made for small frames (`ModelEntry.native`): the search grows with the square of the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from generation.backends.base import Frames

_CHUNK: Final = 4  # frames handed on at a time: enlarged they are large
_NOTHING: Final = 1e-6  # nearer to a drawn frame than this, a moment is that frame
_REACH: Final = 6  # a thing moves at most twice as many pixels, in x and in y, from one frame to the next
_WINDOW: Final = 5  # what lies around a place must look alike too
_LAZINESS: Final = 0.003  # of 1, a pixel of way: of two ways that look alike the one nearer the ground's is taken
_MOST_WAYS: Final = 20  # ways tried: the most frequent ones of the pair
_LEAST_SHARE: Final = 0.0008  # of the picture: a way that fewer places take is chance
_SHARPNESS: Final = 300.0  # how quickly the claim of a way falls as it looks less alike: edges of things stay soft
_UNCLAIMED: Final = 0.05  # the ground's claim to every place
_IN_FRONT: Final = 20.0  # how much more the claim of a way counts than that of the ground's


def between(frames: Iterator[Frames], drawn: int, wanted: int) -> Iterator[Frames]:
    """Spread `drawn` frames, given in chunks, over `wanted` frames: the first and the last are themselves.

    Yields uint8 chunks of a few frames as soon as the drawn frames before and after them are there; at least two are
    drawn. Frames beyond `drawn` are handed on as they are, so that whoever counts finds them.
    """
    step = (drawn - 1) / (wanted - 1)
    done = 0
    for index, (first, second) in enumerate(pairwise(frame for chunk in frames for frame in chunk)):
        last = index == drawn - 2
        if index > drawn - 2:
            yield second[None]
        moments = []
        while done < wanted and (last or done * step < index + 1 - _NOTHING):
            moments.append(min(1.0, max(0.0, done * step - index)))
            done += 1
        pictures = mix_along(first, second, moments)
        for start in range(0, len(moments), _CHUNK):
            yield np.stack(pictures[start : start + _CHUNK])


@torch.inference_mode()
def mix_along(first: Frames, second: Frames, moments: list[float]) -> list[Frames]:
    """Return the pictures, uint8 (height, width, 3), at these moments: 0 is the first one itself, 1 the second."""
    pair = torch.from_numpy(np.stack([first, second])).permute(0, 3, 1, 2).float() / 255.0
    inner = [moment for moment in moments if _NOTHING < moment < 1 - _NOTHING]
    made = iter(_mix(pair, _find_ways(pair), inner) if inner else ())
    return [first if moment <= _NOTHING else second if moment >= 1 - _NOTHING else next(made) for moment in moments]


def _find_ways(pair: Tensor) -> Tensor:
    """Return the ways (n, 2), in pixels right and down, that places go from one picture to the other.

    The most frequent way comes first: that of the ground. Every second pixel is tried, then those beside the best.
    """
    steps = torch.arange(-_REACH, _REACH + 1) * 2.0
    ways = torch.cartesian_prod(steps, steps)
    ways = _most_taken(pair, ways)[: _MOST_WAYS // 2]
    beside = torch.cartesian_prod(torch.tensor([0.0, -1.0, 1.0]), torch.tensor([0.0, -1.0, 1.0]))
    ways = (ways.unsqueeze(1) + beside).flatten(0, 1).unique(dim=0)
    return _most_taken(pair, ways)[:_MOST_WAYS]


def _most_taken(pair: Tensor, ways: Tensor) -> Tensor:
    """Return the ways that enough places take in the middle between the pictures, the most frequent first."""
    unlike = (_shifted(pair[0], ways / 2) - _shifted(pair[1], -ways / 2)).abs().mean(1)
    taken = (_around(unlike) + _laziness(ways, torch.zeros(2))).argmin(0)
    counts = torch.bincount(taken.flatten(), minlength=len(ways)).float() / taken.numel()
    order = counts.argsort(descending=True)
    return ways[order[counts[order] > _LEAST_SHARE]]


def _laziness(ways: Tensor, ground: Tensor) -> Tensor:
    return _LAZINESS * (ways - ground).norm(dim=1).view(-1, 1, 1)


def _mix(pair: Tensor, ways: Tensor, moments: list[float]) -> list[Frames]:
    """Return the picture of each moment: at every place the mix along the ways that claim it."""
    still, lazy = pair.expand(1, -1, -1, -1, -1), _laziness(ways, ways[0])
    claims = [
        torch.softmax(
            -_SHARPNESS * (_around((still[0, index] - _shifted(pair[1 - index], way)).abs().mean(1)) + lazy), 0
        )
        for index, way in ((0, -ways), (1, ways))
    ]
    front = torch.full((len(ways), 1, 1), _IN_FRONT)
    front[0] = 1.0
    pictures = []
    for moment in moments:
        ahead, back = ways * moment, -ways * (1.0 - moment)
        forth = _shifted(torch.cat([pair[:1].expand(len(ways), -1, -1, -1), claims[0].unsqueeze(1)], 1), ahead)
        fro = _shifted(torch.cat([pair[1:].expand(len(ways), -1, -1, -1), claims[1].unsqueeze(1)], 1), back)
        one, other = forth[:, 3] * front * (1.0 - moment), fro[:, 3] * front * moment
        # What nobody claims was hidden in both pictures: the ground is there.
        one[0] += _UNCLAIMED * (1.0 - moment)
        other[0] += _UNCLAIMED * moment
        whole = (one + other).sum(0)
        picture = ((one.unsqueeze(1) * forth[:, :3] + other.unsqueeze(1) * fro[:, :3]).sum(0)) / whole
        pictures.append((picture * 255.0).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy())
    return pictures


def _shifted(pictures: Tensor, ways: Tensor) -> Tensor:
    """Move pictures ([n,] channels, height, width), one or one for each way, along ways (n, 2); edges are drawn out."""
    height, width = pictures.shape[-2:]
    turns = torch.eye(2, 3).repeat(len(ways), 1, 1)
    turns[:, :, 2] = -2.0 * ways / torch.tensor([width, height])
    many = pictures.expand(len(ways), -1, -1, -1)
    grid = functional.affine_grid(turns, list(many.shape), align_corners=False)
    return functional.grid_sample(many, grid, padding_mode="border", align_corners=False)


def _around(unlike: Tensor) -> Tensor:
    """Average each of the maps (n, height, width) over a window."""
    return functional.avg_pool2d(
        unlike.unsqueeze(1), _WINDOW, stride=1, padding=_WINDOW // 2, count_include_pad=False
    ).squeeze(1)
