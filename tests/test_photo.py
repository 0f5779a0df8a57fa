"""Reading photos: every kind, every orientation, every bound, and nothing but PhotoError."""

import io
import os
import pickle
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pillow_heif import open_heif

from posture import decoders
from posture.errors import PhotoError
from posture.photo import Photo

from .odd_files import OddFile, encoded, odd_files, png, png_rows, rgb16_tiff, scan_bomb, tiff

ROOT = Path(__file__).resolve().parents[1]
ORIENTATION = 0x0112
T = Image.Transpose
# How a camera that is held so stores an upright scene.
STORED_AS = {
    1: None,
    2: T.FLIP_LEFT_RIGHT,
    3: T.ROTATE_180,
    4: T.FLIP_TOP_BOTTOM,
    5: T.TRANSPOSE,
    6: T.ROTATE_90,
    7: T.TRANSVERSE,
    8: T.ROTATE_270,
}
SIGNATURES = (
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\0\1\0\0WEBPVP8 ",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"BM",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
)


def _scene(width: int, height: int) -> Image.Image:
    """Draw a picture that no turn and no mirroring maps onto itself."""
    across = np.linspace(40, 210, width)[None, :].repeat(height, axis=0)
    down = np.linspace(200, 60, height)[:, None].repeat(width, axis=1)
    picture = Image.fromarray(np.dstack([across, down, (across + down) / 2]).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width * 0.1, height * 0.1, width * 0.4, height * 0.3), fill=(230, 60, 40))
    draw.rectangle((width * 0.6, height * 0.5, width * 0.7, height * 0.95), fill=(20, 40, 160))
    return picture


SCENE = _scene(180, 240)
VALUES = np.asarray(SCENE)
GREY = np.asarray(SCENE.convert("L"))


def _difference(photo: Photo, expected: np.ndarray[Any, np.dtype[np.uint8]]) -> float:
    assert photo.pixels.shape == expected.shape
    return float(np.abs(photo.pixels.astype(float) - expected).mean())


def _refusal(source: Any, **options: Any) -> str:
    """Return the sentence with which a source is refused, once it is seen to be one."""
    with pytest.raises(PhotoError) as caught:
        Photo.open(source, **options)
    message = str(caught.value)
    assert _fault(message) == "", message
    return message


def _fault(message: str) -> str:
    """Say in which way a message is not one plain sentence, "" if it is one."""
    if message.splitlines() != [message] or not message.isprintable():
        return "not one line"
    if not message.endswith(".") or message.endswith(".."):
        return "no full stop"
    if len(message) >= 200:
        return "too long"
    if re.search(r"[/\\]|Traceback|Error|PIL|0x", message):
        return "speaks of paths or of the program"
    if not re.search(r": (give|check|copy|save|open|take|scale) |, not (as|of)", message):
        return "does not say what to do"
    return ""


def _fault_of(source: Any, **options: Any) -> str:
    """Open a source and say what is wrong with its refusal, "" if nothing or if it is read."""
    try:
        Photo.open(source, **options)
    except PhotoError as error:
        return _fault(str(error))
    return ""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> list[OddFile]:
    """Make the odd files once."""
    return odd_files(tmp_path_factory.mktemp("odd"), _scene(360, 480))


# Odd files


def test_odd_files_are_many_and_of_every_outcome(odd: list[OddFile]) -> None:
    """The tests below are not vacuous: 60 files at least, and enough that must go either way."""
    outcomes = [file.outcome for file in odd]
    assert len({file.path for file in odd}) == len(odd) >= 60
    assert outcomes.count("reads") >= 20
    assert outcomes.count("refused") >= 20


def test_odd_file_gives_a_photo_or_one_plain_sentence(odd: list[OddFile]) -> None:
    """Whatever a file holds, it is a photo or a PhotoError of one sentence, as foreseen."""
    wrong = []
    for file in odd:
        try:
            photo = Photo.open(file.path)
        except PhotoError as error:
            if file.outcome == "reads" or _fault(str(error)):
                wrong.append((file.path.name, file.outcome, str(error), _fault(str(error))))
        else:
            sound = photo.pixels.ndim == 3 and max(photo.pixels.shape) <= 2048
            if file.outcome == "refused" or not sound:
                wrong.append((file.path.name, file.outcome, photo.pixels.shape))
    assert wrong == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux")
