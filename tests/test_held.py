"""Frames in which a person holds still: averaged, and no surer than one of them."""

from dataclasses import replace

import pytest

from posture.assessment import Assessment
from posture.change import compare
from posture.held import has_moved, held
from posture.quantities import PELVIC_TILT

from .factory import make_assessment, make_refused

KEY = PELVIC_TILT.key


def frame(tilt_deg: float | None = 9.0, curve_deg: float = 33.0) -> Assessment:
    """Return a frame whose angles can be compared."""
    made = make_assessment(tilt_deg=tilt_deg, curve_deg=curve_deg)
    known = {key: replace(m, relative=m.value) for key, m in made.measurements.items()}
    return replace(made, measurements=known)


def frames(*tilts: float | None) -> list[Assessment]:
    """Return frames that differ in pelvic tilt alone."""
    return [frame(tilt) for tilt in tilts]


def test_the_number_is_the_mean() -> None:
    """What is shown, and what changes are told from."""
    tilt = held(frames(8.0, 9.0, 11.5)).measurements[KEY]
    assert (tilt.value, tilt.relative) == pytest.approx((9.5, 9.5))


def test_it_is_as_sure_as_one_frame() -> None:
    """Interval and least change are those of a single photo, also for a clinic's own noise."""
    every = frames(8.0, 9.0, 11.5)
    stance = held(every)
    tilt, one = stance.measurements[KEY], every[0].pelvic_tilt
    assert (tilt.low, tilt.high) == pytest.approx((9.5 - 14.0, 9.5 + 14.0))
    assert tilt.mdc95 == one.mdc95
    assert stance.counts[KEY] == 1
    own = {(KEY, one.tier): 4.0}
    assert compare(stance, stance, own=own)[KEY].mdc95 == pytest.approx(4.0)


def test_one_frame_is_itself() -> None:
    """A single photo goes through unchanged."""
    (one,) = frames(9.0)
    assert dict(held([one]).measurements) == dict(one.measurements)


def test_what_one_frame_hides_comes_from_the_others() -> None:
    """An angle that is refused in all of them stays refused."""
    some = held(frames(8.0, None, 10.0))
    assert some.measurements[KEY].value == pytest.approx(9.0)
    none = held(frames(None, None, None))
    assert none.measurements[KEY].value is None
    assert none.counts[KEY] == 0


def test_unknown_noise_stays_unknown() -> None:
    """Where one frame's least change is not known, that of the mean is not."""
    one, other = frames(8.0, 9.0)
    tilt = replace(other.pelvic_tilt, mdc95=None)
    other = replace(other, measurements={**other.measurements, KEY: tilt})
    assert held([one, other]).measurements[KEY].mdc95 is None


def test_who_moves_between_frames_is_noticed() -> None:
    """By more than noise, in either angle, between any two; swaying is none of it."""
    assert not has_moved(frames(8.0, 9.0, 8.5))
    assert has_moved(frames(8.0, 9.0, 19.0))
    assert has_moved([frame(curve_deg=curve) for curve in (30.0, 52.0, 30.0)])
    assert not has_moved([make_refused("no_person"), *frames(8.0)])
