"""The whole pipeline on rendered people of the test split, whose angles are known."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posture import Assessment, assess

PEOPLE = Path(__file__).parent / "people"
RECORDS = {path.stem: json.loads(path.read_text("utf-8")) for path in PEOPLE.glob("*.json")}
STANDING = sorted(name for name, record in RECORDS.items() if record["kind"] == "standing")
REFUSED = sorted(RECORDS.keys() - STANDING)
LOOSE_CM = 2.5
HAIRLESS = 0.1  # share of the back whose contour is hair's


@cache
def found(name: str) -> Assessment:
    """Assess a picture once for all tests."""
    return assess(PEOPLE / f"{name}.jpg")


def errors(key: str, names: list[str]) -> list[float]:
    """Return how far off a quantity is wherever it was measured."""
    off = []
    for name in names:
        value = found(name).measurements[f"{key}_deg"].value
        if value is not None:
            off.append(value - RECORDS[name]["truth"][key])
    return off


def clear() -> list[str]:
    """Name the people in tight clothes, or none, whose back nothing covers."""

    def is_clear(record: dict[str, Any]) -> bool:
        cover = record["cover"]
        free = cover["arm_share"] < 0.02 and cover["hair_share"] < 0.02
        return record["fit"] in ("bare", "tight") and free

    return [name for name in STANDING if is_clear(RECORDS[name])]


def test_at_least_forty_pictures_are_kept() -> None:
    """The set is whole: every picture with its truth, standing people and all others."""
    assert len(RECORDS) >= 40
    assert {f"{name}.jpg" for name in RECORDS} == {path.name for path in PEOPLE.glob("*.jpg")}
    assert len({RECORDS[name]["kind"] for name in REFUSED}) == 8


@pytest.mark.parametrize(
    ("key", "mean", "worst"),
    [
        ("pelvic_tilt", 3.5, 13.0),
        ("lumbar_curve", 5.0, 20.0),
        ("sacral_inclination", 3.5, 14.0),
        ("thoracic_curve", 6.0, 25.0),
    ],
)
def test_standing_people_are_measured_near_the_truth(key: str, mean: float, worst: float) -> None:
    """The mean error is about that of the accuracy page, and none is absurd.

    Hair that lies on the back is known to make the thoracic curve wrong: its intervals are wider.
    """
    off = np.abs(errors(key, STANDING))
    assert len(off) >= 18
    assert off.mean() < mean
    free = [name for name in STANDING if RECORDS[name]["cover"]["hair_share"] < HAIRLESS]
    assert np.abs(errors(key, free)).max() < worst


def test_intervals_hold_the_truth() -> None:
    """Of all intervals of the four angles off the back, nine in ten hold: they say 95 in 100."""
    held = []
    for name in STANDING:
        for key in ("pelvic_tilt", "lumbar_curve", "sacral_inclination", "thoracic_curve"):
            m = found(name).measurements[f"{key}_deg"]
            if m.low is not None and m.high is not None:
                held.append(m.low <= RECORDS[name]["truth"][key] <= m.high)
    assert np.mean(held) > 0.9


def test_clear_backs_are_accepted() -> None:
    """In tight clothes with nothing before the back, nearly everyone is measured."""
    measured = [found(name).pelvic_tilt.value is not None for name in clear()]
    assert len(measured) >= 12
    assert np.mean(measured) >= 0.85


def test_clothes_that_hang_free_are_refused() -> None:
    """Cloth that stands well off the low back gives a reason, not a number; one may slip by."""
    loose = [name for name in STANDING if RECORDS[name]["cover"]["cloth_cm"] > LOOSE_CM]
    passed = [name for name in loose if found(name).lumbar_curve.value is not None]
    assert loose
    assert len(passed) <= 1


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused(name: str) -> None:
    """Front, back, oblique, seated, squatting, bending, several people, nobody: no number."""
    assert found(name).status == "refused"


def test_refusals_give_the_right_reason() -> None:
    """All but one of the sixteen say what is wrong with the picture."""
    right = [
        RECORDS[name]["expected"] in [reason.code for reason in found(name).reasons]
        for name in REFUSED
    ]
    assert sum(right) >= len(right) - 1
