"""Reference images, from files as people and attackers send them."""

import io
import resource
import struct
import time
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin

from portal.storage.images import ImageRefused, SafeImage, read_reference

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def picture(width: int = 48, height: int = 32, mode: str = "RGB") -> Image.Image:
    """Four quarters: red, green above, blue, white below."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), RED)
    draw.rectangle((width // 2, 0, width - 1, height // 2 - 1), GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height - 1), BLUE)
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Give the bytes of `image` in a format of Pillow's."""
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def grey_png(width: int, height: int, rows: int) -> bytes:
    """Make a black PNG that declares `width` x `height` and holds `rows` rows."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 + width)) for _ in range(rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def webp_of(width: int, height: int) -> bytes:
    """Make a WebP whose canvas is `width` x `height` and whose only frame has one pixel (RFC 9649, section 2.7)."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    frame = bytes(12) + b"\x64\x00\x00\x00" + encoded(Image.new("RGB", (1, 1)), "WEBP")[12:]
    body = b"WEBP"
    for name, data in ((b"VP8X", b"\x02\x00\x00\x00" + canvas), (b"ANIM", bytes(6)), (b"ANMF", frame)):
        body += name + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def read(data: bytes, **limits: int) -> SafeImage:
    """Read a file as it comes from a form."""
    return read_reference(SimpleUploadedFile("reference.png", data, "image/png"), **limits)


def refusal(data: bytes, **limits: int) -> str:
    """Give the code with which a file is refused."""
    with pytest.raises(ImageRefused) as caught:
        read(data, **limits)
    return caught.value.code


def shown(image: SafeImage) -> Image.Image:
    """Open the picture of a result, after checking that the result is what it says."""
    opened = Image.open(io.BytesIO(image.png), formats=("PNG",))
    opened.load()
    assert (opened.mode, opened.size) == ("RGB", (image.width, image.height))
    return opened


def chunks(png: bytes) -> list[bytes]:
    """List the names of a PNG's chunks, each once, in order."""
    at, names = 8, []
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        names.append(png[at + 4 : at + 8])
        at += 12 + length
    return list(dict.fromkeys(names))


def quarters(image: Image.Image) -> list[tuple[int, ...]]:
    """Give the colours of the quarters, rounded to full or none: the two above, then the two below."""
    wide, high = image.size
    middles = [(x * wide // 4, y * high // 4) for y in (1, 3) for x in (1, 3)]
    pixels = [image.getpixel(middle) for middle in middles]
    return [tuple(255 * (value > 127) for value in pixel) for pixel in pixels if isinstance(pixel, tuple)]


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        *[("PNG", "RGB", {}), ("PNG", "RGBA", {}), ("PNG", "P", {}), ("WEBP", "RGB", {"quality": 90})],
        *[("WEBP", "RGBA", {"lossless": True}), ("JPEG", "RGB", {}), ("JPEG", "CMYK", {})],
        ("JPEG", "RGB", {"progressive": True, "quality": 90}),
    ],
)
def test_picture_comes_out_as_it_went_in(kind: str, mode: str, options: dict[str, object]) -> None:
    image = read(encoded(picture(mode=mode), kind, **options))
    assert (image.width, image.height) == (48, 32)
    assert quarters(shown(image)) == [RED, GREEN, BLUE, WHITE]
    assert chunks(image.png) == [b"IHDR", b"IDAT", b"IEND"]


def test_lossless_pixels_are_not_touched() -> None:
    noise = Image.effect_noise((64, 40), 90).convert("RGB")
    assert shown(read(encoded(noise, "PNG"))).tobytes() == noise.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_comes_out_grey(mode: str) -> None:
    image = Image.new("L", (20, 10), 255).convert(mode)
    image.paste(0, (0, 0, 10, 10))
    if mode == "LA":
        image.putalpha(255)
    result = shown(read(encoded(image, "PNG")))
    assert (result.getpixel((4, 5)), result.getpixel((14, 5))) == ((0, 0, 0), WHITE)


