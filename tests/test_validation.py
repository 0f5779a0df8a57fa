"""How accuracy is measured, on data whose answer is known."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, QUANTITIES
from validation import report, sets, variants
from validation.records import Record
from validation.study import acceptance, readings, repeats, statistics, targets
from validation.study.statistics import Estimate

REFUSED = {"value": None, "low": None, "high": None, "mdc95": None}


def seen(truth: dict[str, float], off: float, *refused: str) -> dict[str, Any]:
    """Return what posture found, with one error in everything, or nothing for one reason."""
    measurements = {
        q.key: {**REFUSED, "reasons": list(refused)}
        if refused
        else {
            "value": truth[q.name] + off,
            "low": truth[q.name] + off - 4,
            "high": truth[q.name] + off + 4,
            "mdc95": 3.5,
            "reasons": [],
        }
        for q in QUANTITIES
    }
    height = np.linspace(0, 1, 113)
    return {
        "status": "measured",
        "codes": [],
        "facing": "right",
        "measurements": measurements,
        "points": {
            "ear": [105.0, 10.0],
            "shoulder": [100.0, 60.0],
            "hip": [102.0 + truth["trunk_lean"], 200.0],
            "knee": [101.0, 300.0],
            "ankle": [100.0, 400.0],
        },
        "numbers": (height * truth["pelvic_tilt"] / 10).tolist(),
        "vertical": [1.0 + off / 10, 0.5],
        "vertical_found": True,
    }


def person(
    index: int, off: float = 1.0, visit: int = 0, fit: str = "tight", cloth_cm: float = 0.0
) -> Record:
    """Return a made-up person whose angles grow with their number."""
    truth = {q.name: 5.0 + index + (1 + index) * visit for q in QUANTITIES}
    subject = {
        "wear": {"fit": fit},
        "stance": {"arms": "clasped"},
        "hair": {"style": "short"},
        "camera": {"yaw_deg": -float(index % 12), "roll_deg": float(index % 5)},
        "room": {"verticals": True},
        "person": {"phenotype": {"gender": float(index % 2), "weight": index / 20}},
    }
    made = {
        "truth": truth,
        "subject": subject,
        "cover": {"cloth_cm": cloth_cm, "arm_share": 0.0, "hair_share": 0.0},
        "vertical_deg": 1.0,
    }
    found = seen(truth, off, *(["loose_clothing"] if cloth_cm > 3 else []))
    name = f"test/standing-{index:04d}-{visit}"
    copies = {name: seen(truth, off + 0.1) for name in variants.CHANGES[:2]}
    return Record(name, "standing", index, visit, made, {"whole": found, **copies})


def test_wilson_by_hand() -> None:
    """9 of 10: middle (0.9 + z2/20) / (1 + z2/10), known from tables as 0.596 to 0.982."""
    found = statistics.share(9, 10)
    assert found.value == 0.9
    assert (found.low, found.high) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert statistics.share(10, 10).high == pytest.approx(1)
    assert np.isnan(statistics.share(0, 0).value)


def test_the_bootstrap_draws_people_and_is_the_same_each_time() -> None:
    """Copies of a person's photos tell nothing new; the shortcut for means is the same."""
    rng = np.random.default_rng(0)
    values, people = rng.normal(2, 1, 40), np.arange(40)
    once = statistics.mean(values, people)
    assert once == statistics.mean(values, people)
    assert once.low < 2 < once.high
    assert once.high - once.low == pytest.approx(4 * 0.98 / 40**0.5, rel=0.25)
    thrice = statistics.mean(np.tile(values, 3), np.tile(people, 3))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))
    longhand = statistics.bootstrap(lambda rows: float(values[rows].mean()), people)
    assert (longhand.low, longhand.high) == pytest.approx((once.low, once.high))


def test_errors_by_hand() -> None:
    """Errors of 1, -1 and 3: 5/3 on average, biased by 1."""
    true = np.array([0.0, 10.0, 20.0])
    found = statistics.errors(true, true + np.array([1, -1, 3]), np.arange(3))
    assert found["mae"].value == pytest.approx(5 / 3)
    assert found["bias"].value == pytest.approx(1)
    assert found["sd"] == pytest.approx(2)
    assert found["r2"] == pytest.approx(1 - 11 / 200)
    assert found["mae_of_mean"] == pytest.approx(20 / 3)


