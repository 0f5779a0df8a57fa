"""Fits the networks and corrections of posture/estimator.* to the fit split.

python -m validation.fit FOLDER

The networks learn from exact outlines moved by errors that posture made in photos (see `shapes`).
What is known of their own errors comes from `calibrate`, on other people.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.progress import track
from sklearn.neural_network import MLPRegressor

from posture.landmarks import MODEL_SHA256
from posture.tilt import inputs
from validation import records, shapes
from validation.people.parts import Array
from validation.records import Record
from validation.shapes import Drawn, Slip

NETWORKS: Final = Path(__file__).parents[1] / "posture" / "estimator.npz"
FACTS: Final = NETWORKS.with_suffix(".json")

_COPIES: Final = 5  # of each outline, each with the errors of another photo
_SEED: Final = 5
# The vertical is off by one of these: as where lines show it, or where none do.
_TURNED_SD_DEG: Final = (0.4, 0.4, 0.9, 2.0, 2.0)
# Outlines that the networks of the back learn from: what covers more is refused anyway.
_MOST_ARM, _MOST_HAIR, _MOST_CLOTH_CM = 0.05, 0.05, 2.5
COVERS: Final = ("cloth_cm", "arm_share", "hair_share")
_OF_NETWORKS: Final = ("pelvic_tilt", "lumbar_curve", "thoracic_curve", "sacral_inclination")
_ON_BACK: Final = ("pelvic_tilt", "lumbar_curve", "sacral_inclination")


Found = tuple[Record, Slip, dict[str, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Numbers and true values of outlines as found: one row a copy."""

    numbers: Array
    of_cover: Array
    neck: Array
    truth: dict[str, Array]
    cover: Array


def learn(folder: Path, slips: list[Slip]) -> Sample:
    """Return every outline of the fit split, moved by the errors of its photos."""
    drawn = [
        (record, shapes.draw(record, folder))
        for record in track(list(records.read("fit", folder, "outline")), "tracing outlines")
    ]
    rng = np.random.default_rng(_SEED)
    rows: list[tuple[Array, Array, float, dict[str, float], list[float]]] = []
    for record, person in drawn:
        cover = [record.made["cover"][name] for name in COVERS]
        for _ in range(_COPIES):
            row = _moved(person, slips, rng)
            if row is not None:
                rows.append((*row, record.made["truth"], cover))
    return Sample(
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
        {name: np.array([row[3][name] for row in rows]) for name in rows[0][3]},
        np.array([row[4] for row in rows]),
    )


def _moved(
    person: Drawn, slips: list[Slip], rng: np.random.Generator
) -> tuple[Array, Array, float] | None:
    slip = slips[rng.integers(len(slips))]
    sd = float(rng.choice(_TURNED_SD_DEG))
    row = shapes.slipped(person, slip, float(rng.normal(0, sd)))
    if row is None:
        return None
    numbers, of_cover, neck = row
    return inputs(numbers, sd), of_cover, neck


def find(folder: Path) -> list[Found]:
    """Return how far off posture is in each photo of the fit split."""
    standing = list(records.read("fit", folder, "standing"))
    slips = ((r, shapes.slip(r, folder)) for r in track(standing, "finding people"))
    return [(record, *slip) for record, slip in slips if slip is not None]


def train(
    inputs: Array,
    outputs: Array,
    *,
    hidden: tuple[int, ...],
    alpha: float,
    voters: int,
    epochs: int,
) -> dict[str, Any]:
    """Return the arrays of a `posture.estimator.Network`."""
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-3
    usual = np.clip((inputs - mean) / spread, -4, 4)
    centre, scale = outputs.mean(axis=0), outputs.std(axis=0)
    layers = []
    for seed in range(voters):
        network = MLPRegressor(
            hidden_layer_sizes=hidden,
            alpha=alpha,
            max_iter=epochs,
            n_iter_no_change=epochs,
            learning_rate_init=2e-3,
            batch_size=128,
            random_state=seed,
        )
        network.n_iter_ = 0
        goal = (outputs - centre) / scale
        _fit_quietly(network, usual, goal if goal.shape[1] > 1 else goal[:, 0])
        weights = [*network.coefs_[:-1], network.coefs_[-1] * scale]
        offsets = [*network.intercepts_[:-1], network.intercepts_[-1] * scale + centre]
        layers.append(list(zip(weights, offsets, strict=True)))
    return {"mean": mean, "spread": spread, "layers": layers}


