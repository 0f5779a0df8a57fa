"""Says which pictures there are: how many of each kind in each split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from validation.subjects import SPLIT_SEEDS

Kind = Literal[
    "standing",
    "outline",
    "front",
    "back",
    "oblique",
    "seated",
    "squatting",
    "bending",
    "several",
    "nobody",
    "taped",
    "untaped",
    "series",
]

#: Kinds that stand as for `posture`'s usual photo, so that every angle of theirs is known.
STANDING: Final[tuple[Kind, ...]] = ("standing", "outline", "taped", "untaped", "series")
#: Kinds drawn by `subjects.in_clinic`.
CLINIC: Final[tuple[Kind, ...]] = ("taped", "untaped")

#: What a picture of each kind that must be refused is to be refused for.
EXPECTED: Final[dict[Kind, str]] = {
    "front": "not_side_view",
    "back": "not_side_view",
    "oblique": "not_side_view",
    "seated": "not_standing",
    "squatting": "not_standing",
    "bending": "not_standing",
    "several": "several_people",
    "nobody": "no_person",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture to be made.

    Attributes
    ----------
    split : str
        ``"fit"``, ``"calibrate"`` or ``"test"``.
    kind : str
        What it shows.
    index : int
        Which person; people of different kinds are different.
    visit : int
        0, or 1 and more for the same person re-posed and photographed again.
    photo : int
        0, or 1 and more for the next photos of the same stance; only a series has those.
    """

    split: str
    kind: Kind
    index: int
    visit: int = 0
    photo: int = 0

    @property
    def name(self) -> str:
        """Name of its files, for example ``"test/standing-0012-1"``."""
        of_stance = f"-{self.photo}" if self.photo else ""
        return f"{self.split}/{self.kind}-{self.index:04d}-{self.visit}{of_stance}"

    @property
    def person_index(self) -> int:
        """Number of the person within the split, over all kinds."""
        return list(_KINDS).index(self.kind) * _PEOPLE_PER_KIND + self.index

    def changes(self) -> dict[str, Any]:
        """Return what is to be changed in stance and camera for a picture of this kind."""
        rng = np.random.default_rng([SPLIT_SEEDS[self.split], self.person_index, 99])
        turn = float(rng.choice([-1, 1]))
        drawn = {
            name: float(rng.uniform(*given)) if isinstance(given, tuple) else given
            for name, given in _CHANGES.get(self.kind, {}).items()
        }
        if self.kind == "oblique":
            drawn["yaw_deg"] *= turn
        return drawn


# What stance and camera are changed to: a number, or between two.
_CHANGES: Final[dict[str, dict[str, float | tuple[float, float]]]] = {
    "front": {"yaw_deg": (-105, -75)},
    "back": {"yaw_deg": (75, 105)},
    "oblique": {"yaw_deg": (27, 62)},
    "seated": {
        "thigh_deg": (78, 95),
        "knee_deg": (75, 100),
        "pelvis_deg": (-15, 5),
        "leg_deg": 0.0,
        "fill": 0.7,
    },
    "squatting": {
        "thigh_deg": (15, 45),
        "knee_deg": (80, 120),
        "pelvis_deg": (10, 35),
        "lumbar_deg": 0.0,
        "leg_deg": 0.0,
        "fill": 0.7,
    },
    "bending": {
        "pelvis_deg": (40, 75),
        "lumbar_deg": (-30, 0),
        "thoracic_deg": (5, 25),
        "fill": 0.7,
    },
    "several": {"width_px": 720, "fill": (0.68, 0.8)},
    "taped": {"width_px": 1440, "height_px": 2160},
    "untaped": {"width_px": 1440, "height_px": 2160},
}
# In this order: people are numbered by it.
_KINDS: Final[tuple[Kind, ...]] = ("standing", "outline", *EXPECTED, "taped", "untaped", "series")
# How many photos of one stance; of other kinds there is one.
_PHOTOS: Final[dict[Kind, int]] = {"series": 3}
_PEOPLE_PER_KIND: Final = 100_000

#: Who tells how well stickers are found, with stickers and without, of the test split.
TAPE: Final[dict[str, range]] = {
    "taped": range(210, 430),
    "untaped": range(40, 100),
    "standing": range(60, 160),
}
#: On whom it is chosen what counts as a sticker. The first of the test split told how well an
#: earlier search did, and have been seen since.
CHOSEN_ON: Final[dict[str, dict[str, range]]] = {
    "calibrate": {"taped": range(96), "untaped": range(24), "standing": range(60)},
    "test": {"taped": range(210), "untaped": range(40), "standing": range(60)},
}

# (kind, people, visits) of each split. Outlines have no picture: they are what the estimator
# learns shapes from.
_PLAN: Final[dict[str, tuple[tuple[Kind, range, int], ...]]] = {
    "fit": (
        ("outline", range(6000), 1),
        ("outline", range(2000), 2),
        ("standing", range(320), 1),
        *((kind, range(4), 1) for kind in EXPECTED),
        ("taped", range(800), 1),
        ("untaped", range(120), 1),
    ),
    "calibrate": (
        ("standing", range(500), 1),
        ("standing", range(120), 2),
        *((kind, range(8), 1) for kind in EXPECTED),
        ("taped", range(96), 1),
        ("untaped", range(24), 1),
        ("series", range(60), 2),
    ),
    "test": (
        ("standing", range(480), 1),
        ("standing", range(120), 2),
        *((kind, range(30), 1) for kind in EXPECTED),
        ("taped", range(430), 1),
        ("untaped", range(100), 1),
        ("series", range(60), 2),
    ),
}


def plan(split: str) -> list[Shot]:
    """Return every picture of a split, each once."""
    shots = {
        Shot(split, kind, index, visit, photo): None
        for kind, people, visits in _PLAN[split]
        for index in people
        for visit in range(visits)
        for photo in range(_PHOTOS.get(kind, 1))
    }
    return list(shots)
