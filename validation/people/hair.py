"""Grows hair on a head, ties it or lets it fall, and puts a cap on."""

from __future__ import annotations

from typing import Final

import numpy as np

from validation.people.body import Body
from validation.people.bodymodel import SKIN
from validation.people.meshes import grid
from validation.people.parts import Look, Part, Rgb, Rng
from validation.people.scalp import Head, carried, hairline, head_of, shell, tie
from validation.people.surface import cut, net, normals, smoothed
from validation.people.tresses import curtain, ponytail
from validation.recipes import Hair

_STUBBLE: Final = 0.4  # share of the bald whose hair is shaved


def grow(body: Body, hair: Hair) -> list[Part]:
    """Return the hair of a person, and a cap if one is worn.

    Parameters
    ----------
    body : Body
        The posed body.
    hair : Hair
        The style; its seed draws colour, hairline and thickness.

    Returns
    -------
    list of Part
        Nothing for some who are bald.
    """
    rng = np.random.default_rng(hair.seed)
    head = head_of(body)
    look = Look("hair", _colour(rng))
    line = hairline(head, rng)
    match hair.style:
        case "bald":
            stubble = shell(body, head, line, 0.001, look, rng)
            return [stubble] if rng.random() < _STUBBLE else []
        case "cap":
            return [shell(body, head, line, 0.005, look, rng), *_cap(body, head, rng)]
        case "short":
            return [shell(body, head, line, rng.uniform(0.004, 0.025), look, rng)]
        case "bun":
            scalp = shell(body, head, line, rng.uniform(0.004, 0.009), look, rng)
            return [scalp, _bun(body, head, look, rng)]
        case "ponytail":
            scalp = shell(body, head, line, rng.uniform(0.004, 0.009), look, rng)
            return [scalp, ponytail(body, head, hair.length, look, rng)]
    scalp = shell(body, head, line, rng.uniform(0.008, 0.016), look, rng)
    return [scalp, curtain(body, head, hair.length, look, rng)]


def _cap(body: Body, head: Head, rng: Rng) -> list[Part]:
    """Return a baseball cap: its crown and its brim."""
    front, back = rng.uniform(0.50, 0.60), rng.uniform(0.02, 0.15)
    slope = (front - back) / 1.4
    edge = (head.above - (0.5 * (front + back) + slope * head.ahead)) * head.size_m
    skin = body.vertices[:SKIN]
    out = normals(smoothed(skin, 10))
    domed = smoothed(skin + (0.011 * head.scale) * out, 8, edge > -0.02)  # noqa: PLR2004 - metres
    domed += (0.003 + 0.008 * np.clip(edge / 0.06, 0, 1))[:, None] * out
    colour = Look("cloth", _dyed(rng))
    crown = Part("cap", *cut(domed, net().triangles, edge), colour)
    rest = body.rest[:SKIN]
    ring = np.abs(edge) < 0.012 * head.scale
    brow = float(rest[ring, 1].min()) - 0.012 * head.scale
    wide = float(head.across_m[ring & (head.off_ear > 0)].max()) + 0.006 * head.scale
    angle, out_to = np.meshgrid(np.linspace(-1.1, 1.1, 21), np.linspace(-0.15, 1, 8))
    reach = rng.uniform(0.05, 0.075) * head.scale
    middle = head.ear[1] - 0.1 * head.size_m
    x = wide * np.sin(angle) * (1 + 0.1 * out_to)
    y = middle - (middle - brow) * np.cos(angle) - reach * out_to * np.cos(angle) ** 0.6
    above = 0.5 * (front + back) + slope * (head.ear[1] - y) / head.size_m
    droop = 0.35 * (head.ear[1] - y - (head.ear[1] - brow)).clip(0) + 0.5 * x**2 / wide
    z = head.ear[2] + np.minimum(above, front + 0.04) * head.size_m - droop * 0.5 + 0.004
    top = np.stack([x, y, z], axis=-1)
    points = np.vstack([top.reshape(-1, 3), top.reshape(-1, 3) - [0, 0, 0.003 * head.scale]])
    faces = grid(*angle.shape)
    faces = np.vstack([faces, faces[:, ::-1] + angle.size])
    return [crown, Part("brim", carried(body, points), faces, colour)]


def _bun(body: Body, head: Head, look: Look, rng: Rng) -> Part:
    """Return a bun between occiput and crown."""
    at, out = tie(body, head, rng.uniform(0.1, 0.9))
    size = rng.uniform(0.032, 0.05) * head.scale
    lat, lon = np.meshgrid(np.linspace(0, np.pi, 13), np.linspace(0, 2 * np.pi, 21))
    ball = np.stack([np.sin(lat) * np.cos(lon), np.sin(lat) * np.sin(lon), np.cos(lat)], axis=-1)
    ball *= 1 + 0.05 * np.cos(3 * lon + 4 * lat + rng.uniform(0, 6))[..., None]
    ball = ball.reshape(-1, 3) * size
    flat = rng.uniform(0.7, 0.95)
    ball -= np.outer(ball @ out, (1 - flat) * out)
    return Part("bun", ball + at + 0.6 * flat * size * out, grid(*lat.shape), look)


def _colour(rng: Rng) -> Rgb:
    """Draw black, three browns, two blonds, grey or red."""
    colours = (
        *((0.012, 0.009, 0.007), (0.03, 0.018, 0.01), (0.07, 0.04, 0.02), (0.16, 0.1, 0.05)),
        *((0.28, 0.2, 0.11), (0.45, 0.34, 0.2), (0.3, 0.29, 0.28), (0.14, 0.04, 0.015)),
    )
    chosen = colours[int(rng.choice(8, p=[0.26, 0.22, 0.16, 0.1, 0.07, 0.04, 0.1, 0.05]))]
    shade = rng.uniform(0.8, 1.25)
    red, green, blue = (float(min(shade * part, 1.0)) for part in chosen)
    return red, green, blue


def _dyed(rng: Rng) -> Rgb:
    red, green, blue = rng.uniform(0.02, 0.5, 3) * rng.uniform(0.3, 1.2)
    return float(red), float(green), float(blue)