def test_odd_files_cost_little_memory_and_no_noise(odd: list[OddFile]) -> None:
    """A process that opens them all stays small, prints nothing and warns of nothing."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from posture.errors import PhotoError\n"
        "from posture.photo import Photo\n"
        "for path in sys.stdin.read().split('\\0'):\n"
        "    try:\n"
        "        Photo.open(path)\n"
        "    except PhotoError:\n"
        "        pass\n"
        "print(Path('/proc/self/status').read_text())\n"
    )
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        input="\0".join(str(file.path) for file in odd),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert (child.returncode, child.stderr) == (0, "")
    # Not `resource`: its peak starts from that of the process that started the child.
    peak = re.search(r"VmHWM:\s+(\d+) kB", child.stdout)
    assert peak is not None
    assert int(peak[1]) < 600_000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(["JPEG", "PNG"]),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12),
    kept=st.floats(0, 1),
    whole=st.booleans(),
)
def test_damage_anywhere_gives_a_photo_or_a_photo_error(
    kind: str, changes: list[tuple[int, int]], kept: float, *, whole: bool
) -> None:
    """Bytes changed or cut off at random never raise anything but PhotoError."""
    data = bytearray(SMALL_FILES[kind])
    for place, value in changes:
        data[place % len(data)] = value
    assert _fault_of(bytes(data) if whole else bytes(data[: int(kept * len(data))])) == ""


SMALL_FILES = {kind: encoded(_scene(24, 32), kind) for kind in ("JPEG", "PNG")}


@settings(max_examples=200, deadline=None)
@given(signature=st.sampled_from(SIGNATURES), rest=st.binary(max_size=300))
def test_any_bytes_behind_a_signature_are_refused_in_a_sentence(
    signature: bytes, rest: bytes
) -> None:
    """Bytes that start as a photo does and go on as they like raise PhotoError at most."""
    assert _fault_of(signature + rest) == ""


# Orientation


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("JPEG", {"quality": 95}, 2),
        ("MPO", {"quality": 95, "save_all": True, "append_images": [SCENE]}, 2),
        ("HEIF", {"quality": 95}, 2),
        ("AVIF", {"quality": 95}, 2),
    ],
)
def test_photo_is_upright_however_the_camera_was_held(
    orientation: int, kind: str, options: dict[str, Any], tolerance: float
) -> None:
    """All eight EXIF orientations give the upright scene and its size, once turned, not twice."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    turn = STORED_AS[orientation]
    stored = SCENE if turn is None else SCENE.transpose(turn)
    photo = Photo.open(encoded(stored, kind, exif=exif, **options))
    assert (photo.width, photo.height) == SCENE.size
    assert _difference(photo, VALUES) <= tolerance
    if tolerance == 0:
        np.testing.assert_array_equal(photo.pixels, VALUES)


