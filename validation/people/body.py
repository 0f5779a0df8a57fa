"""Poses a body: its skin, and where its joints and bony points are.

Skin follows the joints of the skeleton that it lies beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from validation.people.bodymodel import (
    MIDLINE,
    ON_MIDLINE,
    ON_SIDES,
    SKIN,
    STANDARD_M,
    Rest,
    Topology,
    rest,
    topology,
)
from validation.people.parts import Array, IntArray
from validation.people.skeleton import SIDES, THORAX, Move, Spine, limbs
from validation.people.surface import net
from validation.recipes import Person, Stance

# Heights above the hip's centre, and distances from the middle, at which the skin over ASIS and
# PSIS is looked up; the PSIS lies higher in women.
_ASIS_M: Final = (0.118, 0.066)
_PSIS_M: Final = (0.043, 0.090)
_PSIS_FEMALE_M: Final = 0.008


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A posed body; metres, z up, the person faces -y, the left at +x, the floor at z = 0.

    Attributes
    ----------
    vertices, rest : ndarray, shape (n, 3)
        Posed, and at rest with the floor at ``rest_floor_m``.
    faces : ndarray of int, shape (m, 4)
        As in `Topology`.
    heads : dict of str to ndarray, shape (3,)
        Where each bone begins at rest.
    head_move : tuple of ndarray
        Rotation and translation that carry the head's rest points to where they are posed.
    points : dict of str to ndarray, shape (3,)
        Joints and the skin over bony points.
    midline : ndarray, shape (k, 3)
        Skin over the spine, from the gluteal cleft to the neck.
    stature_m, rest_stature_m : float
        Height as posed and at rest.
    rest_floor_m : float
        Height of the soles at rest.
    """

    vertices: Array
    rest: Array
    faces: IntArray
    heads: dict[str, Array]
    head_move: tuple[Array, Array]
    points: dict[str, Array]
    midline: Array
    stature_m: float
    rest_stature_m: float
    rest_floor_m: float

    @property
    def hip(self) -> Array:
        """Middle between the hips' centres."""
        return np.asarray((self.points["hip_left"] + self.points["hip_right"]) / 2)


def pose(person: Person, stance: Stance) -> Body:
    """Return a person's body in a stance."""
    shape, common = rest(person), topology()
    spine = Spine.of(shape)
    spine_moves = spine.moves(stance, shape)
    moves = limbs(shape, stance, thorax=spine_moves[THORAX])
    moves["head"] = spine_moves[-1]
    vertices = _skin(shape, common, moves, spine.deform(shape.vertices, spine_moves))

    floor = np.array([0.0, -moves["foot.L"](shape.heads["foot.L"])[1] - 0.04, 0.0])
    floor[2] = -vertices[:SKIN, 2].min()
    vertices = vertices + floor
    points = {name: vertices[i] for name, i in ON_MIDLINE.items()}
    for side, mark, _ in SIDES:
        for name, (left, right) in ON_SIDES.items():
            points[f"{name}_{side}"] = vertices[left if side == "left" else right]
        for name, bone in _JOINT_BONES.items():
            points[f"{name}_{side}"] = (
                moves[f"{bone}.{mark}"](shape.heads[f"{bone}.{mark}"]) + floor
            )
    points |= _pelvic_points(shape, vertices, person.phenotype["gender"])
    head = moves["head"]
    return Body(
        vertices=vertices,
        rest=shape.vertices,
        faces=common.faces,
        heads=shape.heads,
        head_move=(head.rotation, head.translation + floor),
        points=points,
        midline=vertices[list(MIDLINE)],
        stature_m=float(vertices[:SKIN, 2].max()),
        rest_stature_m=shape.stature_m,
        rest_floor_m=shape.floor_m,
    )


_JOINT_BONES: Final = {
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
}


def _skin(shape: Rest, common: Topology, moves: dict[str, Move], trunk: Array) -> Array:
    """Blend the moves of limbs and head with the trunk by the skinning weights."""

    def move_of(bone: int) -> Move | None:
        while bone >= 0:
            name = common.bones[bone]
            if name in moves:
                return moves[name]
            if name.startswith(_TRUNK_BONES):
                return None
            bone = common.parents[bone]
        return None

    vertices = np.zeros_like(shape.vertices)
    on_trunk = np.zeros(len(vertices))
    for bone in range(len(common.bones)):
        weight = common.weights[:, bone]
        move = move_of(bone)
        if move is None:
            on_trunk += weight
            continue
        held = weight > 0
        vertices[held] += weight[held, None] * move(shape.vertices[held])
    return vertices + on_trunk[:, None] * trunk


_TRUNK_BONES: Final = ("root", "pelvis", "spine", "breast", "neck")


def _pelvic_points(shape: Rest, posed: Array, gender: float) -> dict[str, Array]:
    """Return the skin over ASIS and PSIS, looked up at rest and carried by the mesh."""
    scale = shape.stature_m / STANDARD_M
    points = {}
    for side, _, sign in SIDES:
        for name, (out, above), to_back, extra in (
            ("asis", _ASIS_M, -1.0, 0.0),
            ("psis", _PSIS_M, 1.0, _PSIS_FEMALE_M * gender),
        ):
            corner, share = _cast(
                shape.vertices, sign * out * scale, shape.hip[2] + (above + extra) * scale, to_back
            )
            points[f"{name}_{side}"] = share @ posed[corner]
    return points


def _cast(vertices: Array, x: float, z: float, to_back: float) -> tuple[IntArray, Array]:
    """Return the corners of the hindmost (or foremost) triangle at x, z, and their shares."""
    corners = _trunk_triangles()
    a, b, c = (vertices[corners[:, i]][:, [0, 2]] for i in range(3))
    area = (b[:, 1] - c[:, 1]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 1] - c[:, 1])
    area = np.where(np.abs(area) < 1e-14, 1e-14, area)  # noqa: PLR2004
    first = ((b[:, 1] - c[:, 1]) * (x - c[:, 0]) + (c[:, 0] - b[:, 0]) * (z - c[:, 1])) / area
    second = ((c[:, 1] - a[:, 1]) * (x - c[:, 0]) + (a[:, 0] - c[:, 0]) * (z - c[:, 1])) / area
    share = np.column_stack([first, second, 1 - first - second])
    depth = (share * vertices[corners][:, :, 1]).sum(axis=1)
    inside = np.flatnonzero((share >= -1e-9).all(axis=1))  # noqa: PLR2004
    if not inside.size:
        raise ValueError("no skin where a bony point is looked for")
    best = inside[np.argmax(to_back * depth[inside])]
    return corners[best], share[best]


@cache
def _trunk_triangles() -> IntArray:
    common = topology()
    corners = net().triangles
    arms = [
        i
        for i, bone in enumerate(common.bones)
        if any(part in bone for part in ("arm", "wrist", "finger", "metac", "shoulder", "clav"))
    ]
    on_arm = common.weights[:, arms].sum(axis=1)
    return np.asarray(corners[(on_arm[corners] < 0.2).all(axis=1)])  # noqa: PLR2004
