"""The true vertical against drawn rooms whose camera is known."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posture.photo import Photo
from posture.plumb import Plumb, find_vertical

from .people import pose

Array = NDArray[np.float64]
Picture = NDArray[np.uint8]
SIZE = (600, 900)
FOCAL = 750.0
WALL, DARK, PALE = 170, 70, 215
#: Left, top, right and bottom in a wall of 3 by 4.5 m, from its middle: a door and a cupboard.
DOOR = (-1.3, -1.1, -0.6, 1.2)
CUPBOARD = (0.55, -0.2, 1.2, 1.2)
PICTURE = (0.5, -1.2, 1.1, -0.5)


@dataclass(frozen=True)
class Camera:
    """A camera 3.75 m before a wall, rolled clockwise is -, looking up is +."""

    roll_deg: float = 0.0
    pitch_deg: float = 0.0

    def seen(self, points: Array) -> Array:
        """Project points of the wall, in metres, to pixels."""
        pitch, roll = np.radians([self.pitch_deg, self.roll_deg])
        x, y = points.T
        depth = 3.75 * np.cos(pitch) - y * np.sin(pitch)
        across, down = FOCAL * x / depth, FOCAL * (y * np.cos(pitch) + 3.75 * np.sin(pitch)) / depth
        turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
        return np.column_stack([across, down]) @ turn.T + np.array(SIZE) / 2

    def vertical_at(self, x_m: float, y_m: float) -> tuple[Array, float]:
        """Return where a point of the wall is seen, and how a plumb line through it leans."""
        low, high = self.seen(np.array([[x_m, y_m + 0.001], [x_m, y_m - 0.001]]))
        right, up = (high - low) * (1, -1)
        return (low + high) / 2, float(np.degrees(np.arctan2(right, up)))


def box(edges: tuple[float, float, float, float], turned_deg: float = 0.0) -> Array:
    """Return a box's corners, turned about its middle."""
    left, top, right, bottom = edges
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    turn = np.radians(turned_deg)
    middle = corners.mean(axis=0)
    return (corners - middle) @ np.array(
        [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    ) + middle


def wall() -> Picture:
    """Return a bare wall with the noise of a camera."""
    noise = np.random.default_rng(0).normal(0, 2, SIZE[::-1])
    return np.clip(WALL + noise, 0, 255).astype(np.uint8)


def draw(picture: Picture, corners: Array, grey: int) -> Picture:
    """Fill a shape, its edges between pixels."""
    fine = np.round((corners - 0.5) * 16).astype(np.int32)
    cv2.fillPoly(picture, [fine], grey, lineType=cv2.LINE_AA, shift=4)
    return picture


def room(camera: Camera) -> Picture:
    """Return a wall with a door and a cupboard."""
    picture = wall()
    for edges, grey in ((DOOR, DARK), (CUPBOARD, PALE)):
        draw(picture, camera.seen(box(edges)), grey)
    return picture


def look(picture: Picture, body: NDArray[np.float32] | None = None) -> Plumb:
    """Find the vertical in a grey picture."""
    return find_vertical(Photo.open(np.ascontiguousarray(picture)), body)


@settings(max_examples=25, derandomize=True)
@given(roll=st.floats(-5, 5), pitch=st.floats(-6, 6))
def test_roll_and_pitch_are_told_apart(roll: float, pitch: float) -> None:
    """Wherever the camera looks, the vertical between the lines is that of the projection."""
    camera = Camera(roll, pitch)
    found = look(room(camera))
    assert found.found
    place, truth = camera.vertical_at(0.0, 0.2)
    assert abs(found.vertical_at(*place) - truth) < min(0.5, 1.96 * found.sd_at(*place))
    expected = np.tan(np.radians(pitch)) / FOCAL
    assert abs(found.convergence_per_px - expected) < 2.5 * found.convergence_sd_per_px


def test_the_sign_of_roll() -> None:
    """Up that leans to the photo's right counts as positive."""
    picture = wall()
    draw(picture, np.array([[200, 880], [204, 880], [254, 20], [250, 20]], float), DARK)
    draw(picture, np.array([[400, 880], [404, 880], [454, 20], [450, 20]], float), DARK)
    found = look(picture)
    assert found.roll_deg == pytest.approx(np.degrees(np.arctan(50 / 860)), abs=0.1)
    assert abs(found.convergence_per_px) < 1e-5


def test_of_a_camera_that_looks_up_the_lines_meet_above() -> None:
    """Left of the middle up leans to the right, right of it to the left."""
    found = look(room(Camera(pitch_deg=5)))
    assert found.convergence_per_px > 0
    assert found.vertical_at(50, 450) > 0.5
    assert found.vertical_at(550, 450) < -0.5
    assert found.roll_deg == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("turn", [-5, -2, 2, 5])
def test_a_turned_photo_has_its_roll_turned(turn: float) -> None:
    """A photo turned clockwise by t rolls by t more."""
    picture = room(Camera(pitch_deg=-2))
    matrix = cv2.getRotationMatrix2D((299.5, 449.5), -turn, 1)
    turned = np.asarray(cv2.warpAffine(picture, matrix, SIZE, flags=cv2.INTER_CUBIC), np.uint8)
    inner = (slice(60, -60), slice(45, -45))
    before, after = look(picture[inner]), look(turned[inner])
    assert before.found
    assert after.found
    assert after.roll_deg - before.roll_deg == pytest.approx(turn, abs=before.sd_deg)
    assert after.roll_deg - before.roll_deg == pytest.approx(turn, abs=0.3)


def test_a_mirrored_photo_leans_the_other_way() -> None:
    """Roll changes its sign, convergence stays."""
    picture = room(Camera(2.3, -3))
    before, after = look(picture), look(picture[:, ::-1])
    assert after.roll_deg == pytest.approx(-before.roll_deg, abs=0.05)
    assert after.convergence_per_px == pytest.approx(before.convergence_per_px, abs=5e-6)


@pytest.mark.parametrize("scale", [0.6, 1.7, 2.2])
def test_a_scaled_photo_has_the_same_vertical(scale: float) -> None:
    """Roll stays, and convergence per pixel shrinks as pixels do."""
    picture = room(Camera(-1.7, 3))
    size = (round(SIZE[0] * scale), round(SIZE[1] * scale))
    before = look(picture)
    after = look(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8))
    assert after.roll_deg == pytest.approx(before.roll_deg, abs=0.1)
    assert after.convergence_per_px * scale == pytest.approx(before.convergence_per_px, abs=3e-5)
    assert after.middle_px == (size[0] / 2, size[1] / 2)


