"""Reference images: somebody's file in, a harmless PNG out."""

import io
import threading
import warnings
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 2048  # pixels; no model takes more, and packing 40 million pixels as PNG would hold a request for long

# Decoding happens in the web process, without a child. What makes that safe is decided before the first pixel is
# decoded: the three formats whose decoders are fuzzed daily, the bytes of the file, the pixels its header declares
# (memory is allocated by these, not by what follows), the passes over the picture a JPEG asks for. One at a time,
# because 40 million pixels are 160 MB.
_FORMATS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "WEBP": b"RIFF"}
_ONE_AT_A_TIME = threading.Lock()
# A progressive JPEG goes over the whole picture in each scan, and an empty scan of 40 Mpx takes 65 bytes: a file within
# the limit could keep a processor busy for hours. Cameras write one scan, programs about ten.
_START_OF_SCAN = b"\xff\xda"
_MOST_SCANS = 32

# Pillow only warns up to twice its own limit. Set for the process: a filter set for one call is seen by all threads.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Upload(Protocol):
    """A file somebody sent: Django's UploadedFile, or an open file of bytes."""

    def seek(self, offset: int, /) -> object:
        """Go to the byte `offset` from the start."""

    def read(self, size: int, /) -> bytes:
        """Give up to `size` bytes."""


@dataclass(frozen=True, slots=True)
class SafeImage:
    """A picture encoded anew: `png` holds RGB without any metadata, `width` and `height` in pixels, upright."""

    png: bytes
    width: int
    height: int


class ImageRefused(Exception):
    """A file that is not taken as a reference image; `code` is stable, `message` says what to do."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        """Give the code and the sentence."""
        return f"{self.code}: {self.message}"


def read_reference(
    upload: Upload, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS, longest_side: int = LONGEST_SIDE
) -> SafeImage:
    """Read a PNG, JPEG or WebP of at most `max_bytes` and `max_pixels`; a side over `longest_side` is reduced to it.

    Rotation told by EXIF is applied, then all metadata is dropped (place and device of a photo among them); transparency
    lies on white. Raises ImageRefused: `reference-too-large`, `reference-too-many-pixels`, `reference-not-an-image`,
    `reference-broken`, `reference-animated`.
    """
    upload.seek(0)
    data = upload.read(max_bytes + 1)
    if len(data) > max_bytes:
        words = _("The image is larger than {limit} MB. Reduce it, or save it as a JPEG, and choose it again.")
        raise ImageRefused("reference-too-large", format_lazy(words, limit=max_bytes // MEGABYTE))
    if not any(data.startswith(magic) for magic in _FORMATS.values()) or _is_other_riff(data):
        words = _("This file is not a PNG, JPEG or WebP image. Save the picture in one of these and choose it again.")
        raise ImageRefused("reference-not-an-image", words)
    if data.startswith(_FORMATS["JPEG"]) and data.count(_START_OF_SCAN) > _MOST_SCANS:
        raise _broken()
    with _ONE_AT_A_TIME:
        return _reencode(data, max_pixels, longest_side)


def _reencode(data: bytes, max_pixels: int, longest_side: int) -> SafeImage:
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as image:
            _check_declared(image, max_pixels)
            picture = _plain(image, longest_side)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(max_pixels) from error
    except ImageRefused:
        raise
    except Exception as error:  # Pillow's parsers raise whatever they stumble over, from struct.error to KeyError
        raise _broken() from error
    png = io.BytesIO()
    picture.save(png, "PNG", compress_level=1)  # six times as fast as the default, a fifth larger
    return SafeImage(png.getvalue(), picture.width, picture.height)


def _check_declared(image: Image.Image, max_pixels: int) -> None:
    """Refuse by what the header says; Pillow has decoded nothing yet."""
    if image.width * image.height > max_pixels:
        raise _too_many_pixels(max_pixels)
    # Phones put a second picture (depth, brightness) into a JPEG, which Pillow counts as a frame. It is a still.
    if image.format in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
        words = _("The image is animated. Choose a still image, for example one picture of it saved as PNG.")
        raise ImageRefused("reference-animated", words)


def _plain(image: Image.Image, longest_side: int) -> Image.Image:
    """Decode to RGB, not larger than asked, upright, without anything but pixels."""
    image.draft(None, (longest_side, longest_side))  # a JPEG can be decoded at a half or a quarter at once
    image.load()
    turn = _UPRIGHT.get(_orientation(image))
    picture: Image.Image = image
    if image.mode.startswith("I"):  # 16 bits of grey, which convert() would clip instead of scale
        picture = image.point(lambda value: value * (1 / 257)).convert("L")
    picture = picture.convert("RGBA" if image.has_transparency_data else "RGB")
    picture.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    if picture.mode == "RGBA":
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture).convert("RGB")
    if turn is not None:
        picture = picture.transpose(turn)
    picture.info.clear()  # or the PNG would carry the colour profile on
    return picture


def _orientation(image: Image.Image) -> int:
    """Give the EXIF orientation 1 to 8; a picture whose EXIF is damaged is taken as it lies."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - as above; the picture itself has decoded well
        return 1


def _is_other_riff(data: bytes) -> bool:
    """Tell sound and film in the same container from WebP."""
    return data.startswith(_FORMATS["WEBP"]) and data[8:12] != b"WEBP"


def _broken() -> ImageRefused:
    words = _("The image is damaged or incomplete. Open it in an image program, save it again and choose the new file.")
    return ImageRefused("reference-broken", words)


def _too_many_pixels(max_pixels: int) -> ImageRefused:
    words = _("The image has more than {limit} million pixels. Reduce it and choose it again.")
    return ImageRefused("reference-too-many-pixels", format_lazy(words, limit=max_pixels // 1_000_000))
