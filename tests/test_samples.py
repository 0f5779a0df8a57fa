"""The real model on every photo in samples/."""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from posture import Assessment, assess

SAMPLES = Path(__file__).parents[1] / "samples"
STANDING = sorted(path.stem for path in SAMPLES.glob("standing_*.jpg"))
REFUSED = {
    "front": ("not_side_view", "front"),
    "back_oblique": ("not_side_view", "oblique"),
    "two_people": ("several_people", None),
    "walking_1": ("not_standing", "side"),
    "walking_2": ("not_standing", "side"),
}
ANGLES = ("pelvic_tilt_deg", "lumbar_curve_deg", "thoracic_curve_deg", "sacral_inclination_deg")
EXIF_ORIENTATION = 0x0112
# How to turn an upright picture so that the tag's own turn makes it upright again.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@cache
def measured(name: str) -> Assessment:
    """Assess a sample once for all tests."""
    return assess(SAMPLES / f"{name}.jpg")


def truth(name: str) -> dict[str, Any]:
    """Return a rendered sample's true angles by key, and where the person looks."""
    known = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    return {**known["truth"], "facing": known["facing"]}


def values(result: Assessment) -> dict[str, float | None]:
    """Return the numbers of an assessment."""
    return {key: m.value for key, m in result.measurements.items()}


def test_every_sample_has_its_expectation() -> None:
    """No photo lies in samples/ that no test looks at."""
    names = {path.stem for path in SAMPLES.glob("*.jpg")}
    assert names == {*STANDING, *REFUSED, "arm_hides_back"}
    assert len(STANDING) == 6


@pytest.mark.parametrize("name", STANDING)
def test_a_standing_person_is_measured_near_the_truth(name: str) -> None:
    """Tilt, curves and sacrum lie within 12 degrees of the truth."""
    result = measured(name)
    truths = truth(name)
    assert result.status == "measured"
    assert result.facing == truths["facing"]
    for key in ANGLES:
        assert result.measurements[key].value == pytest.approx(truths[key], abs=12), key


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of 24 intervals of 95 %, at most two miss, and one of the twelve of tilt and lumbar curve."""
    missed = []
    for name in STANDING:
        for key in ANGLES:
            low, high = measured(name).measurements[key].low, measured(name).measurements[key].high
            assert low is not None
            assert high is not None
            if not low < truth(name)[key] < high:
                missed.append((name, key))
    assert len(missed) <= 2
    assert len([key for _, key in missed if key in ANGLES[:2]]) <= 1


@pytest.mark.parametrize("name", REFUSED)
def test_everyone_else_is_refused_for_the_right_reason(name: str) -> None:
    """Front, oblique, two people, walking: each has its own code."""
    result = measured(name)
    code, view = REFUSED[name]
    assert result.status == "refused"
    assert [reason.code for reason in result.reasons] == [code]
    assert result.view == view


def test_an_arm_over_the_low_back_refuses_the_back_alone() -> None:
    """What stands on the joints is still measured."""
    result = measured("arm_hides_back")
    assert result.status == "measured"
    for key in ("pelvic_tilt_deg", "lumbar_curve_deg"):
        assert result.measurements[key].reasons == ("back_hidden",)
    assert result.measurements["trunk_lean_deg"].value is not None


@pytest.mark.parametrize("name", [*STANDING, *REFUSED])
def test_a_mirrored_photo_gives_the_same_angles(name: str) -> None:
    """Mirrored pixel for pixel: the same outcome, every number within a hundredth."""
    with Image.open(SAMPLES / f"{name}.jpg") as image:
        result = assess(ImageOps.mirror(image))
    assert [r.code for r in result.reasons] == [r.code for r in measured(name).reasons]
    assert values(result) == pytest.approx(values(measured(name)), abs=0.01)


def test_a_mirrored_jpeg_gives_the_same_angles_within_half_a_degree() -> None:
    """As a phone's gallery mirrors a photo: decoded, mirrored, compressed anew."""
    with Image.open(SAMPLES / "standing_striped_shirt.jpg") as image:
        file = io.BytesIO()
        ImageOps.mirror(image).save(file, "JPEG", quality=95)
    expected = values(measured("standing_striped_shirt"))
    assert values(assess(file)) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("orientation", STORED_AS)
