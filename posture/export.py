"""Writes an assessment as JSON, the form that other programs read; it measures nothing."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from posture.reasons import explain

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.marking.marks import Corrections
    from posture.quantities import Measurement
    from posture.reasons import Reason
    from posture.tilt import Vertical

SCHEMA: Final = "posture/1"


def to_json(assessment: Assessment) -> str:
    """Return an assessment as one JSON object on one line.

    Parameters
    ----------
    assessment : Assessment
        What `posture.assess` returned.

    Returns
    -------
    str
        Degrees, percent of stature and photo pixels with two decimals. A measurement has its
        ``value``, the ends ``low`` and ``high`` of its 95 % interval, and ``mdc95``, the smallest
        change between two photos of one person that is more than noise; the change itself is the
        difference of ``relative``, not of ``value`` (see `posture.change`); if refused, all five
        are null and its reasons say why. The photo's ``vertical`` says how far the true vertical
        leans to the photo's right (``lean_deg``), the standard deviation of that (``sd_deg``), and
        whether lines in the photo show it (``source``: ``"photo"``), a person drew it
        (``"drawn"``) or the photo is taken to be upright (``"assumed"``); null if the photo is
        refused. ``tips_deg`` is what was added to the tilt of the line from PSIS to ASIS in the
        photo, against the true vertical, to make a marked pelvic tilt of it: the ASIS is nearer to
        the camera, and appears lower the higher that stands. A point says in ``found`` where the
        program had it; with ``told``, what a person drew, the points are what
        `posture.marking.reopen` reads again. There is no NaN in it.
    """
    return json.dumps(to_dict(assessment), ensure_ascii=False, allow_nan=False)


def to_dict(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as what `to_json` writes, made of dicts, lists, numbers and text."""
    outline = assessment.outline
    back = outline.back_px if outline is not None else np.empty((0, 2))
    known = back[np.isfinite(back).all(axis=1)]
    return {
        "schema": SCHEMA,
        "photo": {
            "name": assessment.photo_name,
            "width": assessment.width,
            "height": assessment.height,
            "notes": list(assessment.notes),
            "vertical": None if assessment.vertical is None else _vertical(assessment.vertical),
        },
        "status": assessment.status,
        "view": assessment.view,
        "facing": assessment.facing,
        "stature_cm": assessment.stature_cm,
        "tips_deg": None if assessment.vertical is None else round(assessment.tips_deg, 2) + 0.0,
        "reasons": [_reason(reason) for reason in assessment.reasons],
        "measurements": {key: _measurement(m) for key, m in assessment.measurements.items()},
        "points": {name: _point(name, assessment) for name in assessment.points},
        "told": _told(assessment.corrections),
        "stickers": [
            {
                "x": round(sticker.x, 2),
                "y": round(sticker.y, 2),
                "diameter_px": round(sticker.diameter_px, 2),
                "names": list(sticker.names),
                "sure": sticker.sure,
            }
            for sticker in assessment.stickers
        ],
        "marks_say": {key: _interval(m) for key, m in assessment.marks_say.items()},
        "outline_says": {key: _interval(m) for key, m in assessment.outline_says.items()},
        "contour": {"back": np.round(known, 2).tolist()},
        "software": assessment.software,
        "model": assessment.model,
    }


def _point(name: str, assessment: Assessment) -> dict[str, Any]:
    point = assessment.points[name]
    mark, found = assessment.corrections.points.get(name), assessment.found.get(name)
    at = {
        "x": round(point.x, 2),
        "y": round(point.y, 2),
        "visibility": round(point.visibility, 2),
        "source": point.source,
    }
    if mark is not None:
        at["sd_px"] = round(mark.sd_px, 2)
    return at | {"found": None if found is None else [round(found.x, 2), round(found.y, 2)]}


def _told(told: Corrections) -> dict[str, Any]:
    return {
        "line": None if told.line is None else asdict(told.line),
        "distance": None if told.distance is None else asdict(told.distance),
        "placement_mm": told.placement_mm,
    }


def _interval(measurement: Measurement) -> dict[str, float | None]:
    numbers = {"value": measurement.value, "low": measurement.low, "high": measurement.high}
    return {name: None if n is None else round(n, 2) + 0.0 for name, n in numbers.items()}


def _measurement(measurement: Measurement) -> dict[str, Any]:
    numbers = {"mdc95": measurement.mdc95, "relative": measurement.relative}
    return {
        **_interval(measurement),
        **{name: None if n is None else round(n, 2) + 0.0 for name, n in numbers.items()},
        "tier": measurement.tier,
        "points": list(measurement.points),
        "reasons": [_reason(explain(code)) for code in measurement.reasons],
    }


def _vertical(vertical: Vertical) -> dict[str, Any]:
    return {
        "lean_deg": round(vertical.lean_deg, 2) + 0.0,
        "sd_deg": round(vertical.sd_deg, 2) + 0.0,
        "source": "drawn" if vertical.drawn else "photo" if vertical.found else "assumed",
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "message": reason.message, "advice": reason.advice}
