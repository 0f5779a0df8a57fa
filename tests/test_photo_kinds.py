"""Reading photos: every kind, colour mode, orientation and size shows the same scene."""

import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pillow_heif import open_heif

from posture import decoders
from posture.photo import Photo

from .odd_files import encoded, png, png_rows, rgb16_tiff
from .scene import GREY, ORIENTATION, SCENE, VALUES, difference, draw_scene, refusal

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
    assert difference(photo, VALUES) <= tolerance
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
    scene = draw_scene(2400, 3200)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    turned = Photo.open(encoded(scene.transpose(T.ROTATE_90), "JPEG", exif=exif, quality=90))
    upright = Photo.open(encoded(scene, "JPEG", quality=90))
    assert (turned.width, turned.height) == (upright.width, upright.height) == (2400, 3200)
    assert turned.pixels.shape == (1600, 1200, 3)
    assert difference(turned, upright.pixels) < 1


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
    assert difference(Photo.open(data), VALUES) <= tolerance


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
    assert difference(Photo.open(data), np.dstack([GREY] * 3)) <= tolerance


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
    assert difference(photo, VALUES) < 5
    assert Photo.open(encoded(SCENE, kind)).notes == ()


def test_phone_photo_with_a_second_picture_inside_is_no_animation() -> None:
    """An MPO, as phones write for depth or HDR, is a plain JPEG with an appendix."""
    more = [SCENE.transpose(T.ROTATE_180)]
    photo = Photo.open(encoded(SCENE, "MPO", save_all=True, append_images=more, quality=95))
    assert photo.notes == ()
    assert difference(photo, VALUES) < 2


def test_animated_gif_is_refused_with_the_kinds_that_are_not() -> None:
    """A GIF is no photo; the sentence names what to give instead."""
    message = refusal(encoded(SCENE, "GIF"), name="side.gif")
    assert message == (
        "side.gif is of a kind that cannot be read: give JPEG, PNG, WebP, TIFF, BMP, HEIC or AVIF."
    )


@pytest.mark.parametrize("name", ["list.jpg", "LIST.HEIC", "x" * 80 + ".png"])
def test_what_is_only_named_as_a_photo_is_told_so(name: str) -> None:
    """To ask for a JPEG would not help whoever believes that this is one."""
    assert refusal(b"milk, bread", name=name) == (
        f"{name[:60]} has the ending of a photo, but holds none that can be read: give JPEG, PNG,"
        " WebP, TIFF, BMP, HEIC or AVIF."
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
    assert difference(Photo.open(renamed), VALUES) < 5


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
