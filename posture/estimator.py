"""Holds what was fitted to people with known angles: networks, corrections, intervals. Numpy alone.

Everything is read from ``estimator.npz``, ``estimator.json`` and ``averaging.json``, which
`validation` writes together with where they come from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_FOLDER: Final = Path(__file__).parent
#: A number more than this many standard deviations from the usual is taken as that far.
FARTHEST: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Several small networks that vote: layers of weights with rectified sums between them.

    Attributes
    ----------
    names : tuple of str
        What the outputs are.
    mean, spread : ndarray, shape (k,)
        Of each input over the people it was fitted to.
    layers : tuple
        For each voter its layers, for each layer weights and offsets.
    """

    names: tuple[str, ...]
    mean: Array
    spread: Array
    layers: tuple[tuple[tuple[Array, Array], ...], ...]

    def __call__(self, numbers: Array) -> dict[str, float]:
        """Return the mean vote for each output."""
        usual = np.clip((numbers - self.mean) / self.spread, -FARTHEST, FARTHEST)
        votes = []
        for layers in self.layers:
            x = usual
            for weights, offset in layers[:-1]:
                x = np.maximum(x @ weights + offset, 0.0)
            weights, offset = layers[-1]
            votes.append(x @ weights + offset)
        return dict(zip(self.names, np.mean(votes, axis=0).tolist(), strict=True))

    def strangeness(self, numbers: Array) -> float:
        """Return how far the inputs lie from the usual ones: 1 for a usual person, 4 at most."""
        usual = np.clip((numbers - self.mean) / self.spread, -FARTHEST, FARTHEST)
        return float(np.sqrt(np.mean(usual**2)))


@dataclass(frozen=True, slots=True)
class Error:
    """What is known of the error of one quantity.

    Attributes
    ----------
    half : float
        Half the 95 % interval in the best circumstances, in the quantity's unit.
    widened_by : mapping of str to float
        For each circumstance (0 = as good as can be) the logarithm of how much 1 of it widens.
    mdc95 : float
        Smallest change between two photos of one person that is more than noise.
    """

    half: float
    widened_by: Mapping[str, float]
    mdc95: float

    def half_in(self, circumstances: Mapping[str, float]) -> float:
        """Return half the 95 % interval in some circumstances."""
        exponent = sum(by * circumstances.get(name, 0.0) for name, by in self.widened_by.items())
        return float(self.half * np.exp(exponent))


@cache
def network(name: str) -> Network:
    """Return a fitted network: ``"back"``, ``"change"``, ``"neck"`` or ``"cover"``."""
    with np.load(_FOLDER / "estimator.npz") as data:
        spec = json.loads(bytes(data["spec"]).decode())[name]
        layers = tuple(
            tuple(
                (
                    data[f"{name}/{voter}/{layer}/weights"].astype(float),
                    data[f"{name}/{voter}/{layer}/offset"].astype(float),
                )
                for layer in range(spec["layers"])
            )
            for voter in range(spec["voters"])
        )
        return Network(
            tuple(spec["names"]),
            data[f"{name}/mean"].astype(float),
            data[f"{name}/spread"].astype(float),
            layers,
        )


@cache
def error(quantity: str) -> Error:
    """Return what is known of the error of a quantity, by its name."""
    return Error(**_facts()["errors"][quantity])


def correction(quantity: str) -> float:
    """Return what is added to a quantity, for the usual error of joints or networks."""
    return float(_facts()["corrections"][quantity])


def per_degree(quantity: str) -> tuple[float, float]:
    """Return how much a value and its change follow a turn of the vertical by a degree."""
    of_value, of_change = _facts()["per_degree"].get(quantity, (0.0, 0.0))
    return float(of_value), float(of_change)


def limit(name: str) -> float:
    """Return a fitted limit, for example of ``"cloth_cm"``."""
    return float(_facts()["limits"][name])


def shared(quantity: str) -> float:
    """Return which share of a photo's noise, as variance, all photos of one stance have in common.

    What is not shared averages out. 1 where it was not measured.
    """
    return float(_facts("averaging")["shared"].get(quantity, 1.0))


@cache
def _facts(name: str = "estimator") -> Mapping[str, Any]:
    facts: Mapping[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return facts


def reread() -> None:
    """Forget what was read, since the files have changed."""
    for read in (network, error, _facts):
        read.cache_clear()
