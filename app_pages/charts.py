"""Draws pelvic tilt and lumbar curve as one picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from posture import wording
from posture.language import gettext as _
from posture.language import mark as N_

if TYPE_CHECKING:
    from posture import Measurement

# One hue that stands out on white and on black; what is context is grey and has words beside it.
_MARK: Final = "#1f8f8a"
_CONTEXT: Final = "#808a8c"

# Words need more contrast than any one colour has on both; the theme's own are too pale.
_INK_ON_LIGHT: Final = "#46545a"
_INK_ON_DARK: Final = "#a3b3b8"

#: What the grey band shows: context, not a verdict. To be translated where it is shown.
CADAVERS: Final = N_(
    "Grey band: cadaver pelves, all held in one fixed position, 13 ± 5 degrees, ± one standard "
    "deviation (Preece 2008, PMC2565125). It is not a normal range: bones alone differ that much, "
    "so no value by itself makes a posture good or bad."
)
_BAND_DEG: Final = (8.0, 18.0)

# Where the axes end unless an interval goes beyond, so that photos are compared at one scale.
_TILT_AXIS: Final = (-30.0, 40.0)
_CURVE_AXIS: Final = (-20.0, 80.0)


def pair(tilt: Measurement, curve: Measurement, *, dark: bool) -> dict[str, Any]:
    """Return tilt against curve: the person as a point, the two intervals as crossing bars.

    Returns
    -------
    dict
        As Vega-Lite takes it. Altair, which makes the same, takes as long for it as the photo takes
        to be assessed, each time that the page runs.
    """
    ink = _INK_ON_DARK if dark else _INK_ON_LIGHT
    row = {
        "tilt": tilt.value,
        "tilt_low": tilt.low,
        "tilt_high": tilt.high,
        "curve": curve.value,
        "curve_low": curve.low,
        "curve_high": curve.high,
        "tilt_said": wording.short(tilt),
        "curve_said": wording.short(curve),
    }
    x = {
        **_number("tilt"),
        "title": [_("Pelvic tilt, degrees"), _("← posterior · anterior →")],
        "scale": {"domain": _reach(_TILT_AXIS, tilt), "nice": False},
        "axis": {"tickCount": 7, "labelColor": ink, "titleColor": ink},
    }
    y = {
        **_number("curve"),
        "title": [_("Lumbar curve, degrees"), _("← rounded · hollow →")],
        "scale": {"domain": _reach(_CURVE_AXIS, curve), "nice": False},
        "axis": {"labelColor": ink, "titleColor": ink},
    }
    tooltip = [
        {"field": "tilt_said", "type": "nominal", "title": wording.label(tilt.quantity)},
        {"field": "curve_said", "type": "nominal", "title": wording.label(curve.quantity)},
    ]
    band = {"type": "rect", "color": _CONTEXT, "opacity": 0.22}
    zero = {"type": "rule", "color": _CONTEXT, "strokeDash": [3, 3], "opacity": 0.8}
    bar = {"type": "rule", "color": _MARK, "strokeWidth": 3}
    point = {"type": "point", "color": _MARK, "filled": True, "size": 160, "opacity": 1}
    low, high = _BAND_DEG
    across = {"x": _number("tilt_low"), "x2": {"field": "tilt_high"}, "y": y}
    along = {"y": _number("curve_low"), "y2": {"field": "curve_high"}, "x": x}
    return {
        "layer": [
            _layer({"low": low, "high": high}, band, x=_number("low"), x2={"field": "high"}),
            _layer({"zero": 0}, zero, x=_number("zero")),
            _layer({"zero": 0}, zero, y=_number("zero")),
            _layer(row, bar, tooltip=tooltip, **across),
            _layer(row, bar, tooltip=tooltip, **along),
            _layer(row, point, tooltip=tooltip, x=x, y=y),
        ],
        "height": 300,
        "padding": {"left": 0, "top": 5, "right": 12, "bottom": 0},
        "config": {"view": {"continuousWidth": 300, "continuousHeight": 300}},
    }


def _layer(row: Mapping[str, object], mark: Mapping[str, object], **encoding: object) -> object:
    return {"data": {"values": [row]}, "mark": mark, "encoding": encoding}


def _number(field: str) -> dict[str, object]:
    return {"field": field, "type": "quantitative"}


def in_words(tilt: Measurement, curve: Measurement) -> str:
    """Return what the picture shows, for those who do not see it."""
    return _(
        "Pelvic tilt {tilt} against lumbar curve {curve}, as a point with its two 95 % intervals "
        "as crossing bars."
    ).format(tilt=wording.short(tilt), curve=wording.short(curve))


def _reach(axis: tuple[float, float], measurement: Measurement) -> list[float]:
    low, high = measurement.low, measurement.high
    if low is None or high is None:
        return list(axis)
    return [min(axis[0], low), max(axis[1], high)]
