"""Measures, on the calibrate split, what the estimator's intervals and limits have to be.

python -m validation.calibrate FOLDER

Intervals are split conformal: half the interval is what held 95 % of the errors of people that the
networks never saw, in proportion to a scale that circumstances widen.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import nnls

from posture import estimator
from posture.quantities import ON_THE_BACK, QUANTITIES
from posture.tilt import PER_DEGREE, inputs
from validation import records
from validation.fit import COVERS, FACTS
from validation.people.parts import Array
from validation.records import Record

_NORMAL_95: Final = 1.96
_COVERAGE: Final = 0.95
# Share of clear backs in tight clothes or none that each limit lets pass.
_KEPT: Final = {"cloth_cm": 0.985, "arm_share": 0.995, "hair_share": 0.995}
_CLEAR: Final = 0.02
_WIDEST: Final = 1.5  # no circumstance widens by more than e to this
_SMALLEST: Final = 0.05


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity of one photo: how far off, how sure the vertical is, and the circumstances."""

    error: float
    turned: float
    circumstances: dict[str, float]


def limits(pictures: list[Record]) -> dict[str, float]:
    """Return from where on cloth, arms and hair forbid reading the back."""
    clear = [
        record.seen["whole"]["cover"]
        for record in pictures
        if record.is_tight
        and record.cover["arm_share"] < _CLEAR
        and record.cover["hair_share"] < _CLEAR
        and "cover" in record.seen["whole"]
    ]
    covers = np.array(clear)
    return {
        name: round(float(np.quantile(covers[:, i], _KEPT[name])), 3)
        for i, name in enumerate(COVERS)
    }


def accepts(seen: dict[str, Any], bounds: dict[str, float]) -> bool:
    """Tell whether the back of an observed photo is read under some limits."""
    if "cover" not in seen or not seen["back_seen"]:
        return False
    return all(found <= bounds[name] for name, found in zip(COVERS, seen["cover"], strict=True))


def value(name: str, seen: dict[str, Any], *, raw: bool = False) -> float | None:
    """Return what is read in an observed photo, whether it was refused or not.

    With `raw`, as the networks have it, before it is corrected.
    """
    if name in {q.name for q in ON_THE_BACK}:
        offset = 0.0 if raw else estimator.correction(name)
        numbers = read_by_networks(seen)
        if name != "thoracic_curve":
            return estimator.network("back")(numbers)[name] + offset
        if not np.isfinite(seen["neck_deg"]) or seen["circumstances"]["cropped"]:
            return None
        with_neck = np.append(numbers, seen["neck_deg"] / 5)
        return estimator.network("neck")(with_neck)[name] + offset
    found = next(m for k, m in seen["measurements"].items() if k.startswith(name))
    return None if found["value"] is None else float(found["value"])


def read_by_networks(seen: dict[str, Any]) -> Array:
    """Return what the networks of back and neck read in an observed photo."""
    return inputs(np.array(seen["numbers"]), seen["vertical"][1])


def readings(name: str, pictures: list[Record], bounds: dict[str, float]) -> list[Reading]:
    """Return every accepted reading of a quantity, in whole photos and crops."""
    result = []
    for record in pictures:
        for variant in ("whole", "headless", "trunk"):
            seen = record.seen.get(variant)
            if seen is None or "numbers" not in seen:
                continue
            if name in {q.name for q in ON_THE_BACK} and not accepts(seen, bounds):
                continue
            found = value(name, seen)
            if found is not None:
                turned = seen["vertical"][1] * PER_DEGREE.get(name, 0.0)
                error = found - record.made["truth"][name]
                strange = estimator.network("back").strangeness(read_by_networks(seen))
                circumstances = {**seen["circumstances"], "strange": max(strange - 1.0, 0.0)}
                result.append(Reading(error, turned, circumstances))
    return result


def offsets(pictures: list[Record], bounds: dict[str, float]) -> dict[str, float]:
    """Return what the networks lack on average in accepted whole photos."""
    result = {}
    for quantity in ON_THE_BACK:
        gaps = []
        for record in pictures:
            seen = record.seen["whole"]
            found = value(quantity.name, seen, raw=True) if accepts(seen, bounds) else None
            if found is not None:
                gaps.append(record.made["truth"][quantity.name] - found)
        result[quantity.name] = round(float(np.mean(gaps)), 3)
    return result


