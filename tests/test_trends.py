"""How an angle went over visits is drawn as the visits are compared, on visits made by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app_pages import trends
from posture.change import compare
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from posture.records.kept import VisitSummary
from posture.visit import Conditions, together
from tests.factory import make_assessment

KEY = PELVIC_TILT.key


def visit(number: int, tilt: float | None, mdc95: float = 3.0, **given: str) -> VisitSummary:
    """Return a visit whose pelvic tilt is made by hand."""
    whole = make_assessment(mdc95=mdc95, facing=given.get("facing", "right"))
    one = replace(whole.pelvic_tilt, relative=tilt, tier=given.get("tier", "outline"))  # type: ignore[arg-type]
    read = replace(whole, measurements={**whole.measurements, KEY: one})
    at = datetime(2026, 1, 5, 9, 30, tzinfo=UTC) + timedelta(days=30 * number)
    conditions = Conditions(given.get("arms"))  # type: ignore[arg-type]
    return VisitSummary(str(number), "p", at, together([read], conditions))


def ids(shown: trends.Trend) -> list[str]:
    """Return which visits are drawn."""
    return [shown.first.id, *(one.id for one, _ in shown.changes)]


@pytest.mark.parametrize("other", [{"facing": "left"}, {"tier": "marked"}, {"arms": "crossed"}])
def test_what_cannot_be_compared_is_left_out_and_told(other: dict[str, str]) -> None:
    """Another side, tier or way of holding the arms is no jump."""
    every = [visit(0, 1.0, arms="hanging"), visit(1, 12.0, **other), visit(2, 2.0, arms="hanging")]
    shown = trends.trend(PELVIC_TILT, every, compare)
    assert shown is not None
    assert ids(shown) == ["0", "2"]
    assert shown.left_out == 1


def test_it_begins_where_the_latest_can_be_compared() -> None:
    """Earlier visits of another kind are not what one wants to know of."""
    every = [visit(0, 1.0, tier="marked"), *(visit(n, float(n)) for n in (1, 2, 3))]
    shown = trends.trend(PELVIC_TILT, every, compare)
    assert shown is not None
    assert ids(shown) == ["1", "2", "3"]
    assert [one.value for _, one in shown.changes] == [1.0, 2.0]


def test_one_visit_is_no_trend() -> None:
    """Nor are two that cannot be compared."""
    assert trends.trend(PELVIC_TILT, [], compare) is None
    assert trends.trend(PELVIC_TILT, [visit(0, 1.0)], compare) is None
    every = [visit(0, 1.0), visit(1, None), visit(2, 3.0, facing="left")]
    assert trends.trend(PELVIC_TILT, every, compare) is None
    assert trends.trend(LUMBAR_CURVE, every, compare) is None


def test_the_band_is_each_visits_own_least_change() -> None:
    """A point stands outside of it if, and only if, it is said to have changed."""
    every = [visit(0, 0.0, 3.0), visit(1, 4.0, 7.0), visit(2, 4.0, 3.0)]
    shown = trends.trend(PELVIC_TILT, every, compare)
    assert shown is not None
    assert [one.verdict for _, one in shown.changes] == ["not distinguishable", "changed"]
    drawn = trends.chart(PELVIC_TILT, shown, dark=False).to_dict()
    (rows,) = drawn["datasets"].values() if "datasets" in drawn else ()
    outside = [not row["low"] <= row["change"] <= row["high"] for row in rows]
    assert outside == [False, False, True]
