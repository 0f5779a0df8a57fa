"""What the estimator is fitted and calibrated with, on errors and people made by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posture import estimator, tilt
from posture.tilt import Vertical
from validation import calibrate, fit, lessons
from validation.calibrate import Reading
from validation.lessons import Pair
from validation.records import Record

from .people import shape

LIMITS = {"cloth_cm": 2.0, "arm_share": 0.2, "hair_share": 0.4}


def readings(n: int, widened: float, seed: int = 3) -> list[Reading]:
    """Return errors that one circumstance widens by a factor, and another leaves alone."""
    rng = np.random.default_rng(seed)
    bad, idle = rng.random((2, n))
    errors = rng.laplace(0, 2, n) * np.exp(np.log(widened) * bad)
    return [
        Reading(float(error), 0.0, {"bad": float(b), "idle": float(i)})
        for error, b, i in zip(errors, bad, idle, strict=True)
    ]


def test_what_widens_errors_is_found() -> None:
    """A circumstance that doubles them does so; one without effect hardly gets a weight."""
    found = calibrate._widening(readings(20_000, 2.0))
    assert found["bad"] == pytest.approx(np.log(2), abs=0.1)
    assert found.get("idle", 0.0) < 0.08


def test_what_narrows_errors_widens_nothing() -> None:
    """A weight is never negative."""
    assert "bad" not in calibrate._widening(readings(2_000, 0.5))


def record(person: int, visit: int, true: float, read: float, sd: float) -> Record:
    """Return a person whose trunk lean was read in a photo."""
    seen: dict[str, Any] = {
        "numbers": shape().numbers().tolist(),
        "cover": [0.0, 0.0, 0.0],
        "back_seen": True,
        "vertical": [0.0, sd],
        "circumstances": {"turned": 0.0, "cropped": 0.0, "hidden": 0.0, "flat": 0.0},
        "measurements": {"trunk_lean_deg": {"value": read}},
    }
    return Record("", "standing", person, visit, {"truth": {"trunk_lean": true}}, {"whole": seen})


def test_the_least_change_is_that_of_the_noise_between_two_photos() -> None:
    """1.96 times its root mean square, less what each photo's unsure vertical adds."""
    noise, sd = np.random.default_rng(0).normal(0, 3, 200), 0.5
    people = [record(i, 0, 1.0, 1.5, sd) for i in range(200)]
    people += [record(i, 1, 6.0, 6.5 + noise[i], sd) for i in range(200)]
    found = calibrate._of_changes("trunk_lean", people, LIMITS)
    assert found == pytest.approx(1.96 * np.sqrt(np.mean(noise**2) - 2 * sd**2))


def test_intervals_hold_as_often_as_they_say() -> None:
    """On the very people that they were calibrated on, built as `posture.tilt` builds them."""
    rng = np.random.default_rng(1)
    people = [record(i, 0, 0.0, float(rng.normal(0, 2)), float(rng.random())) for i in range(400)]
    people += [record(i, 1, 0.0, 0.0, 0.0) for i in range(2)]
    known = estimator.Error(**calibrate.errors("trunk_lean", people, LIMITS))
    held = [
        abs(r.error) <= np.hypot(known.half_in(r.circumstances), 1.96 * r.turned) + 1e-3
        for r in calibrate.readings("trunk_lean", people, LIMITS)
    ]
    assert 0.95 <= np.mean(held) < 0.96


def test_changes_are_learned_whatever_a_person_looks_like(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Angles that follow some numbers, about a level of each person's own."""
    monkeypatch.setattr(fit, "inputs_of_change", lambda numbers: numbers)
    rng = np.random.default_rng(2)
    line = rng.normal(0, 1, (6, 3))
    before, step = rng.normal(0, 1, (2, 500, 6))
    pairs = [Pair(b, b + s / 4, s / 4 @ line) for b, s in zip(before, step, strict=True)]
    made = fit.compare(pairs)
    ((weights, _),) = made["layers"][0]
    read = ((before + step / 4 - before) / made["spread"]) @ weights
    true = step / 4 @ line
    assert np.sqrt(np.mean((read - true) ** 2)) < 0.5 * true.std()
    assert np.sum(read * true) / np.sum(true**2) > 0.5


def test_a_network_is_trained_written_and_read_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What it learned is what posture reads with numpy, and the file is the same bytes again."""
    rng = np.random.default_rng(4)
    given = rng.normal(0, 1, (600, 4))
    wanted = np.column_stack([given @ [1, 2, 0, 0], 10 + np.abs(given[:, 2])])
    made = fit.train(given, wanted, hidden=(24,), alpha=1e-3, voters=2, epochs=60)
    monkeypatch.setattr(fit, "NETWORKS", tmp_path / "estimator.npz")
    monkeypatch.setattr(estimator, "_FOLDER", tmp_path)
    fit.write({"back": (("sum", "size"), made)})
    first = fit.NETWORKS.read_bytes()
    fit.write({"back": (("sum", "size"), made)})
    assert fit.NETWORKS.read_bytes() == first
    estimator.reread()
    try:
        network = estimator.network("back")
        read = np.array([list(network(row).values()) for row in given])
        assert np.abs(read - wanted).mean() < 0.15
        assert network(given[0] * 1e9) == network(np.sign(given[0]) * 1e9)
    finally:
        estimator.reread()


def test_a_lean_of_the_vertical_moves_what_is_read_as_the_facts_say() -> None:
    """Of a shape whose vertical is not sure, turned by two degrees."""
    fore, aft = (shape(vertical_deg=lean) for lean in (-1.0, 1.0))
    read = [tilt.measure_back(one, Vertical(0.0, 2.0), {})[0].value for one in (fore, aft)]
    assert read[0] is not None
    assert read[1] is not None
    share = abs(read[1] - read[0]) / 2
    assert 0.4 < share / estimator.per_degree("pelvic_tilt")[0] < 1.8


def test_what_is_learned_from_is_plain() -> None:
    """A person whose back an arm covers teaches nothing about backs."""
    plain, covered = (
        Record("", "outline", 0, 0, {"cover": cover}, {})
        for cover in (
            {"cloth_cm": 0.4, "arm_share": 0.0, "hair_share": 0.0},
            {"cloth_cm": 0.4, "arm_share": 0.3, "hair_share": 0.0},
        )
    )
    assert lessons.is_plain(plain)
    assert not lessons.is_plain(covered)


def test_the_facts_are_json_without_surprises() -> None:
    """Every number is finite, so that no interval can be."""
    facts = json.loads(fit.FACTS.read_text("utf-8"), parse_constant=pytest.fail)
    assert set(facts["errors"]) == {q.name for q in calibrate.QUANTITIES}
