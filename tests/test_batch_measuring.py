"""Reading one photo of a batch: what may be there later is told from what stays as it is."""

import errno
import io
import os
from pathlib import Path
from typing import Any

import fsspec
import pytest

from posture.batch import measuring
from posture.batch.entries import Entry
from posture.errors import PhotoError

from .command import STANDING


@pytest.mark.parametrize(
    ("number", "stamp", "away"),
    [
        (errno.EIO, "1", True),
        (errno.ESTALE, "", True),
        (errno.ETIMEDOUT, "", True),
        (errno.EACCES, "1", False),
        (errno.ENAMETOOLONG, "", False),
    ],
)
def test_a_disk_that_fails_is_not_the_photos_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, stamp: str, away: bool
) -> None:
    """What may be there later is told from what stays as it is."""
    photo = tmp_path / "a.jpg"
    photo.touch()

    def fail(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(PhotoError) as error:
        measuring.open_photo(Entry(str(photo), "a.jpg", stamp))
    assert isinstance(error.value, measuring.AwayError) == away


def test_a_photo_that_was_listed_and_is_gone_is_away(tmp_path: Path) -> None:
    """Its disk, most likely; never there, it is a mistake in a list, and damaged it is no photo."""
    for location in (str(tmp_path / "x.jpg"), "memory://clinic/x.jpg"):
        with pytest.raises(measuring.AwayError, match=r"x\.jpg"):
            measuring.open_photo(Entry(location, "x.jpg", "1"))
        with pytest.raises(PhotoError, match=r"x\.jpg") as error:
            measuring.open_photo(Entry(location, "x.jpg"))
        assert not isinstance(error.value, measuring.AwayError)
    (tmp_path / "x.jpg").write_bytes(b"\xff\xd8\xff no photo")
    with pytest.raises(PhotoError, match=r"x\.jpg") as error:
        measuring.open_photo(Entry(str(tmp_path / "x.jpg"), "x.jpg", "1"))
    assert not isinstance(error.value, measuring.AwayError)


def test_a_store_that_fails_is_away_and_what_it_gives_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever it raises, when opened or half way; too large a file is not fetched whole."""
    store = fsspec.filesystem("memory")
    store.pipe("/clinic/a.png", STANDING.read_bytes())
    store.pipe("/clinic/large.png", bytes(31_000_000))
    assert measuring.open_photo(Entry("memory://clinic/a.png", "a")).name == "a.png"
    with pytest.raises(PhotoError, match="over 30 MB"):
        measuring.open_photo(Entry("memory://clinic/large.png", "a"))
    store.rm("/clinic", recursive=True)

    class Throttled(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise RuntimeError("SlowDown")

    monkeypatch.setattr(fsspec, "open", lambda *_: Throttled())
    with pytest.raises(measuring.AwayError, match=r"cannot be read from where it is: SlowDown\.$"):
        measuring.open_photo(Entry("memory://clinic/a.png", "a"))
