"""Fits posture/marking/bony.npz to the fit split: bony points, and how backs run through them.

python -m validation.fit_bony FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed
from rich.progress import track
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import cross_val_predict

from posture import landmarks
from posture.assess import find_people
from posture.marking.bony import ANGLES, FILE, MIDLINE_POINTS
from posture.marking.marks import BONY_POINTS
from posture.marking.profile import upright
from posture.marking.rise import features
from posture.marking.sight import NEARER
from posture.photo import Photo
from posture.plumb import Plumb
from posture.pose import Pose
from posture.reading import plumb_of
from validation import lessons, records, shapes
from validation.fit import save
from validation.people.parts import Array
from validation.records import Record
from validation.shapes import Drawn
from validation.taping import L1_FROM_T12

_SEED: Final = 7
_OUTLINES: Final = 3000  # more change the points by less than a millimetre
_COPIES: Final = 2
# Chosen on the calibrate split: 16 are no better than 8.
_COMPONENTS: Final = 8
_SHRUNK: Final = 30.0


def bony_points(record: Record) -> dict[str, Array]:
    """Return a picture's bony points in pixels, L1 among them."""
    points = {name: np.array(xy) for name, xy in record.made["points"].items()}
    line = np.array(record.made["back_midline"])
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    t12, l3 = (walked[np.argmin(np.hypot(*(line - points[n]).T))] for n in ("t12", "l3"))
    at = t12 + L1_FROM_T12 * (l3 - t12)
    points["l1"] = np.array([np.interp(at, walked, line[:, i]) for i in (0, 1)])
    return {name: points[name] for name in BONY_POINTS}


def by_shape(folder: Path) -> dict[str, Array]:
    """Fit where bony points lie to the shape of the trunk, and to hip and shoulder alone.

    Lengths are shares of the trunk; the hip as found is the origin.
    """
    slips = [slip for _, slip, _ in lessons.find(folder)]
    rng = np.random.default_rng(_SEED)
    numbers, places = [], []
    outlines = list(records.read("fit", folder, "outline"))[:_OUTLINES]
    for record in track(outlines, "tracing outlines"):
        drawn = shapes.draw(record, folder)
        for _ in range(_COPIES):
            slip = slips[rng.integers(len(slips))]
            turned = float(rng.normal(0, rng.choice(lessons.TURNED_SD_DEG)))
            row = shapes.slipped(drawn, slip, turned)
            if row is not None:
                numbers.append(row[0])
                places.append(_places(record, drawn, slip, turned))
    x, y = np.array(numbers), np.array(places)
    line = Ridge(alpha=_SHRUNK).fit(x, y)
    off = y - line.predict(x)
    return {
        "shape/weights": line.coef_.T,
        "shape/offset": line.intercept_,
        "shape/covariance": off.T @ off / len(off),
        "trunk/mean": y.mean(axis=0),
        "trunk/covariance": np.cov(y.T),
    }


def _places(record: Record, drawn: Drawn, slip: shapes.Slip, turned: float) -> Array:
    forward = np.array([1.0 if drawn.facing == "right" else -1.0, 1.0]) * drawn.trunk_px
    hip = drawn.joints["hip"] + slip.joints["hip"] * forward
    shoulder = drawn.joints["shoulder"] + slip.joints["shoulder"] * forward
    away = np.array([xy - hip for xy in bony_points(record).values()])
    trunk = float(np.hypot(*(shoulder - hip)))
    return (upright(away, drawn.facing, drawn.vertical_deg + turned) / trunk).ravel()


