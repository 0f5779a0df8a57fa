"""Makes files that are broken, odd or hostile, the same ones every time.

(But for the animated AVIF, in which its encoder writes the time of day.)
"""

import gzip
import io
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from PIL import Image
from pillow_heif import HeifFile, from_pillow

Outcome = Literal["reads", "refused", "either"]
_Named = Iterator[tuple[str, bytes, Outcome]]

_HUGE = 20_000
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class OddFile:
    """A path and what is to come of opening it as a photo."""

    path: Path
    outcome: Outcome


def odd_files(folder: Path, photo: Path | Image.Image) -> list[OddFile]:
    """Write about 150 odd files into a folder.

    Parameters
    ----------
    folder : Path
        An existing, empty folder.
    photo : Path or Image
        A sound photo that most of them are made from; it is made small first.

    Returns
    -------
    list of OddFile
        "either" means that a photo and a plain refusal are both right.
    """
    picture = _small(photo)
    made = [
        *_not_photos(),
        *_odd_but_sound(picture),
        *_odd_metadata(picture),
        *_damaged(picture),
        *_bombs(),
        *_too_large(picture),
    ]
    files = []
    for name, data, outcome in made:
        (folder / name).write_bytes(data)
        files.append(OddFile(folder / name, outcome))
    return files + _not_files(folder)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Give a picture as the bytes of a file of this kind, named as Pillow names it."""
    buffer = io.BytesIO()
    if kind == "HEIF":
        heif = _heif(picture, options.pop("exif", None))
        for more in options.pop("append_images", ()):
            heif.add_from_pillow(more)
        heif.save(buffer, **options)
    else:
        picture.save(buffer, kind, **options)
    return buffer.getvalue()


def png(
    width: int, height: int, bits: int, colour: int, rows: bytes, *before: tuple[bytes, bytes]
) -> bytes:
    """Write a PNG by hand, with `before` as further chunks ahead of its pixels."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return _PNG_SIGNATURE + b"".join(_chunk(*each) for each in chunks)


def png_rows(values: np.ndarray[Any, np.dtype[Any]]) -> bytes:
    """Give an array as the unfiltered rows of a PNG, which counts high bytes first."""
    ordered = values.astype(values.dtype.newbyteorder(">"))
    return b"".join(b"\0" + row.tobytes() for row in ordered)


def tiff(tags: dict[int, tuple[int, ...]], pixels: bytes = b"", *, following: int = 0) -> bytes:
    """Write a little-endian TIFF by hand: pixels, then one directory of 32-bit values.

    The strip's place and length are filled in, as is `following`, the place of the
    next directory; a tag of several values has them written behind the directory.
    """
    start, behind = 8 + len(pixels), b""
    tags = {273: (8,), 279: (len(pixels),), **tags}
    after = start + 2 + 12 * len(tags) + 4
    directory = struct.pack("<H", len(tags))
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"<{len(values)}I", *values)
        directory += struct.pack("<HHI", tag, 4, len(values))
        if len(values) == 1:
            directory += packed
        else:
            directory += struct.pack("<I", after + len(behind))
            behind += packed
    directory += struct.pack("<I", following)
    return b"II*\0" + struct.pack("<I", start) + pixels + directory + behind


def rgb16_tiff(values: np.ndarray[Any, np.dtype[np.uint16]]) -> bytes:
    """Give an (h, w, 3) array as a TIFF of 16 bits a colour, which Pillow cannot write."""
    height, width = values.shape[:2]
    return tiff(
        {256: (width,), 257: (height,), 258: (16, 16, 16), 259: (1,), 262: (2,), 277: (3,)},
        values.astype("<u2").tobytes(),
    )


def scan_bomb(side: int, scans: int) -> bytes:
    """Give a progressive JPEG whose last scan, of a few bytes, comes again and again."""
    flat = encoded(Image.new("L", (side, side), 90), "JPEG", progressive=True)
    last = flat.rindex(b"\xff\xda")
    return flat[:last] + flat[last:-2] * scans + flat[-2:]


def _small(photo: Path | Image.Image) -> Image.Image:
    if isinstance(photo, Image.Image):
        picture = photo.convert("RGB")
    else:
        with Image.open(photo) as opened:
            picture = opened.convert("RGB")
    picture.thumbnail((320, 320))
    return picture


