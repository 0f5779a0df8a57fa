"""The table that spreadsheets and statistics programs read."""

import csv
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given

from posture import InterchangeError, language
from posture.interchange.cells import harmless
from posture.interchange.record import Record, rounded
from posture.interchange.table import COLUMNS, to_csv
from posture.quantities import QUANTITIES

from .factory import make_assessment, make_refused
from .interchange_records import LONG_AGO, records, visit


def rows(record: Record) -> list[dict[str, str]]:
    """Read a table again."""
    return list(csv.DictReader(to_csv(record).splitlines(keepends=True)))


def test_a_row_is_a_measurement() -> None:
    """With all that is known of it, and with empty cells for what is not."""
    one = make_assessment(tilt_deg=-0.001, half_interval=2.5, mdc95=5.2, photo_name="side.jpg")
    tilt = replace(one.pelvic_tilt, relative=7.126)
    one = replace(one, measurements={**one.measurements, tilt.quantity.key: tilt})
    table = rows(Record((one,)))
    assert [row["key"] for row in table] == [q.key for q in QUANTITIES]
    assert table[0] == {
        "person": "",
        "visit": "",
        "at": "",
        "photo": "side.jpg",
        "photos": "1",
        "key": "pelvic_tilt_deg",
        "value": "0.0",
        "low": "-2.5",
        "high": "2.5",
        "unit": "deg",
        "positive": "anterior",
        "tier": "outline",
        "reasons": "",
        "least_change": "5.2",
        "relative": "7.13",
        "facing": "right",
        "arms": "",
        "clothes": "",
        "software": one.software,
        "model": "by hand",
    }


def test_a_refused_row_has_no_number_but_a_reason() -> None:
    """As everywhere."""
    for row in rows(Record((make_refused(),))):
        assert [row[c] for c in ("value", "low", "high", "least_change", "relative")] == [""] * 5
        assert (row["tier"], row["reasons"], row["photos"]) == ("refused", "not_side_view", "0")


def test_a_visit_has_its_photos_and_then_their_mean() -> None:
    """The mean tells of how many photos it is; who, when and how stand in every row."""
    table = rows(
        visit(make_assessment(tilt_deg=8.0), make_assessment(tilt_deg=11.0), make_refused())
    )
    tilts = [row for row in table if row["key"] == "pelvic_tilt_deg"]
    assert [(row["photo"], row["photos"], row["value"]) for row in tilts] == [
        ("side.jpg", "1", "8.0"),
        ("side.jpg", "1", "11.0"),
        ("side.jpg", "0", ""),
        ("", "2", "9.5"),
    ]
    for row in table:
        told = [row[c] for c in ("person", "visit", "at", "arms", "clothes")]
        assert told == ["P7", "V1", "2026-03-04T10:30:00+01:00", "clasped", "tight"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\u3000=1", "=HYPERLINK(1)"])
def test_no_spreadsheet_takes_a_text_for_a_formula(name: str) -> None:
    """It has an apostrophe before it; a negative number has not."""
    record = Record((make_assessment(tilt_deg=-9, photo_name=name),), person=name.strip())
    row = rows(record)[0]
    assert (row["photo"], row["person"]) == (f"'{name}", f"'{name.strip()}")
    assert float(row["value"]) == -9


def test_no_text_is_a_formula_where_semicolons_separate_cells() -> None:
    """As in Germany and Spain."""
    record = Record((make_assessment(photo_name="x;=1+1.jpg"),), person="x;=2+2;", visit="V1")
    table = csv.reader(to_csv(record).splitlines(keepends=True), delimiter=";")
    assert not [cell for row in table for cell in row if cell.startswith("=")]
    assert to_csv(record).splitlines()[1].startswith('"x;\'=2+2;","V1","","x;\'=1+1.jpg","1",')


def test_it_is_the_same_in_every_language() -> None:
    """Programs read it."""
    record = visit(make_assessment(), make_refused())
    english = to_csv(record)
    with language.using("de"):
        assert to_csv(record) == english


@given(records())
def test_any_record_reads_back(record: Record) -> None:
    """Every number as it was, to two decimals, and never one that is none."""
    text = to_csv(record)
    assert text.encode("utf-8").decode("utf-8") == text
    lines = csv.reader(text.splitlines(keepends=True))
    assert next(lines) == list(COLUMNS)
    parts = [*record.photos(), *filter(None, [record.mean()])]
    expected = [m for part in parts for m in part.measurements.values()]
    table = rows(record)
    assert len(table) == len(expected)
    for row, one in zip(table, expected, strict=True):
        names = ("value", "low", "high", "least_change", "relative")
        read = [float(row[name]) if row[name] else None for name in names]
        assert read == [*map(rounded, (one.value, one.low, one.high, one.mdc95, one.relative))]
        assert "nan" not in row["value"].lower()
        assert row["person"] == harmless(record.person)
        assert row["reasons"].split() == [*one.reasons]
        if record.at is not None:
            assert datetime.fromisoformat(row["at"]) == record.at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"assessments": ()}, "nothing to hand on"),
        ({"at": datetime(2026, 1, 1)}, "no time zone"),
        ({"person": "a\nb"}, "cannot be printed"),
        ({"visit": " a"}, "begins or ends with a space"),
        ({"name": "\ud800"}, "cannot be printed"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(told: dict, says: str) -> None:
    """What is wrong and what to do, before anything is written."""
    with pytest.raises(InterchangeError, match=says) as caught:
        Record(**({"assessments": (make_assessment(),)} | told))
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_an_offset_of_odd_seconds_becomes_utc() -> None:
    """No format has room for it."""
    assert Record((make_assessment(),), at=LONG_AGO).at_text == "1879-12-31T23:06:32+00:00"
