"""Writes the picture with its lines as DICOM, for an archive of medical pictures; measures nothing.

It is a Secondary Capture image, RGB and uncompressed.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Final

from posture.errors import InterchangeError
from posture.interchange.record import identifier
from posture.language import gettext as _

if TYPE_CHECKING:
    from posture.interchange.record import Record
    from posture.photo import Photo

# They part values, and a name's ways of writing.
_SEPARATORS: Final = frozenset("\\=")
_LONGEST: Final = 64  # characters of an LO, and of each part of a name
_SHORT: Final = 16  # characters of an SH

# What is written of the moment of writing.
_NOW: Final = (
    *("InstanceCreationDate", "InstanceCreationTime"),
    *("DateOfSecondaryCapture", "TimeOfSecondaryCapture"),
)


def lacking() -> str | None:
    """Say in one sentence what DICOM needs and this installation lacks, or None."""
    if find_spec("highdicom") is None:
        return _(
            "DICOM needs highdicom: run `pip install -e '.[dicom]'` in a copy of the repository."
        )
    return None


def check_identifier(text: str) -> None:
    """Look whether DICOM has room for an identifier or a name.

    Raises
    ------
    InterchangeError
        If it has more than 64 characters, or one that parts values.
    """
    if len(text) > _LONGEST or not _SEPARATORS.isdisjoint(text):
        raise InterchangeError(
            _(
                "{text} is no identifier for DICOM: give one of {most} characters at most, "
                "without a backslash or an equals sign."
            ).format(text=text, most=_LONGEST)
        )


def to_dicom(photo: Photo, record: Record, number: int = 1) -> bytes:
    """Return a measured photo, its lines drawn in, as the bytes of a DICOM file.

    Parameters
    ----------
    photo : Photo
        The photo that was assessed.
    record : Record
        Who, and when, with the photo's assessment. ``person`` is written as the patient's
        identifier and ``name`` as their name, by DICOM's rule ``family^given``; both may be empty.
        ``visit`` is the study's identifier if it has 16 characters at most. Photos of one person
        at one time, or of one visit, are one series; where neither is told, each is its own.
    number : int
        Which of the record's photos it is, counted from 1.

    Returns
    -------
    bytes
        The pixels of `posture.overlay.draw`, and no metadata of the photo, nor its name. The same
        photo of the same record gives the same bytes.

    Raises
    ------
    InterchangeError
        If highdicom is not installed, the photo is refused, or an identifier is none for DICOM.
    """
    if fault := lacking():
        raise InterchangeError(fault)
    assessment = record.assessments[number - 1]
    if assessment.status != "measured":
        raise InterchangeError(
            _("The photo was refused, so that there is no picture with lines: give another photo.")
        )
    for text in (record.person, record.visit, _person_name(record.name)):
        check_identifier(text)
    return _written(photo, record, number)


def _written(photo: Photo, record: Record, number: int) -> bytes:
    from highdicom.sc import SCImage
    from pydicom.uid import ExplicitVRLittleEndian

    from posture.overlay import draw

    assessment, at = record.assessments[number - 1], record.at
    picture = draw(photo, assessment)
    digest = sha256(picture.tobytes()).hexdigest()
    # Of somebody who is not identified, or at no known time, no two pictures belong together.
    together = (record.person or record.name) and (record.at_text or record.visit)
    who = [record.person, record.name, record.visit, record.at_text]
    study = str(identifier(["study", *who, "" if together else digest]))
    software, _gap, version = assessment.software.partition(" ")
    image = SCImage(
        pixel_array=picture,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        # To the right of the picture, and down.
        patient_orientation=("A" if assessment.facing == "right" else "P", "F"),
        study_instance_uid=_uid(study),
        series_instance_uid=_uid("series", study),
        sop_instance_uid=_uid("picture", study, number, digest, assessment.software),
        series_number=1,
        instance_number=number,
        manufacturer=software,
        manufacturer_model_name=software,
        software_versions=version,
        patient_id=record.person or None,
        patient_name=_person_name(record.name) or None,
        study_id=record.visit if len(record.visit) <= _SHORT else None,
        study_date=None if at is None else at.date(),
        study_time=None if at is None else at.time(),
        content_date=None if at is None else at.date(),
        content_time=None if at is None else at.time(),
        series_description="Posture: photo with measured lines",
        specific_character_set="ISO_IR 192",  # UTF-8
        transfer_syntax_uid=ExplicitVRLittleEndian,
    )
    image.BurnedInAnnotation = "YES"
    image.RecognizableVisualFeatures = "YES"  # the face is not blurred
    image.DerivationDescription = f"Lines and numbers drawn over a photo by {assessment.software}"
    for name in _NOW:
        delattr(image, name)
    for contributor in image.ContributingEquipmentSequence:
        del contributor.ContributionDateTime
    if at is None:
        image["ContentDate"].value = image["ContentTime"].value = None
    else:
        image.TimezoneOffsetFromUTC = at.strftime("%z")[:5]
    file = BytesIO()
    image.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _uid(*content: object) -> str:
    """Return an identifier made of content as DICOM writes UUIDs: X.667, below the root 2.25."""
    return f"2.25.{identifier(content).int}"


def _person_name(name: str) -> str:
    """Return a name as DICOM writes it: a caret ends the family name."""
    return name if not name or "^" in name else f"{name}^"
