"""Computes and writes the page on marked numbers: stickers found, and angles from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np

from posture.marking import bony, naming, spots
from validation.study.statistics import Estimate, errors, mean, share
from validation.study.tables import number

Row = dict[str, Any]

_DOCS: Final = Path(__file__).parents[2] / "docs"
_PAGE: Final = _DOCS / "marked.md"
_NUMBERS: Final = _DOCS / "marked.json"
#: What finding and naming are fitted by.
_FITTED: Final = (bony.FILE, naming.FILE, spots.FILE)
# Of fewer photos no error is told.
_FEWEST: Final = 20
_NAMES: Final = {
    "pelvic_tilt": "Pelvic tilt",
    "lumbar_curve": "Lumbar curve",
    "thoracic_curve": "Thoracic curve",
}
_GROUPS: Final[dict[str, Callable[[Row], bool]]] = {
    "all": lambda _: True,
    "the photo shows upright lines": lambda row: bool(row["vertical_found"]),
    "it shows none": lambda row: not row["vertical_found"],
}


def compute(rows: list[Row]) -> dict[str, Any]:
    """Return every number of the page."""
    taped = [row for row in rows if row["kind"] == "taped"]
    bare = [row for row in rows if row["kind"] != "taped"]
    searched = [row for row in bare if not row["refused"]]
    whole = [row for row in taped if row["pelvis_shown"]]
    off = np.array([px for row in taped for px in row["off_px"]])
    return {
        "taped": len(taped),
        "untaped": len(bare),
        "untaped_large": sum(row["kind"] == "untaped" for row in rows),
        "untaped_refused": len(bare) - len(searched),
        "spine_worn": sum(bool(row["spine_worn"]) for row in taped),
        "all_pelvis": _share(whole, lambda r: len(r["pelvis_found"]) == len(r["pelvis_shown"])),
        "or_asked": _share(
            whole,
            lambda r: set(r["pelvis_found"]) | set(r["pelvis_asked"]) == set(r["pelvis_shown"]),
        ),
        "spine": _mean((n in row["spine_found"], row) for row in taped for n in row["spine_shown"]),
        "wrong": _share(taped, lambda r: bool(r["wrong"])),
        "asked": _share(taped, lambda r: r["asked"] > 0),
        "needless": _share(taped, lambda r: r["needless"] > 0),
        "none_false": _share(searched, lambda r: not r["stickers"]),
        "off_px": float(np.median(off)) if len(off) else float("nan"),
        "in_photo": _errors(
            taped, lambda r: None if r["tilt_in_photo"] is None else (0.0, r["tilt_in_photo"])
        ),
        "angles": {
            group: {name: _angle([row for row in taped if belongs(row)], name) for name in _NAMES}
            for group, belongs in _GROUPS.items()
        },
        "by_px": {
            least: _mean(
                (found, row) for row in taped for px, found in row["pelvis_px"] if px >= least
            )
            for least in (40, 80, 160)
        },
        "by_look": {
            look: _share(
                [row for row in whole if look in row["look"]],
                lambda r: len(r["pelvis_found"]) == len(r["pelvis_shown"]),
            )
            for look in sorted({look for row in whole for look in row["look"]})
        },
    }


def _share(rows: list[Row], holds: Callable[[Row], bool]) -> Estimate:
    return share(sum(map(holds, rows)), len(rows))


def _mean(found: Iterable[tuple[bool, Row]]) -> Estimate:
    """Return the share of stickers found; those of one person are found or missed together."""
    told = [(float(hit), row["person"]) for hit, row in found]
    return mean(np.array([hit for hit, _ in told]), np.array([who for _, who in told], dtype=int))


def _angle(rows: list[Row], name: str) -> dict[str, Any]:
    read = [row for row in rows if row["read"][name] is not None and row["true"][name] is not None]
    held = [row["read"][name][1] <= row["true"][name] <= row["read"][name][2] for row in read]
    halves = [(row["read"][name][2] - row["read"][name][1]) / 2 for row in read]
    return {
        **_errors(read, lambda r: (r["true"][name], r["read"][name][0])),
        "held": share(sum(held), len(held)),
        "half": float(np.median(halves)) if halves else float("nan"),
    }


def _errors(rows: list[Row], told: Callable[[Row], tuple[float, float] | None]) -> dict[str, Any]:
    pairs = [(told(row), row["person"]) for row in rows]
    known = [(pair, person) for pair, person in pairs if pair is not None]
    true = np.array([pair[0] for pair, _ in known])
    read = np.array([pair[1] for pair, _ in known])
    made = errors(true, read, np.array([person for _, person in known], dtype=int))
    return {key: made[key] for key in ("n", "mae", "bias", "p95")}


def page(results: dict[str, Any], by: str) -> str:
    """Return the page."""
    angles, in_photo = results["angles"], results["in_photo"]
    lines = [
        "# How accurate marked points are\n",
        f"{results['taped']} rendered people with stickers of 8 to 25 mm on ASIS and PSIS of the "
        "near side, half of them also on the spine, and "
        f"{results['untaped']} without any, {results['untaped_large']} of them in pictures as "
        "large. Nothing was fitted to any of them, or chosen on them. Pictures of people with "
        "stickers have 1440 by 2160 pixels, a little more than posture keeps of a phone's photo: "
        "a sticker is 8 to 25 pixels wide. Only the trunk is rendered so finely: what lies around "
        "it has a third as many pixels to a side, as have the pictures that are not large. A "
        "sticker counts as visible if at least half of it and forty pixels show.\n",
        "| | share | n |\n| --- | --- | --- |",
        *(
            f"| {words} | {_percent(results[key])} | {results[key].n} |"
            for key, words in _FINDS.items()
        ),
        f"\nMiddles are off by {number(results['off_px'], 2)} pixels (median). By look of the "
        "sticker, all visible ones of the pelvis found: "
        + ", ".join(f"{look} {_percent(e)} of {e.n}" for look, e in results["by_look"].items())
        + ". Of single ones, found and named by how many of its pixels show: "
        + ", ".join(f"{px} and more {_percent(e)} of {e.n}" for px, e in results["by_px"].items())
        + f". Of those without stickers {results['untaped_refused']} were refused, so that none "
        "was looked for.\n",
        "## Angles\n",
        "Degrees. Pelvic tilt is compared with the line between the true stickers in space, to the "
        "horizontal of the room; the curves with those of the skin, whose stickers were put off "
        "along the spine by 5 mm (standard deviation). So the error of pelvic tilt holds that of "
        "finding the stickers, of the photo's vertical and of the camera's height, not that of "
        "the fingers that tape them, and so does its interval here; as posture is delivered, it is "
        "wider by what a sticker may lie off its bone. Curves are told as posture tells them: "
        "weighed with what the outline says, where that is read. Of "
        f"{results['spine_worn']} people with stickers on the spine they were measured in those "
        "photos where S1, L3 and T12 or L1 were found and named, and C7 for the thoracic curve.\n",
        "| photos | measure | n | mean error | 95th percentile | bias | intervals held | half |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(
            _row(group, name, made)
            for group, of in angles.items()
            for name, made in of.items()
            if made["n"]
        ),
        f"\nIn the photo itself the line between the stickers found is turned from that between "
        f"the true ones by {_estimate(in_photo['mae'])} degrees on average, "
        f"{number(in_photo['p95'])} at the 95th percentile (n {in_photo['n']}). What is left in "
        "the table is the camera: where upright lines do not show how it is turned and pitched, "
        "no sticker does. The near ASIS lies some 7 cm nearer to the camera than the PSIS; a "
        "camera half a metre above the hips and three metres away sees it almost 5 degrees "
        "lower. How high the camera stands is estimated from how near and far joints and upright "
        "lines lie, and what that leaves is in the interval. Hold the camera at the height of "
        "the hips.\n",
        f"Made by `python -m validation.tape`; code and coefficients {by[:12]}.\n",
    ]
    return "\n".join(lines)


def _row(group: str, name: str, made: dict[str, Any]) -> str:
    start = f"| {group} | {_NAMES[name]} | {made['n']} |"
    if made["n"] < _FEWEST:
        return f"{start} too few | | | | |"
    return (
        f"{start} {_estimate(made['mae'])} | {number(made['p95'])} | "
        f"{number(made['bias'].value)} | {_percent(made['held'])} | {number(made['half'])} |"
    )


_FINDS: Final = {
    "all_pelvis": "photos with all visible ASIS and PSIS stickers found and named",
    "or_asked": "the same, or the user is asked which it is",
    "spine": "visible stickers on the spine found and named",
    "none_false": "photos without stickers in which none is found",
    "wrong": "photos with stickers in which one is named wrongly, or what is none is named",
    "asked": "photos with stickers in which the user is asked about any",
    "needless": "photos with stickers in which the user is asked about something that is none of "
    "the points offered",
}


def _percent(estimate: Estimate) -> str:
    if not estimate.n:
        return "none"
    low, high = (f"{100 * end:.1f}" for end in (estimate.low, estimate.high))
    return f"{100 * estimate.value:.1f} % ({low} to {high})"


def _estimate(estimate: Estimate) -> str:
    return f"{number(estimate.value, 2)} ({number(estimate.low, 2)} to {number(estimate.high, 2)})"


def write(results: dict[str, Any], by: str) -> None:
    """Write page and numbers."""
    made = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in _FITTED}
    _PAGE.write_text(page(results, by), "utf-8")
    told = {"sha256": made, **_plain(results)}
    _NUMBERS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _plain(value: Any) -> Any:  # noqa: ANN401 - a tree of dicts and numbers
    if isinstance(value, Estimate):
        return value.rounded()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value
