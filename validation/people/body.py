"""Poses a body with a spine of 24 joints and says where its joints and bony points then are.

The pelvis turns about the hips; the lumbar spine extends until C7 stands over the ankles as the
stance asks; the neck levels the head. Skin follows the joints it lies beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.spatial.transform import Rotation

from validation.people.bodymodel import (
    MIDLINE,
    ON_MIDLINE,
    ON_SIDES,
    SKIN,
    Rest,
    Topology,
    rest,
    topology,
)
from validation.people.parts import Array, IntArray
from validation.subjects import Person, Stance

_LUMBAR, _THORACIC, _CERVICAL = 5, 12, 7
_SIDES: Final = (("left", "L", 1.0), ("right", "R", -1.0))
_STANDARD_M: Final = 1.7  # the stature that lengths below are given for

# Where vertebral joints lie under the skin, by height as a share of stature.
_DEPTH_AT: Final = (0.55, 0.60, 0.68, 0.80, 0.86, 0.92)
_DEPTH_M: Final = (0.055, 0.066, 0.060, 0.050, 0.050, 0.050)

# Heights above the hip's centre, and distances from the middle, at which the skin over ASIS and
# PSIS is looked up; the PSIS lies higher in women.
_ASIS_M: Final = (0.118, 0.066)
_PSIS_M: Final = (0.043, 0.090)
_PSIS_FEMALE_M: Final = 0.008


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """A rotation and a translation."""

    rotation: Array
    translation: Array

    @classmethod
    def still(cls) -> Move:
        """Return the move that moves nothing."""
        return cls(np.eye(3), np.zeros(3))

    @classmethod
    def about(cls, rotation: Array, centre: Array) -> Move:
        """Return a rotation about a centre."""
        return cls(rotation, centre - rotation @ centre)

    def then(self, before: Move) -> Move:
        """Return the move that does ``before`` first and this one after."""
        return Move(
            self.rotation @ before.rotation, self.rotation @ before.translation + self.translation
        )

    def by(self, shift: Array) -> Move:
        """Return this move shifted."""
        return Move(self.rotation, self.translation + shift)

    def __call__(self, points: Array) -> Array:
        """Return points, shape (..., 3), moved."""
        return np.asarray(points @ self.rotation.T + self.translation)


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A posed body; metres, z up, the person faces -y, the left at +x, the floor at z = 0.

    Attributes
    ----------
    vertices, rest : ndarray, shape (n, 3)
        Posed, and at rest with the floor at ``rest_floor_m``.
    faces, weights, bones
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
    female : bool
        Which of the two the body is nearer to.
    """

    vertices: Array
    rest: Array
    faces: IntArray
    weights: Array
    bones: tuple[str, ...]
    heads: dict[str, Array]
    head_move: tuple[Array, Array]
    points: dict[str, Array]
    midline: Array
    stature_m: float
    rest_stature_m: float
    rest_floor_m: float
    female: bool


def pose(person: Person, stance: Stance) -> Body:
    """Return a person's body in a stance."""
    shape, common = rest(person), topology()
    spine = _Spine.of(shape)
    spine_moves = spine.moves(stance, shape)
    moves = _limbs(shape, stance, thorax=spine_moves[_LUMBAR + _THORACIC - 1])
    moves["head"] = spine_moves[-1]
    vertices = _skin(shape, common, moves, spine.deform(shape.vertices, spine_moves))

    floor = np.array([0.0, -moves["foot.L"](shape.heads["foot.L"])[1] - 0.04, 0.0])
    floor[2] = -vertices[:SKIN, 2].min()
    vertices = vertices + floor
    female = person.phenotype["gender"] > 0.5  # noqa: PLR2004 - half way
    points = {name: vertices[i] for name, i in ON_MIDLINE.items()}
    for side, mark, _ in _SIDES:
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
        weights=common.weights,
        bones=common.bones,
        heads=shape.heads,
        head_move=(head.rotation, head.translation + floor),
        points=points,
        midline=vertices[list(MIDLINE)],
        stature_m=float(vertices[:SKIN, 2].max()),
        rest_stature_m=shape.stature_m,
        rest_floor_m=shape.floor_m,
        female=female,
    )


