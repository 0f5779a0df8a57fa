"""Keeps the photos of one visitor and what came of them, in memory, until the tab closes.

What a person told about a photo, its points and the height, is kept under that photo's key and
forgotten with it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, cast

import streamlit as st

from posture import Assessment, Corrections, ModelError, Photo, PhotoError, assess
from posture.assess import find_people
from posture.landmarks import Detector, MediaPipeDetector
from posture.language import current
from posture.language import gettext as _
from posture.language import mark as N_
from posture.markers import Sticker

#: How many photos one visitor can have open at once.
MOST: Final = 20

_SAMPLES: Final = Path(__file__).parents[1] / "samples"
_SAMPLE_NAMES: Final = {
    "standing_arms_hanging.jpg": N_("Arms hanging"),
    "standing_ponytail.jpg": N_("Ponytail"),
    "standing_striped_shirt.jpg": N_("Striped shirt"),
    "standing_tank_top.jpg": N_("Tank top"),
    "standing_round_back.jpg": N_("Round back"),
    "standing_flat_back.jpg": N_("Flat back"),
    "arm_hides_back.jpg": N_("Arm hides the low back"),
    "front.jpg": N_("Seen from the front"),
    "back_oblique.jpg": N_("Seen at an angle"),
    "two_people.jpg": N_("Two people"),
    "walking_1.jpg": N_("Walking"),
}


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
    """What came of one file: an assessment, or the sentence that says why there is none.

    Stickers are looked for if the visitor asks, while nothing is placed in the photo.
    """

    upload: Upload
    assessment: Assessment | None
    error: str = ""
    stickers: tuple[Sticker, ...] = ()
    #: In which the error is said.
    language: str = field(default_factory=current)


def samples() -> dict[str, str]:
    """Return the names of the sample photos by their file names, those that are there."""
    return {file: _(name) for file, name in _SAMPLE_NAMES.items() if (_SAMPLES / file).is_file()}


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
    st.session_state["forgotten"] = [key for key in forgotten() if key not in kept]
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


def forgotten() -> list[str]:
    """Return the keys of the photos that were forgotten and have not come again."""
    return cast("list[str]", st.session_state.get("forgotten", []))


def told(key: str) -> Corrections | None:
    """Return what the visitor told about a photo; None if nothing was asked yet."""
    return cast("Corrections | None", st.session_state.get(_told_key(key)))


def tell(key: str, corrections: Corrections) -> None:
    """Keep what the visitor told about a photo."""
    st.session_state[_told_key(key)] = corrections


def is_corrected(key: str) -> bool:
    """Tell whether anything is placed or drawn in a photo."""
    known = told(key)
    return known is not None and bool(known)


def look_for_stickers(key: str) -> None:
    """Have stickers looked for in a photo."""
    st.session_state[_stickers_key(key)] = True


def stop_looking_for_stickers(key: str) -> None:
    """Have no stickers looked for in a photo, until the visitor asks again."""
    st.session_state.pop(_stickers_key(key), None)


def wears_stickers(key: str) -> bool:
    """Tell whether stickers are to be looked for: nothing is placed, and the visitor asked."""
    return not is_corrected(key) and bool(st.session_state.get(_stickers_key(key)))


def _stickers_key(key: str) -> str:
    return f"look_for_stickers_{key}"


def _told_key(key: str) -> str:
    return f"told_{key}"


def _people_key(key: str) -> str:
    return f"people_{key}"


def remove(keys: Sequence[str]) -> None:
    """Forget photos, and all that is kept under their keys: results, points, heights, answers."""
    st.session_state["uploads"] = [upload for upload in uploads() if upload.key not in keys]
    st.session_state["left_out"], st.session_state["twins"] = [], []
    _drop_results_except({upload.key for upload in uploads()})
    st.session_state.pop("opened", None)
    st.session_state["forgotten"] = [*forgotten(), *keys]
    for name in list(st.session_state):
        if isinstance(name, str) and any(key in name for key in keys):
            del st.session_state[name]


def opened(upload: Upload) -> Photo:
    """Return a photo, read once for as long as it is shown."""
    kept = cast("tuple[str, Photo] | None", st.session_state.get("opened"))
    if kept is None or kept[0] != upload.key:
        kept = upload.key, Photo.open(upload.data, name=upload.name)
        st.session_state["opened"] = kept
    return kept[1]


def measure(wanted: Sequence[Upload]) -> list[Result]:
    """Return what came of each file, measuring those not measured before.

    Results belong to one visitor alone. Each is kept as soon as it is there, as a click in the
    meantime starts the page anew, and until the page says what it shows (`keep_what_is_shown`).
    """
    results = _results()
    needed = [_version(upload.key) for upload in wanted]
    missing = [
        (upload, key)
        for upload, key in zip(wanted, needed, strict=True)
        if key not in results or not _can_be_shown(results[key])
    ]
    place = st.empty()  # also if nothing is missing: what follows keeps its place on the page
    if missing:
        bar = place.progress(0.0, text=_("Measuring…"))
        for done, (upload, key) in enumerate(missing):
            said = _("Measuring photo {number} of {count}…")
            text = said.format(number=done + 1, count=len(missing))
            bar.progress(done / len(missing), text=text)
            results[key] = _measured(upload)
        place.empty()
    return [results[key] for key in needed]


def keep_what_is_shown(upload: Upload) -> None:
    """Keep what came of a photo and of the visitor's own, and let go of everything older.

    Who is in a sample is looked for again when it is shown again; what was placed in it is kept.
    """
    keys = {kept.key for kept in (*uploads(), upload)}
    _drop_results_except(keys)
    prefix = _people_key("")
    for name in list(st.session_state):
        if isinstance(name, str) and name.startswith(prefix) and name[len(prefix) :] not in keys:
            del st.session_state[name]


def _version(key: str) -> tuple[str, str]:
    """Return a photo's key, and everything that was told about it in one text."""
    return key, repr((st.session_state.get(height_key(key)), told(key), wears_stickers(key)))