def errors(name: str, pictures: list[Record], bounds: dict[str, float]) -> dict[str, Any]:
    """Return the facts of a `posture.estimator.Error`."""
    read = readings(name, pictures, bounds)
    error = np.array([r.error for r in read])
    turned = _NORMAL_95 * np.array([r.turned for r in read])
    widened_by = _widening(read) if name in {q.name for q in ON_THE_BACK} else {}
    scale = np.array([_scale(r.circumstances, widened_by) for r in read])
    own = np.sqrt(np.maximum(error**2 - turned**2, 0.0)) / scale
    level = min(np.ceil((len(own) + 1) * _COVERAGE) / len(own), 1.0)
    mdc95, slope = _of_changes(name, pictures, bounds)
    return {
        "half": round(float(np.quantile(own, level)), 3),
        "widened_by": widened_by,
        "mdc95": round(mdc95, 3),
        "change_slope": round(slope, 3),
    }


def _widening(read: list[Reading]) -> dict[str, float]:
    """Return by how much, as a logarithm, each circumstance widens errors: never narrows them."""
    names = sorted(read[0].circumstances)
    rows = np.array([[r.circumstances[name] for name in names] for r in read])
    size = np.log(np.maximum(np.abs([r.error for r in read]), _SMALLEST))
    size -= size.min()
    weights, _ = nnls(np.column_stack([np.ones(len(rows)), rows]), size)
    return {
        name: round(float(min(weight, _WIDEST)), 3)
        for name, weight in zip(names, weights[1:], strict=True)
        if weight > 0
    }


def _scale(circumstances: dict[str, float], widened_by: dict[str, float]) -> float:
    return float(np.exp(sum(by * circumstances[name] for name, by in widened_by.items())))


def _of_changes(name: str, pictures: list[Record], bounds: dict[str, float]) -> tuple[float, float]:
    """Return MDC95 and slope from people photographed twice, what the vertical adds left out.

    MDC95 is about the line through no change; slopes cannot exceed one.
    """
    found = np.array(changes(name, pictures, bounds, upright=name in PER_DEGREE))
    everyone = np.array(changes(name, pictures, bounds, upright=False))
    slope = min(float(everyone[:, 0] @ everyone[:, 1] / (everyone[:, 0] @ everyone[:, 0])), 1.0)
    noise = found[:, 1] - slope * found[:, 0]
    return float(_NORMAL_95 * np.sqrt(np.mean(noise**2))), slope


def changes(
    name: str, pictures: list[Record], bounds: dict[str, float], *, upright: bool
) -> list[tuple[float, float]]:
    """Return true and read change between the photos of each person who was photographed twice.

    With `upright`, only where the photos' rooms showed the vertical.
    """
    first = {r.person: r for r in pictures if r.visit == 0}
    result = []
    for second in (r for r in pictures if r.visit > 0):
        pair = [first.get(second.person), second]
        found = [_accepted(name, record, bounds, upright=upright) for record in pair]
        if found[0] is not None and found[1] is not None and pair[0] is not None:
            true = second.made["truth"][name] - pair[0].made["truth"][name]
            result.append((float(true), found[1] - found[0]))
    return result


def _accepted(
    name: str, record: Record | None, bounds: dict[str, float], *, upright: bool
) -> float | None:
    seen = None if record is None else record.seen.get("whole")
    if seen is None or "numbers" not in seen or (upright and not seen["vertical_found"]):
        return None
    if name in {q.name for q in ON_THE_BACK} and not accepts(seen, bounds):
        return None
    return value(name, seen)


def standing(split: str, folder: Path) -> list[Record]:
    """Return the observed pictures of standing people of a split."""
    return [record for record in records.read(split, folder, "standing") if record.seen]


def main(arguments: list[str] | None = None) -> None:
    """Calibrate, and write it beside the networks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    pictures = standing("calibrate", parser.parse_args(arguments).folder)
    facts = json.loads(FACTS.read_text("utf-8"))
    facts["limits"] = limits(pictures)
    facts["corrections"] |= offsets(pictures, facts["limits"])
    FACTS.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    estimator.reread()
    facts["errors"] = {q.name: errors(q.name, pictures, facts["limits"]) for q in QUANTITIES}
    facts["calibrated_on"] = (
        f"{len(pictures)} pictures of {len({r.person for r in pictures})} people"
    )
    FACTS.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
