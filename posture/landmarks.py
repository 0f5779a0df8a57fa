"""Finds people in a photo with MediaPipe, the only module that imports it.

The detector returns named points and a soft mask of the body in pixels; it measures no angle.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import numpy as np

from posture.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.photo import Photo

Facing = Literal["left", "right"]
Source = Literal["detected", "estimated", "placed"]

MODEL_NAME: Final = "pose_landmarker_heavy"
MODEL_PATH: Final = Path(__file__).parent / "models" / f"{MODEL_NAME}.task"
MODEL_SHA256: Final = "b141f7e3977831e83af94ef7b18a9ea7a0bbfa923a8ca8400c3c8cc4782a513a"
MODEL_VARIABLE: Final = "POSTURE_MODEL"

# At the library's own 0.5 a second person beside the first is overlooked in one photo and found in
# its mirror image; at 0.1 one person is found twice in 3 of 160 pictures of one person.
_DETECTION_CONFIDENCE: Final = 0.2

# The model sees 256 pixels of a body. Halving 2016 pixels takes a seventh off its time; what that
# does to accuracy was not measured.
_ENOUGH_PX: Final = 1000

# The order in which the model returns its 33 points.
_NAMES: Final = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
_OTHER: Final = {"left": "right", "right": "left"}
_INDEX: Final = {name: i for i, name in enumerate(_NAMES)}
_MIRRORED: Final = [
    _INDEX[re.sub("left|right", lambda side: _OTHER[side.group()], name)] for name in _NAMES
]

# As MediaPipe, absl and TensorFlow Lite begin their lines.
_NATIVE_LOG: Final = re.compile(
    rb"[IWE]\d{4} \d\d:\d\d:"
    rb"|WARNING: (?:All log messages|Logging) before"
    rb"|INFO: Created TensorFlow Lite"
)
_DETECTOR_LOCK: Final = threading.Lock()
_STDERR_LOCK: Final = threading.Lock()

_MAY_SEND_STATISTICS: Final = (
    "This version of MediaPipe may send usage statistics: "
    "install the version that posture asks for."
)
_HOST_ENVIRONMENT_UNKNOWN: Final = 0
_HOST_ENVIRONMENT_PYTHON: Final = 3

# Height of the ear above the ankle as a share of stature: the eye, level with the ear, stands at
# 93.6 % of stature and the ankle at 3.9 % (Drillis and Contini 1966).
_EAR_TO_ANKLE: Final = 0.936 - 0.039


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the body in the upright photo.

    Attributes
    ----------
    x, y : float
        Position in pixels of the upright photo, x right, y down, from its top-left corner.
    visibility : float
        0 to 1, how surely the point is seen rather than guessed behind something.
    source : {"detected", "estimated", "placed"}
        Found by the model, computed by posture, or set by a person.
    """

    x: float
    y: float
    visibility: float
    source: Source


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person found in a photo.

    Attributes
    ----------
    xy_px : ndarray, shape (33, 2)
        The points in pixels of the upright photo, x right, y down. They may lie beyond the frame.
    visibility : ndarray, shape (33,)
        0 to 1.
    mask : ndarray, shape (h, w), float32
        How surely each pixel belongs to the body, 0 to 1, over the whole photo at any size.
    """

    xy_px: NDArray[np.float64]
    visibility: NDArray[np.float64]
    mask: NDArray[np.float32]

    def at(self, name: str) -> NDArray[np.float64]:
        """Return the position, shape (2,), of a point such as ``"left_hip"``, in photo pixels."""
        position: NDArray[np.float64] = self.xy_px[_INDEX[name]]
        return position

    def seen(self, name: str) -> float:
        """Return the visibility, 0 to 1, of a point such as ``"left_hip"``."""
        return float(self.visibility[_INDEX[name]])

    def mirrored(self, width: int) -> Pose:
        """Return the same person in the mirrored photo, whose left becomes the right.

        Parameters
        ----------
        width : int
            Width of the upright photo in pixels.
        """
        xy = self.xy_px[_MIRRORED] * (-1, 1) + (width, 0)
        return Pose(xy, self.visibility[_MIRRORED], self.mask[:, ::-1])

    @property
    def facing(self) -> Facing:
        """Where the person looks in the photo: the way from heel to toe and from ear to nose."""
        forward = self.at("nose")[0] - (self.at("left_ear")[0] + self.at("right_ear")[0]) / 2
        for side in ("left", "right"):
            forward += self.at(f"{side}_foot_index")[0] - self.at(f"{side}_heel")[0]
        return "right" if forward >= 0 else "left"

    @property
    def near_side(self) -> Literal["left", "right"]:
        """The person's side towards the camera; who looks to the right shows the right side."""
        return self.facing

    def near(self, joint: str) -> NDArray[np.float64]:
        """Return the position, shape (2,), of a joint such as ``"hip"`` on the near side."""
        return self.at(f"{self.near_side}_{joint}")

    @property
    def stature_px(self) -> float:
        """Standing height in photo pixels, from the height of the ear above the ankle."""
        rise = self.near("ankle")[1] - self.near("ear")[1]
        return float(max(rise, 0.0)) / _EAR_TO_ANKLE


class Detector(Protocol):
    """Whatever finds people in a photo; tests put a fake in its place."""

    @property
    def name(self) -> str:
        """Name of the model, for the record."""
        ...

    def detect(self, photo: Photo) -> tuple[Pose, ...]:
        """Return the people found, the largest first; none is an empty tuple."""
        ...


