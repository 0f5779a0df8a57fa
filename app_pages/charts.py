"""Draws pelvic tilt and lumbar curve as one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt

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


def pair(tilt: Measurement, curve: Measurement, *, dark: bool) -> alt.LayerChart | alt.FacetChart:
    """Return tilt against curve: the person as a point, the two intervals as crossing bars."""
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
    person = alt.Chart(alt.InlineData(values=[row])).encode(
        tooltip=[
            alt.Tooltip("tilt_said:N", title=wording.label(tilt.quantity)),
            alt.Tooltip("curve_said:N", title=wording.label(curve.quantity)),
        ]
    )
    x = alt.X(
        "tilt:Q",
        title=[_("Pelvic tilt, degrees"), _("← posterior · anterior →")],
        scale=alt.Scale(domain=_reach(_TILT_AXIS, tilt), nice=False),
        axis=alt.Axis(tickCount=7, labelColor=ink, titleColor=ink),
    )
    y = alt.Y(
        "curve:Q",
        title=[_("Lumbar curve, degrees"), _("← rounded · hollow →")],
        scale=alt.Scale(domain=_reach(_CURVE_AXIS, curve), nice=False),
        axis=alt.Axis(labelColor=ink, titleColor=ink),
    )
    band = (
        alt.Chart(alt.InlineData(values=[{"low": _BAND_DEG[0], "high": _BAND_DEG[1]}]))
        .mark_rect(color=_CONTEXT, opacity=0.22)
        .encode(x=alt.X("low:Q"), x2="high:Q")
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(
        color=_CONTEXT, strokeDash=[3, 3], opacity=0.8
    )
    return alt.layer(
        band,
        zero.encode(x="zero:Q"),
        zero.encode(y="zero:Q"),
        person.mark_rule(color=_MARK, strokeWidth=3).encode(x="tilt_low:Q", x2="tilt_high:Q", y=y),
        person.mark_rule(color=_MARK, strokeWidth=3).encode(
            y="curve_low:Q", y2="curve_high:Q", x=x
        ),
        person.mark_point(color=_MARK, filled=True, size=160, opacity=1).encode(x=x, y=y),
    ).properties(height=300, padding={"left": 0, "top": 5, "right": 12, "bottom": 0})


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
