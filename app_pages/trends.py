"""Draws how an angle went over a person's visits, with the band of what may be only noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import altair as alt

from posture import clock, wording
from posture.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app_pages.own_clinic import Comparer
    from posture.change import Change
    from posture.quantities import Quantity
    from posture.records.kept import VisitSummary

_MARK: Final = "#1f8f8a"
_CONTEXT: Final = "#808a8c"
_INK: Final = {False: "#46545a", True: "#a3b3b8"}


@dataclass(frozen=True, slots=True)
class Trend:
    """How one angle went, as changes since the first visit that the latest can be compared with.

    Attributes
    ----------
    changes : tuple of (VisitSummary, Change)
        Each visit after the first with its change, the earliest first.
    first : VisitSummary
        Since when.
    left_out : int
        How many visits cannot be compared with it.
    """

    changes: tuple[tuple[VisitSummary, Change], ...]
    first: VisitSummary
    left_out: int


def trend(quantity: Quantity, visits: Sequence[VisitSummary], compare: Comparer) -> Trend | None:
    """Return how one angle went over visits, the earliest first; None if no two can be compared."""
    key = quantity.key
    for place, first in enumerate(visits[:-1]):
        if compare(first.stance, visits[-1].stance)[key].value is None:
            continue
        later = visits[place + 1 :]
        changes = [(visit, compare(first.stance, visit.stance)[key]) for visit in later]
        known = tuple((visit, one) for visit, one in changes if one.value is not None)
        return Trend(known, first, len(visits) - 1 - len(known))
    return None


def chart(quantity: Quantity, shown: Trend, *, dark: bool) -> alt.LayerChart | alt.FacetChart:
    """Return a trend as a chart, with the band of the least changes around the first visit."""
    ink = _INK[dark]
    start = shown.changes[0][1].mdc95 or 0.0
    rows = [_row(shown.first, quantity, 0.0, start)]
    rows += [
        _row(visit, quantity, one.value or 0.0, one.mdc95 or 0.0) for visit, one in shown.changes
    ]
    base = alt.Chart(alt.InlineData(values=rows))
    x = alt.X("day:T", title=None, axis=alt.Axis(labelColor=ink, labelOverlap=True))
    y = alt.Y(
        "change:Q",
        title=[wording.label(quantity), _("change, degrees")],
        axis=alt.Axis(labelColor=ink, titleColor=ink),
    )
    return alt.layer(
        base.mark_area(color=_CONTEXT, opacity=0.22).encode(x=x, y="low:Q", y2="high:Q"),
        base.mark_line(color=_MARK, strokeWidth=2).encode(x=x, y=y),
        base.mark_point(color=_MARK, filled=True, size=110, opacity=1).encode(
            x=x, y=y, tooltip=[alt.Tooltip("value:N", title=wording.label(quantity))]
        ),
    ).properties(height=170)


def _row(visit: VisitSummary, quantity: Quantity, change: float, least: float) -> dict[str, object]:
    return {
        "day": clock.local(visit.at).replace(tzinfo=None).isoformat(),
        "change": round(change, 2),
        "low": -least,
        "high": least,
        "value": wording.short(visit.stance.measurements[quantity.key]),
    }
