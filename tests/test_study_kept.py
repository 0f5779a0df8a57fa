"""A study as a file: read back whole, refused if it is damaged, and used to compare."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from posture.change import compare
from posture.errors import StudyError
from posture.study import kept
from posture.study.figures import Study, Taken
from posture.study.repeatability import study

from .study_set import Truth, make_readings, one_photo


@pytest.fixture(scope="module")
def made() -> Study:
    """Return a study of 12 people, four photos each."""
    return study(make_readings(Truth(), 1))


def test_a_study_is_read_back_whole(made: Study) -> None:
    """Figures, photos and versions are those that were written."""
    text = kept.to_json(made)
    assert kept.read(text) == made
    parts = json.loads(text)
    assert parts["schema"] == "posture-study/1"
    assert {"software", "model", "pingouin", "scipy", "numpy"} == {*parts["made_with"]}
    assert len(parts["rows"]) == 96
    assert kept.is_study(text)


def test_comparisons_need_nobodys_values(made: Study) -> None:
    """What a clinic keeps to compare with names nobody, and its least changes are the same."""
    assert made.rows
    assert made.measures[0].agreements
    person = made.rows[0].taken.person
    told = kept.to_json(kept.without_people(made))
    assert f'"{person}"' in kept.to_json(made)
    assert f'"{person}"' not in told
    assert kept.own_noise(kept.read(told)) == kept.own_noise(made) != {}


def test_a_study_that_is_refused_is_read_back_too() -> None:
    """A measure without figures is a result."""
    made = study(make_readings(Truth(people=2), 1))
    assert kept.read(kept.to_json(made)) == made
    assert kept.own_noise(made) == {}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("measures", 0, "change", "mdc95", "value"), "5.0"),
        (("measures", 0, "change", "mdc95", "value"), None),
        (("measures", 0, "change", "mdc95", "value"), True),
        (("measures", 0, "change", "mdc95", "value"), 1e9),
        (("measures", 0, "change", "mdc95", "low"), -1.0),
        (("measures", 0, "people"), 12.5),
        (("measures", 0, "key"), "cobb_deg"),
        (("measures", 0, "tier"), "guessed"),
        (("measures", 0, "tier"), "refused"),
        (("measures", 0, "new"), 1),
        (("measures",), None),
        (("rows", 0, "taken"), "anna"),
        (("made_with", "software"), 3),
    ],
)
def test_a_damaged_study_is_refused(made: Study, path: tuple[str | int, ...], value: Any) -> None:
    """Whatever is changed by hand, one sentence says so; nothing is taken for something else."""
    parts = json.loads(kept.to_json(made))
    *way, last = path
    inner = parts
    for step in way:
        inner = inner[step]
    inner[last] = value
    with pytest.raises(StudyError, match=r"^my.json is damaged: make the study again\.$"):
        kept.read(json.dumps(parts), "my.json")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "null", '{"schema": 1', '{"a": 1}', "[" * 9999]
)
def test_what_is_no_study_is_refused(text: str) -> None:
    """The sentence names the file and what to give instead."""
    with pytest.raises(StudyError, match=r"^study.json is no study: give the study.json that "):
        kept.read(text)
    assert not kept.is_study(text)


def test_a_study_of_another_version_is_refused(made: Study) -> None:
    """Its figures may mean something else."""
    text = kept.to_json(made).replace("posture-study/1", "posture-study/2")
    with pytest.raises(StudyError, match="was written by another version of posture"):
        kept.read(text)


def test_comparing_uses_the_noise_of_a_study(made: Study) -> None:
    """A change that rendered people would not tell from noise may be one by a clinic's own."""
    own = kept.own_noise(made)
    least = own["pelvic_tilt_deg", "outline"]
    assert least == made.measures[0].change.mdc95.value  # type: ignore[union-attr]
    for beyond, verdict in ((1.05, "changed"), (0.95, "not distinguishable")):
        change = compare(one_photo(10, 30), one_photo(10 + beyond * least, 30), own=own)
        assert change["pelvic_tilt_deg"].verdict == verdict
        assert change["pelvic_tilt_deg"].mdc95 == pytest.approx(least)


def test_what_is_of_little_use_is_not_used_to_compare() -> None:
    """Three people's least change may be small by chance, and call noise a change."""
    made = study(make_readings(Truth(people=3, raters=1), 1))
    assert made.measures[0].change is not None
    assert kept.own_noise(made) == {}


def test_without_relative_there_is_no_noise_of_changes() -> None:
    """The noise of values is not taken for it."""
    readings = [
        replace(
            one, measurements={k: replace(m, relative=None) for k, m in one.measurements.items()}
        )
        for one in make_readings(Truth(), 1)
    ]
    made = study(readings)
    assert made.measures[0].change is None
    assert made.measures[0].value is not None
    assert kept.own_noise(made) == {}


def test_the_table_holds_every_number_and_no_formula(made: Study) -> None:
    """A row for each measure of each photo; a person called =1+1 stays a text."""
    first = replace(made.rows[0], taken=Taken("=1+1", "r1;=2+2;", "s1"))
    text = kept.to_csv(replace(made, rows=(first, *made.rows[1:])))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 96
    assert (rows[0]["person"], rows[0]["rater"]) == ("'=1+1", "r1;'=2+2;")
    table = csv.reader(io.StringIO(text), delimiter=";")
    assert not [cell for row in table for cell in row if cell.startswith("=")]
    assert all(line.startswith('"') and line.endswith('"') for line in text.splitlines())
    assert float(rows[5]["value"]) == pytest.approx(made.rows[5].value, abs=5e-5)
    assert float(rows[5]["relative"]) == pytest.approx(made.rows[5].relative, abs=5e-5)
