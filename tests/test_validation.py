"""The fit of the estimator, on data whose answer is known."""

import json
from typing import Any

import numpy as np
import pytest

from posture.landmarks import MODEL_SHA256
from validation import fit


def truth(**moved: list[float]) -> dict[str, Any]:
    """Return the truth of a person 2 m tall who stands upright; metres, y backwards, z up."""
    joints = {"HJC": [0, 0, 1], "KJC": [0, 0, 0.5], "AJC": [0, 0, 0.1], "SJC": [0, 0, 1.6]}
    joints |= {"EAR": [0, 0, 1.8], **moved}
    slopes = {"sacral_slope_surf": 20.0, "tl_slope_surf": -15.0}
    angles = {"pelvic_tilt": 10.0, "surf_lordosis": 35.0, "surf_kyphosis": 40.0, "stature_m": 2.0}
    return {
        "gt": {**angles, **slopes},
        "sample": {"cam": {"side": "L"}},
        "xyz": {f"{name}_L": place for name, place in joints.items()},
    }


def test_true_values_by_hand() -> None:
    """Backwards is +y: a shoulder 0.6 m forward at 0.6 m above the hip leans forward by 45."""
    upright = fit.true_values(truth())
    assert upright["trunk_lean"] == 0
    assert upright["knee_angle"] == 180
    assert upright["cervicothoracic"] == pytest.approx(25)
    leaning = fit.true_values(truth(SJC=[0, -0.6, 1.6], EAR=[0, -0.2, 1.8], KJC=[0, -0.1, 0.5]))
    assert leaning["trunk_lean"] == pytest.approx(45)
    assert leaning["ear_offset"] == pytest.approx(10)
    assert leaning["knee_angle"] < 180


def test_a_line_is_recovered_with_the_error_that_it_leaves() -> None:
    """Intercept, slope and residual of made-up readings come out again."""
    random = np.random.default_rng(0)
    curve, noise = random.uniform(0, 60, 4000), random.normal(0, 3, 4000)
    reading = random.normal(20, 10, 4000)
    data = {
        "curve": curve,
        "pelvic_tilt": reading,
        "true pelvic_tilt": reading - 5 - 0.2 * curve + noise,
        "trunk_lean": reading,
        "true trunk_lean": reading + 2 + noise,
    }
    tilt, _ = fit._line("pelvic_tilt", data)
    assert tilt == pytest.approx({"intercept": -5, "per_curve": -0.2, "sd": 3}, abs=0.3)
    lean, _ = fit._line("trunk_lean", data)
    assert lean == pytest.approx({"intercept": 2, "per_curve": 0, "sd": 3}, abs=0.3)


def test_the_estimator_was_fitted_with_the_model_in_use() -> None:
    """Another model finds other points: its corrections would be wrong."""
    fitted = json.loads(fit.ESTIMATOR.read_text("utf-8"))
    assert fitted["model_sha256"] == MODEL_SHA256
    assert len(fitted["data_sha256"]) == 64