_JOINT_BONES: Final = {
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Spine:
    """Joints from L5/S1 up to the skull at rest, shape (25, 3), and what they turn about below."""

    joints: Array
    hip: Array
    leg_m: float

    @classmethod
    def of(cls, shape: Rest) -> _Spine:
        vertices, heads = shape.vertices, shape.heads
        scale = shape.stature_m / _STANDARD_M
        back = vertices[list(MIDLINE)]
        sacrum, chest, neck = (vertices[ON_MIDLINE[n], 2] for n in ("s1", "t12", "c7"))
        heights = np.concatenate(
            [
                np.linspace(sacrum - 0.004 * scale, chest, _LUMBAR + 1)[:-1],
                np.linspace(chest, neck, _THORACIC + 1)[:-1],
                np.linspace(neck, heads["head"][2], _CERVICAL + 1),
            ]
        )
        skin = PchipInterpolator(back[:, 2], back[:, 1])(np.clip(heights, back[0, 2], back[-1, 2]))
        share = (heights - shape.floor_m) / shape.stature_m
        joints = np.zeros((len(heights), 3))
        joints[:, 1] = skin - np.interp(share, _DEPTH_AT, _DEPTH_M) * scale
        joints[:, 2] = heights
        first = _LUMBAR + _THORACIC
        joints[first:, 1] = np.linspace(
            joints[first, 1], heads["head"][1] + 0.02 * scale, _CERVICAL + 1
        )
        hip = (heads["upperleg01.L"] + heads["upperleg01.R"]) / 2
        return cls(joints, hip, float(hip[2] - (heads["foot.L"][2] + heads["foot.R"][2]) / 2))

    def moves(self, stance: Stance, shape: Rest) -> list[Move]:
        """Return the move of the pelvis and of what lies above each joint."""
        thoracic = np.radians(stance.thoracic_deg)
        if stance.lumbar_deg is None:
            lumbar = self._balanced(stance, shape, thoracic)
        else:
            lumbar = np.radians(stance.lumbar_deg)
        turned = np.radians(stance.pelvis_deg) - lumbar + thoracic
        neck = -0.75 * turned + np.radians(stance.neck_deg)
        head = -(turned + neck) + np.radians(stance.head_deg)
        return self._chain(stance, lumbar, thoracic, neck, head)

    def _balanced(self, stance: Stance, shape: Rest, thoracic: float) -> float:
        """Return the lumbar extension, in radians, that brings C7 to where the stance asks."""
        c7 = shape.vertices[ON_MIDLINE["c7"]]
        legs = self.leg_m * np.sin(np.radians(stance.leg_deg))
        low, high = -1.2, 1.6
        for _ in range(40):
            extension = (low + high) / 2
            moved = self._chain(stance, extension, thoracic, 0.0, 0.0)[_LUMBAR + _THORACIC](c7)
            if moved[1] - c7[1] - legs < -stance.balance_m:
                low = extension
            else:
                high = extension
        return extension

    def _chain(
        self, stance: Stance, lumbar: float, thoracic: float, neck: float, head: float
    ) -> list[Move]:
        flexion = np.zeros(len(self.joints))
        flexion[: _LUMBAR + 1] -= lumbar * _shares(_LUMBAR + 1, stance.lumbar_apex)
        flexion[_LUMBAR + 1 : _LUMBAR + 1 + _THORACIC] += thoracic * _shares(
            _THORACIC, stance.thoracic_apex
        )
        flexion[_LUMBAR + _THORACIC + 1 : -1] += neck / (_CERVICAL - 1)
        flexion[-1] += head
        moves = [Move.about(_forward(np.radians(stance.pelvis_deg)), self.hip)]
        for joint, angle in zip(self.joints, flexion, strict=True):
            moves.append(moves[-1].then(Move.about(_forward(angle), joint)))
        return moves

    def deform(self, vertices: Array, moves: list[Move]) -> Array:
        """Return the trunk's skin, blended between the two moves that each point lies between."""
        heights, last = self.joints[:, 2], len(moves) - 1
        z = vertices[:, 2]
        place = np.interp(z, heights, np.arange(len(heights))) + 0.5
        below = 0.5 + (z - heights[0]) / (heights[1] - heights[0])
        place = np.clip(np.where(z < heights[0], np.maximum(below, 0.0), place), 0, last)
        lower = np.floor(place).astype(int)
        upper = np.minimum(lower + 1, last)
        share = (place - lower)[:, None]
        rotation = np.stack([move.rotation for move in moves])
        translation = np.stack([move.translation for move in moves])

        def moved(which: IntArray) -> Array:
            turned = np.einsum("vij,vj->vi", rotation[which], vertices)
            return np.asarray(turned + translation[which])

        return np.asarray((1 - share) * moved(lower) + share * moved(upper))


def _shares(count: int, apex: float) -> Array:
    """Return how a curve is shared among joints, summing to 1, strongest low (-) or high (+)."""
    x = (np.arange(count) + 0.5) / count
    share = np.sin(np.pi * x) ** 0.7 * np.exp(1.2 * apex * (x - 0.5))
    return np.asarray(share / share.sum())


def _limbs(shape: Rest, stance: Stance, thorax: Move) -> dict[str, Move]:
    moves: dict[str, Move] = {}
    for _, mark, sign in _SIDES:
        moves |= _leg(shape, stance, mark, sign)
        moves |= _arm(shape, stance, mark, sign, thorax)
    return moves


def _leg(shape: Rest, stance: Stance, mark: str, sign: float) -> dict[str, Move]:
    hip, knee, ankle = (
        shape.heads[f"{bone}.{mark}"] for bone in ("upperleg01", "lowerleg01", "foot")
    )
    length = float(np.linalg.norm(ankle - hip))
    # The feet stand where stance width and inclination put them; at rest a leg slopes a little.
    across = sign * stance.stance_m / 2 - hip[0]
    back = length * np.sin(np.radians(stance.leg_deg)) + 0.35 * (ankle - hip)[1]
    down = np.sqrt(max(length**2 - across**2 - back**2, 1e-6))
    swing = _between(ankle - hip, np.array([across, back, -down]))
    bent = np.radians(stance.knee_deg)
    flexed = np.radians(stance.thigh_deg)
    thigh = Move.about(swing, hip).then(Move.about(_forward(-bent / 2 - flexed), hip))
    shank = thigh.then(Move.about(_forward(bent), knee))
    toe_out = np.radians(stance.toe_out_deg) * sign
    turn = Rotation.from_euler("z", toe_out).as_matrix()
    foot = Move(np.eye(3), shank(ankle) - ankle).then(Move.about(turn, ankle))
    return {
        f"upperleg01.{mark}": thigh,
        f"upperleg02.{mark}": thigh,
        f"lowerleg01.{mark}": shank,
        f"lowerleg02.{mark}": shank,
        f"foot.{mark}": foot,
    }


def _arm(shape: Rest, stance: Stance, mark: str, sign: float, thorax: Move) -> dict[str, Move]:
    shoulder, elbow, wrist = (
        shape.heads[f"{bone}.{mark}"] for bone in ("upperarm01", "lowerarm01", "wrist")
    )
    upper, fore = _arm_directions(stance, sign)
    upright = thorax.rotation.T
    turn = _between(elbow - shoulder, upright @ upper)
    # The shoulder girdle follows the arm by a little, so that the deltoid stays round.
    girdle = Rotation.from_rotvec(0.18 * Rotation.from_matrix(turn).as_rotvec()).as_matrix()
    collar = thorax.then(Move.about(girdle, shape.heads[f"shoulder01.{mark}"]))
    upper_arm = thorax.then(Move.about(turn, shoulder))
    upper_arm = upper_arm.by(collar(shoulder) - upper_arm(shoulder))
    forearm = thorax.then(Move.about(_between(wrist - elbow, upright @ fore), elbow))
    forearm = forearm.by(upper_arm(elbow) - forearm(elbow))
    return {
        f"clavicle.{mark}": thorax,
        f"shoulder01.{mark}": collar,
        f"upperarm01.{mark}": upper_arm,
        f"upperarm02.{mark}": upper_arm,
        **{f"{bone}.{mark}": forearm for bone in ("lowerarm01", "lowerarm02", "wrist")},
    }


def _arm_directions(stance: Stance, sign: float) -> tuple[Array, Array]:
    """Return where upper arm and forearm point: x to the left, -y forward, z up."""
    if stance.arms == "crossed":
        return (
            np.array([sign * 0.12, -0.42, -0.9]),
            np.array([-sign * 0.86, -0.42 + 0.10 * sign, 0.28 + 0.06 * sign]),
        )
    flexion, out = np.radians([stance.arm_flexion_deg, stance.arm_abduction_deg])
    upper = np.array(
        [sign * np.sin(out), -np.sin(flexion) * np.cos(out), -np.cos(flexion) * np.cos(out)]
    )
    if stance.arms == "clasped":
        return upper, np.array([-sign * 0.45, -0.5 - 0.03 * sign, -0.72])
    elbow = flexion + np.radians(stance.elbow_deg)
    return upper, np.array([0.4 * sign * np.sin(out), -np.sin(elbow), -np.cos(elbow)])


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
    scale = shape.stature_m / _STANDARD_M
    hip = (shape.heads["upperleg01.L"][2] + shape.heads["upperleg01.R"][2]) / 2
    points = {}
    for side, _, sign in _SIDES:
        for name, (out, above), to_back, extra in (
            ("asis", _ASIS_M, -1.0, 0.0),
            ("psis", _PSIS_M, 1.0, _PSIS_FEMALE_M * gender),
        ):
            corner, share = _cast(
                shape.vertices, sign * out * scale, hip + (above + extra) * scale, to_back
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
    skin = common.faces[(common.faces < SKIN).all(axis=1)]
    corners = np.vstack([skin[:, [0, 1, 2]], skin[:, [0, 2, 3]]])
    arms = [
        i
        for i, bone in enumerate(common.bones)
        if any(part in bone for part in ("arm", "wrist", "finger", "metac", "shoulder", "clav"))
    ]
    on_arm = common.weights[:, arms].sum(axis=1)
    return np.asarray(corners[(on_arm[corners] < 0.2).all(axis=1)])  # noqa: PLR2004


def _forward(angle: float) -> Array:
    """Return the rotation about the x axis that leans what points up forward, radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])


def _between(start: Array, end: Array) -> Array:
    """Return the shortest rotation from one direction to another."""
    a, b = start / np.linalg.norm(start), end / np.linalg.norm(end)
    v = np.cross(a, b)
    skew = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.asarray(np.eye(3) + skew + skew @ skew / (1 + a @ b))
