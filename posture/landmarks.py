"""Finds people in a photo with MediaPipe, the only module that imports it.

The detector returns named points and a soft mask of the body in pixels; it measures no angle.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import numpy as np

from posture import cores
from posture.errors import ModelError
from posture.framing import hangs_together, is_guesswork, touches_top, unseen_parts
from posture.language import gettext as _
from posture.language import mark as N_
from posture.model_file import model_path, verify_model
from posture.pose import Pose
from posture.quiet import quiet_stderr
from posture.second_look import hide, overlooked
from posture.stance import stands

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from numpy.typing import NDArray

    from posture.photo import Photo

    _InMirror: TypeAlias = tuple[tuple[Pose, ...], NDArray[np.uint8]]

# At the library's own 0.5 a second person beside the first is overlooked in one photo and found in
# its mirror image, at 0.2 in 1 of 9 rendered pairs; at 0.1 one person is found twice in 3 of 160
# pictures of one person, which does no harm.
_DETECTION_CONFIDENCE: Final = 0.1
# The library's own, and what a second try for people whose head is outside the photo needs. The
# model looks for a head first: of 20 rendered people without head and feet, hips and knees are
# found within 6 % of stature in 13, in 18 if room for a head above the photo, its top row repeated,
# is tried as well: these shares of its height in turn.
_PRESENCE_CONFIDENCE: Final = 0.5
_SECOND_TRY_CONFIDENCE: Final = 0.1
_ROOM_ABOVE: Final = (0.3, 0.45)
# The same on both sides, for a person who does not seem to stand: arms held out mislead the model.
# It mended both of 310 rendered standing people who had seemed to crouch, and made none of 84
# who sat, squatted or bent seem to stand.
_ROOM_BESIDE: Final = 0.4
# Shoulder and hip of the side seen better: 0.99 and more in people found within 3 % of stature,
# 0.68 in what was found in noise. What is seen less is no person.
_SURELY_SEEN: Final = 0.85
_HARDLY_SEEN: Final = 0.5  # of an ear; chosen

# The model sees 256 pixels of a body, every second or third of a larger picture's, and does not
# average them: what it finds would hang on size and noise. In this many rows a body is as large as
# the model sees it, or a little larger.
_ROWS: Final = 512
_MOST_COLUMNS: Final = 1024
# As bright as this are the lightest parts of what the model is given, by this much at most, so that
# the photo's exposure matters little. Chosen.
_LIGHT: Final = 235.0
_LIGHT_PERCENTILE: Final = 98
_MOST_BRIGHTENED: Final = 3.0

_DETECTOR_LOCK: Final = threading.Lock()

_MAY_SEND_STATISTICS: Final = N_(
    "This version of MediaPipe may send usage statistics: "
    "install the version that posture asks for."
)
_HOST_ENVIRONMENT_UNKNOWN: Final = 0
_HOST_ENVIRONMENT_PYTHON: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a first look at a photo found, and how to look again for whom it overlooked.

    Attributes
    ----------
    people : tuple of Pose
        The people found, the largest first; empty if nobody was. Their masks are of one size.
    overlooked : callable
        Takes the second look, and returns whom it finds besides; it may run in another thread.
    """

    people: tuple[Pose, ...]
    overlooked: Callable[[], tuple[Pose, ...]] = tuple


class Detector(Protocol):
    """Whatever finds people in a photo; tests put a fake in its place."""

    @property
    def name(self) -> str:
        """Name of the model, for the record."""
        ...

    def detect(self, photo: Photo) -> Look:
        """Look for the people in a photo."""
        ...


