"""Assessments and photos made by hand, for tests that need no pose model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from posture.assessment import Assessment
from posture.back import Back, Inflection
from posture.outline import Outline
from posture.photo import Photo
from posture.pose import Point
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, QUANTITIES, Measurement
from posture.reasons import explain
from posture.tilt import Vertical

# Shares of stature, forward of the ankle and above the sole.
_JOINTS = {
    "ear": (0.03, 0.93),
    "shoulder": (0.0, 0.82),
    "hip": (0.0, 0.52),
    "knee": (0.01, 0.28),
    "ankle": (0.0, 0.04),
    "heel": (-0.03, 0.01),
    "foot_index": (0.11, 0.01),
}


def make_photo(width: int = 600, height: int = 900, *, shade: int = 128) -> Photo:
    """Return a photo of one shade of grey."""
    return Photo.open(np.full((height, width, 3), shade, np.uint8), name="side.jpg")


def make_assessment(
    *,
    facing: str = "right",
    tilt_deg: float | None = 9.0,
    curve_deg: float | None = 33.0,
    lean_deg: float = 0.0,
    width: int = 600,
    height: int = 900,
    half_interval: float = 14.0,
    mdc95: float | None = 5.2,
    vertical: Vertical | None = None,
    reason: str = "back_hidden",
    unseen: tuple[str, ...] = (),
    photo_name: str = "side.jpg",
) -> Assessment:
    """Return the assessment of a person who stands in the middle of the photo.

    ``None`` for an angle refuses it, for a ``reason``; both tangents lean forward by ``lean_deg``
    more. Points that are ``unseen`` are left out.
    """
    stature = 0.85 * height
    turn = 1 if facing == "right" else -1
    ankle_x, sole = width / 2, 0.95 * height

    def place(forward: np.ndarray, up: np.ndarray) -> np.ndarray:
        return np.stack([ankle_x + turn * forward * stature, sole - up * stature], axis=-1)

    points = {
        name: Point(*map(float, place(*map(np.asarray, at))), 0.99, "detected")
        for name, at in _JOINTS.items()
        if name not in unseen
    }
    up = np.arange(0.36, 0.88, 0.002)
    hollow = -0.085 + 0.02 * np.cos((up - 0.62) * 2 * np.pi / 0.4)
    back_px = place(hollow, up)
    outline = Outline(back_px, place(hollow + 0.15, up), np.zeros(len(up), bool))
    back = None
    if curve_deg is not None:
        ends = []
        for height_of_end, share in ((0.56, 0.6), (0.68, -0.4)):
            x, y = back_px[np.argmin(np.abs(up - height_of_end))]
            angle = share * curve_deg + lean_deg
            ends.append(Inflection(float(x), float(y), angle, angle))
        back = Back(ends[0], ends[1], 0.0)
        for name, at in (("lumbosacral", ends[0]), ("thoracolumbar", ends[1])):
            points[name] = Point(at.x_px, at.y_px, 1.0, "estimated")
    measurements = {q.key: Measurement.refused(q, reason) for q in QUANTITIES}
    for quantity, value in ((PELVIC_TILT, tilt_deg), (LUMBAR_CURVE, curve_deg)):
        if value is not None:
            low, high = value - half_interval, value + half_interval
            measurements[quantity.key] = Measurement(
                quantity, value, low, high, "outline", mdc95=mdc95
            )
    return Assessment(
        photo_name=photo_name,
        width=width,
        height=height,
        status="measured",
        view="side",
        facing=facing,
        reasons=(),
        measurements=measurements,
        points=points,
        outline=outline,
        back=back,
        notes=(),
        model="by hand",
        vertical=vertical,
    )


def make_refused(code: str = "not_side_view", *, width: int = 600, height: int = 900) -> Assessment:
    """Return the assessment of a photo that is refused as a whole."""
    whole = make_assessment(tilt_deg=None, curve_deg=None, width=width, height=height)
    measurements = {q.key: Measurement.refused(q, code) for q in QUANTITIES}
    return replace(
        whole,
        status="refused",
        view=None,
        facing=None,
        reasons=(explain(code),),
        measurements=measurements,
        points={},
        outline=None,
    )
