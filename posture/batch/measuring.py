"""Measures one photo of many, in whatever process; whatever is wrong with it becomes its row."""

from __future__ import annotations

import errno
import os
import posixpath
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posture import cores
from posture import language as languages
from posture.batch import row
from posture.batch.entries import LATER, PROTOCOL, Outcome
from posture.console import shown
from posture.errors import ModelError, PhotoError
from posture.landmarks import MediaPipeDetector, default_detector
from posture.language import gettext as _
from posture.photo import MOST_MEGABYTES, Photo, bare_name

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.batch.entries import Entry, Way

# What stays as it is however often it is tried, unlike a disk, a share or a store that is away.
_LASTING: Final = (
    *(FileNotFoundError, IsADirectoryError, NotADirectoryError),
    ValueError,  # a URL that is none
)
_PART: Final = 1 << 20
_LASTING_HERE: Final = (errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)


class AwayError(PhotoError):
    """A photo cannot be read for now."""


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
        except AwayError as error:
            return Outcome(LATER, row.of_error(str(error)))
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


def open_photo(entry: Entry) -> Photo:
    """Read a photo from a path, or through fsspec from a URL.

    Raises
    ------
    AwayError
        If it cannot be read for now: it was there when it was listed, or where it is fails.
    PhotoError
        If it cannot be read, or is no photo.
    """
    if PROTOCOL in entry.location:
        return Photo.open(_fetched(entry), name=name_of(entry.location))
    path = Path(entry.location)
    try:
        return Photo.open(path)
    except PhotoError as error:
        if _is_away(error.__cause__) or (entry.stamp and not os.path.exists(path)):  # noqa: PTH110
            raise AwayError(str(error)) from error
        raise


def _is_away(error: BaseException | None) -> bool:
    """Tell whether it was the disk or the share that failed; decoders' errors have no number."""
    return (
        isinstance(error, OSError)
        and error.errno is not None
        and not isinstance(error, _LASTING)
        and error.errno not in _LASTING_HERE
    )


def _fetched(entry: Entry) -> bytes:
    """Return what a URL leads to, or as much of it as shows that it is too large."""
    content = bytearray()
    try:
        import fsspec  # type: ignore[import-untyped]

        with fsspec.open(entry.location, "rb") as file:
            while len(content) <= MOST_MEGABYTES * 1e6 and (part := file.read(_PART)):
                content += part
    except Exception as error:  # each kind of storage has errors of its own
        said = _("{name} cannot be read from where it is: {why}.")
        why = shown(" ".join(str(error).split())).rstrip(".") or type(error).__name__
        lasting = isinstance(error, _LASTING) and not entry.stamp
        kind = PhotoError if lasting else AwayError
        raise kind(said.format(name=name_of(entry.location), why=why)) from error
    return bytes(content)


def _measure(entry: Entry, way: Way) -> Outcome:
    from posture.assess import assess, find_people

    detector = _detector()
    photo = open_photo(entry)
    # One thing after the other: the other cores are for other workers.
    people = find_people(photo, detector)
    assessment = assess(
        photo, detector=detector, people=people, stature_cm=entry.stature_cm, markers=way.markers
    )
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
def _detector() -> MediaPipeDetector:
    """Return the detector, its models loaded for one core: a batch has a worker for each."""
    with cores.only_one():
        detector = default_detector()
        detector.get_ready()
    return detector


def _drawn(photo: Photo, assessment: Assessment) -> bytes | None:
    from posture.overlay import to_png

    try:
        return to_png(photo, assessment)
    except Exception:
        return None