def by_points(folder: Path) -> dict[str, Array]:
    """Fit a mixture of normal distributions to bony points, angles and the skin over the spine.

    Lengths are percent of stature, from S1.
    """
    rows = np.array([_back(record) for record in records.read("fit", folder, "outline")])
    told = 2 * len(BONY_POINTS) + len(ANGLES)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    usual = (rows - mean) / spread
    # S1 itself, the origin, is told by nothing.
    free = [i for i in range(told) if spread[i] > 0.01]  # noqa: PLR2004
    mixture = GaussianMixture(_COMPONENTS, reg_covar=1e-3, random_state=_SEED, max_iter=300)
    shares = mixture.fit(usual[:, free]).predict_proba(usual[:, free])
    means, covariances = [], []
    for share in shares.T:
        middle = share @ rows / share.sum()
        off = rows - middle
        means.append(middle)
        covariances.append((share[:, None] * off).T @ off / share.sum())
    return {
        "back/shares": shares.mean(axis=0),
        "back/means": np.array(means),
        "back/covariances": np.array(covariances),
    }


def _back(record: Record) -> Array:
    made = record.made
    camera = made["subject"]["camera"]
    scale = 100 / (camera["fill"] * camera["height_px"])
    points = bony_points(record)
    line = np.array(made["back_midline"])
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    even = np.linspace(0.0, walked[-1], MIDLINE_POINTS)
    skin = np.column_stack([np.interp(even, walked, line[:, i]) for i in (0, 1)])
    away = np.vstack([list(points.values()), skin]) - points["s1"]
    placed = upright(away, made["facing"], made["vertical_deg"]) * scale
    told = len(BONY_POINTS)
    angles = [made["truth"][name] for name in ANGLES]
    return np.concatenate([placed[:told].ravel(), angles, placed[told:].ravel()])


def by_view(folder: Path) -> dict[str, Array]:
    """Fit how far the camera stands above the hips, as it tips the line from PSIS to ASIS.

    People of the calibrate split are learned from too: nothing is calibrated on them.
    """
    pictures = [
        r for split in ("fit", "calibrate") for r in records.read(split, folder, "standing")
    ]
    seen = Parallel(n_jobs=-1)(delayed(_seen)(r, folder) for r in track(pictures, "finding people"))
    rows = [row for row in seen if row is not None]
    numbers, with_lines = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    shares = np.array([row[2] for row in rows])
    made = {"rise/any": np.array([shares.mean(), shares.std()])}
    for kind, own in (("pose", np.ones(len(rows), dtype=bool)), ("lines", with_lines)):
        x = numbers[own].copy()
        x[:, -1] *= kind == "lines"
        line = RidgeCV(np.logspace(-1, 4, 11))
        off = shares[own] - cross_val_predict(line, x, shares[own], cv=10)
        line.fit(x, shares[own])
        made |= {
            f"rise/{kind}/weights": line.coef_,
            f"rise/{kind}/offset": line.intercept_,
            f"rise/{kind}/sd": off.std(),
        }
    return made


def _seen(record: Record, folder: Path) -> tuple[Array, bool, float] | None:
    photo = Photo.open((folder / record.name).with_suffix(".jpg"))
    people = find_people(photo, landmarks.default_detector())
    if len(people) != 1 or people[0].facing != record.made["facing"]:
        return None
    return view_row(people[0], plumb_of(photo, people[0]), record)


def view_row(pose: Pose, up: Plumb, record: Record) -> tuple[Array, bool, float]:
    """Return what tells where the camera stands, whether lines do, and by how much it tips."""
    asis, psis = (bony_points(record)[name] for name in ("asis", "psis"))
    forward, above = upright(asis - psis, record.made["facing"], record.made["vertical_deg"])
    tipped = np.arctan2(-above, forward) - np.radians(record.made["truth"]["pelvic_tilt"])
    lean_deg = up.vertical_at(*pose.near("hip"))
    return features(pose, up, lean_deg), up.source == "photo", float(tipped / NEARER)


def main(arguments: list[str] | None = None) -> None:
    """Fit, and write what was fitted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    made: dict[str, Any] = by_shape(folder) | by_points(folder) | by_view(folder)
    save(FILE, {name: np.asarray(array, dtype=np.float32) for name, array in made.items()})


if __name__ == "__main__":
    main()
