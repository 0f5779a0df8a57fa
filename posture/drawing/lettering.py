"""Holds the letters of what is written over a photo; it writes nothing.

Pillow's own font lacks letters that German and Spanish need; this is the same one, complete.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_FILE: Final = Path(__file__).with_name("aileron.woff")


def font(size: float) -> FreeTypeFont:
    """Return the font at a size in pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(_FILE, size)
