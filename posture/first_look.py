"""Reads a photo and finds who is in it, in one step that a worker process can take.

All else is computed from what it returns, without the file and without the pose model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from posture.assess import find_people
from posture.landmarks import Look, default_detector
from posture.photo import Photo

if TYPE_CHECKING:
    from posture.pose import Pose


@dataclass(frozen=True, slots=True, eq=False)
class FirstLook:
    """A photo and who is in it; for `posture.assess.assess` it is the detector that found them.

    Attributes
    ----------
    photo : Photo
        As it was read.
    people : tuple of Pose
        As `posture.assess.find_people` returns them.
    name : str
        The model by which they were found.
    """

    photo: Photo
    people: tuple[Pose, ...]
    name: str

    def detect(self, photo: Photo) -> Look:
        """Return whom it found in its own photo; of another it knows nothing.

        Raises
        ------
        ValueError
            If it is asked about another photo.
        """
        if photo is not self.photo:
            raise ValueError("This look was taken at another photo.")
        return Look(self.people)

    def __setstate__(self, state: tuple[Photo, tuple[Pose, ...], str]) -> None:
        """Take what was pickled; pixels and masks are as read-only as they were."""
        for name, value in zip(("photo", "people", "name"), state, strict=True):
            object.__setattr__(self, name, value)
        self.photo.pixels.setflags(write=False)
        for pose in self.people:
            pose.mask.setflags(write=False)


def look(data: bytes, name: str) -> FirstLook:
    """Read a photo and find who is in it.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What it is called.

    Raises
    ------
    PhotoError
        If it is not a photo that can be read.
    ModelError
        If the pose model or a library is missing or damaged.
    """
    photo = read(data, name)
    detector = default_detector()
    return FirstLook(photo, find_people(photo, detector), detector.name)


def read(data: bytes, name: str) -> Photo:
    """Read a photo alone; parameters and errors are those of `look`."""
    return Photo.open(data, name=name)


def get_ready() -> None:
    """Load the pose model, so that the first photo need not wait for it."""
    default_detector()
