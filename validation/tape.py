"""Runs posture over the pictures of people with stickers and writes how right marked numbers are.

python -m validation.tape FOLDER [--page]
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed
from rich.progress import track

from posture import Assessment, Corrections, Photo, assess
from posture.assess import find_people
from posture.landmarks import default_detector
from validation import records
from validation.fingerprint import fingerprint
from validation.records import Record
from validation.sets import TAPE
from validation.study import tape_page

#: A sticker of which at least so many pixels, and so much of what alone could be seen, show.
LEAST_PX: Final = 40.0
LEAST_SHARE: Final = 0.5
_MEASURED: Final = ("pelvic_tilt", "lumbar_curve", "thoracic_curve")
_TRUE: Final = {"pelvic_tilt": "marked_tilt"}
_PELVIS: Final = ("asis", "psis")
# A find is a sticker's if it lies within its radius, or this of it.
_BESIDE_PX: Final = 4.0


def observe(record: Record, folder: Path) -> dict[str, Any]:
    """Return what posture finds of a picture's stickers, and measures from them."""
    photo, detector = Photo.open((folder / record.name).with_suffix(".jpg")), default_detector()
    people = find_people(photo, detector)
    told = Corrections(placement_mm=0.0)
    exact = assess(photo, detector=detector, people=people, corrections=told, markers=True)
    usual = assess(photo, detector=detector, people=people, markers=True)
    return {
        "status": exact.status,
        "stickers": [
            {"xy": [s.x, s.y], "sd_px": s.sd_px, "names": list(s.names), "sure": s.sure}
            for s in exact.stickers
        ],
        "pelvic_tilt": _numbers(exact, "pelvic_tilt_deg"),
        **{name: _numbers(usual, f"{name}_deg") for name in _MEASURED[1:]},
        "vertical_found": exact.vertical is not None and exact.vertical.found,
    }


def _numbers(found: Assessment, key: str) -> list[float] | None:
    measured = found.measurements[key]
    if measured.tier != "marked" or measured.value is None:
        return None
    assert measured.low is not None
    assert measured.high is not None
    return [measured.value, measured.low, measured.high]


def seen(record: Record) -> dict[str, dict[str, Any]]:
    """Return a picture's stickers that show."""
    stickers: dict[str, dict[str, Any]] = record.made.get("stickers", {})
    return {
        name: sticker
        for name, sticker in stickers.items()
        if sticker["visible_px"] >= LEAST_PX and sticker["seen_share"] >= LEAST_SHARE
    }


def judge(record: Record, found: dict[str, Any]) -> dict[str, Any]:
    """Say of one picture what was found, missed and wrong, against its truth."""
    shown, made = seen(record), record.made
    every: dict[str, dict[str, Any]] = made.get("stickers", {})
    px_per_mm = made["subject"]["camera"]["fill"] * made["size"][1] / made["stature_cm"] / 10

    def is_at(one: dict[str, Any], name: str) -> bool:
        if name not in every:
            return False
        within = max(every[name]["diameter_mm"] / 2 * px_per_mm, _BESIDE_PX)
        return bool(math.dist(one["xy"], every[name]["xy"]) <= within)

    sure = {s["names"][0]: s for s in found["stickers"] if s["sure"]}
    asked = [s for s in found["stickers"] if not s["sure"]]
    wrong = [name for name, one in sure.items() if not is_at(one, name)]
    needless = [s for s in asked if not any(is_at(s, name) for name in s["names"])]
    pelvis = [name for name in _PELVIS if name in shown]
    off = [math.dist(sure[n]["xy"], every[n]["xy"]) for n in sure if n in shown and n not in wrong]
    return {
        "person": record.person,
        "pelvis_shown": pelvis,
        "pelvis_found": [n for n in pelvis if n in sure and n not in wrong],
        "pelvis_asked": [n for n in pelvis if any(n in s["names"] and is_at(s, n) for s in asked)],
        "pelvis_px": [(shown[n]["visible_px"], n in sure and n not in wrong) for n in pelvis],
        "spine_worn": [n for n in every if n not in _PELVIS],
        "spine_shown": [n for n in shown if n not in _PELVIS],
        "spine_found": [n for n in shown if n not in _PELVIS and n in sure and n not in wrong],
        "wrong": wrong,
        "asked": len(asked),
        "needless": len(needless),
        "stickers": len(found["stickers"]),
        "refused": found["status"] == "refused",
        "off_px": off,
        "tilt_in_photo": _tilt_in_photo(record, found, sure),
        "true": {name: made["truth"].get(_TRUE.get(name, name)) for name in _MEASURED},
        "read": {name: found[name] for name in _MEASURED},
        "vertical_found": found["vertical_found"],
        "look": sorted({s["look"] for s in every.values()}),
    }


def _tilt_in_photo(
    record: Record, found: dict[str, Any], sure: dict[str, dict[str, Any]]
) -> float | None:
    """Return how far the line of the stickers found is turned from that of the true ones."""
    every = record.made.get("stickers", {})
    if found["pelvic_tilt"] is None or not set(_PELVIS) <= sure.keys() & every.keys():
        return None

    def line(points: dict[str, dict[str, Any]]) -> float:
        away = np.subtract(points["asis"]["xy"], points["psis"]["xy"])
        return math.degrees(math.atan2(away[1], abs(away[0])))

    return line(sure) - line(every)


def main(arguments: list[str] | None = None) -> None:
    """Observe what this very posture has not observed yet, and write the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", action="store_true", help="write docs/marked.md")
    given = parser.parse_args(arguments)
    by = fingerprint()
    pictures = [
        record
        for record in records.read("test", given.folder, *TAPE)
        if record.visit == 0 and record.person in TAPE[record.kind]
    ]
    rows = Parallel(n_jobs=-1)(
        delayed(_row)(record, given.folder, by) for record in track(pictures, "finding stickers")
    )
    results = tape_page.compute(list(rows))
    if given.page:
        tape_page.write(results, by)
    else:
        print(tape_page.page(results, by))


def _row(record: Record, folder: Path, by: str) -> dict[str, Any]:
    kept = (folder / record.name).with_suffix(".tape.json")
    known = json.loads(kept.read_text()) if kept.exists() else {}
    if known.get("by") != by:
        known = {"by": by, "found": observe(record, folder)}
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(known))
        part.replace(kept)
    return {"kind": record.kind, **judge(record, known["found"])}


if __name__ == "__main__":
    main()
