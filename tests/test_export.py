"""What other programs read: every number with what is known about it, and nothing else."""

import json
from dataclasses import fields, replace

import pytest

from posture import Assessment
from posture.evidence import Evidence
from posture.export import SCHEMA, to_dict, to_json
from posture.quantities import PELVIC_TILT, QUANTITIES
from posture.tilt import Vertical
from tests.factory import make_assessment, make_refused


def test_each_measurement_has_its_interval_and_its_least_change() -> None:
    """Value, both ends and the least change, two decimals each."""
    assessment = make_assessment(tilt_deg=9.0, half_interval=12.0, mdc95=5.234)
    found = to_dict(assessment)["measurements"][PELVIC_TILT.key]
    numbers = {name: found[name] for name in ("value", "low", "high", "mdc95")}
    assert numbers == {"value": 9.0, "low": -3.0, "high": 21.0, "mdc95": 5.23}


@pytest.mark.parametrize(
    "assessment", [make_refused(), make_assessment(tilt_deg=None, reason="loose_clothing")]
)
def test_a_refused_measurement_has_no_number(assessment: Assessment) -> None:
    """All four numbers are null, and the reasons are given in words."""
    found = to_dict(assessment)["measurements"][PELVIC_TILT.key]
    assert all(found[name] is None for name in ("value", "low", "high", "mdc95"))
    assert found["tier"] == "refused"
    assert all(found["reasons"][0][word] for word in ("code", "message", "advice"))


@pytest.mark.parametrize(
    ("vertical", "written"),
    [
        (
            Vertical(-2.062, 0.3, True),
            {"lean_deg": -2.06, "sd_deg": 0.3, "source": "photo"},
        ),
        (Vertical(-0.0, 2.0, False), {"lean_deg": 0.0, "sd_deg": 2.0, "source": "assumed"}),
        (None, None),
    ],
)
def test_the_photo_says_where_up_is(
    vertical: Vertical | None, written: dict[str, object] | None
) -> None:
    """How far the true vertical leans, how sure that is, and whether the photo shows it."""
    assert to_dict(make_assessment(vertical=vertical))["photo"]["vertical"] == written
    assert "-0.0" not in to_json(make_assessment(vertical=vertical))


def test_what_the_numbers_stand_on_stays_inside() -> None:
    """Nothing of the evidence is written: neither the shape nor what widened an interval."""
    text = to_json(make_assessment(vertical=Vertical(1.0, 0.2, True)))
    names = {field.name for field in fields(Evidence)} - {"vertical"}
    assert not [name for name in (*names, "evidence") if f'"{name}"' in text]


def test_the_json_is_one_line_of_this_schema() -> None:
    """One object on one line, whole, whatever is missing."""
    for assessment in (make_assessment(), make_refused(), make_assessment(unseen=("ear",))):
        text = to_json(replace(assessment, photo_name="a\nb\u2028.jpg"))
        assert len(text.split("\n")) == 1
        read = json.loads(text)
        assert read["schema"] == SCHEMA == "posture/1"
        assert list(read["measurements"]) == [quantity.key for quantity in QUANTITIES]