class MediaPipeDetector:
    """BlazePose through MediaPipe's pose landmarker, on the processor, without any network.

    The model is not symmetric: in a photo and its mirror image it finds masks and joints that
    differ by a degree or two in the angles, and sometimes other people. So everything comes from
    that one of the two in which the largest person found faces right.

    Its memory is given back when the process ends: make one and keep it.

    Parameters
    ----------
    model : Path, optional
        A ``.task`` file. The default is the file named by the environment variable
        ``POSTURE_MODEL``, or else the one that comes with posture, whose checksum is verified.
    max_people : int
        How many people are looked for: more than one, so that a second one is noticed.
    at_once : bool, optional
        Whether to look at a photo and its mirror image at once, on two cores: quicker by the time
        of a look where a person faces left, for one more model in memory. The default is to do so
        where there are two cores, but not in a worker process, whose neighbours use the others.

    Raises
    ------
    ModelError
        If the model or a native library that it needs is missing or damaged.
    """

    def __init__(
        self, model: Path | None = None, *, max_people: int = 3, at_once: bool | None = None
    ) -> None:
        path = model or model_path()
        verify_model(path)
        self._path = path
        self._max_people = max_people
        self._lock = threading.Lock()
        self._of_headless: Any = None
        self._silent_so_far = True
        from concurrent.futures import ThreadPoolExecutor

        load = partial(self._load, _DETECTION_CONFIDENCE, _PRESENCE_CONFIDENCE)
        with quiet_stderr():
            if _has_cores() if at_once is None else at_once:
                self._beside: ThreadPoolExecutor | None = ThreadPoolExecutor(1, "posture-mirror")
                of_mirror = self._beside.submit(load)
                self._landmarker = load()
                self._of_mirror = of_mirror.result()
            else:
                self._beside = None
                self._landmarker = self._of_mirror = load()

    @property
    def name(self) -> str:
        """File name of the model without its ending."""
        return self._path.stem

    def get_ready(self) -> None:
        """Load what only photos without a head need, too."""
        if self._of_headless is None:
            with quiet_stderr():
                self._of_headless = self._load(_SECOND_TRY_CONFIDENCE, _SECOND_TRY_CONFIDENCE)

    def detect(self, photo: Photo) -> Look:
        """Look for the people in a photo.

        Parameters
        ----------
        photo : Photo
            The photo, upright.

        Notes
        -----
        Where nobody is found, or someone whose points make no upright body or whose head is hardly
        seen or touches the upper edge, a second try is made with room above the photo, as for a
        person whose head lies outside it. What it finds counts only if the head does lie outside
        and the points make a body. Of several finds of a person without a head, the one nearest to
        the others comes first.

        Whoever does not seem to stand is looked for again with room on both sides: what is found
        then counts only if it stands. The model often overlooks a person close beside another: a
        second look is taken with the first one hidden.
        """
        pixels = _prepared(photo.pixels)
        with self._lock, self._quiet():
            in_mirror = self._begin_mirror(photo)
            found = self._look(self._find(self._landmarker, pixels, photo), pixels, photo)
            mirrored = bool(found) and found[0].facing == "left"
            if mirrored:
                found, pixels = in_mirror()
                found = self._look(found, pixels, photo)
            elif self._silent_so_far and self._beside is not None:
                in_mirror()  # it has begun, and is not quiet yet
            self._silent_so_far = self._silent_so_far and not found
        return self._seen(found, pixels, photo, mirrored=mirrored)

    def glance(self, photo: Photo) -> tuple[Pose, ...]:
        """Return the people that a single look finds, the largest first, for live pictures.

        There is no second try for those who are hard to find, nor for others close beside the
        first: what counts goes through `detect`.
        """
        pixels = _prepared(photo.pixels)
        with self._lock, self._quiet():
            found = self._find(self._landmarker, pixels, photo)
        self._silent_so_far = self._silent_so_far and not found
        return found

    def _quiet(self) -> AbstractContextManager[None]:
        """Keep the library quiet until it has met its first person, of which it writes a line."""
        return quiet_stderr() if self._silent_so_far else nullcontext()

    def _begin_mirror(self, photo: Photo) -> Callable[[], _InMirror]:
        """Return what gives the people in the mirror image; begin to look at once, if so asked."""
        look = partial(self._find_in_mirror, photo)
        return look if self._beside is None else self._beside.submit(look).result

    def _find_in_mirror(self, photo: Photo) -> _InMirror:
        """Return the people in the mirror image, and its prepared pixels.

        It is turned before it is prepared, as a photo that was taken so would be.
        """
        import cv2

        pixels = _prepared(np.asarray(cv2.flip(photo.pixels, 1), dtype=np.uint8))
        return self._find(self._of_mirror, pixels, photo), pixels

    def _seen(
        self, found: tuple[Pose, ...], pixels: NDArray[np.uint8], photo: Photo, *, mirrored: bool
    ) -> Look:
        """Return what was found in pixels, turned back if these are of the mirror image."""

        def back(people: Sequence[Pose]) -> tuple[Pose, ...]:
            return tuple(p.mirrored(photo.width) for p in people) if mirrored else tuple(people)

        def others() -> tuple[Pose, ...]:
            hidden = hide(found[0], pixels, photo)
            with self._lock:
                beside = self._find(self._landmarker, hidden, photo)
            return back(overlooked(found[0], beside, photo))

        return Look(back(found), others) if found else Look(())

    def _look(
        self, found: tuple[Pose, ...], pixels: NDArray[np.uint8], photo: Photo
    ) -> tuple[Pose, ...]:
        """Return the people found, with second tries for those who seem headless or crouching."""
        if found and not stands(found[0]):
            beside = round(_ROOM_BESIDE * len(pixels))
            again = self._find(self._landmarker, pixels, photo, beside=beside)
            if again and _is_whole(again[0], photo) and stands(again[0]):
                found = again
        if found and _is_whole(found[0], photo):
            if "head" not in found[0].unseen:
                return found
            return _most_central_first([p for p in found if hangs_together(p, photo)])
        self.get_ready()
        for room in _ROOM_ABOVE:
            again = self._find(self._of_headless, pixels, photo, above=round(room * len(pixels)))
            sure = tuple(p for p in again if _is_headless(p, photo))
            if sure:
                return _most_central_first(sure)
        return found

    def _load(self, detection: float, presence: float) -> Any:  # noqa: ANN401 - untyped library
        landmarker = _create_landmarker(self._path, self._max_people, detection, presence)
        # Never closed, not even at the interpreter's end: in closing, the library contacts its
        # maker all the same, and by then fails on what is gone.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(landmarker))
        return landmarker

    def _find(
        self,
        landmarker: Any,  # noqa: ANN401 - untyped library
        pixels: NDArray[np.uint8],
        photo: Photo,
        *,
        above: int = 0,
        beside: int = 0,
    ) -> tuple[Pose, ...]:
        """Return the people in a photo's prepared pixels, with room above or on both sides."""
        import mediapipe as mp

        rows, columns = pixels.shape[:2]
        room = ((above, 0), (beside, beside), (0, 0))
        roomy = np.pad(pixels, room, mode="edge") if above or beside else pixels
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=roomy)
        result = landmarker.detect(image)
        to_photo = np.array([photo.width / columns, photo.height / rows])
        size = roomy.shape[1::-1]
        poses = []
        masks = result.segmentation_masks or []
        for landmarks, mask in zip(result.pose_landmarks, masks, strict=True):
            xy = (np.array([(p.x, p.y) for p in landmarks]) * size - (beside, above)) * to_photo
            soft = np.squeeze(mask.numpy_view(), axis=-1)[above:, beside : beside + columns].copy()
            soft.flags.writeable = False
            visibility = np.array([p.visibility for p in landmarks])
            pose = Pose(xy, visibility, soft)
            poses.append(replace(pose, unseen=unseen_parts(pose, photo)))
        seen = [pose for pose in poses if _is_seen(pose)]
        return tuple(sorted(seen, key=lambda pose: (is_guesswork(pose, photo), -pose.extent_px)))


