"""Draws how an angle went over a person's visits, with the band of what may be only noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import altair as alt

from posture import wording
from posture.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.quantities import Quantity
    from posture.records.kept import VisitSummary

_MARK: Final = "#1f8f8a"
_CONTEXT: Final = "#808a8c"
_INK: Final = {False: "#46545a", True: "#a3b3b8"}


def over_visits(
    quantity: Quantity, visits: Sequence[VisitSummary], *, dark: bool
) -> alt.LayerChart | alt.FacetChart | None:
    """Return one angle over time, as changes since the first visit; None if it was seen once.

    The band is the least change of the first visit.
    """
    ink = _INK[dark]
    known = [
        (visit, visit.stance.measurements[quantity.key])
        for visit in visits
        if visit.stance.measurements[quantity.key].relative is not None
    ]
    first = known[0][1] if known else None
    if first is None or len(known) < 2:  # noqa: PLR2004 - one is no trend
        return None
    rows = [
        {
            "day": visit.at.isoformat(),
            "change": round((m.relative or 0.0) - (first.relative or 0.0), 2),
            "value": wording.short(m),
        }
        for visit, m in known
    ]
    base = alt.Chart(alt.InlineData(values=rows))
    x = alt.X("day:T", title=None, axis=alt.Axis(labelColor=ink, labelOverlap=True))
    y = alt.Y(
        "change:Q",
        title=[wording.label(quantity), _("change, degrees")],
        axis=alt.Axis(labelColor=ink, titleColor=ink),
    )
    layers: list[alt.Chart] = []
    if first.mdc95 is not None:
        band = [{"low": -first.mdc95, "high": first.mdc95}]
        layers.append(
            alt.Chart(alt.InlineData(values=band))
            .mark_rect(color=_CONTEXT, opacity=0.22)
            .encode(y="low:Q", y2="high:Q")
        )
    layers += [
        base.mark_line(color=_MARK, strokeWidth=2).encode(x=x, y=y),
        base.mark_point(color=_MARK, filled=True, size=110, opacity=1).encode(
            x=x, y=y, tooltip=[alt.Tooltip("value:N", title=wording.label(quantity))]
        ),
    ]
    return alt.layer(*layers).properties(height=170)
