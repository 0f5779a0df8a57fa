"""Lists the photos that a folder, a pattern or a CSV names, one after the other; it opens none."""

from __future__ import annotations

import csv
import glob
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

from posture import decoders
from posture.batch.entries import PROTOCOL, Entry
from posture.console import shown
from posture.errors import BatchError, SourceError
from posture.language import gettext as _
from posture.language import localised
from posture.marking.marks import STATURE_RANGE_CM

#: Endings of pictures that posture drew, which are no photos.
OVERLAY: Final = ".overlay.png"
_TABLES: Final = (".csv", ".tsv", ".txt")
_SEPARATORS: Final = ",;\t"
_PHOTO, _PERSON, _STATURE = "photo", "person", "stature_cm"
_SMALL: Final = 1 << 16
_ANY_FOLDERS: Final = "**"


@dataclass(frozen=True, slots=True)
class Source:
    """Where photos are listed.

    Attributes
    ----------
    entries : callable
        Yields them anew each time; raises `BatchError` if they cannot be listed.
    in_order : bool
        Whether they have an order of their own, as the rows of a table do, and one that is there
        twice is a mistake; else they are sorted by their paths.
    table : Path or None
        The CSV, if it is one.
    text : str
        The same for the same source, from whatever folder it is named.
    shown : str
        The source as it was asked for, for people to read.
    """

    entries: Callable[[], Iterator[Entry]]
    in_order: bool = False
    table: Path | None = None
    text: str = ""
    shown: str = ""


def source(text: str) -> Source:
    """Return what a text names: a folder, a CSV, a pattern such as ``photos/*.jpg``, or a URL.

    Raises
    ------
    BatchError
        If it is none of them.
    """
    path, name = Path(text), shown(text)
    if PROTOCOL in text:
        return Source(lambda: _in_store(text), text=text, shown=name)
    place = os.path.abspath(path)  # noqa: PTH100 - as in `_of_file`
    if path.is_dir():
        return Source(lambda: _matching(path, (_ANY_FOLDERS, "*")), text=place, shown=name)
    if path.is_file() and path.suffix.lower() in _TABLES:
        return Source(lambda: _in_table(path), in_order=True, table=path, text=place, shown=name)
    if path.is_file() and not _is_photo(path.name):
        said = _("{source} is neither a photo nor a CSV: save a spreadsheet as CSV.")
        raise SourceError(said.format(source=name))
    if path.is_file():
        return Source(lambda: iter([_of_file(path)]), text=place, shown=name)
    if glob.has_magic(text):
        pattern = path.expanduser()
        place = os.path.abspath(pattern)  # noqa: PTH100
        return Source(lambda: _by_pattern(pattern), text=place, shown=name)
    said = _("{source} is no folder, CSV file or pattern: check its name.")
    raise SourceError(said.format(source=name))


def _is_photo(name: str) -> bool:
    small = name.lower()
    hidden = name.startswith(".")
    return small.endswith(decoders.ENDINGS) and not hidden and not small.endswith(OVERLAY)


def _by_pattern(pattern: Path) -> Iterator[Entry]:
    """Yield the photos that a pattern matches."""
    parts = pattern.parts
    first = next(at for at, part in enumerate(parts) if glob.has_magic(part))
    root, rest = Path(*parts[:first]), parts[first:]
    if not os.path.isdir(root):  # noqa: PTH112 - that of a path fails where nobody may look
        return iter(())
    # At the end, any folders mean all that is in them, as in a shell.
    return _matching(root, (*rest, "*") if rest[-1] == _ANY_FOLDERS else rest)


def _matching(root: Path, parts: tuple[str, ...]) -> Iterator[Entry]:
    """Yield the photos below a folder whose path matches, part by part.

    Not by glob or pathlib: they say nothing of a folder that cannot be read, and the one follows
    links to folders, round and round, and the other takes what is hidden.
    """
    waiting = [(str(root), {0})]  # each folder, and which of the parts what is in it may match
    while waiting:
        here, ats = waiting.pop()
        for at, part in enumerate(parts):
            if at in ats and part == _ANY_FOLDERS:  # or none
                ats.add(at + 1)
        above = {at for at in ats if parts[at] == os.pardir}
        if above:
            waiting.append((f"{here}{os.sep}{os.pardir}", {at + 1 for at in above} - {len(parts)}))
        if ats == above:
            continue
        try:
            with os.scandir(here) as inside:
                for item in inside:
                    matched = {at for at in ats if _matches(item, parts[at])}
                    if matched and _is_folder(item):
                        below = {at if parts[at] == _ANY_FOLDERS else at + 1 for at in matched}
                        waiting.append((item.path, below - {len(parts)}))
                    elif len(parts) - 1 in matched and _is_photo(item.name):
                        yield _of_file(Path(item.path))
        except OSError as error:
            said = _("The folder {folder} cannot be read: {why}.")
            raise BatchError(said.format(folder=shown(here), why=error.strerror)) from error


def _matches(item: os.DirEntry[str], part: str) -> bool:
    if item.name.startswith(".") and not part.startswith("."):
        return False
    if part == _ANY_FOLDERS:
        return item.is_dir(follow_symlinks=False)
    return fnmatch(item.name, part)


def _is_folder(item: os.DirEntry[str]) -> bool:
    # That of the item follows links too, but fails over one that leads to itself.
    return item.is_dir(follow_symlinks=False) or (
        item.is_symlink() and os.path.isdir(item.path)  # noqa: PTH112
    )