def _heif(picture: Image.Image, exif: Image.Exif | None) -> HeifFile:
    heif = from_pillow(picture)
    if exif is not None:
        heif[0].info["exif"] = exif.tobytes()
    return heif


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def _with_segment(jpeg: bytes, marker: int, content: bytes, times: int = 1) -> bytes:
    segment = struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
    return jpeg[:2] + segment * times + jpeg[2:]


def _not_photos() -> _Named:
    """Files of other kinds, most of them called a photo."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("side.jpg", bytes(20_000_000))
    small = Image.new("RGB", (40, 60), (90, 120, 150))
    contents = {
        "empty.jpg": b"",
        "one_byte.jpg": b"\xff",
        "zeros.png": bytes(5000),
        "text.jpg": b"Dear diary, my back hurts.\n" * 40,
        "html.png": b"<!doctype html><html><body>404 Not Found</body></html>",
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "report.pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        "zip_bomb.jpg": zipped.getvalue(),
        "gzip_bomb.png": gzip.compress(bytes(20_000_000), mtime=0),
        "video.mp4": b"\0\0\0\x18ftypmp42\0\0\0\0isommp42\0\0\0\x08mdat" + bytes(500),
        "live_photo.heic": b"\0\0\0\x14ftypqt  \0\0\0\0qt  \0\0\0\x08wide" + bytes(500),
        "newline\nin name.jpg": b"text",
        "x" * 200 + ".jpg": b"text",
        "Rücken von der Seite 側面.jpg": b"text",
    }
    for kind in ("GIF", "ICO", "PPM", "PCX", "TGA", "JPEG2000", "PDF", "EPS", "QOI"):
        contents[f"kind_{kind}.jpg"] = encoded(small, kind)
    for name, content in contents.items():
        yield name, content, "refused"


def _odd_but_sound(picture: Image.Image) -> _Named:
    """Photos of every kind and colour mode that can be read."""
    grey, mirrored = picture.convert("L"), picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    values, grey_values = np.asarray(picture).astype(np.uint16), np.asarray(grey)
    see_through = picture.copy()
    see_through.putalpha(grey)
    several: dict[str, Any] = {"save_all": True, "append_images": [mirrored]}
    jpeg = encoded(picture, "JPEG")
    height, width = grey_values.shape
    contents = {
        "1x1.png": encoded(picture.crop((0, 0, 1, 1)), "PNG"),
        "1x1.jpg": encoded(picture.crop((0, 0, 1, 1)), "JPEG"),
        "1x1.heic": encoded(picture.crop((0, 0, 1, 1)), "HEIF"),
        "5000x1.png": encoded(Image.new("L", (5000, 1), 9), "PNG"),
        "1x65000.jpg": encoded(Image.new("L", (1, 65_000), 9), "JPEG"),
        "just_small_enough.png": png(7000, 7000, 8, 0, bytes(7001 * 7000)),
        "jpeg_named.png": jpeg,
        "png_named.heic": encoded(picture, "PNG"),
        "no_ending": jpeg,
        "progressive.jpg": encoded(picture, "JPEG", progressive=True),
        "followed_by_film.jpg": jpeg + random.Random(1).randbytes(50_000),
        "grey.jpg": encoded(grey, "JPEG"),
        "cmyk.jpg": encoded(picture.convert("CMYK"), "JPEG"),
        "cmyk.tif": encoded(picture.convert("CMYK"), "TIFF"),
        "grey16.png": encoded(Image.fromarray(grey_values.astype(np.uint16) * 257), "PNG"),
        "grey16.tif": encoded(Image.fromarray(grey_values.astype(np.uint16) * 257), "TIFF"),
        "rgb16.png": png(width, height, 16, 2, png_rows(values * 257)),
        "rgb16.tif": rgb16_tiff(values * np.uint16(257)),
        "float.tif": encoded(Image.fromarray(grey_values.astype(np.float32) / 255), "TIFF"),
        "black_and_white.png": encoded(picture.convert("1"), "PNG"),
        "fax.tif": encoded(picture.convert("1"), "TIFF", compression="group4"),
        "lzw.tif": encoded(picture, "TIFF", compression="tiff_lzw"),
        "jpeg_inside.tif": encoded(picture, "TIFF", compression="jpeg"),
        "big.tif": encoded(picture, "TIFF", big_tiff=True),
        "palette.png": encoded(picture.quantize(32), "PNG"),
        "palette_clear.png": encoded(picture.quantize(32), "PNG", transparency=bytes(range(32))),
        "grey_alpha.png": encoded(see_through.convert("LA"), "PNG"),
        "alpha.png": encoded(see_through, "PNG"),
        "alpha.webp": encoded(see_through, "WEBP"),
        "alpha.tif": encoded(see_through, "TIFF"),
        "alpha.heic": encoded(see_through, "HEIF"),
        "alpha.avif": encoded(see_through, "AVIF"),
        "palette.bmp": encoded(picture.quantize(16), "BMP"),
        "animated.png": encoded(picture, "PNG", **several),
        "animated.webp": encoded(picture, "WEBP", **several),
        "animated.avif": encoded(picture, "AVIF", **several),
        "pages.tif": encoded(picture, "TIFF", **several),
        "several.heic": encoded(picture, "HEIF", append_images=[mirrored]),
        "phone.mpo": encoded(picture, "MPO", **several),
        "mpo_named.jpg": encoded(picture, "MPO", **several),
        "sideways.heic": encoded(picture, "HEIF", exif=_turned(6)),
    }
    for name, content in contents.items():
        yield name, content, "reads"


def _turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def _odd_metadata(picture: Image.Image) -> _Named:
    """Sound pixels in a wrapping that is not."""
    jpeg, plain = encoded(picture, "JPEG"), encoded(picture, "PNG")
    mpo = encoded(picture, "MPO", save_all=True, append_images=[picture])
    garbage = random.Random(2).randbytes(4000)
    frame = {256: (8,), 257: (8,), 258: (8,), 259: (1,), 262: (1,)}
    yield "wrong_mpo.jpg", mpo.replace(b"MPF\0II*\0", b"MPF\0II*\xff"), "reads"
    yield "mpo_cut.jpg", mpo[: len(jpeg) + 200], "reads"
    yield "exif_garbage.jpg", _with_segment(jpeg, 0xE1, b"Exif\0\0" + garbage), "reads"
    yield "exif_endless.jpg", _with_segment(jpeg, 0xE1, b"Exif\0\0" + garbage * 16, 40), "reads"
    yield "exif_turn_99.jpg", encoded(picture, "JPEG", exif=_turned(99)), "reads"
    yield "exif_turn_0.png", encoded(picture, "PNG", exif=_turned(0)), "reads"
    yield "exif_garbage.webp", encoded(picture, "WEBP", exif=b"Exif\0\0" + garbage), "reads"
    yield "icc_garbage.jpg", encoded(picture, "JPEG", icc_profile=garbage), "reads"
    yield "icc_garbage.png", encoded(picture, "PNG", icc_profile=garbage), "reads"
    yield "xmp_garbage.jpg", _with_segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0<"), "reads"
    yield (
        "apng_no_frames.png",
        plain.replace(b"IDAT", b"IDAT", 1)[:33] + _chunk(b"acTL", bytes(8)) + plain[33:],
        "reads",
    )
    yield "raw.dng", tiff({**frame, 50706: (0x00000401,)}, bytes(64)), "refused"
    yield "raw_preview.tif", tiff({**frame, 254: (1,)}, bytes(64)), "refused"
    yield "float_unscaled.tif", encoded(Image.new("F", (9, 9), 200.0), "TIFF"), "refused"
    yield "int32.tif", encoded(Image.new("I", (9, 9), 200), "TIFF"), "refused"
    yield "lab.tif", encoded(Image.merge("LAB", picture.split()), "TIFF"), "either"
    yield "next_is_itself.tif", tiff(frame, bytes(64), following=72), "reads"
    yield "next_is_nowhere.tif", tiff(frame, bytes(64), following=0xFFFFFFF0), "either"
    yield (
        "many_tags.tif",
        tiff({**frame, **{t: (t,) for t in range(52_000, 62_000)}}, bytes(64)),
        "reads",
    )
    yield "strip_beyond.tif", tiff({**frame, 273: (0xFFFFFF00,)}, bytes(64)), "refused"
    yield "turned_99.tif", tiff({**frame, 274: (99,)}, bytes(64)), "reads"
    yield "no_size.tif", tiff({258: (8,), 262: (1,)}, bytes(64)), "refused"
    yield "odd_bits.tif", tiff({**frame, 258: (7,)}, bytes(64)), "refused"
    yield (
        "huge_tile.tif",
        tiff(
            {**frame, 259: (8,), 322: (1 << 20,), 323: (1 << 20,), 324: (8,), 325: (64,)}, bytes(64)
        ),
        "refused",
    )


def _damaged(picture: Image.Image) -> _Named:
    """Cut short at three places, and with bytes changed at random."""
    dice = random.Random(3)
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF"):
        data = encoded(picture, kind)
        yield f"head_only.{kind}", data[:20], "refused"
        yield f"half.{kind}", data[: len(data) // 2], "refused"
        yield f"end_missing.{kind}", data[:-8], "either"
        for i in range(5):
            changed = bytearray(data)
            for _ in range(4**i):
                changed[dice.randrange(16, len(data))] = dice.randrange(256)
            yield f"changed_{4**i}.{kind}", bytes(changed), "either"


def _bombs() -> _Named:
    """Little files that ask for much memory or much time."""
    much = zlib.compress(bytes(60_000_000), 9)
    grey = encoded(Image.new("L", (64, 64), 90), "JPEG")
    text = (b"zTXt", b"Comment\0\0" + much)
    profile = (b"iCCP", b"Profile\0\0" + much)
    texts = [(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1_000_000)))] * 100
    yield "text_bomb.png", png(8, 8, 8, 0, bytes(72), text), "refused"
    yield "texts_bomb.png", png(8, 8, 8, 0, bytes(72), *texts), "refused"
    yield "profile_bomb.png", png(8, 8, 8, 0, bytes(72), profile), "refused"
    yield "pixels_bomb.png", png(8, 8, 8, 0, bytes(60_000_000)), "either"
    yield "chunks.png", png(8, 8, 8, 0, bytes(72), *[(b"prVt", b"")] * 50_000), "reads"
    yield (
        "strip_bomb.tif",
        tiff({256: (8,), 257: (8,), 258: (8,), 259: (8,), 262: (1,), 278: (8,)}, much),
        "either",
    )
    yield "scans.jpg", scan_bomb(256, 200), "either"
    yield "segments.jpg", _with_segment(grey, 0xE1, b"Exif\0\0x", 20_000), "either"


def _too_large(picture: Image.Image) -> _Named:
    """Claims of 20000 x 20000 pixels, one of them true."""
    side = struct.pack(">I", _HUGE)
    packer = zlib.compressobj(9)
    row = bytes(1 + _HUGE // 8)
    rows = b"".join(packer.compress(row * 100) for _ in range(_HUGE // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", _HUGE, _HUGE, 1, 0, 0, 0, 0)
    real = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    jpeg = encoded(Image.new("L", (8, 8)), "JPEG")
    size = jpeg.index(b"\xff\xc0") + 5
    bmp = encoded(Image.new("L", (8, 8)), "BMP")
    canvas = (_HUGE - 1).to_bytes(3, "little") * 2
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas
    webp = encoded(picture, "WEBP")[12:]
    yield "huge_real.png", _PNG_SIGNATURE + b"".join(_chunk(*each) for each in real), "refused"
    yield "huge_claim.png", png(_HUGE, _HUGE, 8, 6, b""), "refused"
    yield "huge_claim.jpg", jpeg[:size] + side[2:] * 2 + jpeg[size + 4 :], "refused"
    yield "huge_claim.bmp", bmp[:18] + struct.pack("<ii", _HUGE, _HUGE) + bmp[26:], "refused"
    yield (
        "huge_claim.tif",
        tiff({256: (_HUGE,), 257: (_HUGE,), 258: (8,), 259: (1,), 262: (1,)}),
        "refused",
    )
    yield (
        "huge_claim.webp",
        b"RIFF" + struct.pack("<I", 4 + len(extended + webp)) + b"WEBP" + extended + webp,
        "refused",
    )
    for kind in ("HEIF", "AVIF"):
        data = encoded(picture, kind)
        place = data.index(b"ispe") + 8
        yield f"huge_claim.{kind}", data[:place] + side * 2 + data[place + 8 :], "refused"
    yield "flat_claim.png", png(0, 0, 8, 0, b""), "refused"
    yield "negative.bmp", bmp[:18] + struct.pack("<ii", -8, 8) + bmp[26:], "refused"


def _not_files(folder: Path) -> list[OddFile]:
    """Paths that lead to no file; the system may not know all of them."""
    makers: dict[str, Callable[[Path], object]] = {
        "folder.jpg": Path.mkdir,
        "link_to_nothing.jpg": lambda path: path.symlink_to(folder / "gone.jpg"),
        "link_to_itself.jpg": lambda path: path.symlink_to(path),
        "pipe.jpg": os.mkfifo,
    }
    files = [OddFile(folder / "missing.jpg", "refused")]
    for name, make in makers.items():
        with suppress(OSError, NotImplementedError):
            make(folder / name)
            files.append(OddFile(folder / name, "refused"))
    return files