def _has_cores() -> bool:
    """Tell whether a second core is this process's to use."""
    from multiprocessing import parent_process

    return parent_process() is None and cores.count() > 1


def _is_whole(pose: Pose, photo: Photo) -> bool:
    """Tell whether a person's points make a body whose head, if in the photo, is really seen."""
    if not hangs_together(pose, photo):
        return False
    ears = max(pose.seen("left_ear"), pose.seen("right_ear"))
    return "head" in pose.unseen or (not touches_top(pose) and ears > _HARDLY_SEEN)


def _most_central_first(poses: Sequence[Pose]) -> tuple[Pose, ...]:
    """Order finds, mostly of one person, by how near each lies to the others."""

    def away(pose: Pose) -> float:
        return sum(float(np.abs(pose.xy_px - other.xy_px).mean()) for other in poses)

    return tuple(sorted(poses, key=away))


def _is_headless(pose: Pose, photo: Photo) -> bool:
    return "head" in pose.unseen and hangs_together(pose, photo)


def _is_seen(pose: Pose) -> bool:
    sides = [(pose.seen(f"left_{j}"), pose.seen(f"right_{j}")) for j in ("shoulder", "hip")]
    return min(map(max, sides)) > _SURELY_SEEN


def default_detector() -> MediaPipeDetector:
    """Return the one detector of this process; loading the model takes about half a second."""
    with _DETECTOR_LOCK:
        return _one_detector()


