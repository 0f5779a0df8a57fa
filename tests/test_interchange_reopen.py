"""An export reopens, with the real model: what was told gives the same numbers again."""

import json
from pathlib import Path

from posture import Corrections, DrawnLine, KnownDistance, Mark, Photo, assess
from posture.export import to_dict, to_json
from posture.marking import reopen

NAME = "standing-0010-0"
PEOPLE = Path(__file__).parent / "people"


def test_placed_points_reopen_to_the_same_numbers() -> None:
    """Points of pelvis and spine, a line, a distance and the height, whole."""
    points = json.loads((PEOPLE / f"{NAME}.json").read_text("utf-8"))["points"]
    photo = Photo.open(PEOPLE / f"{NAME}.jpg")
    told = Corrections(
        {name: Mark(*points[name], sd_px=0.5) for name in ("asis", "psis", "c7", "t12", "l3")},
        DrawnLine(20.0, 30.0, 22.0, 500.0, "vertical"),
    )
    first = assess(photo, corrections=told, stature_cm=170.0)
    assert first.pelvic_tilt.tier == "marked"
    text = to_json(first)
    again = reopen.read(text, name=photo.name)
    reopen.fit_in(again, photo.width, photo.height)
    second = assess(photo, corrections=again.corrections, stature_cm=again.stature_cm)
    assert to_json(second) == text
    scaled = Corrections(told.points, told.line, KnownDistance(40.0, 100.0, 40.0, 400.0, 100.0))
    exported = to_dict(assess(photo, corrections=scaled))
    again = reopen.read(json.dumps(exported))
    assert again.corrections.distance == scaled.distance
    assert to_dict(assess(photo, corrections=again.corrections)) == exported
