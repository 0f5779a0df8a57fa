"""Says where results may be written, and writes them whole; never over a photo."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import IO, Final

from posture import decoders
from posture.language import gettext as _

#: How the names of pictures end, in small letters.
PICTURE_ENDINGS: Final = (*decoders.ENDINGS, ".gif", ".dng")
_ENOUGH_TO_IDENTIFY: Final = 1 << 16

# Most systems allow 255 bytes of name; number and ending need some of them.
_LONGEST_STEM: Final = 100
_MOST_STEM_BYTES: Final = 200


def file_fault(
    target: Path,
    photos: Iterable[Path],
    points: Path | None = None,
    example: str = "results.jsonl",
) -> str | None:
    """Say why a file must not be written, or None if it may.

    Parameters
    ----------
    target : Path
        The file of results to be; it may exist.
    photos : iterable of Path
        The photos that are read, of which it must not be one.
    points : Path, optional
        The file of points that is read, which it must not be: that may tell of other photos too.
    example : str
        A name that is better where the given one is a picture's.
    """
    said = None
    if any(same(target, path) for path in photos):
        said = _("{file} is one of the photos, which would be lost: give another file.")
    elif points is not None and same(target, points):
        said = _("{file} is the file of points, which would be lost: give another file.")
    elif target.suffix.lower() in PICTURE_ENDINGS:
        said = _("{file} has the ending of a picture: give a file such as {example}.")
    elif target.is_file() and _is_picture(target):
        said = _("{file} is a picture, which would be lost: give another file.")
    if said is not None:
        return said.format(file=target, example=example)
    folder = target.absolute().parent
    if not folder.is_dir():
        said = _("the folder {folder} does not exist: make it or give another one.")
        return said.format(folder=target.parent)
    if target.exists() and not target.is_file():  # a pipe or a device
        return None
    return folder_fault(folder)


def folder_fault(folder: Path) -> str | None:
    """Make a folder if it is not there, and say why nothing can be written into it, if so."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        said = _("nothing can be written into {folder} ({why}): give another folder.")
        return said.format(folder=folder, why=error.strerror)
    return None


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes its place once all is written: what was there stays until then.

    Raises
    ------
    OSError
        If it cannot be written; `filename` is the path. Whatever is raised, nothing new stays.
    """
    path = path.resolve()
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".posture-", delete=False) as file:
            part = Path(file.name)
            yield file
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError):  # some file systems know no modes
            part.chmod(_mode(path))
        part.replace(path)
    except BaseException as error:
        if part is not None:
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; what was there stays until the new one is complete.

    Raises
    ------
    OSError
        If it cannot be written; `filename` is the path.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():  # a pipe or a device must not be replaced
        path.write_bytes(data)
        return
    with whole(path) as file:
        file.write(data)


def write_new(folder: Path, stem: str, ending: str, data: bytes) -> Path:
    """Write a file under a name that is still free, numbered if need be, and return its path.

    Raises
    ------
    OSError
        If it cannot be written; nothing of it stays.
    """
    stem = stem[:_LONGEST_STEM]
    while len(os.fsencode(stem)) > _MOST_STEM_BYTES:
        stem = stem[:-1]
    for number in count(1):
        path = folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        try:
            file = path.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(data)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise OSError(error.errno, error.strerror, str(path)) from error
            raise
        break
    return path


def same(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, there or not."""
    with suppress(OSError):
        if one.samefile(other):
            return True
    return os.path.realpath(one) == os.path.realpath(other)


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(_ENOUGH_TO_IDENTIFY)
    except OSError:
        return False
    try:
        with decoders.QUIET:
            return decoders.identify(start) is not None
    except Exception:
        return True  # it begins like a picture, and the rest of it was not looked at


def _mode(path: Path) -> int:
    """Permissions that a file has, or that a new one would get."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