def _can_be_shown(result: Result) -> bool:
    """Tell whether what came of a photo is said in the language in use, or in none."""
    return not result.error or result.language == current()


def _results() -> dict[tuple[str, str], Result]:
    """Return what came of photos, by `_version`."""
    return cast("dict[tuple[str, str], Result]", st.session_state.setdefault("results", {}))


def _drop_results_except(keys: Set[str]) -> None:
    results = _results()
    for version in list(results):
        if version[0] not in keys or version != _version(version[0]):
            del results[version]


def _measured(upload: Upload) -> Result:
    try:
        photo = opened(upload)
        # Whoever is in the photo is looked for once, however often its points are moved.
        people = st.session_state.get(_people_key(upload.key))
        if people is None:
            people = find_people(photo, detector())
            st.session_state[_people_key(upload.key)] = people
        stature_cm = st.session_state.get(height_key(upload.key))
        way = partial(assess, photo, detector=detector(), people=people, stature_cm=stature_cm)
        assessment = way(corrections=told(upload.key))
        stickers = way(markers=True).stickers if wears_stickers(upload.key) else ()
    except PhotoError as error:
        return Result(upload, None, str(error))
    except ModelError:
        raise
    except Exception:  # a fault that one photo meets must not take the others with it
        logging.getLogger("posture.app").exception("A photo could not be measured")
        fault = _(
            "{name} could not be measured because of a fault in this program: try another photo; "
            "the terminal shows the details."
        )
        return Result(upload, None, fault.format(name=upload.name))
    return Result(upload, assessment, stickers=stickers)


@st.cache_resource(show_spinner=False)  # it would speak the language of the first visitor
def detector() -> Detector:
    """Return the one detector that all visitors share; it keeps no photo and locks itself."""
    return MediaPipeDetector()
