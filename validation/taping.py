"""Draws which stickers a person wears: where, how large, flat or domed, and in which colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from validation.recipes import Sticker

Rng = np.random.Generator
Rgb = tuple[float, float, float]

_COLOURS: Final[tuple[Rgb, ...]] = (
    *((0.60, 0.02, 0.02), (0.80, 0.18, 0.01), (0.80, 0.55, 0.02), (0.03, 0.38, 0.06)),
    *((0.02, 0.10, 0.50), (0.60, 0.02, 0.28), (0.30, 0.75, 0.05), (0.85, 0.12, 0.35)),
)
_WHITE: Final = np.array([0.80, 0.80, 0.78])
_SILVER: Final = (0.90, 0.92, 0.95)
_STYLES: Final = ("coloured", "white", "target", "reflector")
_STYLE_ODDS: Final = (0.55, 0.15, 0.15, 0.15)
_TARGETS: Final = ("dot", "ring", "quarters")
#: Of a target's radius: how far its dot, and between which two its ring, is black.
DOT: Final = 0.5
RING: Final = (0.375, 0.75)
_MIXED: Final = 0.2  # of those with colours, how many wear several

# Diameters that are sold, in millimetres, and how often each is used.
_FLAT_MM: Final = (8.0, 10.0, 12.0, 13.0, 15.0, 16.0, 19.0, 20.0, 25.0)
_FLAT_ODDS: Final = (0.06, 0.08, 0.12, 0.12, 0.14, 0.10, 0.18, 0.12, 0.08)
_DOME_MM: Final = (10.0, 12.0, 14.0, 15.0, 16.0, 19.0, 20.0, 25.0)
_DOME_ODDS: Final = (0.12, 0.18, 0.20, 0.16, 0.16, 0.09, 0.05, 0.04)

#: How far L1 lies on the way from T12 to L3.
L1_FROM_T12: Final = 1 / 3

_ASIS_DOMED: Final = 0.45
# A flat sticker on the PSIS is edge-on in profile: nearly all wear one that stands out.
_PSIS_DOMED: Final = 0.92
# Height over radius; on the spine, where the muscles beside it stand higher, as balls and pegs.
_PELVIC_RISE: Final = (0.7, 1.0)
_SPINOUS_RISE: Final = (1.5, 2.5)
_WITH_SPINE: Final = 0.5
_WITH_C7: Final = 0.8
_PELVIC_SD_MM: Final = 4.0
_SPINOUS_SD_MM: Final = 5.0

_GAMMA: Final = 2.2
# Between a sticker and what it is on, in stored levels of 0 to 1: less is hard to see.
_CONTRAST: Final = 0.35
_SOLD: Final = 0.7


def stickers(rng: Rng) -> tuple[Sticker, ...]:
    """Draw the stickers of one person: one look and size for all, or a few colours.

    ASIS and PSIS of the near side always; C7, T12 or L1, L3 and S1, as domes, on half the people.
    """
    style = str(rng.choice(_STYLES, p=_STYLE_ODDS))
    target = str(rng.choice(_TARGETS))
    flat_mm = float(rng.choice(_FLAT_MM, p=_FLAT_ODDS))
    dome_mm = float(rng.choice(_DOME_MM, p=_DOME_ODDS))
    rise, spinous_rise = rng.uniform(*_PELVIC_RISE), rng.uniform(*_SPINOUS_RISE)
    domed = {"asis": bool(rng.random() < _ASIS_DOMED), "psis": bool(rng.random() < _PSIS_DOMED)}
    marked = ["asis", "psis"]
    with_spine, with_c7 = rng.random() < _WITH_SPINE, rng.random() < _WITH_C7
    waist = str(rng.choice(["t12", "l1"]))
    if with_spine:
        marked += [*(["c7"] if with_c7 else []), waist, "l3", "s1"]
    colours = rng.choice(len(_COLOURS), size=len(marked))
    if rng.random() > _MIXED:
        colours[:] = colours[0]
    shade = rng.uniform(0.8, 1.15)
    worn = []
    for name, colour in zip(marked, colours, strict=True):
        pelvic = name in domed
        dome = domed.get(name, True)
        along, across = rng.normal(0, _PELVIC_SD_MM if pelvic else _SPINOUS_SD_MM, 2)
        worn.append(
            Sticker(
                name=name,
                look={"target": target, "reflector": "reflector"}.get(style, "plain"),
                rgb=_rgb(style, _COLOURS[colour], shade),
                diameter_mm=dome_mm if dome else flat_mm,
                rise=float((rise if pelvic else spinous_rise) if dome else 0.0),
                off_mm=(float(along), float(across) if pelvic else 0.0),
            )
        )
    return tuple(worn)


def any_look(rng: Rng) -> tuple[str, Rgb]:
    """Draw the look of a sticker and its linear colour: of those that are sold, or any."""
    style = str(rng.choice(_STYLES, p=_STYLE_ODDS))
    sold = _COLOURS[rng.integers(len(_COLOURS))]
    red, green, blue = (float(c) for c in rng.uniform(0, 0.8, 3))
    colour = sold if rng.random() < _SOLD else (red, green, blue)
    return style, _rgb(style, colour, float(rng.uniform(0.6, 1.15)))


def chance(rng: Rng, share: float) -> bool:
    """Draw whether something that happens in such a share of cases happens."""
    return bool(rng.random() < share)


def showing(worn: Sequence[Sticker], under: Mapping[str, Sequence[Rgb]]) -> tuple[Sticker, ...]:
    """Return stickers in colours that show: who tapes takes others than white ones on white.

    Parameters
    ----------
    worn : sequence of Sticker
        As drawn. Those of one colour get one colour; targets are left, which show anywhere.
    under : mapping of str to sequence of tuple
        Linear colours of what each is on, by its name.
    """
    behind: dict[Rgb, list[Rgb]] = {}
    for sticker in worn:
        behind.setdefault(sticker.rgb, []).extend(under[sticker.name])
    shown = {}
    for rgb, others in behind.items():
        first = int(np.argmin([_distance(rgb, colour) for colour in _COLOURS]))
        choice = [rgb, *_COLOURS[first:], *_COLOURS[:first]]
        apart = [min(_distance(colour, other) for other in others) for colour in choice]
        plain = [i for i, distance in enumerate(apart) if distance > _CONTRAST]
        shown[rgb] = choice[plain[0] if plain else int(np.argmax(apart))]
    return tuple(
        sticker
        if sticker.look in _TARGETS or shown[sticker.rgb] == sticker.rgb
        else replace(sticker, look="plain", rgb=shown[sticker.rgb])
        for sticker in worn
    )


def _distance(first: Rgb, second: Rgb) -> float:
    stored = [np.power(colour, 1 / _GAMMA) for colour in (first, second)]
    return float(np.linalg.norm(stored[0] - stored[1]))


def _rgb(style: str, colour: Rgb, shade: float) -> Rgb:
    if style == "reflector":
        return _SILVER
    base = np.array(colour) if style == "coloured" else _WHITE
    red, green, blue = np.clip(base * shade, 0.005, 0.88)
    return float(red), float(green), float(blue)