def test_heic_still_carries_the_exif_orientation_that_its_decoder_undid() -> None:
    """The HEIC files above are such as phones write: turned by the container and by EXIF."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    heif = open_heif(io.BytesIO(encoded(SCENE.transpose(T.ROTATE_90), "HEIF", exif=exif)))
    kept = Image.Exif()
    kept.load(heif.info["exif"])
    assert kept[ORIENTATION] == 6
    assert heif.size == SCENE.size


def test_large_sideways_jpeg_equals_the_upright_one() -> None:
    """A JPEG that is decoded at half size is turned as well, with the full size turned too."""
    scene = _scene(2400, 3200)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    turned = Photo.open(encoded(scene.transpose(T.ROTATE_90), "JPEG", exif=exif, quality=90))
    upright = Photo.open(encoded(scene, "JPEG", quality=90))
    assert (turned.width, turned.height) == (upright.width, upright.height) == (2400, 3200)
    assert turned.pixels.shape == (1600, 1200, 3)
    assert _difference(turned, upright.pixels) < 1


def test_orientation_after_the_pixels_of_a_png_is_seen() -> None:
    """A PNG may carry its EXIF behind the pixels; it is turned all the same."""
    exif = Image.Exif()
    exif[ORIENTATION] = 3
    with_exif = encoded(SCENE.transpose(T.ROTATE_180), "PNG", exif=exif)
    place = with_exif.index(b"eXIf") - 4
    length = int.from_bytes(with_exif[place : place + 4], "big") + 12
    chunk = with_exif[place : place + length]
    without = with_exif.replace(chunk, b"")
    end = without.index(b"IEND") - 4
    photo = Photo.open(without[:end] + chunk + without[end:])
    np.testing.assert_array_equal(photo.pixels, VALUES)


# Kinds and colour modes


@pytest.mark.parametrize(
    ("data", "tolerance"),
    [
        pytest.param(encoded(SCENE, "BMP"), 0, id="bmp"),
        pytest.param(encoded(SCENE, "JPEG", progressive=True, quality=95), 2, id="progressive"),
        pytest.param(encoded(SCENE.convert("CMYK"), "JPEG", quality=95), 2, id="cmyk jpeg"),
        pytest.param(encoded(SCENE.convert("CMYK"), "TIFF"), 1, id="cmyk tiff"),
        pytest.param(encoded(SCENE.convert("YCbCr"), "TIFF"), 2, id="ycbcr tiff"),
        pytest.param(encoded(SCENE, "TIFF", compression="jpeg", quality=95), 2, id="jpeg in tiff"),
        pytest.param(encoded(SCENE, "TIFF", big_tiff=True), 0, id="bigtiff"),
        pytest.param(encoded(SCENE.quantize(256), "PNG"), 6, id="palette"),
        pytest.param(encoded(SCENE.convert("RGBA"), "PNG"), 0, id="opaque alpha"),
        pytest.param(
            png(*SCENE.size, 16, 2, png_rows(VALUES.astype(np.uint16) * 257)), 0, id="png 16 bit"
        ),
        pytest.param(rgb16_tiff(VALUES * np.uint16(257)), 0, id="tiff 16 bit"),
    ],
)
def test_every_kind_shows_the_same_scene(data: bytes, tolerance: float) -> None:
    """Bit depth, colour space and compression do not change what is seen."""
    assert _difference(Photo.open(data), VALUES) <= tolerance


@pytest.mark.parametrize(
    ("data", "tolerance"),
    [
        pytest.param(encoded(SCENE.convert("L"), "PNG"), 0, id="8 bit"),
        pytest.param(encoded(SCENE.convert("L"), "JPEG", quality=95), 2, id="jpeg"),
        pytest.param(encoded(Image.fromarray(GREY * np.uint16(257)), "PNG"), 0, id="16 bit"),
        pytest.param(encoded(Image.fromarray(GREY * np.uint16(257)), "TIFF"), 0, id="16 bit tiff"),
        pytest.param(
            encoded(Image.fromarray(GREY.astype(np.float32) / 255), "TIFF"), 0, id="float tiff"
        ),
    ],
)
def test_grey_photo_has_three_equal_channels(data: bytes, tolerance: float) -> None:
    """A grey photo of any depth becomes RGB with the same grey in each channel."""
    assert _difference(Photo.open(data), np.dstack([GREY] * 3)) <= tolerance


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_transparent_parts_become_mid_grey(kind: str) -> None:
    """What is see-through is grey, whatever colour hides there; what is opaque stays."""
    picture = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    picture.paste((0, 200, 0, 255), (32, 0, 64, 64))
    options = {} if kind == "TIFF" else {"quality": 100}
    photo = Photo.open(encoded(picture, kind, **options))
    np.testing.assert_allclose(photo.pixels[:, :28], 128, atol=3)
    np.testing.assert_allclose(photo.pixels[:, 36:], np.full((64, 28, 3), (0, 200, 0)), atol=6)


@pytest.mark.parametrize(
    ("data", "clear", "opaque"),
    [
        pytest.param(
            png(2, 1, 8, 2, b"\0\1\2\3\7\7\7", (b"tRNS", b"\0\1\0\2\0\3")), 0, 1, id="colour key"
        ),
        pytest.param(
            png(2, 1, 1, 0, b"\0\x40", (b"tRNS", b"\0\0")), 0, 1, id="black and white key"
        ),
        pytest.param(
            png(2, 1, 8, 3, b"\0\0\1", (b"PLTE", b"\1\2\3\7\7\7"), (b"tRNS", b"\0\xff")),
            0,
            1,
            id="palette",
        ),
        pytest.param(png(2, 1, 8, 4, b"\0\7\0\7\xff"), 0, 1, id="grey and alpha"),
        pytest.param(png(2, 1, 16, 4, b"\0\7\7\0\0\7\7\xff\xff"), 0, 1, id="16 bit and alpha"),
    ],
)
def test_png_transparency_of_every_sort_is_filled(data: bytes, clear: int, opaque: int) -> None:
    """Colour keys, palette alpha and alpha channels are all filled with mid grey."""
    photo = Photo.open(data)
    assert photo.pixels[0, clear].tolist() == [128, 128, 128]
    assert photo.pixels[0, opaque].tolist() != [128, 128, 128]


def test_half_transparent_is_half_grey() -> None:
    """Alpha mixes the photo with the grey behind it."""
    picture = Image.new("RGBA", (4, 4), (228, 28, 128, 128))
    np.testing.assert_allclose(Photo.open(picture).pixels[0, 0], (178, 78, 128), atol=1)


@pytest.mark.parametrize(
    ("kind", "options", "note"),
    [
        ("PNG", {"save_all": True}, "The file is animated: its first frame was used."),
        ("WEBP", {"save_all": True}, "The file is animated: its first frame was used."),
        ("AVIF", {"save_all": True}, "The file is animated: its first frame was used."),
        ("TIFF", {"save_all": True}, "The file has several pages: its first page was used."),
        ("HEIF", {}, "The file holds several pictures: its main one was used."),
    ],
)
def test_first_of_several_pictures_is_used_and_said(
    kind: str, options: dict[str, Any], note: str
) -> None:
    """A file of several pictures gives its first and a note; an MPO gives no note."""
    more = [SCENE.transpose(T.ROTATE_180)]
    photo = Photo.open(encoded(SCENE, kind, append_images=more, **options))
    assert photo.notes == (note,)
    assert _difference(photo, VALUES) < 5
    assert Photo.open(encoded(SCENE, kind)).notes == ()


def test_phone_photo_with_a_second_picture_inside_is_no_animation() -> None:
    """An MPO, as phones write for depth or HDR, is a plain JPEG with an appendix."""
    more = [SCENE.transpose(T.ROTATE_180)]
    photo = Photo.open(encoded(SCENE, "MPO", save_all=True, append_images=more, quality=95))
    assert photo.notes == ()
    assert _difference(photo, VALUES) < 2


def test_animated_gif_is_refused_with_the_kinds_that_are_not() -> None:
    """A GIF is no photo; the sentence names what to give instead."""
    message = _refusal(encoded(SCENE, "GIF"), name="side.gif")
    assert message == (
        "side.gif is of a kind that cannot be read: give JPEG, PNG, WebP, TIFF, BMP, HEIC or AVIF."
    )


@pytest.mark.parametrize(
    ("kind", "own", "brand"),
    [
        ("HEIF", b"heic", b"mif1"),
        ("HEIF", b"heic", b"hevc"),
        ("HEIF", b"heic", b"heix"),
        ("AVIF", b"mif1", b"msf1"),
    ],
)
def test_heic_and_avif_are_known_by_any_of_their_brands(
    kind: str, own: bytes, brand: bytes
) -> None:
    """HEIF files name themselves in several ways, in the first place or further on."""
    data = encoded(SCENE, kind)
    end = int.from_bytes(data[:4], "big")
    renamed = data[:end].replace(own, brand) + data[end:]
    assert renamed != data
    assert _difference(Photo.open(renamed), VALUES) < 5


def test_every_kind_in_the_sentence_is_read() -> None:
    """Each kind that a refusal names can indeed be read."""
    kinds = re.split(", | or ", decoders.KINDS)
    assert len(kinds) == 7
    for kind in kinds:
        photo = Photo.open(encoded(SCENE, "HEIF" if kind == "HEIC" else kind))
        assert (photo.width, photo.height) == SCENE.size, kind


# Working size


@pytest.mark.parametrize(
    ("kind", "size", "working"),
    [
        ("JPEG", (4032, 3024), (2016, 1512)),
        ("PNG", (4032, 3024), (2016, 1512)),
        ("JPEG", (3024, 4032), (1512, 2016)),
        ("JPEG", (3000, 2000), (2048, 1365)),
        ("PNG", (3000, 2000), (2048, 1365)),
        ("JPEG", (6160, 400), (1540, 100)),
        ("PNG", (5000, 400), (1667, 134)),
        ("JPEG", (12_288, 80), (1536, 10)),
        ("JPEG", (2048, 100), (2048, 100)),
        ("PNG", (2049, 100), (2048, 100)),
        ("JPEG", (1, 4000), (1, 2000)),
        ("JPEG", (4000, 1), (2000, 1)),
        ("PNG", (1, 1), (1, 1)),
    ],
)
def test_long_edge_is_bounded_and_the_full_size_remembered(
    kind: str, size: tuple[int, int], working: tuple[int, int]
) -> None:
    """Pixels are held at no more than 2048 a side; width, height and scale tell the truth."""
    photo = Photo.open(encoded(Image.new("L", size, 77), kind))
    assert photo.pixels.shape == (working[1], working[0], 3)
    assert (photo.width, photo.height) == size
    assert photo.scale == (size[0] / working[0], size[1] / working[1])
    np.testing.assert_allclose(photo.pixels, 77, atol=1)


def test_large_jpeg_is_never_decoded_in_full() -> None:
    """A JPEG comes out of its decoder at half size already, which takes half the time."""
    image = decoders.identify(encoded(Image.new("L", (4032, 3024), 77), "JPEG"))
    assert image is not None
    assert decoders.load(image, long_edge=1536) == (4032, 3024)
    assert image.size == (2016, 1512)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("size", "tolerance"), [((4000, 3000), 0.1), ((3001, 2251), 0.1), ((5000, 3751), 0.7)]
)
def test_things_stay_where_they_are_when_the_photo_is_reduced(
    kind: str, size: tuple[int, int], tolerance: float
) -> None:
    """A dark square's centre, scaled back, is where it was, to a fraction of a photo pixel.

    Where the size is no multiple of the reduction, the last working pixel stands for
    less than the others, which a plain multiplication spreads over the whole side.
    """
    picture = Image.new("L", size, 220)
    box = (size[0] // 2 + 101, 205, size[0] // 2 + 302, 604)
    picture.paste(20, box)
    photo = Photo.open(encoded(picture, kind, **({"quality": 95} if kind == "JPEG" else {})))
    darkness = 220.0 - photo.pixels[:, :, 1]
    darkness[darkness < 20] = 0
    columns, rows = np.arange(photo.pixels.shape[1]) + 0.5, np.arange(photo.pixels.shape[0]) + 0.5
    x = (darkness.sum(0) * columns).sum() / darkness.sum() * photo.scale[0]
    y = (darkness.sum(1) * rows).sum() / darkness.sum() * photo.scale[1]
    centre = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    np.testing.assert_allclose((x, y), centre, rtol=0, atol=tolerance)


# What a photo may come as


class _Upload(io.BytesIO):
    """A file object with a name, as a web form hands it over."""

    name = "C:\\Users\\jane\\Pictures\\side.png"


def test_every_way_to_give_a_photo_gives_the_same(tmp_path: Path) -> None:
    """Paths, bytes, buffers, file objects, pictures and arrays all give the same pixels."""
    path = tmp_path / "side.png"
    data = encoded(SCENE, "PNG")
    path.write_bytes(data)
    with path.open("rb") as file, Image.open(path) as picture:
        sources: dict[str, Any] = {
            "path": path,
            "str": str(path),
            "bytes": data,
            "bytearray": bytearray(data),
            "memoryview": memoryview(data),
            "memoryview with gaps": memoryview(np.repeat(np.frombuffer(data, np.uint8), 2))[::2],
            "buffer": io.BytesIO(data),
            "upload": _Upload(data),
            "file": file,
            "picture": picture,
            "array": VALUES,
        }
        photos = {key: Photo.open(source) for key, source in sources.items()}
    for key, photo in photos.items():
        np.testing.assert_array_equal(photo.pixels, VALUES, err_msg=key)
    named = {"path", "str", "upload", "file", "picture"}
    assert {key for key, photo in photos.items() if photo.name == "side.png"} == named
    assert {photo.name for key, photo in photos.items() if key not in named} == {""}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(GREY, np.dstack([GREY] * 3), id="grey"),
        pytest.param(VALUES / 255, VALUES, id="float64"),
        pytest.param((VALUES / 255).astype(np.float32), VALUES, id="float32"),
        pytest.param(VALUES * np.uint16(257), VALUES, id="uint16"),
        pytest.param((VALUES * np.uint16(257)).astype(">u2"), VALUES, id="big-endian"),
        pytest.param(VALUES[::-1, ::-1], VALUES[::-1, ::-1], id="backwards"),
        pytest.param(np.asfortranarray(VALUES), VALUES, id="fortran order"),
        pytest.param(np.dstack([VALUES, np.full_like(GREY, 255)]), VALUES, id="opaque rgba"),
        pytest.param(
            np.dstack([VALUES / 255, np.zeros(GREY.shape)]), np.full_like(VALUES, 128), id="clear"
        ),
    ],
)
def test_arrays_of_every_sort_are_read(
    values: np.ndarray[Any, np.dtype[Any]], expected: np.ndarray[Any, np.dtype[np.uint8]]
) -> None:
    """Grey, RGB and RGBA of 8 bits, 16 bits or floats from 0 to 1, in any memory order."""
    np.testing.assert_array_equal(Photo.open(values).pixels, expected)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        pytest.param(np.full((4, 4), np.nan), "from 0 to 1", id="nan"),
        pytest.param(np.array([[0.5, np.nan]]), "from 0 to 1", id="one nan"),
        pytest.param(np.array([[0.5, np.inf]]), "from 0 to 1", id="infinite"),
        pytest.param(np.full((4, 4), 200.0), "from 0 to 1", id="floats to 255"),
        pytest.param(np.array([[0.5, 1.01]]), "from 0 to 1", id="a little over"),
        pytest.param(np.array([[0.5, -0.01]]), "from 0 to 1", id="a little under"),
        pytest.param(np.zeros((4, 4), int), "int64", id="int"),
        pytest.param(np.zeros((4, 4), bool), "bool", id="bool"),
        pytest.param(np.zeros((4, 4), complex), "complex128", id="complex"),
        pytest.param(np.full((4, 4), None), "object", id="object"),
        pytest.param(np.zeros(4), "(4,)", id="one axis"),
        pytest.param(np.zeros((4, 4, 2)), "(4, 4, 2)", id="two channels"),
        pytest.param(np.zeros((4, 4, 5)), "(4, 4, 5)", id="five channels"),
        pytest.param(np.zeros((2, 4, 4, 3)), "(2, 4, 4, 3)", id="a batch"),
        pytest.param(np.zeros(()), "()", id="no axis"),
        pytest.param(np.zeros((0, 4, 3), np.uint8), "no pixels", id="empty"),
    ],
)
def test_array_that_is_no_photo_is_refused(
    values: np.ndarray[Any, np.dtype[Any]], words: str
) -> None:
    """Any other shape or type of array, and any missing value, is refused in a sentence."""
    assert words in _refusal(values)


@pytest.mark.parametrize("source", [None, 3, 2.5, [1, 2], {"a": 1}, object()])
def test_source_of_another_type_is_refused(source: object) -> None:
    """What is not a photo in any form is refused, with the forms that there are."""
    assert type(source).__name__ in _refusal(source)


def test_pixels_are_read_only_and_independent_of_the_source() -> None:
    """Neither the photo's pixels nor, through them, the caller's array can be changed."""
    values = VALUES.copy()
    photo = Photo.open(values)
    values[:] = 0
    np.testing.assert_array_equal(photo.pixels, VALUES)
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.flags.c_contiguous
    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0, 0, 0] = 1
    values[0, 0, 0] = 1


def test_picture_given_is_left_as_it_was() -> None:
    """A Pillow picture is turned and reduced in a copy; the caller's keeps size and EXIF."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    scene = _scene(1800, 2400).transpose(T.ROTATE_90)
    picture = Image.open(io.BytesIO(encoded(scene, "JPEG", exif=exif)))
    photo = Photo.open(picture)
    assert (photo.width, photo.height) == (1800, 2400)
    assert photo.pixels.shape == (2048, 1536, 3)
    assert picture.size == (2400, 1800)
    assert picture.getexif()[ORIENTATION] == 6


