"""Measures one photo of many, in whatever process; whatever is wrong with it becomes its row."""

from __future__ import annotations

import posixpath
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from posture import language as languages
from posture.batch import row
from posture.batch.entries import PROTOCOL, Outcome
from posture.console import shown
from posture.errors import ModelError, PhotoError
from posture.landmarks import default_detector
from posture.language import gettext as _
from posture.photo import Photo, bare_name
from posture.workers import on_one_core

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.batch.entries import Entry, Way


def measure(entry: Entry, way: Way) -> Outcome:
    """Return what came of a photo.

    Raises
    ------
    ModelError
        If the installation is broken, which would stop every photo.
    """
    with languages.using(way.language):
        try:
            return _measure(entry, way)
        except ModelError:
            raise
        except PhotoError as error:
            return Outcome(2, row.of_error(str(error)))
        except Exception:
            said = _("{name} could not be measured because of a fault in this program.")
            return Outcome(1, row.of_error(said.format(name=name_of(entry.location))))


def died(entry: Entry) -> Outcome:
    """Return what is told of a photo over which a worker died or hung, each time it was tried."""
    said = _(
        "{name} ended or held up the program that reads photos: open it in another program, save it"
        " as JPEG and try again."
    )
    return Outcome(1, row.of_error(said.format(name=name_of(entry.location))))


def name_of(location: str) -> str:
    """Return the name of a photo without its folder, or of whatever a URL ends with."""
    return bare_name(posixpath.basename(location) if PROTOCOL in location else Path(location))


def open_photo(location: str) -> Photo:
    """Read a photo from a path, or through fsspec from a URL.

    Raises
    ------
    PhotoError
        If it cannot be read, or is no photo.
    """
    if PROTOCOL not in location:
        return Photo.open(Path(location))
    name = name_of(location)
    try:
        import fsspec  # type: ignore[import-untyped]

        with fsspec.open(location, "rb") as file:
            return Photo.open(file, name=name)
    except PhotoError:
        raise
    except Exception as error:  # each kind of storage has errors of its own
        said = _("{name} cannot be read from where it is: {why}.")
        why = shown(" ".join(str(error).split())).rstrip(".") or type(error).__name__
        raise PhotoError(said.format(name=name, why=why)) from error


def _measure(entry: Entry, way: Way) -> Outcome:
    from posture.assess import assess

    _load_model()
    photo = open_photo(entry.location)
    assessment = assess(photo, stature_cm=entry.stature_cm, markers=way.markers)
    cells = row.of_assessment(assessment)
    kind = 3 if any(m.tier == "refused" for m in assessment.measurements.values()) else 0
    if not way.overlays or assessment.status != "measured":
        return Outcome(kind, cells)
    overlay = _drawn(photo, assessment)
    if overlay is None:
        said = _("{name} could not be drawn because of a fault in this program.")
        return Outcome(1, row.with_told(cells, error=said.format(name=photo.name)))
    return Outcome(kind, cells, overlay)


@cache
def _load_model() -> None:
    """Load the model for as little as one core: a batch has a worker for each."""
    with on_one_core():
        default_detector()


def _drawn(photo: Photo, assessment: Assessment) -> bytes | None:
    from posture.overlay import to_png

    try:
        return to_png(photo, assessment)
    except Exception:
        return None
