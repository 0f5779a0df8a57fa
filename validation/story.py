"""Makes three photos of one person for the tests: as they stand, and tilted by 3 and by 12 degrees.

python -m validation.story

The person is the first beyond those of the test split whose clothes are tight, whose hands are
clasped and whose hair leaves the back free, so that nobody chose them by what posture says of them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Final

from validation import generate, subjects
from validation.people import body as bodies
from validation.people import clothes, hair
from validation.people.bodymodel import SKIN
from validation.pictures import camera, finish, scene
from validation.recipes import Subject

FOLDER: Final = Path(__file__).parents[1] / "tests" / "story"
#: By how many degrees the pelvis is tilted forward in each photo, more than in the first.
TILTED_DEG: Final = (0, 3, 12)

_SPLIT: Final = "test"
_BEYOND: Final = 90_000
_FIRST_DEG: Final = -5.0
_FREE: Final = ("short", "bald", "bun")


def main() -> None:
    """Write the photos, each with its truth."""
    FOLDER.mkdir(exist_ok=True)
    index, person = next(
        (index, subject)
        for index in count(_BEYOND)
        if _shows_back(subject := subjects.draw(_SPLIT, index))
    )
    for number, tilted in enumerate(TILTED_DEG):
        subject = replace(person, stance=replace(person.stance, pelvis_deg=_FIRST_DEG + tilted))
        if number:  # of another day: sway and camera differ as from photo to photo
            subject = subjects.once_more(subject, _SPLIT, index, visit=0, photo=number)
        body = bodies.pose(subject.person, subject.stance)
        middle = float(body.vertices[:SKIN, 1].mean())
        view = camera.place(subject.camera, body.stature_m, middle)
        worn = clothes.dress(body, subject.wear)
        parts = [*generate.bare(body, subject), *worn, *hair.grow(body, subject.hair)]
        pixels = scene.render(parts, view, subject.room)
        told = generate.truth_of(body, view, subject.camera.side)
        kept = {key: told[key] for key in ("truth", "facing", "stature_cm")}
        target = FOLDER / f"{tilted:02d}.jpg"
        target.write_bytes(finish.finish(pixels, subject.finish))
        target.with_suffix(".json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def _shows_back(subject: Subject) -> bool:
    is_free = subject.hair.style in _FREE and subject.stance.arms == "clasped"
    return is_free and subject.wear.fit in ("bare", "tight")


if __name__ == "__main__":
    main()
