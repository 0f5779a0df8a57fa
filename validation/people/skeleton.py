"""Moves a skeleton into a stance: pelvis, a spine of 24 joints, legs and arms.

The pelvis turns about the hips; the lumbar spine extends until C7 stands over the ankles as the
stance asks; the neck levels the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.spatial.transform import Rotation

from validation.people.bodymodel import MIDLINE, ON_MIDLINE, STANDARD_M, Rest
from validation.people.parts import Array, IntArray
from validation.recipes import Stance

_LUMBAR, _THORACIC, _CERVICAL = 5, 12, 7
#: Each side's name, the mark that ends its bones' names, and the sign of its x.
SIDES: Final = (("left", "L", 1.0), ("right", "R", -1.0))
#: Which of the spine's moves is that of the chest, on which the arms hang.
THORAX: Final = _LUMBAR + _THORACIC - 1

# Where vertebral joints lie under the skin, by height as a share of stature.
_DEPTH_AT: Final = (0.55, 0.60, 0.68, 0.80, 0.86, 0.92)
_DEPTH_M: Final = (0.055, 0.066, 0.060, 0.050, 0.050, 0.050)


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """A rotation and a translation."""

    rotation: Array
    translation: Array

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
class Spine:
    """A spine at rest.

    Attributes
    ----------
    joints : ndarray, shape (25, 3)
        From L5/S1 up to the skull.
    hip : ndarray, shape (3,)
        What the pelvis turns about.
    leg_m : float
        Height of the hip over the ankles.
    """

    joints: Array
    hip: Array
    leg_m: float

    @classmethod
    def of(cls, shape: Rest) -> Spine:
        """Return the spine of a body at rest."""
        vertices, heads = shape.vertices, shape.heads
        scale = shape.stature_m / STANDARD_M
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
        leg = shape.hip[2] - (heads["foot.L"][2] + heads["foot.R"][2]) / 2
        return cls(joints, shape.hip, float(leg))

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


def limbs(shape: Rest, stance: Stance, thorax: Move) -> dict[str, Move]:
    """Return the moves of the bones of legs and arms, by name; the arms hang on the thorax."""
    moves: dict[str, Move] = {}
    for _, mark, sign in SIDES:
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
