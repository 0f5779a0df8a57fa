"""Keeps what came of a command's photos, and writes it; it measures nothing.

Exit status: 0 all measured, 3 something refused, 2 not a photo, 1 the program could not do its
work. Of several, 1 wins over 2, and 2 over 3.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import typer

from posture import Assessment, targets
from posture.console import drop_output, say, shown
from posture.language import gettext as _

BROKEN: Final = 1
NOT_A_PHOTO: Final = 2
REFUSED: Final = 3

_NAMED_PICTURES: Final = 3


@dataclass(slots=True)
class Batch:
    """What came of the photos so far."""

    assessments: list[Assessment] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)  # of the assessments, as typed
    overlays: list[Path] = field(default_factory=list)
    dicoms: list[Path] = field(default_factory=list)
    unreadable: int = 0
    faults: int = 0

    @property
    def status(self) -> int:
        """Exit status."""
        if self.faults:
            return BROKEN
        if self.unreadable:
            return NOT_A_PHOTO
        refused = any(
            measurement.tier == "refused"
            for assessment in self.assessments
            for measurement in assessment.measurements.values()
        )
        return REFUSED if refused else 0

    def fault(self, path: Path, sentence: str) -> None:
        """Count a fault of this program, and say of which file, in a sentence with its {name}."""
        say(sentence.format(name=shown(path)))
        self.faults += 1


@contextmanager
def writing() -> Iterator[None]:
    """Say in one sentence what could not be written, and end with the status for it."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:  # whoever read has left: no word about it
            raise
        why = error.strerror or error
        if error.filename:
            said = _("The results cannot be written to {file}: {why}.")
            say(said.format(file=error.filename, why=why))
        else:
            say(_("The results cannot be written: {why}.").format(why=why))
        if not error.filename:
            drop_output()
        raise typer.Exit(BROKEN) from error


def write_json(file: Path, assessments: Iterable[Assessment]) -> None:
    """Write assessments, one a line, and say where."""
    from posture.export import to_json

    lines = (to_json(assessment) + "\n" for assessment in assessments)
    with writing():
        targets.write_whole(file, "".join(lines).encode())
    say(_("Results: {file}").format(file=shown(file)))


def where(pictures: Sequence[Path], what: str | None = None) -> str:
    """Say where pictures were written; overlays, if nothing else is said."""
    what = _("Overlays") if what is None else what
    if len(pictures) > _NAMED_PICTURES:
        return _("{what}: {count} pictures in {folder}").format(
            what=what, count=len(pictures), folder=shown(pictures[0].parent)
        )
    return f"{what}: {', '.join(map(shown, pictures))}"


def names(paths: Sequence[Path]) -> list[str]:
    """Return the names alone if all photos are in one folder, else the paths as typed."""
    one_folder = len({path.parent for path in paths}) == 1
    return [shown(path.name if one_folder else path) for path in paths]
