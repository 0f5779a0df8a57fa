"""Measures live pictures one after the other with the quicker model, as a preview.

What counts is measured from photos with `posture.assess`; this shows meanwhile where it leads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from posture.assess import assess
from posture.landmarks import MediaPipeDetector
from posture.model_file import PREVIEW_PATH
from posture.photo import Photo
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.landmarks import Look
    from posture.pose import Pose
    from posture.quantities import Measurement

#: By how many degrees a preview's number differs from the one that counts in 19 of 20 pictures:
#: `python -m validation.preview`, which measures it on the pictures that come with posture.
DIFFERS_DEG: Final[Mapping[str, float]] = {PELVIC_TILT.key: 2.9, LUMBAR_CURVE.key: 4.8}


class Glancer(Protocol):
    """Whatever finds people at a glance, as `posture.landmarks.MediaPipeDetector` does."""

    @property
    def name(self) -> str:
        """Name of the model, for the record."""
        ...

    def glance(self, photo: Photo) -> tuple[Pose, ...]:
        """Return the people that a single look finds, the largest first."""
        ...

    def detect(self, photo: Photo) -> Look:
        """Look for the people in a photo."""
        ...


class Preview:
    """Looks at the pictures of one camera.

    Parameters
    ----------
    glancer : Glancer
        What finds people; several cameras can share one.
    mirrors : bool
        Whether the person looked to the left in the picture before.
    """

    def __init__(self, glancer: Glancer, *, mirrors: bool = False) -> None:
        self._glancer = glancer
        self.mirrors = mirrors

    def look(self, picture: Photo) -> Assessment:
        """Measure one picture, at a glance.

        Parameters
        ----------
        picture : Photo
            What the camera shows now.

        Returns
        -------
        Assessment
            Refused for the same reasons as a photo. Its two angles have intervals that are wider
            by what this model's numbers differ from those of the one that counts.

        Notes
        -----
        A person who looks to the left is measured in the mirror image, as in a photo. Which one
        that is was seen in the picture before: only when a person has turned are there two looks.
        """
        people = self._people(picture)
        found = assess(picture, detector=self._glancer, people=people)
        measurements = {
            key: _widened(m, DIFFERS_DEG.get(key, 0.0)) for key, m in found.measurements.items()
        }
        return replace(found, measurements=measurements)

    def _people(self, picture: Photo) -> tuple[Pose, ...]:
        people = self._glance(picture)
        if people and people[0].facing != ("left" if self.mirrors else "right"):
            self.mirrors = not self.mirrors
            people = self._glance(picture)
        return people

    def _glance(self, picture: Photo) -> tuple[Pose, ...]:
        if not self.mirrors:
            return self._glancer.glance(picture)
        turned = replace(picture, pixels=np.ascontiguousarray(picture.pixels[:, ::-1]))
        people = self._glancer.glance(turned)
        return tuple(pose.mirrored(picture.width) for pose in people)


def glimpse(jpeg: bytes, mirrors: bool) -> tuple[Assessment, bool]:
    """Measure one picture of a camera, in one step that a worker process can take.

    Parameters
    ----------
    jpeg : bytes
        The picture as a file.
    mirrors : bool
        What this returned for the picture before; False for the first.

    Returns
    -------
    Assessment
        As of `Preview.look`.
    bool
        Whether the person looks to the left.

    Raises
    ------
    PhotoError
        If it is not a picture that can be read.
    ModelError
        If the model or a library is missing or damaged.
    """
    preview = Preview(_one_glancer(), mirrors=mirrors)
    return preview.look(Photo.open(jpeg)), preview.mirrors


@cache
def _one_glancer() -> MediaPipeDetector:
    return MediaPipeDetector(PREVIEW_PATH, at_once=False)


def _widened(measurement: Measurement, by: float) -> Measurement:
    if measurement.low is None or measurement.high is None:
        return measurement
    return replace(measurement, low=measurement.low - by, high=measurement.high + by)
