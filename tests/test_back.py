"""The inflections of the back against hand-made contours, and what must not move them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.back import Back, read_back
from posture.shape import Facing

from .people import HIP, SHOULDER, STATURE_PX, Array, back_contour, turned


def read(
    back: Array,
    facing: Facing = "right",
    *,
    hip: Array = HIP,
    shoulder: Array = SHOULDER,
    stature_px: float = STATURE_PX,
    hidden: np.ndarray | None = None,
) -> Back:
    """Read a back that is known to be readable."""
    hidden = np.zeros(len(back), bool) if hidden is None else hidden
    found = read_back(
        back, hidden, hip=hip, shoulder=shoulder, facing=facing, stature_px=stature_px
    )
    assert found is not None
    return found


def tangents(back: Back) -> tuple[float, float]:
    """Return both tangents of a contour."""
    return back.lumbosacral.contour_deg, back.thoracolumbar.contour_deg


@pytest.mark.parametrize(("sacral", "chest"), [(30, -20), (15, -10), (45, -25), (5, -15)])
def test_contour_tangents_by_hand(sacral: float, chest: float) -> None:
    """Where the contour runs straight at its inflections, tangents are read to half a degree."""
    back = read(back_contour(sacral, chest))
    assert back.lumbosacral.contour_deg == pytest.approx(sacral, abs=0.5)
    assert back.thoracolumbar.contour_deg == pytest.approx(chest, abs=0.5)
    low, high = tangents(back)
    assert low - high == pytest.approx(sacral - chest, abs=0.7)


def test_inflections_lie_on_the_straight_stretches() -> None:
    """The inflection points are found where the contour was made to have them."""
    contour = back_contour(30, -20)
    back = read(contour)
    for found, (low, high) in (
        (back.lumbosacral, (0.09, 0.17)),
        (back.thoracolumbar, (0.24, 0.32)),
    ):
        walked = np.hypot(*(contour - (found.x_px, found.y_px)).T).argmin() * 0.5 / STATURE_PX
        assert low - 0.02 < walked < high + 0.02


@given(
    x=st.floats(-500, 500), y=st.floats(-500, 500), scale=st.floats(0.2, 5), mirror=st.booleans()
)
def test_moved_scaled_and_mirrored_backs_measure_the_same(
    x: float, y: float, scale: float, mirror: bool
) -> None:
    """Where a person stands, how large and which way they face changes no angle."""
    contour = back_contour(25, -18)
    flip = np.array([-1.0 if mirror else 1.0, 1.0])
    facing: Facing = "left" if mirror else "right"
    moved, hip, shoulder = (p * scale * flip + (x, y) for p in (contour, HIP, SHOULDER))
    back = read(moved, facing, hip=hip, shoulder=shoulder, stature_px=STATURE_PX * scale)
    assert tangents(back) == pytest.approx(tangents(read(contour)), abs=1e-6)
    place = np.array([back.lumbosacral.x_px, back.lumbosacral.y_px])
    before = read(contour).lumbosacral
    assert place == pytest.approx(np.array([before.x_px, before.y_px]) * scale * flip + (x, y))


@given(turn=st.floats(-40, 40))
def test_a_turned_photo_turns_both_tangents_and_not_the_curve(turn: float) -> None:
    """Turned forward by t degrees: each tangent plus t, the curve as before."""
    contour = back_contour(25, -18)
    before = read(contour)
    after = read(turned(contour, turn), shoulder=turned(SHOULDER, turn))
    for old, new in zip(tangents(before), tangents(after), strict=True):
        assert new == pytest.approx(old + turn, abs=1e-6)
    curve, same = (low - high for low, high in (tangents(before), tangents(after)))
    assert same == pytest.approx(curve, abs=1e-6)


def test_hidden_share_counts_the_stretch_from_hip_to_chest() -> None:
    """An arm across half of the low back hides about half; one on the neck hides nothing."""
    contour = back_contour(25, -18)
    low = (contour[:, 1] < 480) & (contour[:, 1] > 400)
    assert 0.35 < read(contour, hidden=low).hidden_share < 0.75
    assert read(contour, hidden=contour[:, 1] < 200).hidden_share == 0


def test_a_gap_in_the_contour_is_bridged_and_counts_as_hidden() -> None:
    """Rows without body do not stop the reading, and are not taken for seen."""
    contour = back_contour(25, -18)
    contour[(contour[:, 1] < 440) & (contour[:, 1] > 420)] = np.nan
    back = read(contour)
    assert back.hidden_share > 0.05
    assert back.lumbosacral.contour_deg == pytest.approx(25, abs=1)


def test_a_round_or_straight_back_has_no_inflection() -> None:
    """Where the contour turns one way throughout, or not at all, no inflection is claimed."""
    rows = np.arange(560.0, 160.0, -1.0)
    for x in (240 + 0.001 * (rows - 360) ** 2, np.full_like(rows, 240.0)):
        back = read(np.column_stack([x, rows]))
        assert not (back.lumbosacral.found and back.thoracolumbar.found)
    hollow = read(back_contour(25, -18))
    assert hollow.lumbosacral.found
    assert hollow.thoracolumbar.found


@pytest.mark.parametrize("rows", [0, 1, 2, 40])
def test_too_short_a_contour_is_not_read(rows: int) -> None:
    """A contour that does not reach from seat to chest gives no angle at all."""
    contour = back_contour(25, -18)[:rows]
    hidden = np.zeros(rows, bool)
    assert (
        read_back(
            contour, hidden, hip=HIP, shoulder=SHOULDER, facing="right", stature_px=STATURE_PX
        )
        is None
    )


@pytest.mark.parametrize("stature_px", [0.0, -5.0, math.nan])
def test_without_a_stature_the_back_is_not_read(stature_px: float) -> None:
    """A person without height has no back."""
    contour = back_contour(25, -18)
    hidden = np.zeros(len(contour), bool)
    assert (
        read_back(
            contour, hidden, hip=HIP, shoulder=SHOULDER, facing="right", stature_px=stature_px
        )
        is None
    )


def test_the_skin_is_drawn_where_the_numbers_say() -> None:
    """Both tangents of the skin follow from sacrum and curve, in the photo's own directions."""
    back = read(back_contour(25, -18)).with_skin(12.0, 30.0, 4.0)
    assert back.lumbosacral.skin_deg == 16
    assert back.thoracolumbar.skin_deg == -14
    assert tangents(back) == tangents(read(back_contour(25, -18)))