def test_file_object_is_read_from_its_start_each_time() -> None:
    """The same upload can be opened twice, wherever its reading has come to."""
    upload = io.BytesIO(encoded(SCENE, "PNG"))
    upload.seek(100)
    np.testing.assert_array_equal(Photo.open(upload).pixels, Photo.open(upload).pixels)


class _Trickle(io.RawIOBase):
    """A stream without end or start that hands out a little at a time, and counts."""

    def __init__(self, data: bytes = b"", piece: int = 1000) -> None:
        super().__init__()
        self._data, self._piece = data, piece
        self.handed_out = 0

    def readable(self) -> bool:
        """Allow reading, as any file opened for it."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Give zeros without end if there is no data, else the data."""
        count = self._piece if size is None or size < 0 else min(size, self._piece)
        start = self.handed_out
        part = self._data[start : start + count] if self._data else bytes(count)
        self.handed_out += len(part)
        return part


def test_stream_that_cannot_go_back_is_read_piece_by_piece() -> None:
    """A pipe or socket that gives less than was asked for is read on to its end."""
    photo = Photo.open(_Trickle(encoded(SCENE, "PNG")))  # type: ignore[arg-type]
    np.testing.assert_array_equal(photo.pixels, VALUES)


def test_no_more_than_one_byte_beyond_the_limit_is_read() -> None:
    """An endless stream costs the limit and one byte, then it is refused."""
    stream = _Trickle()
    assert "0.02 MB" in _refusal(stream, max_megabytes=0.02)
    assert stream.handed_out == 20_001


