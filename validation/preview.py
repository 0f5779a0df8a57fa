"""Measures how far a live preview's angles lie from those that count.

python -m validation.preview

It looks at the rendered standing people that come with posture; the figures go into
`posture.live.DIFFERS_DEG`.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posture import Photo, assess
from posture.landmarks import MediaPipeDetector
from posture.live import DIFFERS_DEG, Preview
from posture.model_file import PREVIEW_PATH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.assessment import Assessment

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ("samples/standing_*.jpg", "tests/people/standing-*.jpg")
_SHARE: Final = 0.95


def bound(differences: Sequence[float]) -> float:
    """Return what a further difference stays below in 19 of 20 cases (split conformal)."""
    rank = math.ceil((len(differences) + 1) * _SHARE)
    if rank > len(differences):
        raise ValueError("These are too few pictures to tell what 19 of 20 stay below.")
    return sorted(map(abs, differences))[rank - 1]


def look(pictures: Sequence[Path]) -> list[tuple[Assessment, Assessment]]:
    """Return of each picture what counts and what a preview says."""
    detector, glancer = MediaPipeDetector(), MediaPipeDetector(PREVIEW_PATH, at_once=False)
    # Another camera each time: a preview remembers where the person looked.
    return [
        (assess(photo, detector=detector), Preview(glancer).look(photo))
        for path in pictures
        for photo in (Photo.open(path),)
    ]


def main() -> int:
    """Print the figures."""
    pictures = sorted(path for pattern in PICTURES for path in ROOT.glob(pattern))
    seen = look(pictures)
    for key in DIFFERS_DEG:
        pairs = [(a.measurements.get(key), b.measurements.get(key)) for a, b in seen]
        differences = [
            b.value - a.value
            for a, b in pairs
            if a is not None and b is not None and a.value is not None and b.value is not None
        ]
        told = {
            "pictures": len(pictures),
            "measured in both": len(differences),
            "mean": round(math.fsum(differences) / len(differences), 2),
            "root mean square": round(
                math.sqrt(math.fsum(d**2 for d in differences) / len(differences)), 2
            ),
            "19 of 20 within": round(bound(differences), 2),
            "largest": round(max(map(abs, differences)), 2),
        }
        print(key, json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
