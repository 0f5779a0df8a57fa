"""Pelvic tilt and lumbar curve from one side-view photo, with an interval on every number."""

from posture.assess import Assessment, assess
from posture.change import Change, compare
from posture.errors import ModelError, PhotoError, PostureError
from posture.photo import Photo
from posture.quantities import Measurement

__all__ = [
    "Assessment",
    "Change",
    "Measurement",
    "ModelError",
    "Photo",
    "PhotoError",
    "PostureError",
    "assess",
    "compare",
]
