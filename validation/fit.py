"""Fits posture/estimator.json to pictures of people whose angles are known.

    python -m validation.fit FOLDER

FOLDER holds pictures (``*.jpg``) of rendered people, each beside a JSON with its truth: ``gt`` has
the angles of the skin over the spine, ``xyz`` the joints in metres, y backwards and z up.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posture import Assessment, assess
from posture.landmarks import MODEL_SHA256
from posture.tilt import OFFSET_JOINTS, inclination_deg

ESTIMATOR: Final = Path(__file__).parents[1] / "posture" / "estimator.json"
_JOINTS: Final = {"hip": "HJC", "knee": "KJC", "ankle": "AJC", "shoulder": "SJC", "ear": "EAR"}

Column = NDArray[np.float64]


def true_values(truth: dict[str, Any]) -> dict[str, float]:
    """Return every true value of one picture, in the units and signs of `posture.tilt`."""
    angles, side = truth["gt"], truth["sample"]["cam"]["side"]
    at = {
        name: np.array([-y, -z])
        for name, code in _JOINTS.items()
        for _, y, z in [truth["xyz"][f"{code}_{side}"]]
    }
    thigh = inclination_deg(at["knee"], at["hip"], "right")
    shank = inclination_deg(at["ankle"], at["knee"], "right")
    stature = angles["stature_m"]
    chest = angles["tl_slope_surf"]
    return {
        "pelvic_tilt": angles["pelvic_tilt"],
        "lumbosacral": angles["sacral_slope_surf"],
        "thoracolumbar": chest,
        "cervicothoracic": chest + angles["surf_kyphosis"],
        "sacral_inclination": angles["sacral_slope_surf"],
        "lumbar_curve": angles["surf_lordosis"],
        "thoracic_curve": angles["surf_kyphosis"],
        "trunk_lean": inclination_deg(at["hip"], at["shoulder"], "right"),
        "knee_angle": 180.0 - (shank - thigh),
        **{
            f"{joint}_offset": float(at[joint][0] - at["ankle"][0]) / stature * 100
            for joint in OFFSET_JOINTS
        },
    }


def raw_values(found: Assessment, lines: dict[str, Any]) -> dict[str, float]:
    """Return what one picture shows before any correction, and the curve of its contour."""
    assert found.back is not None
    assert found.facing is not None
    neck = (found.points[name] for name in ("shoulder", "ear"))
    shoulder, ear = (np.array([point.x, point.y]) for point in neck)
    raw = {
        "curve": found.back.contour_curve_deg,
        "pelvic_tilt": found.back.lumbosacral.contour_deg,
        "lumbosacral": found.back.lumbosacral.contour_deg,
        "thoracolumbar": found.back.thoracolumbar.contour_deg,
        "cervicothoracic": inclination_deg(shoulder, ear, found.facing),
    }
    for measured in found.measurements.values():
        name = measured.quantity.name
        if measured.points and name not in _FROM_TANGENTS:
            assert measured.value is not None
            raw[name] = measured.value - lines[name]["intercept"]
    return raw


_FROM_TANGENTS: Final = ("pelvic_tilt", "lumbar_curve", "sacral_inclination", "thoracic_curve")
_WITH_CURVE: Final = ("pelvic_tilt", "lumbosacral", "thoracolumbar")


def fit(folder: Path) -> dict[str, Any]:
    """Return the estimator fitted to every picture of a folder that is measured."""
    old = json.loads(ESTIMATOR.read_text("utf-8"))["lines"]
    columns: dict[str, list[float]] = defaultdict(list)
    pictures = sorted(path for path in folder.glob("*.jpg") if path.with_suffix(".json").exists())
    used = 0
    fingerprint = hashlib.sha256()
    for picture in pictures:
        fingerprint.update(picture.read_bytes() + picture.with_suffix(".json").read_bytes())
        found = assess(picture)
        if found.back is None:
            print(f"{picture.name}: left out, {found.reasons or 'back_hidden'}", file=sys.stderr)
            continue
        used += 1
        for name, value in true_values(
            json.loads(picture.with_suffix(".json").read_text())
        ).items():
            columns[f"true {name}"].append(value)
        for name, value in raw_values(found, old).items():
            columns[name].append(value)
    data = {name: np.array(values) for name, values in columns.items()}
    lines, errors = {}, {}
    for name in data:
        if name != "curve" and not name.startswith("true "):
            lines[name], errors[name] = _line(name, data)
    sacral, chest, neck = (errors[n] for n in ("lumbosacral", "thoracolumbar", "cervicothoracic"))
    for name, error in (
        ("sacral_inclination", sacral),
        ("lumbar_curve", sacral - chest),
        ("thoracic_curve", neck - chest),
    ):
        lines[name] = {"intercept": 0.0, "per_curve": 0.0, "sd": round(float(error.std()), 3)}
    return {
        "made_by": "python -m validation.fit FOLDER",
        "data": f"{used} of {len(pictures)} pictures of rendered people, any clothes; "
        "residuals on the same pictures",
        "data_sha256": fingerprint.hexdigest(),
        "model_sha256": MODEL_SHA256,
        "lines": lines,
    }


def _line(name: str, data: dict[str, Column]) -> tuple[dict[str, float], Column]:
    """Fit truth minus reading by a constant, for tangents also by the curve."""
    gap = data[f"true {name}"] - data[name]
    terms = [np.ones_like(gap)] + ([data["curve"]] if name in _WITH_CURVE else [])
    solution = np.linalg.lstsq(np.column_stack(terms), gap, rcond=None)[0]
    intercept, per_curve = (*map(float, solution), 0.0)[:2]
    error = intercept + per_curve * data["curve"] - gap
    line = {"intercept": intercept, "per_curve": per_curve, "sd": float(error.std())}
    return {key: round(value, 3) for key, value in line.items()}, error


if __name__ == "__main__":
    fitted = fit(Path(sys.argv[1]))
    ESTIMATOR.write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")
