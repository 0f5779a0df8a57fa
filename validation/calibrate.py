"""Measures, on the calibrate split, what the estimator's intervals and limits have to be.

python -m validation.calibrate FOLDER

Intervals are split conformal: half the interval is what held 95 % of the errors of people that the
networks never saw, in proportion to a scale that circumstances widen. Scale, limits and corrections
are chosen on the same people, a few weights each, so that intervals are a little narrow.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from posture import estimator
from posture.quantities import ON_THE_BACK, QUANTITIES
from posture.tilt import Cover, inputs, inputs_of_change, per_degree
from validation import records
from validation.fit import FACTS
from validation.lessons import COVERS, ON_BACK
from validation.people.parts import Array
from validation.records import Record

_NORMAL_95: Final = 1.96
_COVERAGE: Final = 0.95
# Share of clear backs in tight clothes or none that each limit lets pass.
_KEPT: Final = {"cloth_cm": 0.99, "arm_share": 0.995, "hair_share": 0.995}
_VARIANTS: Final = ("whole", "headless", "trunk")
_OF_JOINTS: Final = ("turned", "cropped")
# Holds back what a circumstance seems to widen, by its square, as so many readings would.
_HELD_BACK: Final = 5.0
_SMALLEST: Final = 0.05
_NONE: Final = 0.0005


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity of one photo: how far off, what an unsure vertical adds, and circumstances."""

    error: float
    turned: float
    circumstances: dict[str, float]


def circumstances(seen: dict[str, Any], bounds: dict[str, float]) -> dict[str, float]:
    """Return what widens the intervals of an observed photo, under some limits."""
    cover = Cover(*seen["cover"]).circumstances(Cover(**bounds))
    strange = estimator.network("back").strangeness(read_by_networks(seen))
    return {**seen["circumstances"], **cover, "strange": max(strange - 1.0, 0.0)}


def limits(pictures: list[Record]) -> dict[str, float]:
    """Return from where on cloth, arms and hair forbid reading the back."""
    clear = [
        record.seen["whole"]["cover"]
        for record in pictures
        if record.is_tight and record.is_clear and "cover" in record.seen["whole"]
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
        for variant in _VARIANTS:
            seen = record.seen.get(variant)
            if seen is None or "numbers" not in seen:
                continue
            if name in {q.name for q in ON_THE_BACK} and not accepts(seen, bounds):
                continue
            found = value(name, seen)
            if found is not None:
                turned = seen["vertical"][1] * per_degree(name)[0]
                error = found - record.made["truth"][name]
                result.append(Reading(error, turned, _that_count(name, seen, bounds)))
    return result


def _that_count(name: str, seen: dict[str, Any], bounds: dict[str, float]) -> dict[str, float]:
    every = circumstances(seen, bounds)
    return every if name in {q.name for q in ON_THE_BACK} else {n: every[n] for n in _OF_JOINTS}


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
    widened_by = _widening(read)
    scale = np.array([_scale(r.circumstances, widened_by) for r in read])
    own = np.sqrt(np.maximum(error**2 - turned**2, 0.0)) / scale
    level = min(np.ceil((len(own) + 1) * _COVERAGE) / len(own), 1.0)
    return {
        "half": round(float(np.quantile(own, level, method="inverted_cdf")), 3),
        "widened_by": widened_by,
        "mdc95": round(_of_changes(name, pictures, bounds), 3),
    }


def _widening(read: list[Reading]) -> dict[str, float]:
    """Return by how much, as a logarithm, each circumstance widens errors: never narrows them.

    The most likely for errors that follow a Laplace distribution of that width.
    """
    names = sorted(read[0].circumstances)
    rows = np.array([[1.0, *(r.circumstances[name] for name in names)] for r in read])
    turned = _NORMAL_95 * np.array([r.turned for r in read])
    size = np.sqrt(np.maximum(np.array([r.error for r in read]) ** 2 - turned**2, _SMALLEST**2))

    def unlikely(weights: Array) -> float:
        width = rows @ weights
        held_back = _HELD_BACK * float(weights[1:] @ weights[1:])
        return float(np.sum(width + size * np.exp(-width))) + held_back

    start = np.array([np.log(size.mean()), *np.zeros(len(names))])
    bounds = [(None, None), *((0.0, None) for _ in names)]
    weights = minimize(unlikely, start, bounds=bounds).x[1:]
    return {name: round(float(w), 3) for name, w in zip(names, weights, strict=True) if w > _NONE}


def _scale(circumstances: dict[str, float], widened_by: dict[str, float]) -> float:
    return float(np.exp(sum(by * circumstances[name] for name, by in widened_by.items())))


def _of_changes(name: str, pictures: list[Record], bounds: dict[str, float]) -> float:
    """Return MDC95 from people photographed twice, less what unsure verticals add to it."""
    found = changes(name, pictures, bounds)
    if not found:
        raise SystemExit(f"Nobody shows {name} in two photos: make and observe more pictures.")
    square = float(np.mean([(read - true) ** 2 - turned**2 for true, read, turned in found]))
    return float(_NORMAL_95 * np.sqrt(max(square, _SMALLEST**2)))


def changes(
    name: str, pictures: list[Record], bounds: dict[str, float]
) -> list[tuple[float, float, float]]:
    """Return true and read change between two photos of a person, and how unsure the verticals.

    Whole photos are compared with whole ones, and crops with crops.
    """
    first = {r.person: r for r in pictures if r.visit == 0}
    result = []
    for second in (r for r in pictures if r.visit > 0 and r.person in first):
        pair = (first[second.person], second)
        for variant in _VARIANTS:
            ends = [_relative(name, record.seen.get(variant), bounds) for record in pair]
            if ends[0] is not None and ends[1] is not None:
                true = second.made["truth"][name] - pair[0].made["truth"][name]
                sd = np.hypot(*(record.seen[variant]["vertical"][1] for record in pair))
                turned = float(sd * per_degree(name)[1])
                result.append((float(true), ends[1] - ends[0], turned))
    return result


def _relative(name: str, seen: dict[str, Any] | None, bounds: dict[str, float]) -> float | None:
    """Return what a change is the difference of; None if it is not read."""
    if seen is None or "numbers" not in seen:
        return None
    if name in {q.name for q in ON_THE_BACK} and not accepts(seen, bounds):
        return None
    if name in ON_BACK:
        return estimator.network("change")(inputs_of_change(np.array(seen["numbers"])))[name]
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
