"""Keeps the photos of one visitor and what came of them, in memory, until the tab closes.

A height belongs to one photo: it is kept under that photo's key and forgotten with it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import streamlit as st

from posture import Assessment, ModelError, Photo, PhotoError, assess
from posture.landmarks import Detector, MediaPipeDetector

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
    """Keep photos, each once (see `twins`); those beyond ``MOST`` are left out (`left_out`)."""
    kept = {upload.key: upload for upload in uploads()}
    beyond, same = [], []
    for file in files:
        if file.key not in kept and len(kept) >= MOST:
            beyond.append(file.name)
        elif kept.setdefault(file.key, file).name != file.name:
            same.append((file.name, kept[file.key].name))
    st.session_state["uploads"] = list(kept.values())
    st.session_state["left_out"], st.session_state["twins"] = beyond, same
    st.session_state["arrived"] = [file.key for file in files]


def arrived() -> list[str]:
    """Return the keys of the photos that came last, once."""
    return cast("list[str]", st.session_state.pop("arrived", []))


def left_out() -> list[str]:
    """Return the names of the photos that came last and were not kept."""
    return cast("list[str]", st.session_state.get("left_out", []))


def twins() -> list[tuple[str, str]]:
    """Return those of the photos that came last that were there before, under another name.

    The new name comes first, and then the name under which the photo is kept.
    """
    return cast("list[tuple[str, str]]", st.session_state.get("twins", []))


def height_key(key: str) -> str:
    """Return under which key the visitor's session holds the height of a photo's person."""
    return f"height_cm_{key}"


def remove(keys: Sequence[str]) -> None:
    """Forget photos, what came of them and the heights given for them."""
    st.session_state["uploads"] = [upload for upload in uploads() if upload.key not in keys]
    st.session_state["left_out"], st.session_state["twins"] = [], []
    _drop_results_except({upload.key for upload in uploads()})
    for key in keys:
        st.session_state.pop(height_key(key), None)


def measure(wanted: Sequence[Upload]) -> list[Result]:
    """Return what came of each file, measuring those not measured before.

    Results belong to one visitor alone, and are kept no longer than their photo is in use. Each
    is kept as soon as it is there: a click in the meantime starts the page anew.
    """
    results = _results()
    needed = [(upload.key, st.session_state.get(height_key(upload.key))) for upload in wanted]
    missing = [
        (upload, key) for upload, key in zip(wanted, needed, strict=True) if key not in results
    ]
    if missing:
        bar = st.progress(0.0, text="Measuring…")
        for done, (upload, key) in enumerate(missing):
            bar.progress(done / len(missing), text=f"Measuring photo {done + 1} of {len(missing)}…")
            results[key] = _measured(upload, key[1])
        bar.empty()
    found = [results[key] for key in needed]
    _drop_results_except({upload.key for upload in (*uploads(), *wanted)})
    return found


def _results() -> dict[tuple[str, float | None], Result]:
    """Return what came of photos, by the photo's key and the height that was given for it."""
    return cast(
        "dict[tuple[str, float | None], Result]", st.session_state.setdefault("results", {})
    )


def _drop_results_except(keys: Set[str]) -> None:
    results = _results()
    for key, height in list(results):
        if key not in keys or height != st.session_state.get(height_key(key)):
            del results[key, height]


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
