"""Keeps the photos of one visitor and what came of them, in memory, until the tab closes."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import streamlit as st

from posture import Assessment, ModelError, Photo, PhotoError, assess
from posture.landmarks import Detector, MediaPipeDetector

#: File endings offered in the file chooser; what is in the file decides.
ENDINGS: Final = ("jpg", "jpeg", "png", "webp", "tif", "tiff", "bmp", "heic", "heif", "avif")

#: How many photos one visitor can have open at once.
MOST: Final = 20

_SAMPLES: Final = Path(__file__).parents[1] / "samples"
_SAMPLE_NAMES: Final = {
    "standing_arms_hanging.jpg": "Arms hanging",
    "standing_ponytail.jpg": "Ponytail",
    "standing_striped_shirt.jpg": "Striped shirt",
    "standing_tank_top.jpg": "Tank top",
    "standing_round_back.jpg": "Round back",
    "standing_flat_back.jpg": "Flat back",
    "arm_hides_back.jpg": "Arm hides the low back",
    "front.jpg": "Seen from the front",
    "back_oblique.jpg": "Seen at an angle",
    "two_people.jpg": "Two people",
    "walking_1.jpg": "Walking",
}

_FAULT: Final = (
    "could not be measured because of a fault in this program: try another photo; "
    "the terminal shows the details."
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in, under a key made from its content."""

    name: str
    data: bytes
    key: str

    @classmethod
    def of(cls, name: str, data: bytes) -> Upload:
        """Return a file with its key."""
        return cls(name, data, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What came of one file: an assessment, or the sentence that says why there is none."""

    upload: Upload
    assessment: Assessment | None
    error: str = ""


def samples() -> dict[str, str]:
    """Return the names of the sample photos by their file names, those that are there."""
    return {file: name for file, name in _SAMPLE_NAMES.items() if (_SAMPLES / file).is_file()}


def sample(file: str) -> Upload:
    """Return a sample photo by its file name."""
    return Upload.of(file, (_SAMPLES / file).read_bytes())


def uploads() -> list[Upload]:
    """Return the visitor's own photos, in the order in which they came."""
    return cast("list[Upload]", st.session_state.setdefault("uploads", []))


def add(files: Sequence[Upload]) -> None:
    """Keep photos; those beyond ``MOST`` are left out, see `left_out`."""
    known = {upload.key for upload in uploads()}
    new = [file for file in {file.key: file for file in files}.values() if file.key not in known]
    room = MOST - len(known)
    uploads().extend(new[:room])
    st.session_state["left_out"] = [file.name for file in new[room:]]
    st.session_state["arrived"] = [file.key for file in files]


def arrived() -> list[str]:
    """Return the keys of the photos that came last, once."""
    return cast("list[str]", st.session_state.pop("arrived", []))


def left_out() -> list[str]:
    """Return the names of the photos that came last and were not kept."""
    return cast("list[str]", st.session_state.get("left_out", []))


def remove(keys: Sequence[str]) -> None:
    """Forget photos and what came of them."""
    st.session_state["uploads"] = [upload for upload in uploads() if upload.key not in keys]
    st.session_state["left_out"] = []


def measure(wanted: Sequence[Upload], stature_cm: float | None) -> list[Result]:
    """Return what came of each file, measuring those not measured before.

    Results belong to one visitor alone, and are kept no longer than their photo is in use.
    """
    kept: dict[tuple[str, float | None], Result] = st.session_state.get("results", {})
    missing = [upload for upload in wanted if (upload.key, stature_cm) not in kept]
    if missing:
        bar = st.progress(0.0, text="Measuring…")
        for done, upload in enumerate(missing):
            bar.progress(done / len(missing), text=f"Measuring photo {done + 1} of {len(missing)}…")
            kept[upload.key, stature_cm] = _measured(upload, stature_cm)
        bar.empty()
    in_use = {(upload.key, stature_cm) for upload in (*uploads(), *wanted)}
    st.session_state["results"] = {key: r for key, r in kept.items() if key in in_use}
    return [kept[upload.key, stature_cm] for upload in wanted]


def _measured(upload: Upload, stature_cm: float | None) -> Result:
    try:
        photo = Photo.open(upload.data, name=upload.name)
        assessment = assess(photo, detector=_detector(), stature_cm=stature_cm)
    except PhotoError as error:
        return Result(upload, None, str(error))
    except ModelError:
        raise
    except Exception:  # a fault that one photo meets must not take the others with it
        logging.getLogger("posture.app").exception("A photo could not be measured")
        return Result(upload, None, f"{upload.name} {_FAULT}")
    return Result(upload, assessment)


@st.cache_resource(show_spinner="Loading the pose model…")
def _detector() -> Detector:
    """Return the one detector that all visitors share; it keeps no photo and locks itself."""
    return MediaPipeDetector()
