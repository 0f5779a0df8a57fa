"""Pelvic tilt and lumbar curve from one side-view photo, with an interval on every number."""

from posture.assess import assess
from posture.assessment import Assessment
from posture.change import Change, compare
from posture.errors import (
    InterchangeError,
    ModelError,
    OtherPhotoError,
    PhotoError,
    PointsError,
    PostureError,
)
from posture.marking.marks import Corrections, DrawnLine, KnownDistance, Mark
from posture.photo import Photo
from posture.quantities import Measurement

__all__ = [
    "Assessment",
    "Change",
    "Corrections",
    "DrawnLine",
    "InterchangeError",
    "KnownDistance",
    "Mark",
    "Measurement",
    "ModelError",
    "OtherPhotoError",
    "Photo",
    "PhotoError",
    "PointsError",
    "PostureError",
    "assess",
    "compare",
]
