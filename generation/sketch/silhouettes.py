"""Finds things by their colour: pixels become masks, and masks silhouettes of one size (numpy and Pillow)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generation.sketch.words import COLOURS
from generation.sketch.world import PALETTE, Clip

# A pixel has a colour when it is nearest to it in the palette and no further than this (of 255, Euclidean).
# Green and white are stricter: grass and clouds are near them.
_REACH: Final = {"green": 34.0, "orange": 48.0, "white": 30.0}
_USUAL_REACH: Final = 60.0

# Places along each side of a silhouette.
SIDE: Final = 24


def find_colours(clip: Clip) -> NDArray[np.bool_]:
    """Say which pixel has which colour: (frames, colours in the order of `words.COLOURS`, height, width)."""
    palette = np.asarray([PALETTE[colour] for colour in COLOURS], np.float32)
    reach = np.asarray([_REACH.get(colour, _USUAL_REACH) for colour in COLOURS], np.float32)
    distances = np.linalg.norm(clip[..., None, :].astype(np.float32) - palette, axis=-1)
    nearest = distances.argmin(-1)
    near_enough = distances.min(-1) < reach[nearest]
    return np.stack([(nearest == index) & near_enough for index in range(len(COLOURS))], axis=1)


def find_thing(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the largest piece of a colour and what lies around it: a boat is a hull and two sails."""
    piece = largest_piece(mask)
    if not piece.any():
        return piece
    rows, columns = np.nonzero(piece)
    margin = max(4, int((np.ptp(columns) + 1) * 0.35))
    around = np.zeros_like(mask)
    top, left = max(0, rows.min() - int(2.2 * margin)), max(0, columns.min() - margin)
    around[top : rows.max() + 2 * margin, left : columns.max() + margin] = True
    return mask & around


def largest_piece(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the largest 4-connected piece: each pixel takes the highest number of its neighbours until none changes."""
    if not mask.any():
        return mask
    box = _bounds(mask)
    cut = mask[box]
    numbers = np.where(cut, np.arange(1, cut.size + 1).reshape(cut.shape), 0)
    while True:
        framed = np.pad(numbers, 1)
        around = (numbers, framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:])
        spread = np.maximum.reduce(around) * cut
        if np.array_equal(spread, numbers):
            break
        numbers = spread
    names, counts = np.unique(numbers[numbers > 0], return_counts=True)
    piece = np.zeros_like(mask)
    piece[box] = numbers == names[counts.argmax()]
    return piece


def cut_silhouette(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Bring a mask with at least one pixel to a 24x24 square that its longer side fills, values 0 to 1."""
    cut = mask[_bounds(mask)]
    side = max(cut.shape)
    top, left = (side - cut.shape[0]) // 2, (side - cut.shape[1]) // 2
    square = np.zeros((side, side), np.uint8)
    square[top : top + cut.shape[0], left : left + cut.shape[1]] = cut * np.uint8(255)
    small = Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.asarray(small, np.float32) / 255.0


def _bounds(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Return the rows and columns that a mask with at least one pixel takes up."""
    rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
