"""Fits the networks and corrections of posture/estimator.* to the fit split.

python -m validation.fit FOLDER

The networks learn from exact outlines moved by errors that posture made in photos (see `lessons`).
What is known of their own errors comes from `calibrate`, on other people.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor

from posture import estimator
from posture.estimator import FARTHEST
from posture.model_file import MODEL_SHA256
from posture.quantities import ON_THE_BACK
from posture.shape import Shape
from posture.tilt import inputs, inputs_of_change
from validation import lessons
from validation.lessons import COVERS, MOST, ON_BACK, TURNED_SD_DEG, Found, Pair, Sample
from validation.people.parts import Array
from validation.shapes import Drawn

NETWORKS: Final = Path(__file__).parents[1] / "posture" / "estimator.npz"
FACTS: Final = NETWORKS.with_suffix(".json")

_TURNED_PEOPLE: Final = 300
_MOST_COVER: Final = (5.0, 1.0, 1.0)  # more is as bad
# How much the changes are drawn to nothing, for each pair: chosen on the calibrate split.
_SHRUNK: Final = 0.02


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
    usual = np.clip((inputs - mean) / spread, -FARTHEST, FARTHEST)
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
        warnings.simplefilter("ignore", ConvergenceWarning)
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
    single = {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}
    save(NETWORKS, single | {"spec": np.frombuffer(json.dumps(spec).encode(), dtype=np.uint8)})


def save(target: Path, arrays: dict[str, Any]) -> None:
    """Write arrays as one .npz, the same bytes for the same numbers."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, array in arrays.items():
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
    plain = (sample.cover <= MOST).all(axis=1)
    goal = np.column_stack([sample.truth[name] for name in ON_BACK])
    necked = plain & np.isfinite(sample.neck)
    read = np.array([inputs(n, sd) for n, sd in zip(sample.numbers, sample.sd, strict=True)])
    with_neck = np.column_stack([read, sample.neck / 5])
    usual: dict[str, Any] = {"hidden": (64,), "alpha": 0.1, "voters": 5, "epochs": 50}
    cover = np.minimum(sample.cover, _MOST_COVER)
    thoracic = sample.truth["thoracic_curve"][:, None]
    todo = {
        "back": (ON_BACK, read[plain], goal[plain]),
        "neck": (("thoracic_curve",), with_neck[necked], thoracic[necked]),
        "cover": (COVERS, sample.numbers, cover),
    }
    trained = Parallel(n_jobs=-1)(
        delayed(train)(given, wanted, **usual) for _, given, wanted in todo.values()
    )
    return {
        name: (outputs, made)
        for (name, (outputs, *_)), made in zip(todo.items(), trained, strict=True)
    }


def compare(pairs: list[Pair]) -> dict[str, Any]:
    """Return the arrays of a network of one linear layer whose differences are changes."""
    before, after = (
        np.array([inputs_of_change(getattr(one, end)) for one in pairs])
        for end in ("before", "after")
    )
    mean, spread = before.mean(axis=0), before.std(axis=0) + 1e-3
    usual = [np.clip((end - mean) / spread, -FARTHEST, FARTHEST) for end in (before, after)]
    line = Ridge(alpha=_SHRUNK * len(pairs), fit_intercept=False)
    line.fit(usual[1] - usual[0], np.array([one.change for one in pairs]))
    offset = np.zeros(len(ON_BACK))
    return {"mean": mean, "spread": spread, "layers": [[(line.coef_.T, offset)]]}


def turn(people: list[Drawn]) -> dict[str, list[float]]:
    """Return how much angles on the back, and their changes, follow a turn of the vertical."""
    moved = []
    for person in people[:_TURNED_PEOPLE]:
        forward = 1.0 if person.facing == "right" else -1.0
        back, forth = (person.described(turned=by * forward) for by in (-1.0, 1.0))
        if back is not None and forth is not None:
            moved.append((_read(forth) - _read(back)) / 2)
    mean = np.abs(np.mean(moved, axis=0)).round(3)
    return {name: mean[:, i].tolist() for i, name in enumerate(ON_BACK)}


def _read(shape: Shape) -> Array:
    """Return what the networks read in a shape whose vertical is not sure, and for changes."""
    numbers = shape.numbers()
    value = estimator.network("back")(inputs(numbers, max(TURNED_SD_DEG)))
    relative = estimator.network("change")(inputs_of_change(numbers))
    return np.array([[read[name] for name in ON_BACK] for read in (value, relative)])


def main(arguments: list[str] | None = None) -> None:
    """Fit, and write what was fitted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    found, drawn = lessons.find(folder), lessons.trace(folder)
    # Cloth that hangs free is not where the detector slips: its own shape is learned.
    slips = [slip for record, slip, _ in found if record.cover["cloth_cm"] <= MOST[0]]
    networks = fit(lessons.learn(drawn, slips))
    write(networks)
    estimator.reread()
    write(networks | {"change": (ON_BACK, compare(lessons.pair(drawn, slips)))})
    estimator.reread()
    facts = json.loads(FACTS.read_text("utf-8"))
    facts["per_degree"] = turn([person for record, person in drawn if lessons.is_plain(record)])
    facts["made_by"] = "make validation"
    facts["model_sha256"] = MODEL_SHA256
    facts["corrections"] = dict.fromkeys((q.name for q in ON_THE_BACK), 0.0) | corrections(found)
    FACTS.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