def _fit_quietly(network: MLPRegressor, inputs: Array, goal: Array) -> None:
    import warnings

    with warnings.catch_warnings():
        # It stops after a set number of epochs by design.
        warnings.simplefilter("ignore")
        network.fit(inputs, goal)


def write(networks: dict[str, tuple[tuple[str, ...], dict[str, Any]]]) -> None:
    """Write networks as float32 arrays, the same bytes for the same numbers."""
    arrays: dict[str, Array] = {}
    spec = {}
    for name, (outputs, made) in networks.items():
        voters = made["layers"]
        spec[name] = {"names": outputs, "voters": len(voters), "layers": len(voters[0])}
        arrays[f"{name}/mean"], arrays[f"{name}/spread"] = made["mean"], made["spread"]
        for voter, layers in enumerate(voters):
            for layer, (weights, offset) in enumerate(layers):
                arrays[f"{name}/{voter}/{layer}/weights"] = weights
                arrays[f"{name}/{voter}/{layer}/offset"] = offset
    with zipfile.ZipFile(NETWORKS, "w", zipfile.ZIP_DEFLATED) as file:
        for name, array in arrays.items():
            _add(file, name, np.asarray(array, dtype=np.float32))
        _add(file, "spec", np.frombuffer(json.dumps(spec).encode(), dtype=np.uint8))


def _add(file: zipfile.ZipFile, name: str, array: Any) -> None:  # noqa: ANN401 - any dtype
    content = io.BytesIO()
    np.save(content, array)
    file.writestr(zipfile.ZipInfo(f"{name}.npy", (2000, 1, 1, 0, 0, 0)), content.getvalue())


def corrections(found: list[Found]) -> dict[str, float]:
    """Return what joints read off photos lack on average, by quantity."""
    gaps: dict[str, list[float]] = {}
    for record, _, raw in found:
        for name, value in raw.items():
            gaps.setdefault(name, []).append(record.made["truth"][name] - value)
    return {name: round(float(np.median(gap)), 3) for name, gap in gaps.items()}


def fit(sample: Sample) -> dict[str, tuple[tuple[str, ...], dict[str, Any]]]:
    """Train the networks of back, neck and cover."""
    cloth, arm, hair = sample.cover.T
    plain = (arm <= _MOST_ARM) & (hair <= _MOST_HAIR) & (cloth <= _MOST_CLOTH_CM)
    goal = np.column_stack([sample.truth[name] for name in _ON_BACK])
    necked = plain & np.isfinite(sample.neck)
    numbers = np.column_stack([sample.numbers, sample.neck / 5])
    usual: dict[str, Any] = {"hidden": (64,), "alpha": 1.0, "voters": 5, "epochs": 50}
    return {
        "back": (_ON_BACK, train(sample.numbers[plain], goal[plain], **usual)),
        "neck": (
            ("thoracic_curve",),
            train(numbers[necked], sample.truth["thoracic_curve"][necked, None], **usual),
        ),
        "cover": (
            COVERS,
            train(sample.of_cover, np.minimum(sample.cover, (5.0, 1.0, 1.0)), **usual),
        ),
    }


def main(arguments: list[str] | None = None) -> None:
    """Fit, and write what was fitted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    found = find(folder)
    # Cloth that hangs free is not where the detector slips: its own shape is learned.
    slips = [slip for record, slip, _ in found if record.cover["cloth_cm"] <= _MOST_CLOTH_CM]
    write(fit(learn(folder, slips)))
    facts = json.loads(FACTS.read_text("utf-8"))
    facts["made_by"] = "make validation"
    facts["model_sha256"] = MODEL_SHA256
    facts["corrections"] = dict.fromkeys(_OF_NETWORKS, 0.0) | corrections(found)
    FACTS.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
