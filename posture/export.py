"""Writes an assessment as JSON, the form that other programs read; it measures nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from posture.reasons import explain

if TYPE_CHECKING:
    from posture.assess import Assessment
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
        whether lines in the photo show it (``source``: ``"photo"``) or the photo is taken to be
        upright (``"assumed"``); null if the photo is refused. There is no NaN in it.
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
        "reasons": [_reason(reason) for reason in assessment.reasons],
        "measurements": {key: _measurement(m) for key, m in assessment.measurements.items()},
        "points": {
            name: {
                "x": round(point.x, 2),
                "y": round(point.y, 2),
                "visibility": round(point.visibility, 2),
                "source": point.source,
            }
            for name, point in assessment.points.items()
        },
        "contour": {"back": np.round(known, 2).tolist()},
        "software": assessment.software,
        "model": assessment.model,
    }


def _measurement(measurement: Measurement) -> dict[str, Any]:
    numbers = {
        "value": measurement.value,
        "low": measurement.low,
        "high": measurement.high,
        "mdc95": measurement.mdc95,
        "relative": measurement.relative,
    }
    return {
        **{name: None if n is None else round(n, 2) + 0.0 for name, n in numbers.items()},
        "tier": measurement.tier,
        "points": list(measurement.points),
        "reasons": [_reason(explain(code)) for code in measurement.reasons],
    }


def _vertical(vertical: Vertical) -> dict[str, Any]:
    return {
        "lean_deg": round(vertical.lean_deg, 2) + 0.0,
        "sd_deg": round(vertical.sd_deg, 2) + 0.0,
        "source": "photo" if vertical.found else "assumed",
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "message": reason.message, "advice": reason.advice}
