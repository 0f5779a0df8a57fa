"""Dresses a body: a garment is its skin moved outward, hung by `drape` and cut at its edges."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from validation.people.body import Body
from validation.people.bodymodel import SKIN
from validation.people.drape import ANGLES, Tube, sections
from validation.people.garments import Chart, Garment, chart_of, lower_of, uppers_of, waist_of
from validation.people.parts import Array, IntArray, Look, Part, Rgb, Rng
from validation.people.surface import Mask, cut, net, normals, smoothed
from validation.recipes import Wear

_LEAST_M: Final = 0.0018  # cloth keeps this far off what it covers
_MARGIN_M: Final = 0.05  # beyond a garment's edge, what smoothing needs
_FIRM: Final = 0.1  # below this ease nothing hangs

# How cloth hangs, by ease: how much it draws in per metre it falls, how much of its way out it
# goes, and where that levels out.
_EASES: Final = (_FIRM, 0.3, 0.6, 1.0)
_FALL: Final = (0.9, 0.2, 0.1, 0.02)
_SHARE: Final = (0.0, 0.6, 0.9, 1.0)
_MOST_M: Final = (0.008, 0.016, 0.04, 0.075)
_LEGS_MOST_M: Final = 0.1

# Parts of the body: belonging less than this is to the trunk; heights in statures.
_ARM: Final = 0.35
_HEAD: Final = 0.5
_ARMPIT: Final = 0.735
_CROTCH: Final = 0.057  # below the hips' centres
_ON_MIDDLE_M: Final = 1e-6  # the middle belongs to both legs


def dress(body: Body, wear: Wear) -> list[Part]:
    """Return the garments of a person, the inner ones first.

    Parameters
    ----------
    body : Body
        The posed body.
    wear : Wear
        What to put on; its seed draws colours, the height of the waist and the folds.

    Returns
    -------
    list of Part
        Closed over the skin, each outside of what it covers.
    """
    rng = np.random.default_rng(wear.seed)
    chart = chart_of(body)
    top = waist_of(chart, wear, rng)
    lower, uppers = lower_of(chart, wear, top, rng), uppers_of(chart, wear, top, rng)
    garments = [*uppers, lower] if wear.tucked else [lower, *uppers]
    surface = body.vertices[:SKIN]
    parts = []
    for garment in garments:
        cloth = _put_on(garment, surface, chart, rng)
        keep = smoothed(garment.keep, 2)
        parts.append(Part(garment.name, *cut(cloth, net().triangles, keep), _look(rng)))
        under = garment.keep > 0
        if garment.waist is not None:
            under &= garment.waist < 0
        surface = np.where(under[:, None], cloth, surface)
    return parts


def _put_on(garment: Garment, surface: Array, chart: Chart, rng: Rng) -> Array:
    """Return every vertex of the skin's net moved onto a garment worn over a surface."""
    ease = garment.ease
    out = normals(surface)
    away = (0.0024 + 0.006 * ease) * np.ones(SKIN)
    if garment.legs:
        away += _band(garment, rng)
    else:
        away += ease * 0.014 * np.clip(chart.down_arm, 0, 1)
    cloth = surface + away[:, None] * out
    if ease > _FIRM:
        hang = _hang_legs if garment.legs else _hang_shirt
        cloth = hang(garment, cloth, chart, rng)
    cloth = smoothed(cloth, 2 + int(6 * ease), garment.keep > -_MARGIN_M)
    lift = ((cloth - surface) * out).sum(axis=1)
    return np.asarray(cloth + np.maximum(_LEAST_M - lift, 0)[:, None] * out)


def _band(garment: Garment, rng: Rng) -> Array:
    """Return how far flesh swells below the band of a tight garment, metres."""
    swell = rng.uniform(-0.002, 0.004)
    tight = max(swell, 0) * np.clip(1 - garment.ease / _FIRM, 0, 1)
    return np.asarray(tight * np.exp(-(((garment.keep - 0.035) / 0.018) ** 2)))


def _hang_shirt(garment: Garment, cloth: Array, chart: Chart, rng: Rng) -> Array:
    """Return a shirt's vertices where it falls from shoulder blades, chest and belly."""
    ease, height = garment.ease, cloth[:, 2]
    trunk = (chart.arm < _ARM) & (chart.head < _HEAD) & (chart.height > chart.hip - _CROTCH)
    armpit = _lowest(height[trunk & (chart.height > _ARMPIT)])
    chest = trunk & (height < armpit) & (height > armpit - 0.08)
    side = np.abs(cloth[chest, 0]).max()
    body = sections(
        np.clip(cloth, [-side, -np.inf, -np.inf], [side, np.inf, np.inf]), _edges(trunk)
    )
    fall, share, most = (float(np.interp(ease, _EASES, row)) for row in (_FALL, _SHARE, _MOST_M))
    hung = body.hung(fall * _to_sides(2.0))
    reach = body.reach + share * (hung.reach - body.reach)
    tube = Tube.around(body, reach + _folds(body.heights, armpit, ease, rng))
    held = np.clip((armpit + 0.07 - height) / 0.1, 0, 1) * np.clip(1 - 3 * chart.arm, 0, 1) * trunk
    if garment.waist is None:
        return tube.moved_out(cloth, held, most)
    held = held * _smooth_step(garment.waist / 0.02)
    blouse = np.exp(-(((garment.waist - 0.035) / 0.025) ** 2)) * ease * trunk
    moved = tube.moved_out(cloth, held, most, least=0.035 * blouse)
    moved[:, 2] -= 0.02 * blouse * held
    return moved