def test_grey_of_16_bits_is_scaled() -> None:
    image = Image.new("I;16", (8, 8), 32768)
    assert shown(read(encoded(image, "PNG"))).getpixel((4, 4)) == (127, 127, 127)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_on_white(mode: str) -> None:
    if mode == "P":
        image = Image.new("P", (8, 8), 0)
        image.putpalette([200, 0, 0] + [0] * 765)
        data = encoded(image, "PNG", transparency=0)
    else:
        data = encoded(Image.new(mode, (8, 8), (0,) * len(mode)), "PNG")
    assert shown(read(data)).getpixel((4, 4)) == WHITE


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [  # EXIF 2.32, tag 0x0112: where the first row and the first column of the file belong
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
        (9, [RED, GREEN, BLUE, WHITE]),
        (0, [RED, GREEN, BLUE, WHITE]),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_stands_upright(kind: str, orientation: int, expected: list[tuple[int, ...]]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = read(encoded(picture(), kind, exif=exif))
    assert (image.width, image.height) == ((32, 48) if 5 <= orientation <= 8 else (48, 32))
    assert quarters(shown(image)) == expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_device_of_a_photo_are_dropped(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    exif[0x013B] = "SecretArtist"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    options: dict[str, object] = {"exif": exif, "icc_profile": b"SecretProfile" * 20, "xmp": b"<x>SecretXmp</x>"}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("Comment", "SecretComment", zip=False)  # type: ignore[attr-defined]
        options.pop("xmp")
    if kind == "JPEG":
        options["comment"] = "SecretComment"
    data = encoded(picture(), kind, **options)
    assert data.count(b"Secret") >= 3
    image = read(data)
    assert image.png.count(b"Secret") == 0
    assert chunks(image.png) == [b"IHDR", b"IDAT", b"IEND"]
    result = shown(image)
    assert (dict(result.getexif()), result.info) == ({}, {})


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's remarks on the files of other people
@pytest.mark.parametrize("exif", [b"\xff" * 40, b"MM\x00\x2a\x00\x00\xff\xff", b"II\x2a\x00\x08", b""])
def test_damaged_exif_does_not_cost_the_picture(exif: bytes) -> None:
    image = read(encoded(picture(), "JPEG", exif=b"Exif\x00\x00" + exif))
    assert quarters(shown(image)) == [RED, GREEN, BLUE, WHITE]


def test_bytes_behind_the_picture_are_dropped() -> None:
    image = read(encoded(picture(), "PNG") + b"<?php Secret ?>" * 50)
    assert image.png.count(b"Secret") == 0


def test_same_file_gives_the_same_bytes() -> None:
    data = encoded(picture(), "JPEG")
    assert read(data) == read(data)


def test_upload_that_was_read_before_is_read_from_the_start() -> None:
    upload = SimpleUploadedFile("reference.png", encoded(picture(), "PNG"))
    upload.read()
    assert read_reference(upload).width == 48


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("size", "expected"), [((3000, 1500), (2048, 1024)), ((1200, 2400), (1024, 2048))])
def test_large_picture_is_reduced(kind: str, size: tuple[int, int], expected: tuple[int, int]) -> None:
    image = read(encoded(picture(*size), kind))
    assert (image.width, image.height) == expected
    assert quarters(shown(image)) == [RED, GREEN, BLUE, WHITE]


def test_picture_of_one_endless_row_keeps_a_row() -> None:
    image = read(grey_png(100_000, 1, rows=1))
    assert (image.width, image.height) == (2048, 1)


def test_file_larger_than_the_limit_is_refused() -> None:
    data = encoded(picture(), "PNG")
    assert read(data, max_bytes=len(data)).width == 48
    assert refusal(data, max_bytes=len(data) - 1) == "reference-too-large"
    assert refusal(encoded(picture(), "PNG") + bytes(20 * 1024 * 1024)) == "reference-too-large"


def test_no_more_is_read_than_the_limit_and_a_byte() -> None:
    class Endless:
        def __init__(self) -> None:
            self.asked: list[int] = []

        def seek(self, offset: int, /) -> int:
            return offset

        def read(self, size: int, /) -> bytes:
            self.asked.append(size)
            return bytes(size)

    endless = Endless()
    with pytest.raises(ImageRefused) as caught:
        read_reference(endless, max_bytes=1000)
    assert (caught.value.code, endless.asked) == ("reference-too-large", [1001])


def test_pixels_are_counted_as_declared() -> None:
    data = encoded(picture(40, 25), "PNG")
    assert read(data, max_pixels=1000).width == 40
    assert refusal(data, max_pixels=999) == "reference-too-many-pixels"


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")  # as images.py has it; pytest forgets that
@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(grey_png(6400, 6400, rows=6400), id="just above the limit, really packed"),
        pytest.param(grey_png(10_000, 10_000, rows=10_000), id="where Pillow only warns"),
        pytest.param(grey_png(16_000, 16_000, rows=10), id="where Pillow refuses"),
        pytest.param(grey_png(2_000_000_000, 2_000_000_000, rows=0), id="larger than any memory"),
        pytest.param(webp_of(6400, 6400), id="WebP just above the limit"),
        pytest.param(webp_of(13_000, 13_000), id="WebP where Pillow only warns"),
        pytest.param(webp_of(16_000_000, 16_000_000), id="WebP larger than any memory"),
    ],
)
def test_bomb_is_refused_before_it_unpacks(bomb: bytes) -> None:
    assert len(bomb) < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    assert refusal(bomb) == "reference-too-many-pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024  # KiB; unpacked it is 40 MB and more
    assert time.process_time() - started < 1


