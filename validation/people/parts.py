"""Says what a rendered person is made of: meshes with a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
Rgb = tuple[float, float, float]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Look:
    """What a surface looks like.

    Attributes
    ----------
    kind : {"skin", "cloth", "hair", "plain", "sticker", "reflector"}
        Which material; a reflector shines by itself, as if a flash lit it.
    rgb, rgb2 : tuple of float
        Base colour and the second colour of its pattern, linear, 0 to 1.
    pattern : {"none", "stripes_h", "stripes_v", "checks", "mottled"}
        How the two colours are laid out.
    scale : float
        Size of the pattern, 1 is usual.
    """

    kind: Literal["skin", "cloth", "hair", "plain", "sticker", "reflector"]
    rgb: Rgb
    rgb2: Rgb | None = None
    pattern: Literal["none", "stripes_h", "stripes_v", "checks", "mottled"] = "none"
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One mesh of a person: skin, a garment, hair.

    Attributes
    ----------
    name : str
        For example ``"shirt"``.
    vertices : ndarray, shape (n, 3)
        Metres; z up, the person faces -y, the floor is z = 0.
    faces : ndarray of int, shape (m, 3)
        Triangles.
    look : Look
        What it looks like.
    """

    name: str
    vertices: Array
    faces: IntArray
    look: Look