class MediaPipeDetector:
    """BlazePose through MediaPipe's pose landmarker, on the processor, without any network.

    Its memory, about 150 MB, is given back when the process ends: make one and keep it.

    Parameters
    ----------
    model : Path, optional
        A ``.task`` file. The default is the file named by the environment variable
        ``POSTURE_MODEL``, or else the one that comes with posture, whose checksum is verified.
    max_people : int
        How many people are looked for: more than one, so that a second one is noticed.

    Raises
    ------
    ModelError
        If the model or a native library that it needs is missing or damaged.
    """

    def __init__(self, model: Path | None = None, *, max_people: int = 3) -> None:
        path = model or model_path()
        verify_model(path)
        self._name = path.stem
        self._lock = threading.Lock()
        with _quiet_stderr():
            self._landmarker = _create_landmarker(path, max_people)
        self._silent_so_far = True
        # Never closed, not even at the interpreter's end: in closing, the library contacts its
        # maker all the same, and by then fails on what is gone.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._landmarker))

    @property
    def name(self) -> str:
        """File name of the model without its ending."""
        return self._name

    def detect(self, photo: Photo) -> tuple[Pose, ...]:
        """Return the people found in the photo, the largest first.

        Parameters
        ----------
        photo : Photo
            The photo, upright.

        Returns
        -------
        tuple of Pose
            Empty if nobody was found.
        """
        import mediapipe as mp

        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=_reduced(photo.pixels))
        with self._lock:
            # The library also writes a line when it meets its first person.
            with _quiet_stderr() if self._silent_so_far else nullcontext():
                result = self._landmarker.detect(image)
            self._silent_so_far = self._silent_so_far and not result.pose_landmarks
        poses = []
        masks = result.segmentation_masks or []
        for landmarks, mask in zip(result.pose_landmarks, masks, strict=True):
            xy = np.array([(p.x * photo.width, p.y * photo.height) for p in landmarks])
            soft = np.squeeze(mask.numpy_view()).copy()
            soft.flags.writeable = False
            visibility = np.array([p.visibility for p in landmarks])
            poses.append(Pose(xy, visibility, soft))
        return tuple(sorted(poses, key=lambda pose: -float(np.ptp(pose.xy_px[:, 1]))))


def model_path() -> Path:
    """Return the ``.task`` file in use: ``POSTURE_MODEL`` if set, or else the embedded one."""
    chosen = os.environ.get(MODEL_VARIABLE)
    return Path(chosen) if chosen else MODEL_PATH


def verify_model(path: Path) -> None:
    """Check that a model file is there and whole.

    Parameters
    ----------
    path : Path
        The ``.task`` file; the embedded one must have the pinned checksum.

    Raises
    ------
    ModelError
        If it is missing, not a ``.task``, or not the file that posture was built with.
    """
    mend = (
        "reinstall posture."
        if path == MODEL_PATH
        else f"correct {MODEL_VARIABLE}, or unset it to use the embedded model."
    )
    if not path.is_file():
        raise ModelError(f"The pose model {path.name} is missing: {mend}")
    if not zipfile.is_zipfile(path):
        raise ModelError(f"The pose model {path.name} is damaged or not a .task file: {mend}")
    if path == MODEL_PATH and _sha256(path) != MODEL_SHA256:
        raise ModelError(
            f"The pose model {path.name} is not the file that posture was built with: "
            "reinstall posture."
        )


def default_detector() -> MediaPipeDetector:
    """Return the one detector of this process; loading the model takes about half a second."""
    with _DETECTOR_LOCK:
        return _one_detector()


@cache
def _one_detector() -> MediaPipeDetector:
    return MediaPipeDetector()


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shrink a large picture by a whole number, averaging its pixels."""
    import cv2

    rows, columns = pixels.shape[:2]
    factor = max(rows, columns) // _ENOUGH_PX
    if factor <= 1:
        return pixels
    size = (max(1, columns // factor), max(1, rows // factor))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _create_landmarker(path: Path, max_people: int) -> Any:  # noqa: ANN401 - untyped library
    try:
        from mediapipe.tasks.python.core.base_options import BaseOptions
        from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions
    except (ImportError, OSError) as error:
        raise ModelError(
            "MediaPipe cannot be loaded: run `posture doctor` to see what is missing."
        ) from error

    switched_off = []

    class OfflineOptions(BaseOptions):  # type: ignore[misc]
        """Options under which the C library sends no usage statistics."""

        def to_ctypes(self) -> Any:  # noqa: ANN401 - a ctypes structure of the library
            options = super().to_ctypes()
            # 3 is 'Python', for which the library contacts its maker at every start; with
            # 0, 'unknown', it does not. Anything but a 3 here is a library that has changed.
            if getattr(options, "host_environment", None) != _HOST_ENVIRONMENT_PYTHON:
                raise ModelError(_MAY_SEND_STATISTICS)
            options.host_environment = _HOST_ENVIRONMENT_UNKNOWN
            switched_off.append(True)
            return options

    options = PoseLandmarkerOptions(
        base_options=OfflineOptions(model_asset_path=str(path)),
        num_poses=max_people,
        min_pose_detection_confidence=_DETECTION_CONFIDENCE,
        output_segmentation_masks=True,
    )
    try:
        landmarker = PoseLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(
            f"The pose model {path.name} cannot be used: reinstall posture, "
            "or run `posture doctor` to see what is missing."
        ) from error
    if not switched_off:
        raise ModelError(_MAY_SEND_STATISTICS)
    return landmarker


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Take MediaPipe's own log lines out of standard error: they frighten people.

    What others write there meanwhile appears afterwards.
    """
    with _STDERR_LOCK, TemporaryFile() as caught:
        try:
            saved = os.dup(2)
        except OSError:  # closed already: nothing to keep quiet
            yield
            return
        try:
            os.dup2(caught.fileno(), 2)
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            caught.seek(0)
            for line in caught:
                if not _NATIVE_LOG.match(line):
                    os.write(2, line)