@pytest.mark.parametrize(
    "picture",
    [
        np.full((900, 600), 128, np.uint8),
        wall(),
        np.full((20, 2000), 128, np.uint8),
        np.full((1, 1), 128, np.uint8),
        np.random.default_rng(1).integers(0, 255, (900, 600)).astype(np.uint8),
    ],
    ids=["grey", "wall", "low", "pixel", "noise"],
)
def test_nothing_to_see_is_said(picture: Picture) -> None:
    """Without lines the photo's own up is assumed, as unsure as photos by hand are."""
    found = look(picture)
    assert (found.source, found.roll_deg, found.sd_deg) == ("assumed", 0, 2)
    assert found.vertical_at(0, 0) == 0
    height, width = picture.shape
    assert found.sd_at(0, height / 2) >= found.sd_at(width / 2, height / 2)


@pytest.mark.parametrize("turned", [-4.0, 0.0, 3.0])
def test_a_picture_on_the_wall_is_no_plumb_line(turned: float) -> None:
    """A picture may hang crooked: alone it is not believed."""
    picture = draw(wall(), Camera().seen(box(PICTURE, turned)), DARK)
    assert look(picture).source == "assumed"


def test_a_crooked_picture_does_not_move_what_a_door_shows() -> None:
    """The longer lines win, and the crooked one counts for little."""
    camera = Camera(1.5)
    picture = draw(room(camera), camera.seen(box(PICTURE, 4)), DARK)
    found = look(picture)
    assert found.found
    assert found.roll_deg == pytest.approx(1.5, abs=0.3)


def test_joints_of_the_floor_are_no_uprights() -> None:
    """Boards that run away from the camera converge in the horizon, not above."""
    picture = wall()
    for foot in range(-900, 901, 90):
        near, far = foot + 300, foot * 0.35 + 300
        draw(picture, np.array([[near, 900], [near + 4, 900], [far + 1, 640], [far, 640]]), DARK)
    assert look(picture).source == "assumed"


@pytest.mark.parametrize("pitch", [-20, -14, 14, 17])
def test_a_steep_camera_is_not_believed(pitch: float) -> None:
    """Lines that converge so much are more often no uprights: their roll is left open."""
    assert look(room(Camera(1.0, pitch))).source == "assumed"


def test_lines_on_the_body_do_not_count() -> None:
    """Trousers and stripes hang as the body leans, however straight they are."""
    picture = wall()
    body = np.zeros(SIZE[::-1], np.float32)
    leaning = np.array([[240.0, 880], [340, 880], [390, 60], [290, 60]])
    draw(picture, leaning, DARK)
    cv2.fillPoly(body, [leaning.astype(np.int32)], 1.0)
    assert look(picture).found
    assert look(picture, body).source == "assumed"
    assert look(picture, body[::3, ::3]).source == "assumed"
    drawn = draw(room(Camera(-2)), leaning, PALE)
    assert look(drawn, body).roll_deg == pytest.approx(-2, abs=0.3)


def test_a_pose_brings_the_mask_that_is_needed() -> None:
    """A person's mask, as the detector gives it, goes in as it is."""
    assert look(wall(), pose().mask).source == "assumed"


def test_bars_beside_the_picture_are_not_of_the_room() -> None:
    """A photo set between black bars shows no vertical by their edges."""
    picture = wall()
    picture[:, :80] = picture[:, -80:] = 0
    assert look(picture).source == "assumed"
    camera = Camera(2.5)
    picture = room(camera)
    picture[:, :20] = picture[:, -20:] = 0
    assert look(picture).roll_deg == pytest.approx(2.5, abs=0.2)


def test_contradicting_lines_are_not_believed() -> None:
    """Where as many lines lean one way as the other, nothing is chosen."""
    picture = wall()
    for x, lean in ((120.0, 60), (480.0, 60), (240.0, -70), (400.0, -70)):
        line = np.array([[x, 800], [x + 5, 800], [x + 5 + lean, 100], [x + lean, 100]])
        draw(picture, line, DARK)
    found = look(picture)
    assert not found.found or found.sd_deg > 1


def test_the_further_from_the_lines_the_less_sure() -> None:
    """One plumb line tells the vertical where it hangs better than elsewhere."""
    picture = draw(wall(), np.array([[150.0, 50], [153, 50], [153, 850], [150, 850]]), DARK)
    found = look(picture)
    assert found.found
    assert found.vertical_at(151, 450) == pytest.approx(0, abs=0.1)
    assert found.sd_at(151, 450) < found.sd_at(300, 450) < found.sd_at(500, 450)
    assert found.sd_at(300, 450) == pytest.approx(found.sd_deg)