def test_coverage_by_hand() -> None:
    """Ends count as held; a normal truth is held by 1.96 standard deviations 95 times in 100."""
    true = np.array([0.0, 1.0, 2.0])
    assert statistics.held(true, np.zeros(3), np.ones(3)).tolist() == [1, 1, 0]
    many = np.zeros(500)
    held = statistics.held(many, many - 1.96 * 5, many + 1.96 * 5, sd=5)
    assert held.mean() == pytest.approx(0.95, abs=0.003)
    again = statistics.held(many, many - 1.96 * 5, many + 1.96 * 5, sd=5)
    assert held.tolist() == again.tolist()


def test_slopes_of_change_by_hand() -> None:
    """A constant offset moves the slope through 0, and not that of least squares."""
    true = np.array([-4.0, -2.0, 2.0, 8.0])
    assert statistics.slope_through_origin(true, 0.5 * true) == pytest.approx(0.5)
    assert statistics.slope(true, 0.5 * true + 7) == pytest.approx(0.5)
    assert statistics.slope_through_origin(true, 0.5 * true + 7) == pytest.approx(0.5 + 28 / 88)


def test_ridge_finds_a_line_and_shrinks_noise() -> None:
    """A clean line is found; features that say nothing leave about the mean."""
    rng = np.random.default_rng(0)
    rows = rng.normal(0, 3, (200, 4))
    line = statistics.ridge(rows, rows @ [1, -2, 0, 0.5] + 7)
    assert line(np.eye(4)) == pytest.approx([8, 5, 7, 7.5], abs=0.02)
    goal = rng.normal(0, 1, 200)
    assert np.abs(statistics.ridge(rows, goal)(rows)).max() < 0.5


def test_bins_have_no_end() -> None:
    """A bin holds its lower end, and the last whatever is beyond."""
    edges = (0, 3, 6, 15)
    names = [readings.binned(number, edges) for number in (0, 2.9, 3, 14, 99)]
    assert names == ["0-3", "0-3", "3-6", "6-15", "6-15"]


def test_changes_pair_the_visits_of_a_person() -> None:
    """Angles rose by 1 to 6; read with 1 more the second time, by 2 to 7, of which 4 are told."""
    people = [person(i, off=1.0 + visit, visit=visit) for i in range(6) for visit in (0, 1)]
    found = repeats.changes([*people, person(9)])["all"][PELVIC_TILT.name]
    mae = found["mae"]
    assert (mae.low, mae.value, mae.high) == pytest.approx((1, 1, 1))
    assert found["through_origin"].value == pytest.approx(1 + 21 / 91)
    assert found["least_squares"].value == pytest.approx(1)
    assert found["mdc95"] == pytest.approx(3.5)
    assert found["noise_within"].value == 1
    assert (found["told_right_way"].value, found["told_right_way"].n) == (1, 4)
    assert (found["real_told"].value, found["real_told"].n) == (1, 3)
    assert found["small_not_told"].value == pytest.approx(2 / 3)


def test_copies_of_a_photo_are_compared_with_it() -> None:
    """Two copies lie 0.1 above the original: an SD of 0.1 / sqrt 3."""
    found = repeats.repeatability([person(i) for i in range(4)])[LUMBAR_CURVE.name]
    assert found["median"].value == pytest.approx(0.1 / 3**0.5)
    assert found["by_change"][variants.CHANGES[0]]["median"] == pytest.approx(0.1)
    assert found["by_change"][variants.CHANGES[-1]]["n"] == 0
    assert found["copies_refused"] == statistics.share(0, 8)


