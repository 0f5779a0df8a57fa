"""The model's room: loading it, its silence, and the people it returns."""

import ctypes
import dataclasses
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from unittest import mock

import cv2
import numpy as np
import pytest
from mediapipe.tasks.python.core.base_options import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker

from posture import landmarks, model_file
from posture.assess import find_people
from posture.errors import ModelError
from posture.framing import hangs_together
from posture.landmarks import MediaPipeDetector, default_detector
from posture.photo import Photo
from posture.pose import POINT_NAMES, Pose
from posture.quality import refuse_people
from posture.shape import Facing
from posture.stance import stands
from tests import people

SAMPLE = Path(__file__).parents[1] / "samples" / "standing_striped_shirt.jpg"
MASK = people.soft_mask(people.with_thigh(people.back_contour(20.0, -15.0)))


def test_the_largest_person_comes_first_with_a_soft_mask() -> None:
    """Two people: sorted by height, each with points in photo pixels and a mask of 0 to 1."""
    photo = Photo.open(SAMPLE.parent / "two_people.jpg")
    found = find_people(photo, MediaPipeDetector())
    assert len(found) >= 2
    heights = [np.ptp(person.xy_px[:, 1]) for person in found]
    assert heights == sorted(heights, reverse=True)
    for person in found:
        assert person.xy_px.shape == (len(POINT_NAMES), 2)
        assert 0 <= person.mask.min() < person.mask.max() <= 1
        assert ((person.visibility >= 0) & (person.visibility <= 1)).all()


@pytest.fixture(scope="module", params=[True, False], ids=["at once", "in turn"])
def either(request: pytest.FixtureRequest) -> MediaPipeDetector:
    """Return a detector that looks at a photo and its mirror image at once, and one in turn."""
    return MediaPipeDetector(at_once=request.param)


@pytest.mark.parametrize("name", ["standing_striped_shirt", "standing_ponytail"])
def test_a_photo_and_its_mirror_image_show_mirrored_people(
    either: MediaPipeDetector, name: str
) -> None:
    """Whichever way somebody faces, they are looked at facing right."""
    photo = Photo.open(SAMPLE.with_name(f"{name}.jpg"))
    mirror_image = Photo.open(photo.pixels[:, ::-1].copy())
    one, other = (find_people(seen, either)[0] for seen in (photo, mirror_image))
    assert one.facing != other.facing
    # The pixels that are looked at differ by rounding.
    assert other.mirrored(photo.width).xy_px == pytest.approx(one.xy_px, abs=0.5)


@pytest.mark.parametrize("facing", ["left", "right", None])
def test_what_is_decided_and_what_is_measured_come_from_one_of_the_two(
    either: MediaPipeDetector, facing: Facing | None
) -> None:
    """If who was found faces left, what the mirror image shows is what counts, whatever it is."""
    photo = people.photo()
    here = () if facing is None else (people.pose(facing, mask=MASK),)
    there = (people.pose("right", hip=(410.0, 480.0), mask=MASK),)
    seen = landmarks._prepared(photo.pixels)

    def find(_landmarker: object, pixels: np.ndarray, *_: object, **__: int) -> tuple[Pose, ...]:
        return here if np.array_equal(pixels, seen) else there

    with mock.patch.object(either, "_find", find):
        found = either.detect(photo).people
    turned = tuple(pose.mirrored(photo.width) for pose in there)
    expected = turned if facing == "left" else here
    assert [pose.xy_px.tolist() for pose in found] == [pose.xy_px.tolist() for pose in expected]


def close_together(behind: str, before: str) -> Photo:
    """Return two people who look to the right, the trunks of both close together, from samples."""
    strips = []
    for name in (behind, before):
        photo = Photo.open(SAMPLE.parent / f"{name}.jpg")
        person = default_detector().detect(photo).people[0]
        if person.facing == "left":
            photo, person = Photo.open(photo.pixels[:, ::-1].copy()), person.mirrored(photo.width)
        middle, half = round(person.near("hip")[0]), round(0.17 * photo.width)
        strips.append(photo.pixels[:, middle - half : middle + half])
    return Photo.open(np.hstack(strips))


@pytest.mark.parametrize("behind", ["standing_tank_top", "standing_ponytail"])
def test_whom_the_first_look_overlooks_the_second_finds(
    monkeypatch: pytest.MonkeyPatch, behind: str
) -> None:
    """Of two people close together the first look finds one alone, or that one twice."""
    photo, detector = close_together(behind, "standing_arms_hanging"), default_detector()
    look = MediaPipeDetector._look
    monkeypatch.setattr(MediaPipeDetector, "_look", lambda *given: look(*given)[:1])
    reason = refuse_people(find_people(photo, detector), photo)
    assert reason is not None
    assert reason.code == "several_people"


