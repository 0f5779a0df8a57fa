"""The contour in numbers, against contours made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.shape import ARM_HEIGHTS, BACK_HEIGHTS, FRONT_HEIGHTS, Facing, Shape, describe

from .people import HIP, SHOULDER, Array, back_contour, trunk_joints, turned, with_thigh

TRUNK_PX = float(np.hypot(*(SHOULDER - HIP)))
ROWS = np.arange(660.0, 150.0, -0.5)
UP = (HIP[1] - ROWS) / TRUNK_PX
BACK = with_thigh(back_contour(25, -18))
DEPTH = np.array([150.0, 0.0])
#: A near arm bent forward and a far one that reaches behind the back.
ARMS = {
    "elbow": (330.0, 370.0),
    "wrist": (400.0, 430.0),
    "far_elbow": (230.0, 350.0),
    "far_wrist": (240.0, 460.0),
}


def column(forward: Array) -> Array:
    """Return a contour, in pixels facing right, that lies so far before the hip, in trunks."""
    return np.column_stack([HIP[0] + forward * TRUNK_PX, ROWS])


def described(
    back: Array,
    front: Array | None = None,
    joints: dict[str, Array] | None = None,
    facing: Facing = "right",
    vertical_deg: float = 0.0,
) -> Shape:
    """Describe a contour that is known to be long enough."""
    front = back + DEPTH if front is None else front
    shape = describe(back, front, joints or trunk_joints(), facing, vertical_deg)
    assert shape is not None
    return shape


def assert_same(one: Shape, other: Shape) -> None:
    """Check that two shapes have the same numbers, those of neck and arms among them."""
    assert one.numbers() == pytest.approx(other.numbers(), abs=1e-6)
    assert one.arms == pytest.approx(other.arms, abs=1e-6)
    assert one.neck_deg == pytest.approx(other.neck_deg, abs=1e-6)


@pytest.mark.parametrize("lean", [-0.3, 0.0, 0.2])
def test_a_straight_back_by_hand(lean: float) -> None:
    """A line has its own height and one slope everywhere, its front the depth of the body more."""
    shape = described(column(-0.3 + lean * UP))
    assert shape.back == pytest.approx(-0.3 + lean * BACK_HEIGHTS, abs=1e-6)
    assert shape.slope == pytest.approx(lean, abs=1e-6)
    assert shape.front == pytest.approx(-0.3 + lean * FRONT_HEIGHTS + 150 / TRUNK_PX, abs=1e-6)
    assert shape.trunk_px == TRUNK_PX


@pytest.mark.parametrize("radius", [2.0, -3.0])
def test_a_circular_back_by_hand(radius: float) -> None:
    """On a circle about a point behind (+) or before the person the slope is that of its tangent.

    The smoothing flattens it by less than a thousandth of the trunk.
    """
    middle = 0.3
    bow = np.sqrt(radius**2 - (UP - middle) ** 2) * np.sign(radius)
    shape = described(column(-0.3 - radius + bow))
    up = BACK_HEIGHTS - middle
    rise = np.sqrt(radius**2 - up**2) * np.sign(radius)
    assert shape.back == pytest.approx(-0.3 - radius + rise, abs=1e-3)
    assert shape.slope == pytest.approx(-up / rise, abs=2e-3)


def test_lines_and_neck_by_hand() -> None:
    """Forward with height is +: a knee before the hip makes the thigh lean backward."""
    shape = described(BACK, joints=trunk_joints(knee=(400.0, 580.0), ear=(350.0, 190.0)))
    assert shape.lines == pytest.approx([0, -45])
    assert shape.neck_deg == pytest.approx(45)
    leaning = described(column(-0.3 + 0 * UP), joints=trunk_joints(shoulder=(396.0, 308.0)))
    assert leaning.lines[0] == pytest.approx(np.degrees(np.arctan2(96, 172)))


def test_without_an_ear_there_is_no_neck() -> None:
    """Everything else stays."""
    joints = trunk_joints()
    del joints["ear"]
    headless = described(BACK, joints=joints)
    assert np.isnan(headless.neck_deg)
    assert headless.numbers() == pytest.approx(described(BACK).numbers())


def test_far_joints_tell_how_the_person_is_turned() -> None:
    """Forward of the near ones is +, in trunks; one that was not found counts as level."""
    assert described(BACK).turn == pytest.approx([0, 0])
    moved = trunk_joints(far_shoulder=(324.0, 240.0), far_hip=(288.0, 500.0))
    assert described(BACK, joints=moved).turn == pytest.approx([0.1, -0.05])
    lost = trunk_joints(far_shoulder=(np.nan, np.nan), far_hip=(288.0, 500.0))
    assert described(BACK, joints=lost).turn == pytest.approx([0, -0.05])


def arms(back: Array, **places: tuple[float, float]) -> tuple[Array, Array]:
    """Return how far before a back the near and the far arm lie."""
    near, far = described(back, joints=trunk_joints(**places)).arms.reshape(2, len(ARM_HEIGHTS))
    return near, far


@pytest.mark.parametrize(
    ("back_at", "before"), [(-0.3, 0.3), (0.2, -0.2), (-0.9, 0.6), (0.9, -0.6)]
)
def test_an_arm_that_hangs_straight_by_hand(back_at: float, before: float) -> None:
    """Above the hip at every height: before the back it is +, behind it -, 0.6 at most.

    The wrist lies level with the hip; fingers reach below it. The far arm's numbers come second.
    """
    back = column(back_at + 0 * UP)
    near, far = arms(back, elbow=(300.0, 360.0), wrist=(300.0, 480.0))
    assert near == pytest.approx(before, abs=1e-6)
    assert (far == 0.6).all()
    near, far = arms(back, far_elbow=(300.0, 360.0), far_wrist=(300.0, 480.0))
    assert far == pytest.approx(before, abs=1e-6)
    assert (near == 0.6).all()


def test_an_elbow_behind_the_back_by_hand() -> None:
    """The upper arm goes 0.4 trunks back on its way down, the forearm comes as far forward."""
    near, _ = arms(column(-0.3 + 0 * UP), elbow=(204.0, 360.0), wrist=(300.0, 480.0))
    assert near == pytest.approx(0.3 - 0.4 + 0.8 * np.abs(ARM_HEIGHTS - 0.5), abs=1e-6)


def test_the_hindmost_bone_of_a_folded_arm_counts() -> None:
    """The upper arm where the forearm comes up before it, the forearm where it does behind."""
    back = column(-0.3 + 0 * UP)
    elbow = (300.0, 400.0)
    folded = ARM_HEIGHTS > 80 / TRUNK_PX
    before, _ = arms(back, elbow=elbow, wrist=(360.0, 280.0))
    assert before[folded] == pytest.approx(0.3, abs=1e-6)
    behind, _ = arms(back, elbow=elbow, wrist=(240.0, 280.0))
    assert behind[folded] == pytest.approx(0.3 - (ARM_HEIGHTS[folded] - 1 / 3) / 2, abs=1e-6)


def test_where_there_is_no_arm_it_counts_as_far_before_the_back() -> None:
    """Nowhere is one without elbow or wrist, none below a forearm that points forward."""
    back = column(-0.3 + 0 * UP)
    unknown = {"elbow": (np.nan, np.nan), "wrist": (np.nan, np.nan)}
    for places in ({}, {"elbow": (300.0, 360.0)}, {"wrist": (300.0, 480.0)}, unknown):
        assert (np.array(arms(back, **places)) == 0.6).all()
    near, _ = arms(back, elbow=(300.0, 370.0), wrist=(400.0, 370.0))
    upper = ARM_HEIGHTS > 110 / TRUNK_PX
    assert near[upper] == pytest.approx(0.3, abs=1e-6)
    assert (near[~upper] == 0.6).all()


@given(
    x=st.floats(-500, 500), y=st.floats(-500, 500), scale=st.floats(0.2, 5), mirror=st.booleans()
)
def test_moved_scaled_and_mirrored_shapes_are_the_same(
    x: float, y: float, scale: float, mirror: bool
) -> None:
    """Where a person stands, how large and which way they face changes no number."""
    flip = np.array([-1.0 if mirror else 1.0, 1.0])

    def moved(points: Array) -> Array:
        return np.asarray(points * scale * flip + (x, y))

    joints = trunk_joints(far_hip=(310.0, 482.0), shoulder=(312.0, 238.0), **ARMS)
    after = described(
        moved(BACK),
        moved(BACK + DEPTH),
        {name: moved(place) for name, place in joints.items()},
        "left" if mirror else "right",
    )
    before = described(BACK, joints=joints)
    assert_same(after, before)
    assert after.hang == pytest.approx(before.hang, abs=1e-6)
    assert after.trunk_px == pytest.approx(scale * np.hypot(12, 242))


@given(turn=st.floats(-20, 20), mirror=st.booleans())
def test_a_shape_turned_with_its_vertical_is_the_same(turn: float, mirror: bool) -> None:
    """What a rolled camera does to a photo, the true vertical undoes."""
    flip = np.array([-1.0 if mirror else 1.0, 1.0])
    facing: Facing = "left" if mirror else "right"

    def rolled(points: Array) -> Array:
        return turned(points * flip, turn)

    joints = trunk_joints(far_hip=(310.0, 482.0), shoulder=(312.0, 238.0), **ARMS)
    after = described(
        rolled(BACK),
        rolled(BACK + DEPTH),
        {name: rolled(place) for name, place in joints.items()},
        facing,
        turn,
    )
    before = described(BACK, joints=joints)
    assert_same(after, before)
    assert after.hang == pytest.approx(before.hang, abs=1e-6)


@given(turn=st.floats(-20, 20))
def test_a_shape_turned_without_its_vertical_leans(turn: float) -> None:
    """Lines and neck lean by as much more, forward for who looks to the side turned to."""
    joints = {name: turned(place, turn) for name, place in trunk_joints().items()}
    before, after = (
        described(BACK),
        described(turned(BACK, turn), turned(BACK + DEPTH, turn), joints),
    )
    assert after.lines - before.lines == pytest.approx(turn)
    assert after.neck_deg - before.neck_deg == pytest.approx(turn)


def test_rows_without_body_are_bridged() -> None:
    """A gap in back or front is crossed by a straight line."""
    straight = column(-0.3 + 0.1 * UP)
    gap = straight.copy()
    gap[(UP > 0.2) & (UP < 0.4)] = np.nan
    assert_same(described(gap, straight + DEPTH), described(straight))
    assert_same(described(straight, gap + DEPTH), described(straight))


def test_an_outstretched_arm_is_no_belly() -> None:
    """The front ends where no trunk reaches."""
    shape = described(BACK, BACK + 10 * DEPTH)
    assert shape.front == pytest.approx(1.2)


@pytest.mark.parametrize("seen", [UP > -0.2, UP < 0.8, UP > 2, (UP > 0.2) & (UP < 0.3)])
@pytest.mark.parametrize("side", ["back", "front"])
def test_too_short_a_contour_has_no_shape(seen: np.ndarray, side: str) -> None:
    """It has to reach from the seat to the shoulder, behind and in front."""
    whole = column(-0.3 + 0 * UP)
    for short in (whole[seen], np.where(seen[:, None], whole, np.nan)):
        back, front = (short, whole) if side == "back" else (whole, short)
        assert describe(back, front, trunk_joints(), "right") is None


@pytest.mark.parametrize(
    "moved",
    [
        {"hip": (np.nan, 480.0)},
        {"shoulder": (300.0, np.nan)},
        {"knee": (np.inf, 600.0)},
        {"shoulder": (300.0, 480.0)},
    ],
    ids=["hip", "shoulder", "knee", "no trunk"],
)
def test_without_its_joints_a_contour_has_no_shape(moved: dict[str, tuple[float, float]]) -> None:
    """Hip, shoulder and knee are needed, and a way between the first two."""
    assert describe(BACK, BACK + DEPTH, trunk_joints(**moved), "right") is None