@cache
def _one_detector() -> MediaPipeDetector:
    return MediaPipeDetector()


def _prepared(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Bring a picture to the one size and brightness in which people are looked for."""
    import cv2

    rows, columns = pixels.shape[:2]
    scale = min(_ROWS / rows, _MOST_COLUMNS / columns)
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = cv2.resize(pixels, size, interpolation=way)
    light = float(np.percentile(cv2.cvtColor(sized, cv2.COLOR_RGB2GRAY), _LIGHT_PERCENTILE))
    brightened = min(_LIGHT / max(light, 1.0), _MOST_BRIGHTENED)
    return np.asarray(cv2.convertScaleAbs(sized, alpha=brightened), dtype=np.uint8)


def _create_landmarker(
    path: Path,
    max_people: int,
    detection: float,
    presence: float,
) -> Any:  # noqa: ANN401 - untyped library
    try:
        from mediapipe.tasks.python.core.base_options import BaseOptions
        from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions
    except (ImportError, OSError) as error:
        raise ModelError(
            _("MediaPipe cannot be loaded: run `posture doctor` to see what is missing.")
        ) from error

    switched_off = []

    class OfflineOptions(BaseOptions):  # type: ignore[misc]
        """Options under which the C library sends no usage statistics."""

        def to_ctypes(self) -> Any:  # noqa: ANN401 - a ctypes structure of the library
            options = super().to_ctypes()
            # 3 is 'Python', for which the library contacts its maker at every start; with
            # 0, 'unknown', it does not. Anything but a 3 here is a library that has changed.
            if getattr(options, "host_environment", None) != _HOST_ENVIRONMENT_PYTHON:
                raise ModelError(_(_MAY_SEND_STATISTICS))
            options.host_environment = _HOST_ENVIRONMENT_UNKNOWN
            switched_off.append(True)
            return options

    options = PoseLandmarkerOptions(
        base_options=OfflineOptions(model_asset_path=str(path)),
        num_poses=max_people,
        min_pose_detection_confidence=detection,
        min_pose_presence_confidence=presence,
        output_segmentation_masks=True,
    )
    try:
        landmarker = PoseLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(
            _(
                "The pose model {file} cannot be used: reinstall posture, or run `posture doctor` "
                "to see what is missing."
            ).format(file=path.name)
        ) from error
    if not switched_off:
        raise ModelError(_(_MAY_SEND_STATISTICS))
    return landmarker