def _hang_legs(garment: Garment, cloth: Array, chart: Chart, rng: Rng) -> Array:
    """Return the vertices of shorts or trousers where they fall from seat and thighs."""
    ease = garment.ease
    fall, share = (float(np.interp(ease, _EASES, row)) for row in (_FALL, _SHARE))
    worn = (garment.keep > -0.02) & (chart.arm < _ARM)  # noqa: PLR2004 - metres
    seat = worn & (chart.height > chart.hip - _CROTCH)
    crotch = _lowest(cloth[seat, 2])
    hips = sections(cloth, _edges(seat))
    faded = np.clip((cloth[:, 2] - crotch) / 0.05, 0, 1)
    cloth = Tube.around(hips, hips.reach).moved_out(cloth, seat * share * faded, _LEGS_MOST_M)
    below_waist = _smooth_step(chart.below(float(chart.height[worn].max())) / 0.06)
    for sign in (1, -1):
        beside = sign * chart.rest[:, 0]
        leg = worn & (beside > -_ON_MIDDLE_M)
        body = sections(cloth, _edges(leg))
        reach = body.reach + share * (body.hung(fall * _to_sides(1.5)).reach - body.reach)
        folds = _folds(body.heights, crotch + 0.1, ease, rng)
        outer = np.where(cloth[:, 2] > crotch - 0.02, np.clip(beside / 0.03, 0, 1), 1.0)
        moved = Tube.around(body, reach + 0.5 * folds).moved_out(
            cloth, below_waist * outer * leg, _LEGS_MOST_M
        )
        gap = np.minimum(0.003, sign * cloth[:, 0])
        moved[:, 0] = sign * np.maximum(sign * moved[:, 0], gap)
        cloth = np.where(leg[:, None], moved, cloth)
    return cloth


def _edges(where: Mask) -> IntArray:
    edges = net().edges
    return edges[where[edges].all(axis=1)]


def _lowest(heights: Array) -> float:
    """Return the low end of heights, but for stragglers."""
    return float(np.percentile(heights, 5))


def _to_sides(factor: float) -> Array:
    """Return 1 to front and back and ``factor`` to the sides: sleeves hold the sides back."""
    return np.asarray(1 + (factor - 1) * np.cos(ANGLES) ** 2)


def _folds(heights: Array, start_m: float, ease: float, rng: Rng) -> Array:
    """Return how far folds stand out at each height and direction, metres; more further down."""
    depth = np.clip((start_m - heights) / 0.35, 0, 1.3)[:, None]
    wave = np.zeros((len(heights), len(ANGLES)))
    for count in rng.choice(np.arange(3, 10), 4, replace=False):
        phase, lean, size = rng.uniform(0, 2 * np.pi), rng.normal(0, 4), rng.uniform(0.4, 1)
        wave += size * np.cos(count * ANGLES + phase + lean * heights[:, None])
    ripple = np.sin(
        heights[:, None] * rng.uniform(70, 130) + 2 * np.cos(ANGLES + rng.uniform(0, 6))
    )
    loose = depth * (0.014 + 0.006 * wave) * ease**1.5
    return np.asarray(loose + 0.002 * ripple * min(2 * ease, 1.0) * np.minimum(4 * depth, 1))


def _smooth_step(x: Array) -> Array:
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


_PATTERNS: Final[tuple[Literal["none", "stripes_h", "stripes_v", "checks"], ...]] = (
    *("none", "stripes_h", "stripes_v", "checks"),
)


def _look(rng: Rng) -> Look:
    """Draw a cloth: mostly plain and often dark, a quarter striped or checked."""
    rgb = _colour(rng)
    if rng.random() > 0.25:  # noqa: PLR2004
        return Look("cloth", rgb)
    patterns: list[Literal["stripes_h", "stripes_v", "checks"]] = [
        "stripes_h",
        "stripes_v",
        "checks",
    ]
    pattern = patterns[int(rng.choice(3, p=[0.5, 0.2, 0.3]))]
    return Look("cloth", rgb, _colour(rng), pattern, float(rng.uniform(0.5, 1.6)))


def _colour(rng: Rng) -> Rgb:
    shade = rng.uniform(0.75, 1.25)
    colours = {
        "black": np.array([0.015, 0.015, 0.02]),
        "navy": np.array([0.02, 0.03, 0.09]),
        "grey": np.full(3, rng.uniform(0.08, 0.4)),
        "white": np.array([0.7, 0.7, 0.69]),
        "any": rng.uniform(0.03, 0.6, 3),
        "skin": np.array([0.5, 0.3, 0.22]),
        "wall": np.array([0.6, 0.58, 0.54]),
    }
    name = rng.choice(list(colours), p=[0.2, 0.14, 0.17, 0.14, 0.26, 0.03, 0.06])
    red, green, blue = np.clip(colours[str(name)] * shade, 0.008, 0.8)
    return float(red), float(green), float(blue)
