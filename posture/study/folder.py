"""Finds in a folder what a study is made of, and whom each photo shows; it opens no photo."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posture.errors import StudyError
from posture.language import gettext as _
from posture.study import kept, plan
from posture.study.reading import Saved, saved
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
    saved: Saved | None = None


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
        If there is no photo, one whose person is not known, or the table names one that is not
        there.
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
    written = {name for pair in names for name in pair}
    for path in files:
        photo = (path.relative_to(folder).as_posix(), path.name)
        drawn = path.stem.lower().endswith(_DRAWN)
        if path.suffix.lower() in PICTURE_ENDINGS and not drawn and not written & {*photo}:
            found.append(_Found(path, None, alone=True))
            names.append(photo)
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
        Source(pair[0], plan.whose(*pair, table=table), one.path, one.saved)
        for one, pair in zip(found, names, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    saved: Saved | None
    alone: bool


def _saved(path: Path) -> Iterator[_Found]:
    text = path.read_text("utf-8", errors="replace")
    if _is_study(text):
        return
    every = saved(text, path.name)
    for one in every:
        yield _Found(path, one, alone=len(every) == 1)


def _is_study(text: str) -> bool:
    try:
        return bool(json.loads(text)["schema"] == kept.SCHEMA)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _names(one: _Found, folder: Path) -> tuple[str, ...]:
    """Return what a saved photo is called: as its file, if that holds no other, and as itself."""
    itself = "" if one.saved is None else one.saved.photo
    return (one.path.relative_to(folder).as_posix(), itself) if one.alone else (itself,)