@pytest.mark.parametrize("name", ["standing_round_back", "standing_flat_back"])
@pytest.mark.parametrize(("top", "bottom"), [(0.0, 0.0), (0.17, 0.0), (0.17, 0.25)])
def test_nobody_is_found_beside_one_person(name: str, top: float, bottom: float) -> None:
    """Whole or cut off, one person is one."""
    photo = cropped(name, top, bottom)
    assert refuse_people(find_people(photo, default_detector()), photo) is None


def cropped(name: str, top: float, bottom: float) -> Photo:
    """Return a sample without the given shares of its height at the top and at the bottom."""
    pixels = Photo.open(SAMPLE.parent / f"{name}.jpg").pixels
    rows = len(pixels)
    return Photo.open(pixels[round(top * rows) : round((1 - bottom) * rows)])


@pytest.mark.parametrize(
    ("top", "bottom", "unseen"),
    [
        (0.0, 0.0, set()),
        (0.17, 0.0, {"head"}),
        (0.0, 0.25, {"feet"}),
        (0.17, 0.25, {"head", "feet"}),
    ],
)
def test_a_person_cut_off_is_found_where_they_stand(
    top: float, bottom: float, unseen: set[str]
) -> None:
    """Shoulder, hip and knee lie within 4 % of stature of where they are in the whole photo."""
    detector = default_detector()
    whole = detector.detect(Photo.open(SAMPLE)).people[0]
    photo = cropped(SAMPLE.stem, top, bottom)
    found = detector.detect(photo).people[0]
    assert found.unseen == unseen
    assert hangs_together(found, photo)
    assert found.facing == whole.facing
    assert found.stature_px == pytest.approx(whole.stature_px, rel=0.1)
    raised = (0, top * Photo.open(SAMPLE).height)
    for joint in ("shoulder", "hip", "knee"):
        off = np.hypot(*(found.near(joint) + raised - whole.near(joint)))
        assert off < 0.04 * whole.stature_px, joint


@pytest.mark.parametrize(("scale", "light"), [(0.6, 1.0), (1.5, 1.0), (1.0, 0.7), (1.0, 0.4)])
def test_size_and_exposure_of_a_photo_are_not_the_model_s_to_see(
    scale: float, light: float
) -> None:
    """A smaller, larger or darker copy is given to the model in almost the same pixels."""
    pixels = Photo.open(SAMPLE).pixels
    scaled = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    darker = (np.asarray(scaled) * light).astype(np.uint8)
    one, other = landmarks._prepared(pixels), landmarks._prepared(darker)
    assert one.shape == other.shape
    assert np.abs(one.astype(float) - other).mean() < 3


@pytest.mark.parametrize("shape", [(40, 2000), (2000, 40), (1, 1), (1, 2048), (700, 500)])
def test_a_picture_of_any_shape_is_prepared_in_bounds(shape: tuple[int, int]) -> None:
    """What the model is given has 512 rows, or 1024 columns if it is too wide for that."""
    black = np.zeros((*shape, 3), np.uint8)
    rows, columns = landmarks._prepared(black).shape[:2]
    assert (rows == 512 and columns <= 1024) or (rows < 512 and columns == 1024)
    assert not landmarks._prepared(black).any()


@pytest.mark.parametrize("room", [{"above": 300}, {"beside": 250}])
def test_room_around_the_photo_moves_neither_points_nor_mask(room: dict[str, int]) -> None:
    """Found with room above or on both sides, a whole person is where they are without."""
    detector, photo = MediaPipeDetector(), Photo.open(SAMPLE)
    plain, roomy = (
        detector._find(detector._landmarker, photo.pixels, photo, **given)[0]
        for given in ({}, room)
    )
    assert roomy.mask.shape == plain.mask.shape
    assert ((roomy.mask > 0.5) ^ (plain.mask > 0.5)).mean() < 0.01
    for joint in ("shoulder", "hip", "knee", "ankle"):
        apart = np.hypot(*(roomy.near(joint) - plain.near(joint)))
        assert apart < 0.02 * plain.stature_px


def test_who_does_not_seem_to_stand_is_looked_at_again_with_room_on_both_sides() -> None:
    """What is then found counts if it stands; of a walker, the first find stays."""
    detector = MediaPipeDetector(at_once=False)
    wrong = detector.detect(Photo.open(SAMPLE)).people[0]
    crouching = wrong.xy_px.copy()
    for side in ("left", "right"):
        crouching[POINT_NAMES.index(f"{side}_knee")] += (0.3 * wrong.stature_px, 0)
    find, looks = detector._find, []

    def misled(*given: Any, **room: int) -> tuple[Pose, ...]:
        looks.append(room)
        found = find(*given, **room)
        return found if room else (dataclasses.replace(found[0], xy_px=crouching), *found[1:])

    with mock.patch.object(detector, "_find", misled):
        assert stands(detector.detect(Photo.open(SAMPLE)).people[0])
    assert [set(room) for room in looks] == [set(), {"beside"}]
    walking = Photo.open(SAMPLE.with_name("walking_1.jpg"))
    assert not stands(detector.detect(walking).people[0])


