"""Shares out one file of points among the photos of a command, each its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from posture.errors import OtherPhotoError, PointsError
from posture.language import gettext as _
from posture.marking import reopen
from posture.marking.reopen import Reopened
from posture.photo import bare_name


def share_out(file: Path, photos: Sequence[Path]) -> dict[Path, Reopened]:
    """Return what a file tells of each photo, without photos that it tells nothing of.

    Parameters
    ----------
    file : Path
        What `posture.marking.reopen.read` reads.
    photos : sequence of Path
        One or several.

    Raises
    ------
    PointsError
        If it cannot be read, if it tells of none of the photos, or if what it tells once would go
        to several.
    """
    text = file.read_bytes()
    told: dict[Path, Reopened] = {}
    other: OtherPhotoError | None = None
    for photo in photos:
        try:
            told[photo] = reopen.read(text, name=bare_name(photo))
        except OtherPhotoError as error:
            other = other or error
    if other is not None and not told:
        raise other
    most = max(Counter(known.saved_for for known in told.values()).values())
    if most > 1:
        raise PointsError(
            _(
                "The file of points does not say which of {count} photos it is of: measure them "
                "one at a time."
            ).format(count=most)
        )
    return told
