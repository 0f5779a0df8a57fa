"""Says how far each vertex of the skin belongs to a part of the body, from 0 to 1."""

from __future__ import annotations

from functools import cache
from typing import Final

from validation.people.bodymodel import SKIN, topology
from validation.people.parts import Array

FOREARM: Final = ("lowerarm", "wrist", "finger", "metacarpal")
ARM: Final = ("upperarm", *FOREARM)
HEAD: Final = (
    *("head", "jaw", "oris", "eye", "levator", "temporalis"),
    *("oculi", "special", "orbicularis", "risorius", "tongue"),
)


@cache
def belonging(bones: tuple[str, ...]) -> Array:
    """Return how much the bones whose names begin so move each vertex of the skin."""
    return topology().weight_of(*bones)[:SKIN]
