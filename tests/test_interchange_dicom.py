"""The picture for an archive: the overlay's pixels, and nobody's data but what was given."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np
import pydicom
import pytest

from posture import InterchangeError, language
from posture.interchange import dicom
from posture.interchange.dicom import to_dicom
from posture.interchange.record import Record
from posture.overlay import draw

from .factory import make_assessment, make_photo, make_refused
from .interchange_records import AT, visit


def read(data: bytes) -> pydicom.Dataset:
    """Read a file again."""
    return pydicom.dcmread(BytesIO(data))


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("size", [(600, 900), (601, 901)])
def test_the_pixels_are_those_of_the_overlay(facing: str, size: tuple[int, int]) -> None:
    """Exactly, of an odd number of bytes too; the row runs to the front or back of the body."""
    photo = make_photo(*size)
    one = make_assessment(facing=facing, width=size[0], height=size[1])
    found = read(to_dicom(photo, Record((one,))))
    np.testing.assert_array_equal(found.pixel_array, draw(photo, one))
    assert found.PhotometricInterpretation == "RGB"
    assert list(found.PatientOrientation) == ["A" if facing == "right" else "P", "F"]


def test_it_says_what_it_is() -> None:
    """A secondary capture, derived, with numbers and a face in the picture."""
    found = read(to_dicom(make_photo(), Record((make_assessment(),))))
    assert found.SOPClassUID.name == "Secondary Capture Image Storage"
    assert found.ImageType[0] == "DERIVED"
    assert (found.BurnedInAnnotation, found.RecognizableVisualFeatures) == ("YES", "YES")
    assert "drawn over a photo" in found.DerivationDescription
    assert found.SeriesDescription


def test_it_tells_of_nobody_who_was_not_given() -> None:
    """Neither the photo's name nor the moment of writing is in it."""
    photo = replace(make_photo(), name="Erika Mustermann.jpg")
    data = to_dicom(photo, Record((make_assessment(photo_name="Erika Mustermann.jpg"),)))
    assert b"Mustermann" not in data
    found = read(data)
    for empty in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex", "StudyDate"):
        assert not found[empty].value
    written = [element.value for element in found.iterall() if element.VR in ("DA", "DT", "TM")]
    assert not any(written)


def test_it_tells_who_and_when_if_that_is_given() -> None:
    """A name without DICOM's caret is a family name."""
    record = replace(visit(make_assessment(), make_assessment()), name="Müller")
    found = [read(to_dicom(make_photo(), record, number)) for number in (1, 2)]
    assert (found[0].PatientID, found[0].PatientName, found[0].StudyID) == ("P7", "Müller^", "V1")
    assert (found[0].StudyDate, found[0].StudyTime) == ("20260304", "103000")
    assert found[0].TimezoneOffsetFromUTC == "+0100"
    assert found[0].StudyInstanceUID == found[1].StudyInstanceUID
    assert found[0].SeriesInstanceUID == found[1].SeriesInstanceUID
    assert found[0].SOPInstanceUID != found[1].SOPInstanceUID
    assert [int(one.InstanceNumber) for one in found] == [1, 2]
    given_name = read(to_dicom(make_photo(), replace(record, name="Müller^Eva")))
    assert given_name.PatientName.given_name == "Eva"


def test_the_same_is_the_same_twice() -> None:
    """Byte for byte; another person's, or other pixels, are another picture."""
    record, photo = visit(make_assessment()), make_photo()
    first = to_dicom(photo, record)
    assert to_dicom(photo, record) == first
    others = (
        to_dicom(photo, replace(record, person="P8")),
        to_dicom(make_photo(shade=90), record),
    )
    assert len({read(data).SOPInstanceUID for data in (first, *others)}) == 3
    nobody = (to_dicom(make_photo(shade=s), Record((make_assessment(),))) for s in (90, 91))
    assert len({read(data).StudyInstanceUID for data in nobody}) == 2


@pytest.mark.parametrize(
    ("told", "studies"),
    [
        ({"person": "P1"}, 2),
        ({"name": "Erika"}, 2),
        ({"at": AT}, 2),
        ({"visit": "V1"}, 2),
        ({"person": "P1", "at": AT}, 1),
        ({"person": "P1", "visit": "V1"}, 1),
    ],
)
def test_photos_of_a_person_belong_together_if_it_is_known_when(
    told: dict[str, Any], studies: int
) -> None:
    """Or of which visit; photos of one person may be months apart."""
    record = Record((make_assessment(),), **told)
    found = [read(to_dicom(make_photo(shade=shade), record)) for shade in (90, 91)]
    assert len({one.StudyInstanceUID for one in found}) == studies
    assert len({one.SeriesInstanceUID for one in found}) == studies
    assert len({one.SOPInstanceUID for one in found}) == 2


def test_times_of_other_zones_are_written_with_their_offset() -> None:
    """Also behind Greenwich."""
    at = datetime.fromisoformat("2026-03-04T23:59:59.5-03:30")
    found = read(to_dicom(make_photo(), Record((make_assessment(),), at=at)))
    assert (found.ContentDate, found.TimezoneOffsetFromUTC) == ("20260304", "-0330")


@pytest.mark.parametrize(
    "given", [{"person": "a" * 65}, {"person": "a\\b"}, {"visit": "a\\b"}, {"name": "A=B"}]
)
def test_what_dicom_has_no_room_for_is_one_sentence(given: dict[str, Any]) -> None:
    """Before anything is drawn."""
    with pytest.raises(InterchangeError, match="is no identifier for DICOM"):
        to_dicom(make_photo(), Record((make_assessment(),), at=AT, **given))


def test_a_refused_photo_has_no_picture() -> None:
    """One sentence says so."""
    with pytest.raises(InterchangeError, match="was refused"):
        to_dicom(make_photo(), Record((make_refused(),)))


def test_without_highdicom_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install, in the language in use."""
    monkeypatch.setattr(dicom, "find_spec", lambda _name: None)
    with (
        language.using("en"),
        pytest.raises(InterchangeError, match=r"pip install -e '\.\[dicom\]'"),
    ):
        to_dicom(make_photo(), Record((make_assessment(),)))