def test_largest_picture_allowed_is_read() -> None:
    image = read(grey_png(8000, 5000, rows=5000))
    assert (image.width, image.height) == (2048, 1280)


def test_jpeg_that_repeats_itself_is_refused() -> None:
    data = encoded(picture(), "JPEG", progressive=True)
    last_scan = data[data.rindex(b"\xff\xda") : -2]
    assert quarters(shown(read(data[:-2] + last_scan * 5 + data[-2:]))) == [RED, GREEN, BLUE, WHITE]
    assert refusal(data[:-2] + last_scan * 100 + data[-2:]) == "reference-broken"


def animation(kind: str) -> bytes:
    """Two frames."""
    return encoded(picture(), kind, save_all=True, append_images=[picture().rotate(180)], duration=100)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation_is_refused(kind: str) -> None:
    assert refusal(animation(kind)) == "reference-animated"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation_of_one_frame_is_a_still(kind: str) -> None:
    data = encoded(picture(), kind, save_all=True, append_images=[], duration=100)
    assert quarters(shown(read(data))) == [RED, GREEN, BLUE, WHITE]


def test_photo_with_a_second_picture_inside_is_a_still() -> None:
    data = encoded(picture(), "MPO", save_all=True, append_images=[picture().rotate(180)])
    with Image.open(io.BytesIO(data)) as image:  # Pillow sees two frames
        assert (image.format, getattr(image, "n_frames", 1)) == ("MPO", 2)
    assert quarters(shown(read(data))) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"A red ball rises over a blue sea.\n" * 30, id="text"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>', id="SVG"),
        pytest.param(b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>', id="SVG, XXE"),
        pytest.param(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200), id="HEIC"),
        pytest.param(b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(200), id="AVIF"),
        pytest.param(b"MZ\x90\x00\x03\x00\x00\x00" + bytes(500), id="EXE"),
        pytest.param(b"%PDF-1.7\n" + bytes(100), id="PDF"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", id="EPS"),
        pytest.param(b"PK\x03\x04" + bytes(100), id="ZIP"),
        pytest.param(b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), id="WAV"),
        pytest.param(encoded(picture(), "GIF"), id="GIF"),
        pytest.param(encoded(picture(), "BMP"), id="BMP"),
        pytest.param(encoded(picture(), "TIFF"), id="TIFF"),
        pytest.param(encoded(picture(), "ICO"), id="ICO"),
    ],
)
def test_file_that_is_no_picture_is_refused(data: bytes) -> None:
    assert refusal(data) == "reference-not-an-image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("kept", [0.05, 0.3, 0.6, 0.9])
def test_truncated_picture_is_refused(kind: str, kept: float) -> None:
    data = encoded(Image.effect_noise((64, 64), 90).convert("RGB"), kind)
    assert refusal(data[: int(len(data) * kept)]) == "reference-broken"


@pytest.mark.parametrize("magic", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x10\x00\x00\x00WEBPVP8 "])
def test_magic_bytes_alone_are_broken(magic: bytes) -> None:
    assert refusal(magic) == "reference-broken"
    assert refusal(magic + b"nonsense " * 20) == "reference-broken"


def test_refusals_say_what_to_do() -> None:
    cases = [
        (
            bytes(20 * 1024 * 1024 + 1),
            "The image is larger than 20 MB. Reduce it, or save it as a JPEG, and choose it again.",
        ),
        (
            webp_of(9000, 9000),
            "The image has more than 40 million pixels. Reduce it and choose it again.",
        ),
        (
            b"text",
            "This file is not a PNG, JPEG or WebP image. Save the picture in one of these and choose it again.",
        ),
    ]
    with translation.override("en"):
        for data, message in cases:
            with pytest.raises(ImageRefused) as caught:
                read(data)
            assert str(caught.value.message) == message
            assert str(caught.value) == f"{caught.value.code}: {message}"


WHOLE = {kind: encoded(picture(), kind) for kind in ("JPEG", "PNG", "WEBP")} | {"APNG": animation("PNG")}


@pytest.mark.filterwarnings("ignore::UserWarning")  # as above
@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    changes=st.lists(
        st.tuples(st.floats(0, 0.999, allow_subnormal=False), st.integers(0, 255)), min_size=1, max_size=12
    ),
)
def test_altered_files_are_read_or_refused_and_nothing_else(kind: str, changes: list[tuple[float, int]]) -> None:
    data = bytearray(WHOLE[kind])
    for place, value in changes:
        data[int(place * len(data))] = value
    try:
        outcome = chunks(read(bytes(data)).png) == [b"IHDR", b"IDAT", b"IEND"]
    except ImageRefused as refused:
        outcome = refused.code.startswith("reference-")
    assert outcome
