"""Finds in a folder what a study is made of, and whom each photo shows; it opens no photo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posture.errors import StudyError
from posture.language import gettext as _
from posture.study import kept, plan
from posture.study.reading import Reading, Saved, saved
from posture.targets import PICTURE_ENDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from posture.study.figures import Taken

_RESULTS: Final = (".json", ".jsonl")
_DRAWN: Final = ".overlay"


@dataclass(frozen=True, slots=True)
class Source:
    """A photo to measure, or what was saved of one, and whom it shows."""

    name: str
    taken: Taken
    path: Path
    reading: Reading | None = None


def sources(folder: Path, table: Mapping[str, Taken] | None = None) -> list[Source]:
    """Return the photos in a folder and in the folders in it, sorted by name.

    Parameters
    ----------
    folder : Path
        It holds photos, or what `posture analyze --json` wrote of them. Of what is there as both,
        what was written is taken, since points may have been placed in it. Pictures drawn by
        posture, studies, and files of other kinds are passed over.
    table : mapping of str to Taken, optional
        What `plan.read_table` returned.

    Raises
    ------
    StudyError
        If there is no photo, one whose person is not known, results that are damaged, or the
        table names a photo that is not there.
    OSError
        If a file cannot be read.
    """
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.parts[-2:])
    )
    found = [one for path in files if path.suffix.lower() in _RESULTS for one in _saved(path)]
    names = [_names(one, folder) for one in found]
    known = {place for one in found for place in _places(one)}
    for path in files:
        drawn = path.stem.lower().endswith(_DRAWN)
        there = known & {str(path), str(path.with_suffix("")), path.name}
        if path.suffix.lower() in PICTURE_ENDINGS and not drawn and not there:
            found.append(_Found(path, None, alone=True))
            names.append((path.relative_to(folder).as_posix(), path.name))
    if not found:
        raise StudyError(
            _("There are no photos in {folder}: give a folder that holds some.").format(
                folder=folder
            )
        )
    if table is not None and (gone := plan.missing(table, (n for pair in names for n in pair))):
        raise StudyError(
            _("The table names {photo}, which is not in {folder}: take it out.").format(
                photo=gone[0], folder=folder
            )
        )
    return [
        _source(one, pair[0], plan.whose(*pair, table=table))
        for one, pair in zip(found, names, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    saved: Saved | None
    alone: bool


def _source(one: _Found, name: str, taken: Taken) -> Source:
    reading = None if one.saved is None else one.saved.reading(name, taken)
    return Source(name, taken, one.path, reading)


def _saved(path: Path) -> Iterator[_Found]:
    text = path.read_text("utf-8", errors="replace")
    if kept.is_study(text):
        return
    every = saved(text, path.name)
    for one in every:
        yield _Found(path, one, alone=len(every) == 1)


def _places(one: _Found) -> tuple[str, ...]:
    """Return where the photo lies of which something is saved: beside it, if that is alone."""
    itself = "" if one.saved is None else one.saved.photo
    if one.alone:
        return (str(one.path.with_suffix("")), str(one.path.with_name(itself)))
    return (itself,)


def _names(one: _Found, folder: Path) -> tuple[str, ...]:
    """Return what a saved photo is called: as its file, if that holds no other, and as itself."""
    itself = "" if one.saved is None else one.saved.photo
    return (one.path.relative_to(folder).as_posix(), itself) if one.alone else (itself,)
