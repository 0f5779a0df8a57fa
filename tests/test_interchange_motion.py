"""The motion file for OpenSim, whose pelvis tips the other way round."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from posture import Corrections, InterchangeError, Mark, Photo, assess
from posture.interchange.motion import to_mot
from posture.interchange.record import Record
from posture.quantities import PELVIC_TILT

from .factory import make_assessment, make_refused
from .interchange_records import records, visit

PEOPLE = Path(__file__).parent / "people"


def read(text: str) -> tuple[dict[str, str], list[str], list[list[float]]]:
    """Read a motion file as OpenSim does: keys of the header, labels, rows."""
    header, _end, data = text.partition("endheader\n")
    pairs = (line.split("=", 1) for line in header.splitlines() if "=" in line)
    labels, *rows = data.splitlines()
    return (
        dict(pairs),
        labels.split("\t"),
        [[float(number) for number in row.split("\t")] for row in rows],
    )


def test_the_header_is_what_opensim_reads() -> None:
    """Counted rows and columns, angles in degrees."""
    header, labels, rows = read(to_mot(Record((make_assessment(tilt_deg=9.4),))))
    assert header == {"version": "1", "nRows": "1", "nColumns": "2", "inDegrees": "yes"}
    assert labels == ["time", "pelvis_tilt"]
    assert rows == [[0.0, -9.4]]


def test_each_photo_is_a_row_at_its_place() -> None:
    """One that is refused leaves a gap in time; several of one stance are one row."""
    photos = (make_assessment(tilt_deg=8.0), make_refused(), make_assessment(tilt_deg=-11.0))
    header, _labels, rows = read(to_mot(Record(photos)))
    assert rows == [[0.0, -8.0], [2.0, 11.0]]
    assert header["nRows"] == "2"
    assert read(to_mot(visit(*photos)))[2] == [[0.0, 1.5]]


def test_the_pelvis_of_a_model_may_not_be_level() -> None:
    """A tilt as large as the model's own at zero is its zero."""
    record = Record((make_assessment(tilt_deg=5.9),))
    assert read(to_mot(record, zero_deg=5.9))[2] == [[0.0, 0.0]]


def test_without_a_tilt_one_sentence_says_so() -> None:
    """The curve of the skin alone is nothing that such a model has."""
    for one in (make_refused(), make_assessment(tilt_deg=None)):
        with pytest.raises(InterchangeError, match="no pelvic tilt for OpenSim"):
            to_mot(Record((one,)))


@given(records())
def test_any_record_reads_back(record: Record) -> None:
    """Each tilt that is known, with its sign turned."""
    known = [part.measurements[PELVIC_TILT.key].value for part in record.results()]
    tilts = [value for value in known if value is not None]
    if not tilts:
        with pytest.raises(InterchangeError):
            to_mot(record)
        return
    _header, _labels, rows = read(to_mot(record))
    assert [-row[1] for row in rows] == pytest.approx(tilts, abs=0.0051)


@pytest.mark.parametrize(
    ("name", "anterior"), [("standing-0000-0", True), ("standing-0010-0", False)]
)
def test_a_pelvis_placed_by_hand_tips_the_same_way_in_the_model(name: str, anterior: bool) -> None:
    """With the real model, on people who face left and right.

    OpenSim turns the pelvis about +z, x forward and y up: a level line from PSIS to ASIS then rises
    by the sine of the angle. In the photo, where y is down, it has to fall or rise alike.
    """
    known = json.loads((PEOPLE / f"{name}.json").read_text("utf-8"))
    asis, psis = (Mark(*known["points"][point]) for point in ("asis", "psis"))
    photo = Photo.open(PEOPLE / f"{name}.jpg")
    result = assess(photo, corrections=Corrections({"asis": asis, "psis": psis}))
    assert result.pelvic_tilt.tier == "marked"
    ((_time, pelvis_tilt),) = read(to_mot(Record((result,))))[2]
    asis_rises = np.sin(np.radians(pelvis_tilt))
    assert (asis.y > psis.y) == anterior
    assert (asis_rises < 0) == anterior
    assert pelvis_tilt == pytest.approx(-known["truth"]["pelvic_tilt"], abs=3)
