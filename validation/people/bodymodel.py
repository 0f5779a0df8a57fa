"""Makes resting bodies with the anny model, the only module that imports it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from validation.people.parts import Array, IntArray
from validation.recipes import Person

#: The skin's vertices come first; eyes follow up to ``EYES_END``; the rest is not drawn.
SKIN: Final = 13380
EYES_END: Final = 14742

#: The stature for which lengths along a body are given.
STANDARD_M: Final = 1.7

#: Skin over the spine, from the gluteal cleft up to the neck.
MIDLINE: Final = (
    *(4223, 4215, 4205, 4387, 4195, 4188, 4181, 4060, 4148, 4045, 4030, 4016, 4002, 3988, 3974),
    *(3960, 3946, 3932, 1600, 1599, 1598, 3843, 3780, 1597, 1596, 1595, 1550, 1539, 1467, 1491),
    *(1496, 858, 857, 856, 855),
)
#: Vertices of bony points on the skin, in the middle and on the left and right.
ON_MIDLINE: Final = {"s1": 4195, "l3": 4148, "t12": 3974, "c7": 857}
ON_SIDES: Final = {
    "trochanter": (10923, 4293),
    "acromion": (8226, 1547),
    "knee_skin": (11248, 4630),
    "malleolus": (12836, 6239),
    "tragus": (12054, 5455),
}


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """A body at rest, arms away from the trunk; z up, facing -y, the left at +x, in metres.

    Attributes
    ----------
    vertices : ndarray, shape (n, 3)
        Skin first.
    heads : dict of str to ndarray, shape (3,)
        Where each bone begins.
    """

    vertices: Array
    heads: dict[str, Array]

    @property
    def hip(self) -> Array:
        """Middle between the hips' centres."""
        return np.asarray((self.heads["upperleg01.L"] + self.heads["upperleg01.R"]) / 2)

    @property
    def floor_m(self) -> float:
        """Height of the soles."""
        return float(self.vertices[:SKIN, 2].min())

    @property
    def stature_m(self) -> float:
        """Height from sole to crown."""
        return float(np.ptp(self.vertices[:SKIN, 2]))


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """What all bodies share.

    Attributes
    ----------
    faces : ndarray of int, shape (m, 4)
        Quadrilaterals of skin and eyes.
    weights : ndarray, shape (n, bones)
        How much each bone moves each vertex; rows sum to 1.
    bones : tuple of str
        Names; ``.L`` and ``.R`` end those of the sides.
    parents : tuple of int
        Index of the bone that each hangs on, negative for the root.
    """

    faces: IntArray
    weights: Array
    bones: tuple[str, ...]
    parents: tuple[int, ...]

    def weight_of(self, *beginnings: str) -> Array:
        """Return how much the bones whose names begin so move each vertex, 0 to 1."""
        chosen = [i for i, bone in enumerate(self.bones) if bone.startswith(beginnings)]
        return np.asarray(self.weights[:, chosen].sum(axis=1))


def rest(person: Person) -> Rest:
    """Return a person's body at rest."""
    import torch

    model = _model()
    phenotype = dict.fromkeys(model.phenotype_labels, 0.5) | person.phenotype
    local = {k: v for k, v in person.local.items() if k in model.local_change_labels}
    with torch.no_grad():
        made = model(phenotype_kwargs=phenotype, local_changes_kwargs=local)
    heads = made["rest_bone_heads"][0].double().numpy()
    return Rest(
        made["rest_vertices"][0].double().numpy(),
        {bone: heads[i] for i, bone in enumerate(model.bone_labels)},
    )


@cache
def topology() -> Topology:
    """Return faces, bones and weights."""
    model = _model()
    faces = model.faces.numpy()
    weights = np.zeros((len(model.vertex_bone_weights), model.bone_count))
    rows = np.arange(len(weights))[:, None]
    indices, values = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.double().numpy()
    np.add.at(weights, (rows, indices), values)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    return Topology(
        faces[(faces < EYES_END).all(axis=1)].astype(np.int64),
        weights,
        tuple(model.bone_labels),
        tuple(int(parent) for parent in model.bone_parents),
    )


@cache
def _model() -> Any:  # noqa: ANN401 - untyped library
    os.environ.setdefault("ANNY_CACHE_DIR", str(Path(__file__).parents[2] / ".cache" / "anny"))
    import anny

    return anny.Anny(rig="makehuman", topology="makehuman", local_changes="all", phenotypes="all")
