"""Guesses of bony points, the most likely back, and how the camera stands, on either side."""

from dataclasses import replace

import numpy as np
import pytest

from posture.marking import bony
from posture.marking.backs import Observed, most_likely
from posture.marking.marks import BONY_POINTS
from posture.marking.rise import features, rise_of
from posture.plumb import Plumb
from posture.tilt import Vertical

from .people import SIZE, pose

HIP, SHOULDER = np.array([300.0, 480.0]), np.array([305.0, 240.0])
LEVEL = Plumb(0.0, 0.5, 0.0, 1e-5, 0.0, (300.0, 450.0), "photo")


def test_guesses_lie_about_the_trunk() -> None:
    """ASIS before PSIS, vertebrae one above the other, none far from hip and shoulder."""
    guesses = bony.guess(None, HIP, SHOULDER, "right", Vertical())
    assert tuple(guesses) == BONY_POINTS
    assert guesses["asis"].x > guesses["psis"].x
    heights = [guesses[name].y for name in ("s1", "l3", "l1", "t12", "c7")]
    assert heights == sorted(heights, reverse=True)
    for guess in guesses.values():
        assert np.linalg.eigvalsh(guess.covariance).min() > 0


def test_guesses_of_the_other_side_are_mirrored() -> None:
    """In place and in error."""
    right = bony.guess(None, HIP, SHOULDER, "right", Vertical(2.0))
    mirror = (600.0, 0.0)
    left = bony.guess(
        None, HIP * (-1, 1) + mirror, SHOULDER * (-1, 1) + mirror, "left", Vertical(-2.0)
    )
    for name, guess in right.items():
        assert left[name].x == pytest.approx(600 - guess.x)
        assert left[name].y == pytest.approx(guess.y)
        assert left[name].covariance == pytest.approx(guess.covariance * [[1, -1], [-1, 1]])


@pytest.mark.parametrize("facing", ["right", "left"])
def test_a_tilted_pelvis_keeps_its_middle_and_length(facing: str) -> None:
    """The line from PSIS to ASIS has the tilt that is told, to the true horizontal."""
    before = bony.guess(None, HIP, SHOULDER, facing, Vertical())
    after = bony.tilted(before, 20.0, facing, 3.0)
    ends = [np.array([[g[n].x, g[n].y] for n in ("psis", "asis")]) for g in (before, after)]
    assert ends[1].mean(axis=0) == pytest.approx(ends[0].mean(axis=0))
    lengths = [np.hypot(*(end[1] - end[0])) for end in ends]
    assert lengths[1] == pytest.approx(lengths[0])
    forward, down = ends[1][1] - ends[1][0]
    sinks = 3.0 if facing == "right" else -3.0
    forward = forward if facing == "right" else -forward
    assert np.degrees(np.arctan2(down, forward)) == pytest.approx(20.0 + sinks)


def test_what_the_camera_s_height_is_read_from_does_not_hang_on_the_side() -> None:
    """A mirrored person gives the same numbers."""
    person = pose("right")
    mirror = (person.mirrored(SIZE[0]), LEVEL.mirrored(SIZE[0]), -0.5)
    assert features(*mirror) == pytest.approx(features(person, LEVEL, 0.5))
    assert rise_of(*mirror) == rise_of(person, LEVEL, 0.5)


def test_without_lines_the_camera_s_height_is_less_sure() -> None:
    """And without a person least."""
    person = pose("right")
    assumed = replace(LEVEL, source="assumed")
    sds = [rise_of(*told, 0.0).sd for told in ((person, LEVEL), (person, assumed), (None, assumed))]
    assert sds == sorted(sds)
    assert sds[0] < sds[2]


def test_a_point_known_exactly_lies_on_the_likely_skin() -> None:
    """Where S1, L3, T12 and C7 are exact, the most likely skin passes by them closely."""
    known = bony.fitted()
    mean = known["back/means"][0][: 2 * len(BONY_POINTS)].reshape(-1, 2)
    exact = dict(zip(BONY_POINTS, mean, strict=True))
    observed = {n: Observed(exact[n], np.eye(2) * 1e-4) for n in ("s1", "l3", "t12", "c7")}
    back = most_likely(observed, 100.0, 0.02, 0.1)
    for name in observed:
        assert np.hypot(*(back.skin - exact[name]).T).min() < 1.2
    assert back.strangeness < 2
    for value, low, high in back.angles.values():
        assert low < value < high


def test_a_back_that_no_one_has_is_strange() -> None:
    """L3 a hand's breadth behind the line of its neighbours."""
    at = {"s1": (0.0, 0.0), "l3": (-8.0, 6.0), "t12": (0.0, 14.0), "c7": (0.0, 33.0)}
    observed = {n: Observed(np.array(xy), np.eye(2) * 0.04) for n, xy in at.items()}
    assert most_likely(observed, 100.0, 0.03, 0.5).strangeness > 4
