"""Reads, measures and draws a photo of which nothing is told, in one step for a worker process.

What is told of it later is computed from what it returns, without the file or the pose model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from posture import overlay
from posture.assess import assess, find_people
from posture.landmarks import Look, default_detector
from posture.language import current
from posture.photo import Photo

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.pose import Pose


#: So many columns has its picture at most. Streamlit makes wider ones anew.
WIDEST: Final = 1460


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """What came of a photo of which nothing is told.

    Attributes
    ----------
    assessment : Assessment
        What `posture.assess` returned.
    picture : bytes
        The photo with what was found drawn on it, a JPEG file.
    language : str
        In which there are words on it.
    """

    assessment: Assessment
    picture: bytes
    language: str


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
    plain : Plain or None
        What came of it; None if nobody asked.
    """

    photo: Photo
    people: tuple[Pose, ...]
    name: str
    plain: Plain | None = None

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

    def __setstate__(self, state: tuple[object, ...]) -> None:
        """Take what was pickled; pixels and masks are as read-only as they were."""
        for name, value in zip(("photo", "people", "name", "plain"), state, strict=True):
            object.__setattr__(self, name, value)
        self.photo.pixels.setflags(write=False)
        for pose in self.people:
            pose.mask.setflags(write=False)


def look(data: bytes, name: str) -> FirstLook:
    """Read a photo, find who is in it, measure them and draw it.

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
    people = find_people(photo, detector)
    assessment = assess(photo, detector=detector, people=people)
    picture = overlay.to_screen(photo, assessment, widest=WIDEST)
    return FirstLook(photo, people, detector.name, Plain(assessment, picture, current()))


def read(data: bytes, name: str) -> Photo:
    """Read a photo alone; parameters and errors are those of `look`."""
    return Photo.open(data, name=name)


def get_ready() -> None:
    """Load the pose model, so that the first photo need not wait for it."""
    default_detector()