def _of_file(path: Path) -> Entry:
    # Not resolved: two links to one file are two photos, as they are to whoever made them.
    location = os.path.abspath(path)  # noqa: PTH100
    return Entry(location, shown(path), _stamp(path))


def _stamp(path: Path) -> str:
    with suppress(OSError, ValueError):
        found = path.stat()
        return f"{found.st_size} {found.st_mtime_ns}"
    return ""


def _in_store(url: str) -> Iterator[Entry]:
    """Yield the photos under a URL, or that match it if it is a pattern."""
    _need_fsspec()
    from fsspec.core import url_to_fs  # type: ignore[import-untyped]

    try:
        store, root = url_to_fs(url)
        if glob.has_magic(root):
            found: Iterator[tuple[str, Any]] = iter(store.glob(root, detail=True).items())
        elif store.isfile(root):
            found = iter([(root, store.info(root))])
        else:
            found = _walked(store, root)
        for path, known in found:
            name = path.rpartition("/")[2]
            if _is_photo(name) and known.get("type") != "directory":
                location = store.unstrip_protocol(path)
                yield Entry(location, shown(location), _store_stamp(known))
    except Exception as error:  # each kind of storage has errors of its own
        said = _("{source} cannot be listed: {why}.")
        why = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise BatchError(said.format(source=shown(url), why=why)) from error


def _need_fsspec() -> None:
    if not find_spec("fsspec"):
        said = _(
            "Photos from URLs need more than is installed: run pip install -e '.[cluster]' in a"
            " copy of the repository."
        )
        raise BatchError(said)


def _walked(store: Any, root: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - untyped library
    for _folder, folders, files in store.walk(root, detail=True, on_error="raise"):
        for name in [name for name in folders if name.startswith(".")]:
            del folders[name]
        for known in files.values():
            yield known["name"], known


def _store_stamp(known: Mapping[str, Any]) -> str:
    """Return what a store tells of a file that differs when the file does."""
    names = ("size", "ETag", "etag", "md5", "LastModified", "mtime", "created", "last_modified")
    return " ".join(str(known[name]) for name in names if known.get(name) is not None)


def _in_table(path: Path) -> Iterator[Entry]:
    """Yield a photo for each row of a CSV; a bad row is an entry that says so."""
    with _opened(path) as file:
        columns, reader, above = _header(file, path)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                said = _("Line {number} of {file} cannot be read: {why}.")
                said = said.format(number=above + reader.line_num, file=shown(path.name), why=error)
                yield Entry("", "", fault=said)
                continue
            if any(cell.strip() for cell in cells):
                yield _of_row(cells, columns, path.parent, above + reader.line_num)


def _opened(path: Path) -> IO[str]:
    """Open a table as Excel and others write it: UTF-8, UTF-16 or, failing both, Windows' own."""
    try:
        with path.open("rb") as file:
            encoding = "utf-16" if file.read(2) in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        try:
            with path.open(encoding=encoding) as file:
                while file.read(_SMALL):
                    pass
        except UnicodeError:
            encoding = "cp1252"
        return path.open(encoding=encoding, errors="replace", newline="")
    except OSError as error:
        said = _("{file} cannot be read: {why}.")
        raise BatchError(said.format(file=shown(path), why=error.strerror)) from error


def _header(file: IO[str], path: Path) -> tuple[dict[str, int], Any, int]:
    """Return where the columns are, a reader of the rows beneath them, and the lines above."""
    line, above = file.readline(_SMALL), 1
    if re.fullmatch(r"sep=.\s*", line):  # as Excel tells itself
        line, above = file.readline(_SMALL), 2
    for separator in _SEPARATORS:
        names = [name.strip().lower() for name in next(csv.reader([line], delimiter=separator), [])]
        if _PHOTO not in names:
            continue
        for name in (_PHOTO, _PERSON, _STATURE):
            if names.count(name) > 1:
                said = _("{file} has two columns {name}: leave one.")
                raise SourceError(said.format(file=shown(path), name=name))
        columns = {name: at for at, name in enumerate(names)}
        return columns, csv.reader(file, delimiter=separator), above
    said = _("{file} has no column {name}: its first line names the columns.")
    raise SourceError(said.format(file=shown(path), name=_PHOTO))


def _of_row(cells: list[str], columns: dict[str, int], folder: Path, line: int) -> Entry:
    def cell(name: str) -> str:
        at = columns.get(name, len(cells))
        return cells[at].strip() if at < len(cells) else ""

    photo, person = cell(_PHOTO), shown(cell(_PERSON))
    if not photo:
        said = _("Line {number} names no photo: fill in the column {name}.")
        return Entry("", "", person=person, fault=said.format(number=line, name=_PHOTO))
    stature, fault = _stature(cell(_STATURE), line)
    if PROTOCOL in photo:
        _need_fsspec()
    entry = Entry(photo, "") if PROTOCOL in photo else _of_file(folder / photo)
    return replace(entry, shown=shown(photo), stature_cm=stature, person=person, fault=fault)


def _stature(text: str, line: int) -> tuple[float | None, str]:
    if not text:
        return None, ""
    low, high = STATURE_RANGE_CM
    try:
        stature = float(text.replace(",", "."))
    except ValueError:
        stature = float("nan")
    if low <= stature <= high:
        return stature, ""
    said = _("Line {number}: {text} is no standing height: give {low} to {high} centimetres.")
    low_high = {"low": localised(f"{low:g}"), "high": localised(f"{high:g}")}
    return None, said.format(number=line, text=repr(shown(text)), **low_high)