def test_refusals_are_counted_by_their_reason() -> None:
    """A right refusal, a refusal for another reason, and none."""
    others = [
        Record("", "seated", i, 0, {"expected": "not_standing"}, {"whole": found})
        for i, found in enumerate(
            [
                {"status": "refused", "codes": ["not_standing"]},
                {"status": "refused", "codes": ["person_cut_off"]},
                {"status": "measured", "codes": []},
            ]
        )
    ]
    people = [person(0), person(1, cloth_cm=2.5), person(2, cloth_cm=4.0)]
    found = acceptance.acceptance(people, others)
    seated = found["to_be_refused"]["seated"]
    assert seated["refused"].value == pytest.approx(2 / 3)
    assert seated["right"].value == pytest.approx(1 / 3)
    assert seated["codes"] == {"not_standing": 1, "person_cut_off": 1, "measured": 1}
    assert found["loose"]["refused"].value == 0.5
    assert found["loose"]["why"] == {"loose_clothing": 1}
    assert found["tight"]["read"].value == pytest.approx(2 / 3)


def test_a_target_goes_by_the_measured_value() -> None:
    """At its edge it is met; what was not measured is not met."""
    at_edge = Estimate(0.97, 0.9, 0.99, 50)
    assert targets._at_least("", at_edge, 0.97).met
    assert not targets._at_most("", Estimate(np.nan, np.nan, np.nan, 0), 1.5).met
    assert targets._between("", at_edge, 0.93, 0.97).goal == "93 % to 97 %"


def test_the_page_is_written_the_same_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page, figures and numbers of a few made-up people; nothing in them but what was read."""
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(statistics, "DRAWS", 20)
    statistics._drawn.cache_clear()
    fits = ("bare", "tight", "normal", "loose")
    people = [person(i, off=i % 3 - 1.0, fit=fits[i % 4]) for i in range(24)]
    people += [person(i, off=0.5, visit=1) for i in range(6)]
    pictures = tmp_path / "pictures"
    (pictures / "calibrate").mkdir(parents=True)
    for record in people:
        target = pictures / record.name.replace("test/", "calibrate/")
        target.with_suffix(".json").write_text(json.dumps(record.made))
        found = [{"variant": name, **what} for name, what in record.seen.items()]
        target.with_suffix(".seen.json").write_text(json.dumps({"by": "0", "variants": found}))
    written = []
    for name in ("one", "two"):
        out = tmp_path / name
        report.main([str(pictures), "--split", "calibrate", "--out", str(out)])
        files = sorted(path for path in out.rglob("*") if path.is_file())
        written.append([(path.relative_to(out), path.read_bytes()) for path in files])
    statistics._drawn.cache_clear()
    assert written[0] == written[1]
    assert len(written[0]) == 6
    numbers = json.loads((tmp_path / "one" / "accuracy.json").read_text())
    assert numbers["accuracy"]["all accepted"]["pelvic_tilt"]["n"] == 30
    assert numbers["made"]["observed"] == 30
    page = (tmp_path / "one" / "accuracy.md").read_text()
    assert "nan" not in page
    assert "| pelvic tilt | 6 |" in page


def test_true_curves_of_a_back_by_hand() -> None:
    """A back whose lean swings by 20 degrees; the Gaussian takes 6 % of it."""
    pytest.importorskip("scipy")
    from validation.people.truth import inflections

    z = np.linspace(0.8, 1.56, 77)
    lean = np.tan(np.radians(20 * np.cos(2 * np.pi * (z - 0.98) / 0.5)))
    forward = np.concatenate([[0], np.cumsum((lean[1:] + lean[:-1]) / 2 * np.diff(z))])
    midline = np.column_stack([np.zeros(77), -forward, z])
    heights = {"s1": 0.95, "l3": 1.1, "t12": 1.25, "c7": 1.5}
    points = {name: np.array([0.0, 0.0, height]) for name, height in heights.items()}
    assert inflections(midline, points, 1.8) == pytest.approx((19, -19, 19), abs=0.5)


def test_no_picture_is_in_a_split_twice() -> None:
    """Names are unique, and people of different kinds differ."""
    for split in ("fit", "calibrate", "test"):
        shots = sets.plan(split)
        assert len({shot.name for shot in shots}) == len(shots)
        people = {(shot.person_index, shot.visit) for shot in shots}
        assert len(people) == len(shots)