def test_the_second_try_is_made_only_for_photos_without_a_person_or_cut_off() -> None:
    """Its model is not even loaded for whole people; it finds nobody in an empty room."""
    detector = MediaPipeDetector()
    detector.detect(Photo.open(SAMPLE))
    assert detector._of_headless is None
    noise = np.random.default_rng(1).integers(0, 255, (28, 19, 3), dtype=np.uint8)
    for pixels in (noise.repeat(32, axis=0).repeat(32, axis=1), np.full((900, 600, 3), 180, "u1")):
        assert detector.detect(Photo.open(pixels)).people == ()
    assert detector._of_headless is not None


def test_a_missing_model_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file named in POSTURE_MODEL is not there."""
    monkeypatch.setenv("POSTURE_MODEL", str(tmp_path / "absent.task"))
    with pytest.raises(ModelError, match=r"^The pose model absent\.task is missing: .*\.$"):
        MediaPipeDetector()


def test_a_truncated_model_is_one_sentence(tmp_path: Path) -> None:
    """Half a file is no zip any more."""
    half = tmp_path / "half.task"
    half.write_bytes(model_file.MODEL_PATH.read_bytes()[:1_000_000])
    with pytest.raises(ModelError, match=r"^The pose model half\.task is damaged"):
        MediaPipeDetector(half)


def test_a_zip_that_holds_no_model_is_one_sentence(tmp_path: Path) -> None:
    """A whole zip with something else in it is refused by the library, and said plainly."""
    other = Path(shutil.make_archive(str(tmp_path / "other"), "zip", tmp_path))
    with pytest.raises(ModelError, match=r"^The pose model other\.zip cannot be used"):
        MediaPipeDetector(other)


def test_a_changed_embedded_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checksum of the embedded model is verified before it is used."""
    monkeypatch.setattr(model_file, "MODEL_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="not the file that posture was built with"):
        MediaPipeDetector()


def test_another_model_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """POSTURE_MODEL names the model that is used, and results carry its name."""
    mine = tmp_path / "mine.task"
    shutil.copy(model_file.MODEL_PATH, mine)
    monkeypatch.setenv("POSTURE_MODEL", str(mine))
    assert MediaPipeDetector().name == "mine"


@pytest.mark.parametrize("environment", [0, 2, None])
def test_a_library_that_changed_its_telemetry_switch_is_refused(
    monkeypatch: pytest.MonkeyPatch, environment: int | None
) -> None:
    """Unless the switch stands where it is known to stand, nothing is loaded."""
    original = BaseOptions.to_ctypes

    class Renamed(ctypes.Structure):
        _fields_ = (("other", ctypes.c_int),)

    def changed(self: BaseOptions) -> ctypes.Structure:
        if environment is None:
            return Renamed()
        options: ctypes.Structure = original(self)
        options.host_environment = environment  # type: ignore[attr-defined]
        return options

    monkeypatch.setattr(BaseOptions, "to_ctypes", changed)
    with pytest.raises(ModelError, match="may send usage statistics"):
        MediaPipeDetector()


def test_a_library_that_takes_its_options_another_way_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If the switch was never asked for, it cannot have been set."""
    monkeypatch.setattr(PoseLandmarker, "create_from_options", lambda _: object())
    with pytest.raises(ModelError, match="may send usage statistics"):
        MediaPipeDetector()


def test_the_default_detector_is_one_for_all_threads() -> None:
    """Threads that ask at once share one: each detector holds the model in memory."""
    found: list[MediaPipeDetector] = []
    threads = [threading.Thread(target=lambda: found.append(default_detector())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_nothing_is_written_to_standard_error() -> None:
    """Loading, detecting and the interpreter's end are silent, native code included."""
    script = f"from posture import assess; assess({str(SAMPLE)!r})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert done.stdout == ""


def test_what_others_write_to_standard_error_is_not_lost() -> None:
    """Only the library's own lines are taken out, while the model is loaded and after."""
    script = (
        "import os; from posture import assess, quiet\n"
        "with quiet.quiet_stderr():\n"
        "    os.write(2, b'W0000 00:00:1.2  3 file.cc:1] frightening\\nmine\\n')\n"
        f"assess({str(SAMPLE)!r}); os.write(2, b'after')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stderr == b"mine\nafter"


def test_a_closed_standard_error_is_no_error() -> None:
    """A server may run without one."""
    script = f"from posture import assess; assert assess({str(SAMPLE)!r}).status == 'measured'"
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, script], check=False
    )
    assert done.returncode == 0


def test_one_detector_serves_several_threads() -> None:
    """Four threads ask at once; each gets the same people."""
    photo, detector = Photo.open(SAMPLE), MediaPipeDetector()
    found: list[tuple[Pose, ...]] = []
    threads = [
        threading.Thread(target=lambda: found.append(detector.detect(photo).people))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for seen in found:
        assert seen[0].xy_px == pytest.approx(found[0][0].xy_px)
