"""The exceptions that posture raises, each with one plain sentence for its user.

    PostureError
    ├── PhotoError    this is not a photo that can be read
    ├── PointsError   this is not a file of points that can be read
    │   └── OtherPhotoError   its points are another photo's
    ├── WorkerLostError  a worker process died or hung over what it was given
    ├── BusyError     too many wait already
    ├── ModelError    the installation is broken: model or native library
    ├── InterchangeError  this cannot be written in the form that was asked for
    ├── ReportError   the page to hand over cannot be made
    ├── BatchError    many photos cannot be measured as was asked
    ├── StudyError    no study can be made of these photos, or read from this file
    └── RecordsError  people and visits cannot be read or written
        ├── NotThereError   there is no such person or visit, or not for this clinic
        └── SealError       the key to the records is missing or not theirs

A photo that can be read but not measured is no error: it gives an assessment
whose measurements are refused, each with its reason.
"""


class PostureError(Exception):
    """Base of everything that posture raises on purpose."""


class PhotoError(PostureError):
    """The bytes, file or array given is not a photo that can be read."""


class PointsError(PostureError):
    """The file of points that was given cannot be read."""


class OtherPhotoError(PointsError):
    """The file of points tells of other photos alone.

    Attributes
    ----------
    saved_for : tuple of str
        Their names, as the file has them.
    """

    def __init__(self, message: str, saved_for: tuple[str, ...]) -> None:
        super().__init__(message)
        self.saved_for = saved_for


class ModelError(PostureError):
    """The pose model or a library that it needs is missing or damaged."""


class WorkerLostError(PostureError):
    """A worker process died or took too long over what it was given, and had to be replaced."""


class BusyError(PostureError):
    """So many wait already that nobody else is taken."""


class RecordsError(PostureError):
    """The records of people and visits cannot be read or written."""


class NotThereError(RecordsError):
    """There is no such person or visit, or they are another clinic's."""


class SealError(RecordsError):
    """The key to the records is missing, or they were sealed with another one."""


class InterchangeError(PostureError):
    """What was measured cannot be written in the form that was asked for."""


class ReportError(PostureError):
    """The page to hand over cannot be made."""


class BatchError(PostureError):
    """Many photos cannot be listed, measured or written as was asked."""


class SourceError(BatchError):
    """What is to name many photos names none."""


class StudyError(PostureError):
    """No study of repeated photos can be made of what was given, or read from it."""