def _closed() -> Any:
    file = io.BytesIO(b"x")
    file.close()
    return file


def _failing() -> Any:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, f"Input/output error of {size}", "/home/jane/side.jpg")

    return Failing(b"x")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: io.StringIO("text"), id="text"),
        pytest.param(_closed, id="closed"),
        pytest.param(_failing, id="failing disk"),
        pytest.param(lambda: io.FileIO(os.devnull, "w"), id="for writing"),
    ],
)
def test_file_object_that_gives_no_bytes_is_refused(make: Callable[[], Any]) -> None:
    """Text files, closed files, files opened for writing and failing disks are PhotoErrors."""
    file = make()
    assert "binary mode" in _refusal(file)
    file.close()


def test_paths_that_lead_to_no_file_are_refused(tmp_path: Path) -> None:
    """Missing files, folders, impossible names: each in a sentence, without the folder."""
    assert _refusal(tmp_path / "side.jpg").startswith("side.jpg is no file")
    assert _refusal(str(tmp_path)).startswith(f"{tmp_path.name} is a folder")
    assert _refusal(tmp_path / "side.jpg" / "deeper.jpg").startswith("deeper.jpg is no file")
    assert _refusal("") == "The photo is a folder: give the photo itself."
    assert _refusal("nul\0inside.jpg").startswith("nul?inside.jpg is no file")
    assert _refusal("https://example.org/side.jpg").startswith("side.jpg is no file")
    assert _refusal("x" * 5000).startswith("x" * 60 + " cannot be opened")


