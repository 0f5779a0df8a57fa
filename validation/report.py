"""Measures posture on the test split and writes docs/accuracy.md, its figures and its numbers.

python -m validation.report FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from posture.model_file import MODEL_SHA256
from posture.version import VERSION
from validation import records, sets
from validation.fingerprint import fingerprint
from validation.records import Record
from validation.study import acceptance, accuracy, baselines, figures, page, repeats
from validation.study.accuracy import Results
from validation.study.statistics import DRAWS, SEED, Estimate
from validation.study.targets import Target, targets
from validation.subjects import SPLIT_SEEDS

_HERE: Final = Path(__file__).parents[1]
_RENDERS: Final = _HERE / "requirements" / "render.txt"
_FITTED: Final = ("estimator.npz", "estimator.json")
_RENDERER: Final = ("anny", "bpy", "torch")
_READER: Final = ("mediapipe", "opencv-contrib-python", "numpy")


def measure(pictures: list[Record], learn: list[Record]) -> Results:
    """Return every number of the page.

    Parameters
    ----------
    pictures : list of Record
        The observed split.
    learn : list of Record
        Standing people whom the lesser ways are fitted to.
    """
    standing = [record for record in pictures if record.kind == "standing"]
    others = [record for record in pictures if record.kind in sets.EXPECTED]
    groups = accuracy.columns(standing)
    results = {
        "truths": accuracy.truths(standing),
        "accuracy": accuracy.accuracy(groups),
        "by_true_value": accuracy.by_true_value(standing),
        "coverage": accuracy.coverage(groups),
        "acceptance": acceptance.acceptance(standing, others),
        "changes": repeats.changes(standing),
        "repeatability": repeats.repeatability(standing),
        "vertical": repeats.vertical(standing),
        "baselines": baselines.baselines(learn, standing),
    }
    return {**results, "targets": targets(results)}


def made(split: str, folder: Path, pictures: list[Record]) -> Results:
    """Return how the numbers came about."""
    rendering = dict(
        line.split("==") for line in _RENDERS.read_text("utf-8").splitlines() if "==" in line
    )
    return {
        "split": split,
        "seeds": SPLIT_SEEDS,
        "bootstrap": {"draws": DRAWS, "seed": SEED},
        "versions": {
            "posture": VERSION,
            **{name: version(name) for name in _READER},
            **{name: rendering[name] for name in _RENDERER},
        },
        "sha256": {
            "pose model": MODEL_SHA256,
            **{
                name: hashlib.sha256((_HERE / "posture" / name).read_bytes()).hexdigest()
                for name in _FITTED
            },
        },
        "pictures": {
            name: _counts(name, folder) for name in dict.fromkeys(("fit", "calibrate", split))
        },
        "observed_by": _observers(folder, pictures),
        "written_by": fingerprint(),
        "observed": len(pictures),
        "people": len({(r.kind, r.person) for r in pictures if r.kind != "nobody"}),
    }


def _observers(folder: Path, pictures: list[Record]) -> list[str]:
    """Return the fingerprints of every posture that observed a picture: one, if all is well."""
    files = ((folder / record.name).with_suffix(".seen.json") for record in pictures)
    return sorted({json.loads(file.read_text("utf-8"))["by"] for file in files})


def _counts(split: str, folder: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for shot in sets.plan(split):
        if (folder / shot.name).with_suffix(".json").exists():
            counts[shot.kind] = counts.get(shot.kind, 0) + 1
    return counts


def plain(results: Any) -> Any:  # noqa: ANN401 - nested
    """Return results as JSON can hold them, rounded."""
    if isinstance(results, Estimate):
        return results.rounded()
    if isinstance(results, dict):
        return {str(name): plain(part) for name, part in results.items()}
    if isinstance(results, list | tuple):
        return [plain(part) for part in results]
    if isinstance(results, Target):
        return {field.name: plain(getattr(results, field.name)) for field in fields(results)}
    if isinstance(results, float | np.floating):
        return round(float(results), 3) + 0.0 if np.isfinite(results) else None
    return results.item() if isinstance(results, np.generic) else results


def main(arguments: list[str] | None = None) -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", choices=sorted(SPLIT_SEEDS), default="test")
    parser.add_argument("--out", type=Path, default=_HERE / "docs")
    given = parser.parse_args(arguments)
    kinds = ("standing", *sets.EXPECTED)
    pictures = [r for r in records.read(given.split, given.folder, *kinds) if r.seen]
    learn = [r for r in records.read("calibrate", given.folder, "standing") if r.seen]
    results = {"made": made(given.split, given.folder, pictures)} | measure(pictures, learn)
    standing = [record for record in pictures if record.kind == "standing"]
    given.out.mkdir(parents=True, exist_ok=True)
    figures.draw(standing, results, given.out / "accuracy")
    (given.out / "accuracy.json").write_text(json.dumps(plain(results), indent=1) + "\n", "utf-8")
    (given.out / "accuracy.md").write_text(page.write(results), "utf-8")


if __name__ == "__main__":
    main()
