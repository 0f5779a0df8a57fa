"""Reads what `generate` and `observe` left in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from validation import sets

#: A back of which less than this share is an arm's or hair's is clear.
CLEAR: Final = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """One picture: its truth, and what posture found in it and in copies of it.

    Attributes
    ----------
    name, kind : str
        Of the picture.
    person, visit, photo : int
        Who, which time they stood, and which photo of that stance.
    made : dict
        What `generate` wrote: truth, points, cover, subject.
    seen : dict of str to dict
        What `observe` wrote, by variant; empty if it was not observed.
    """

    name: str
    kind: str
    person: int
    visit: int
    made: dict[str, Any]
    seen: dict[str, dict[str, Any]]
    photo: int = 0

    @property
    def is_tight(self) -> bool:
        """Whether the person wears tight clothes, or a bare back."""
        return self.made["subject"]["wear"]["fit"] in ("bare", "tight")

    @property
    def is_clear(self) -> bool:
        """Whether neither arm nor hair truly covers the back."""
        return max(self.cover["arm_share"], self.cover["hair_share"]) < CLEAR

    @property
    def cover(self) -> dict[str, float]:
        """What truly covers the back, as `validation.people.silhouette.Cover`."""
        cover: dict[str, float] = self.made["cover"]
        return cover

    @property
    def mask(self) -> Path:
        """Path of its exact mask, from the folder of the pictures."""
        return Path(f"{self.name}.mask.png")


def read(split: str, folder: Path, *kinds: str) -> Iterator[Record]:
    """Yield the pictures of a split that are there, of some kinds or of all, in order."""
    for shot in sets.plan(split):
        made = (folder / shot.name).with_suffix(".json")
        if (kinds and shot.kind not in kinds) or not made.exists():
            continue
        seen = made.with_suffix(".seen.json")
        variants = json.loads(seen.read_text())["variants"] if seen.exists() else []
        yield Record(
            shot.name,
            shot.kind,
            shot.index,
            shot.visit,
            json.loads(made.read_text()),
            {variant["variant"]: variant for variant in variants},
            shot.photo,
        )