def test_file_without_permission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that may not be read is refused in a sentence that names no folder."""

    def forbid(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    path = tmp_path / "side.jpg"
    path.write_bytes(b"x")
    monkeypatch.setattr(Path, "open", forbid)
    assert _refusal(path) == "side.jpg cannot be opened: check that you may read it."


# Names


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("side.jpg", "side.jpg"),
        ("/home/jane/side.jpg", "side.jpg"),
        ("C:\\Users\\jane\\side.jpg", "side.jpg"),
        ("..\\..\\side.jpg", "side.jpg"),
        ("folder/", "folder"),
        ("", ""),
        ("two\nlines.jpg", "two lines.jpg"),
        ("a\x00bell\x07.jpg", "a?bell?.jpg"),
        ("3.05\u202fPM.png", "3.05 PM.png"),
        ("lost\udcff.jpg", "lost?.jpg"),
        ("側面.jpg", "側面.jpg"),
    ],
)
def test_only_the_bare_name_is_kept(given_name: str, kept: str) -> None:
    """A name is kept without its folder, and with nothing in it that cannot be shown."""
    assert Photo.open(VALUES, name=given_name).name == kept


@given(given_name=st.text(max_size=300))
def test_no_name_keeps_a_folder_or_spoils_a_sentence(given_name: str) -> None:
    """Whatever a file calls itself, its name is one line without a folder, a refusal too."""
    kept_name = Photo.open(VALUES[:1, :1], name=given_name).name
    assert kept_name.isprintable()
    assert "/" not in kept_name
    assert "\\" not in kept_name
    assert _fault_of(b"no photo", name=given_name) in ("", "speaks of paths or of the program")


def test_name_given_replaces_the_own_one() -> None:
    """`name` overrules a file object's own; a name that is no text counts as none."""
    upload = _Upload(encoded(SCENE, "PNG"))
    assert Photo.open(upload, name="other.png").name == "other.png"
    assert Photo.open(upload, name="").name == ""
    upload.name = 7  # type: ignore[assignment]
    assert Photo.open(upload).name == ""


