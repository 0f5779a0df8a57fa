"""Draws exact silhouettes, and says where cloth, an arm or hair stands off the skin of the back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from validation.people.body import Body
from validation.people.bodymodel import topology
from validation.people.parts import Array, IntArray, Part
from validation.people.surface import net
from validation.pictures.camera import View

Mask = NDArray[np.uint8]

_OVERSAMPLED: Final = 2
_SUBPIXEL_BITS: Final = 4
_ARM_WEIGHT: Final = 0.5
_INSIDE: Final = 127


@dataclass(frozen=True, slots=True, eq=False)
class Silhouettes:
    """What each layer of a person covers in the photo, 0 to 255, shape (h, w) each.

    Attributes
    ----------
    whole : ndarray of uint8
        Everything.
    dressed : ndarray of uint8
        Without hair and caps.
    trunk : ndarray of uint8
        Bare skin without the arms.
    arms : ndarray of uint8
        Bare arms alone.
    """

    whole: Mask
    dressed: Mask
    trunk: Mask
    arms: Mask


@dataclass(frozen=True, slots=True)
class Cover:
    """How the true back is covered between its seat and its thoracolumbar inflection.

    Attributes
    ----------
    cloth_cm : float
        How far cloth stands off the skin where it does so most, in the lumbar region.
    arm_share, hair_share : float
        Share of the rows, 0 to 1, whose contour is an arm's, or hair's.
    """

    cloth_cm: float
    arm_share: float
    hair_share: float


def draw(body: Body, parts: list[Part], view: View) -> Silhouettes:
    """Draw a person's layers as the camera sees them."""
    weight = topology().weight_of("upperarm", "lowerarm", "wrist", "finger", "metac")
    triangles = net().triangles
    on_arm = (weight[triangles] > _ARM_WEIGHT).all(axis=1)
    size = (view.height_px * _OVERSAMPLED, view.width_px * _OVERSAMPLED)
    trunk, arms = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    corners = _pixels(body.vertices, view)
    _fill(trunk, corners, triangles[~on_arm])
    _fill(arms, corners, triangles[on_arm])
    dressed = np.maximum(trunk, arms)
    hair = [part for part in parts if part.look.kind == "hair" or part.name == "cap"]
    for part in parts:
        if part not in hair and part.name not in ("skin", "eyes"):
            _fill(dressed, _pixels(part.vertices, view), part.faces)
    whole = dressed.copy()
    for part in hair:
        _fill(whole, _pixels(part.vertices, view), part.faces)

    def reduced(mask: Mask) -> Mask:
        small = cv2.resize(mask, (view.width_px, view.height_px), interpolation=cv2.INTER_AREA)
        return np.asarray(small, dtype=np.uint8)

    return Silhouettes(reduced(whole), reduced(dressed), reduced(trunk), reduced(arms))


def cover(shown: Silhouettes, body: Body, view: View, facing: str) -> Cover:
    """Say how far what is seen lies from the skin of the back."""
    points = [body.points["s1"], body.points["t12"], body.points["c7"]]
    (_, seat), (_, chest), (_, neck) = view.project(np.array(points))
    cm_per_px = 100 * body.stature_m / abs(np.diff(_height(body, view))[0])
    top, bottom = int(chest + 0.35 * (neck - chest)), int(seat + 0.04 / (cm_per_px / 100))
    rows = slice(max(top, 0), min(bottom, shown.trunk.shape[0]))
    skin, arm, dressed, whole = (
        _hindmost(mask[rows], facing)
        for mask in (shown.trunk, shown.arms, shown.dressed, shown.whole)
    )
    by_arm = arm > skin + 0.3 / cm_per_px
    near_arm = np.convolve(by_arm, np.ones(9), "same") > 0
    by_hair = whole > dressed + 0.5 / cm_per_px
    lumbar = np.arange(len(skin)) > 0.25 * len(skin)
    clear = lumbar & ~near_arm & np.isfinite(skin)
    gap = np.where(clear, dressed - skin, 0.0) * cm_per_px
    return Cover(
        cloth_cm=float(np.percentile(gap[lumbar], 90)) if lumbar.any() else 0.0,
        arm_share=float(by_arm.mean()),
        hair_share=float(by_hair.mean()),
    )


def _height(body: Body, view: View) -> Array:
    middle = body.midline[0] * (0, 1, 0)
    ends = np.array([middle, middle + np.array([0, 0, body.stature_m])])
    return view.project(ends)[:, 1]


def _hindmost(mask: Mask, facing: str) -> Array:
    """Return how far back each row reaches, in pixels; -inf where it is empty."""
    flipped = mask if facing == "left" else mask[:, ::-1]
    columns = np.arange(mask.shape[1])
    return np.asarray(np.where(flipped > _INSIDE, columns, -np.inf).max(axis=1))


def _pixels(vertices: Array, view: View) -> IntArray:
    shift = 1 << _SUBPIXEL_BITS
    at = (view.project(vertices) * _OVERSAMPLED - 0.5) * shift
    return np.round(at).astype(np.int32)


def _fill(mask: Mask, corners: IntArray, triangles: IntArray) -> None:
    for triangle in corners[triangles]:
        cv2.fillConvexPoly(mask, triangle, 255, lineType=cv2.LINE_8, shift=_SUBPIXEL_BITS)
