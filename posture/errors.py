"""The exceptions that posture raises, each with one plain sentence for its user.

    PostureError
    ├── PhotoError    this is not a photo that can be read
    ├── PointsError   this is not a file of points that can be read
    └── ModelError    the installation is broken: model or native library

A photo that can be read but not measured is no error: it gives an assessment
whose measurements are refused, each with its reason.
"""


class PostureError(Exception):
    """Base of everything that posture raises on purpose."""


class PhotoError(PostureError):
    """The bytes, file or array given is not a photo that can be read."""


class PointsError(PostureError):
    """The file of points that was given cannot be read."""


class ModelError(PostureError):
    """The pose model or a library that it needs is missing or damaged."""