# Metadata


def test_nothing_of_the_metadata_is_kept(tmp_path: Path) -> None:
    """Place, time, comment, profile and folder are in the file and not in what comes out."""
    secret = "SECRET-PLACE"
    exif = Image.Exif()
    exif[0x010E] = secret
    exif.get_ifd(0x8825)[0x001D] = secret
    folder = tmp_path / secret
    folder.mkdir()
    path = folder / "side.jpg"
    path.write_bytes(
        encoded(
            SCENE,
            "JPEG",
            exif=exif,
            comment=secret,
            xmp=secret.encode(),
            icc_profile=secret.encode(),
        )
    )
    assert path.read_bytes().count(secret.encode()) == 5
    photo = Photo.open(path)
    fields = {name: getattr(photo, name) for name in Photo.__slots__}
    assert secret.encode() not in pickle.dumps(fields)
    assert type(photo.pixels) is np.ndarray
    assert set(fields) == {"pixels", "width", "height", "name", "notes"}


# Bounds


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF"])
def test_too_many_pixels_are_refused_before_they_are_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound holds for every kind, to the pixel, and needs no decoding."""
    data = encoded(SCENE, kind)
    exactly = 180 * 240 / 1e6
    assert Photo.open(data, max_megapixels=exactly).width == 180

    def decode(*_: object, **__: object) -> None:
        pytest.fail("decoded")

    monkeypatch.setattr(decoders, "load", decode)
    message = _refusal(data, max_megapixels=exactly - 1e-6, name="side.jpg")
    assert message.startswith("side.jpg has 0.1 megapixels, more than the 0.043199 allowed:")


def test_too_many_pixels_of_a_picture_or_an_array_are_refused() -> None:
    """What is decoded already is bounded too."""
    for source in (SCENE, VALUES, VALUES / 255):
        assert "megapixels" in _refusal(source, max_megapixels=0.04)


def test_default_bounds_are_50_megapixels_and_30_megabytes() -> None:
    """50 million pixels and 30 million bytes are read; a little more is refused."""
    assert Photo.open(png(50_000, 1000, 1, 0, bytes(6251 * 1000))).width == 50_000
    assert "50.1 megapixels" in _refusal(png(50_001, 1000, 1, 0, b""))
    data = encoded(SCENE, "JPEG")
    assert Photo.open(data + bytes(30_000_000 - len(data))).width == 180
    assert "30 MB" in _refusal(data + bytes(30_000_001 - len(data)))


@pytest.mark.parametrize("give", [bytes, bytearray, memoryview, io.BytesIO])
def test_too_many_bytes_are_refused(give: Callable[[bytes], Any]) -> None:
    """The bound on bytes holds to the byte, in whatever the bytes come."""
    data = encoded(SCENE, "JPEG")
    assert Photo.open(give(data), max_megabytes=len(data) / 1e6).width == 180
    assert "MB" in _refusal(give(data), max_megabytes=(len(data) - 1) / 1e6)


def test_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A JPEG of endless scans stops when its time is up, and says so."""
    assert Photo.open(scan_bomb(1024, 3)).width == 1024
    bomb = scan_bomb(1024, 3000)
    monkeypatch.setattr(decoders, "_SECONDS_TO_READ", 0.1)
    assert len(bomb) < 65_536  # what Pillow would fetch in one go, past any clock
    assert "too long" in _refusal(bomb)