def test_a_photo_rotated_by_exif_gives_exactly_the_same_angles(orientation: int) -> None:
    """All eight orientations of one lossless photo measure alike, to the last digit."""
    with Image.open(SAMPLES / "standing_tank_top.jpg") as image:
        turn = STORED_AS[orientation]
        stored = image if turn is None else image.transpose(turn)
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = orientation
        file = io.BytesIO()
        stored.save(file, "PNG", exif=exif)
    result = assess(file)
    assert (result.width, result.height) == (768, 1024)
    assert values(result) == values(measured("standing_tank_top"))


def test_a_larger_photo_gives_the_same_angles_in_its_own_pixels() -> None:
    """Three times the size: points in the larger photo's pixels, angles within two degrees."""
    with Image.open(SAMPLES / "standing_striped_shirt.jpg") as image:
        large = assess(image.resize((image.width * 3, image.height * 3), Image.Resampling.BICUBIC))
    small = measured("standing_striped_shirt")
    assert (large.width, large.height) == (small.width * 3, small.height * 3)
    assert values(large) == pytest.approx(values(small), abs=2)
    for name, point in small.points.items():
        assert large.points[name].x / 3 == pytest.approx(point.x, abs=0.03 * small.height)


def test_photos_without_a_person_are_refused() -> None:
    """A wall, noise and a black frame show nobody, each said in its own way."""
    noise = np.random.default_rng(1).integers(0, 255, (800, 600, 3), dtype=np.uint8)
    for pixels, code in (
        (np.full((800, 600, 3), 190, np.uint8), "no_person"),
        (noise, "no_person"),
        (np.zeros((800, 600, 3), np.uint8), "too_dark_or_blurred"),
        (np.zeros((1, 1, 3), np.uint8), "too_dark_or_blurred"),
        (np.full((2000, 1, 3), 190, np.uint8), "no_person"),
        (np.full((1, 2000, 3), 190, np.uint8), "no_person"),
    ):
        assert [reason.code for reason in assess(pixels).reasons] == [code]


def test_a_person_cut_off_and_one_too_small_are_refused() -> None:
    """Knees beyond the frame, and a person of a hundred pixels."""
    with Image.open(SAMPLES / "standing_striped_shirt.jpg") as image:
        knees_off = image.crop((0, 0, image.width, int(image.height * 0.6)))
        tiny = image.resize((image.width // 5, image.height // 5), Image.Resampling.BOX)
    assert [reason.code for reason in assess(knees_off).reasons] == ["person_cut_off"]
    assert [reason.code for reason in assess(tiny).reasons] == ["too_small"]


def test_a_person_without_feet_is_measured_but_for_what_needs_them() -> None:
    """Pelvis, back and trunk stand; knee and plumb line say why they do not."""
    with Image.open(SAMPLES / "standing_striped_shirt.jpg") as image:
        result = assess(image.crop((0, 0, image.width, int(image.height * 0.8))))
    assert result.status == "measured"
    for key, found in result.measurements.items():
        if key == "knee_angle_deg" or "_offset_" in key:
            assert found.reasons == ("feet_not_seen",)
        else:
            assert found.value is not None, key
    assert not {"ankle", "heel", "foot_index"} & set(result.points)
    assert any("feet" in note for note in result.notes)


@pytest.mark.parametrize("kept", [0.95, 0.9, 0.88, 0.8])
@pytest.mark.parametrize("name", [*STANDING, "two_people", "walking_1"])
def test_cropped_photos_come_out_alike_in_the_mirror(name: str, kept: float) -> None:
    """Near the limits too, a photo and its mirror image are refused or measured alike."""
    with Image.open(SAMPLES / f"{name}.jpg") as image:
        crop = image.crop((0, 0, image.width, int(image.height * kept)))
        result, mirrored = assess(crop), assess(ImageOps.mirror(crop))
    assert [r.code for r in mirrored.reasons] == [r.code for r in result.reasons]
    assert values(mirrored) == pytest.approx(values(result), abs=0.01)
