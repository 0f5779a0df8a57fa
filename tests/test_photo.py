"""Reading photos: every form in which they come, the names they keep, the metadata they lose."""

import io
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from posture.photo import Photo

from .odd_files import encoded
from .scene import GREY, ORIENTATION, SCENE, VALUES, draw_scene, fault_of, refusal

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
    assert words in refusal(values)


@pytest.mark.parametrize("source", [None, 3, 2.5, [1, 2], {"a": 1}, object()])
def test_source_of_another_type_is_refused(source: object) -> None:
    """What is not a photo in any form is refused, with the forms that there are."""
    assert type(source).__name__ in refusal(source)


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
    scene = draw_scene(1800, 2400).transpose(Image.Transpose.ROTATE_90)
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
    assert "0.02 MB" in refusal(stream, max_megabytes=0.02)
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
    assert "binary mode" in refusal(file)
    file.close()


def test_paths_that_lead_to_no_file_are_refused(tmp_path: Path) -> None:
    """Missing files, folders, impossible names: each in a sentence, without the folder."""
    assert refusal(tmp_path / "side.jpg").startswith("side.jpg is no file")
    assert refusal(str(tmp_path)).startswith(f"{tmp_path.name} is a folder")
    assert refusal(tmp_path / "side.jpg" / "deeper.jpg").startswith("deeper.jpg is no file")
    assert refusal("") == "The photo is a folder: give the photo itself."
    assert refusal("nul\0inside.jpg").startswith("nul?inside.jpg is no file")
    assert refusal("https://example.org/side.jpg").startswith("side.jpg is no file")
    assert refusal("x" * 5000).startswith("x" * 60 + " cannot be opened")


def test_file_without_permission_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that may not be read is refused in a sentence that names no folder."""

    def forbid(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    path = tmp_path / "side.jpg"
    path.write_bytes(b"x")
    monkeypatch.setattr(Path, "open", forbid)
    assert refusal(path) == "side.jpg cannot be opened: check that you may read it."


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
    assert fault_of(b"no photo", name=given_name) in ("", "speaks of paths or of the program")


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