# The rest of the program


def _some_that_warn() -> Iterable[bytes]:
    frame = {256: (8,), 257: (8,), 258: (8,), 259: (1,), 262: (1,)}
    yield tiff({**frame, 305: (1, 2, 3)}, bytes(64))[:-4]
    yield png(8, 8, 8, 0, bytes(72), (b"acTL", bytes(8)))


def test_warnings_of_decoders_do_not_get_out() -> None:
    """Files over whose metadata Pillow warns are read in silence."""
    for data in _some_that_warn():
        with pytest.warns(UserWarning, match="."), Image.open(io.BytesIO(data)) as picture:
            picture.load()
        assert Photo.open(data).width == 8


def test_the_whole_program_s_bomb_limit_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow's own limit neither warns nor is changed; only this reader's bound counts."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 25_000)
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF"):
        assert Photo.open(encoded(SCENE, kind)).width == 180
    assert Image.MAX_IMAGE_PIXELS == 25_000


def test_pixels_beyond_what_pillow_or_the_machine_holds_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a decoder's own limit is met, or memory runs out, the photo is called too large."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert "too large" in _refusal(encoded(SCENE, "WEBP"))

    def run_out(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(decoders, "load", run_out)
    assert "too large" in _refusal(encoded(SCENE, "PNG"))


def test_reading_leaves_pillow_and_warnings_as_they_were() -> None:
    """No format is registered and no warning filter left behind, after success or refusal."""
    formats, filters = dict(Image.OPEN), list(warnings.filters)
    Photo.open(encoded(SCENE, "HEIF"))
    _refusal(b"no photo")
    assert dict(Image.OPEN) == formats
    assert warnings.filters == filters


def test_threads_read_side_by_side() -> None:
    """Photos read in several threads at once are right, silent, and leave no filter behind."""
    filters = list(warnings.filters)
    files = [encoded(SCENE, kind) for kind in ("PNG", "TIFF", "BMP")]
    files += [*_some_that_warn(), b"no photo"]
    gate = threading.Barrier(8)

    def read(start: int) -> list[float]:
        gate.wait()
        results = []
        for turn in range(40):
            data = files[(start + turn) % len(files)]
            try:
                results.append(float(Photo.open(data).pixels.mean()))
            except PhotoError:
                results.append(-1.0)
        return results

    expected = [VALUES.mean()] * 3 + [0.0, 0.0, -1.0]
    with ThreadPoolExecutor(8) as pool:
        for start, results in enumerate(pool.map(read, range(8))):
            wanted = [expected[(start + turn) % len(files)] for turn in range(40)]
            np.testing.assert_allclose(results, wanted)
    assert warnings.filters == filters


def test_import_brings_in_no_decoder() -> None:
    """Decoders, HEIC's above all, and OpenCV are imported when a photo needs them."""
    script = (
        "import sys, posture.photo\n"
        "heavy = ('pillow_heif', 'cv2', 'PIL.JpegImagePlugin', 'PIL.TiffImagePlugin')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert child.stdout.strip() == "[]"
