"""Runs posture over the pictures of a split and keeps, beside each, what it found.

python -m validation.observe SPLIT FOLDER [--kind KIND] [--part 0/2]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image
from rich.progress import track

from posture import Assessment, Photo, assess, tilt
from posture.assess import find_people
from posture.landmarks import Detector, Look, default_detector
from posture.shape import describe
from posture.tilt import Vertical
from validation import sets, variants
from validation.fingerprint import fingerprint
from validation.sets import Shot
from validation.subjects import SPLIT_SEEDS

# Whose pictures are also cropped, and changed in ways that should not matter.
_CROPPED: Final = {"fit": 0, "calibrate": 80, "test": 160}
_CHANGED: Final = {"fit": 0, "calibrate": 0, "test": 60}
# As in a photo that shows no upright line: its own up, as unsure as hand-held cameras are.
_OWN_UP: Final = Vertical(lean_deg=0.0, sd_deg=2.0, found=False)


def observe(shot: Shot, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what posture finds in a picture and, for some, in its crops and changed copies."""
    target = folder / shot.name
    photo, detector = Photo.open(target.with_suffix(".jpg")), Remembering(default_detector())
    found = assess(photo, detector=detector)
    yield _observation("whole", found) | {"own_up": own_up(photo, found, detector)}
    if shot.kind != "standing":
        return
    record = json.loads(target.with_suffix(".json").read_text())
    with Image.open(target.with_suffix(".jpg")) as image:
        image.load()
    if shot.index < _CROPPED[shot.split]:
        for name in variants.CROPS:
            yield _observation(name, assess(variants.crop(image, name, record)))
    if shot.visit == 0 and shot.index < _CHANGED[shot.split]:
        for name in variants.CHANGES:
            yield _observation(name, assess(variants.change(image, name)))


def _observation(variant: str, found: Assessment) -> dict[str, Any]:
    observation: dict[str, Any] = {
        "variant": variant,
        "status": found.status,
        "codes": [reason.code for reason in found.reasons],
        "facing": found.facing,
        "measurements": {
            key: {
                "value": m.value,
                "low": m.low,
                "high": m.high,
                "mdc95": m.mdc95,
                "relative": m.relative,
                "reasons": list(m.reasons),
            }
            for key, m in found.measurements.items()
        },
        "points": {name: [point.x, point.y] for name, point in found.points.items()},
    }
    evidence = found.evidence
    if evidence is not None:
        cover = evidence.cover
        observation |= {
            "numbers": evidence.shape.numbers().round(5).tolist(),
            "neck_deg": evidence.shape.neck_deg,
            "trunk_px": evidence.shape.trunk_px,
            "vertical": [evidence.vertical.lean_deg, evidence.vertical.sd_deg],
            "back_seen": evidence.back_seen,
            "vertical_found": evidence.vertical.found,
            "circumstances": dict(evidence.circumstances),
            "cover": [cover.cloth_cm, cover.arm_share, cover.hair_share],
        }
    return observation


@dataclass(frozen=True, slots=True)
class Remembering:
    """A detector that looks at each photo once."""

    detector: Detector
    known: dict[bytes, Look] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the model."""
        return self.detector.name

    def detect(self, photo: Photo) -> Look:
        """Return who was found in a photo, now or before."""
        pixels = photo.pixels.tobytes()
        if pixels not in self.known:
            look = self.detector.detect(photo)
            others = look.overlooked()
            self.known[pixels] = Look(look.people, lambda: others)
        return self.known[pixels]


def own_up(photo: Photo, found: Assessment, detector: Detector) -> dict[str, float] | None:
    """Return what would be read off the back if the photo's own up were taken for the vertical.

    Parameters
    ----------
    photo : Photo
        What was assessed.
    found : Assessment
        What came of it.
    detector : Detector
        What found the person.

    Returns
    -------
    dict of str to float, or None
        Values by key, without those that need the head; None where the back is not seen.
    """
    if found.evidence is None or found.outline is None:
        return None
    pose = find_people(photo, detector)[0]
    back, front = found.outline.back_px, found.outline.front_px
    shape = describe(back, front, pose.of_trunk(), pose.facing, _OWN_UP.lean_deg)
    if shape is None:
        return None
    measured = tilt.measure_back(shape, _OWN_UP, found.evidence.circumstances)
    return {m.quantity.key: m.value for m in measured if m.value is not None}


def main(arguments: list[str] | None = None) -> None:
    """Observe every picture of a split that this very posture has not observed yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", choices=sorted(SPLIT_SEEDS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kind", help="observe pictures of one kind alone")
    parser.add_argument("--part", default="0/1", help="observe every n-th picture: i/n")
    given = parser.parse_args(arguments)
    by = fingerprint()
    first, step = map(int, given.part.split("/"))
    unseen = ("outline", *sets.CLINIC)
    shots = [
        shot
        for shot in sets.plan(given.split)
        if shot.kind not in unseen and given.kind in (None, shot.kind)
    ]
    for shot in track(shots[first::step], f"observing {given.split}", disable=first > 0):
        target = given.folder / shot.name
        seen = target.with_suffix(".seen.json")
        if not target.with_suffix(".json").exists():
            continue
        if seen.exists() and json.loads(seen.read_text())["by"] == by:
            continue
        found = list(observe(shot, given.folder))
        whole = seen.with_suffix(".part")
        whole.write_text(json.dumps({"by": by, "variants": found}))
        whole.replace(seen)


if __name__ == "__main__":
    main()
