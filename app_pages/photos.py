"""Keeps the photos of one visitor and what is told of them, in memory, until the tab closes.

What a person told about a photo, its points and the height, is kept under that photo's key and
forgotten with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import streamlit as st

from posture import Corrections
from posture.language import gettext as _
from posture.language import mark as N_

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
    is_sample: bool = False

    @classmethod
    def of(cls, name: str, data: bytes, *, is_sample: bool = False) -> Upload:
        """Return a file with its key."""
        return cls(name, data, hashlib.sha256(data).hexdigest(), is_sample)


def samples() -> dict[str, str]:
    """Return the names of the sample photos by their file names, those that are there."""
    return {file: _(name) for file, name in _SAMPLE_NAMES.items() if (_SAMPLES / file).is_file()}


def sample(file: str) -> Upload:
    """Return a sample photo by its file name."""
    return Upload.of(file, (_SAMPLES / file).read_bytes(), is_sample=True)


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


def arrived(among: Collection[str]) -> list[str]:
    """Return which photos came last, of those whose keys are given, each once."""
    last = cast("list[str]", st.session_state.get("arrived", []))
    st.session_state["arrived"] = [key for key in last if key not in among]
    return [key for key in last if key in among]


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


def version(key: str) -> tuple[str, str]:
    """Return a photo's key, and everything that was told about it in one text."""
    return key, repr((st.session_state.get(height_key(key)), told(key), wears_stickers(key)))


def remove(keys: Sequence[str]) -> None:
    """Forget photos, and all that the session keeps under names with their keys in them."""
    st.session_state["uploads"] = [upload for upload in uploads() if upload.key not in keys]
    st.session_state["left_out"], st.session_state["twins"] = [], []
    st.session_state["forgotten"] = [*forgotten(), *keys]
    for name in list(st.session_state):
        if isinstance(name, str) and any(key in name for key in keys):
            del st.session_state[name]
