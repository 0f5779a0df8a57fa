"""Runs posture over the pictures of a split and keeps, beside each, what it found.

python -m validation.observe SPLIT FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PIL import Image
from rich.progress import track

import posture
from posture import Assessment, assess
from validation import sets, variants
from validation.sets import Shot
from validation.subjects import SPLIT_SEEDS

# Whose pictures are also cropped, and changed in ways that should not matter.
_CROPPED: Final = {"fit": 0, "calibrate": 80, "test": 160}
_CHANGED: Final = {"fit": 0, "calibrate": 0, "test": 60}


def observe(shot: Shot, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what posture finds in a picture and, for some, in its crops and changed copies."""
    target = folder / shot.name
    picture = target.with_suffix(".jpg")
    yield _observation("whole", assess(picture))
    if shot.kind != "standing" or shot.visit:
        return
    record = json.loads(target.with_suffix(".json").read_text())
    with Image.open(picture) as image:
        image.load()
    if shot.index < _CROPPED[shot.split]:
        for name in variants.CROPS:
            yield _observation(name, assess(variants.crop(image, name, record)))
    if shot.index < _CHANGED[shot.split]:
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
            "of_cover": evidence.shape.of_cover().round(5).tolist(),
            "neck_deg": evidence.shape.neck_deg,
            "trunk_px": evidence.shape.trunk_px,
            "vertical": [evidence.vertical.lean_deg, evidence.vertical.sd_deg],
            "back_seen": evidence.back_seen,
            "vertical_found": evidence.vertical.found,
            "circumstances": dict(evidence.circumstances),
            "cover": [cover.cloth_cm, cover.arm_share, cover.hair_share],
        }
    return observation


def fingerprint() -> str:
    """Return a fingerprint of everything in posture that decides what is found."""
    files = sorted(Path(posture.__file__).parent.glob("*.py"))
    files += sorted(Path(posture.__file__).parent.glob("estimator.*"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def main(arguments: list[str] | None = None) -> None:
    """Observe every picture of a split that this very posture has not observed yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", choices=sorted(SPLIT_SEEDS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", default="0/1", help="observe every n-th picture: i/n")
    given = parser.parse_args(arguments)
    by = fingerprint()
    first, step = map(int, given.part.split("/"))
    shots = [shot for shot in sets.plan(given.split) if shot.kind != "outline"]
    for shot in track(shots[first::step], f"observing {given.split}"):
        target = given.folder / shot.name
        seen = target.with_suffix(".seen.json")
        if not target.with_suffix(".json").exists():
            continue
        if seen.exists() and json.loads(seen.read_text())["by"] == by:
            continue
        found = list(observe(shot, given.folder))
        seen.write_text(json.dumps({"by": by, "variants": found}))


if __name__ == "__main__":
    main()
