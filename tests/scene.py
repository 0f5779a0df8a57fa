"""One scene that photos of every kind show, and what a refusal to read one has to say."""

import re
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from posture.errors import PhotoError
from posture.photo import Photo

ORIENTATION = 0x0112


def draw_scene(width: int, height: int) -> Image.Image:
    """Draw a picture that no turn and no mirroring maps onto itself."""
    across = np.linspace(40, 210, width)[None, :].repeat(height, axis=0)
    down = np.linspace(200, 60, height)[:, None].repeat(width, axis=1)
    picture = Image.fromarray(np.dstack([across, down, (across + down) / 2]).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width * 0.1, height * 0.1, width * 0.4, height * 0.3), fill=(230, 60, 40))
    draw.rectangle((width * 0.6, height * 0.5, width * 0.7, height * 0.95), fill=(20, 40, 160))
    return picture


SCENE = draw_scene(180, 240)
VALUES = np.asarray(SCENE)
GREY = np.asarray(SCENE.convert("L"))


def difference(photo: Photo, expected: np.ndarray[Any, np.dtype[np.uint8]]) -> float:
    """Return by how much pixels differ on average, 0 to 255."""
    assert photo.pixels.shape == expected.shape
    return float(np.abs(photo.pixels.astype(float) - expected).mean())


def refusal(source: Any, **options: Any) -> str:
    """Return the sentence with which a source is refused, once it is seen to be one."""
    with pytest.raises(PhotoError) as caught:
        Photo.open(source, **options)
    message = str(caught.value)
    assert fault(message) == "", message
    return message


def fault(message: str) -> str:
    """Say in which way a message is not one plain sentence, "" if it is one."""
    if message.splitlines() != [message] or not message.isprintable():
        return "not one line"
    if not message.endswith(".") or message.endswith(".."):
        return "no full stop"
    if len(message) >= 200:
        return "too long"
    if re.search(r"[/\\]|Traceback|Error|PIL|0x", message):
        return "speaks of paths or of the program"
    if not re.search(r": (give|check|copy|save|open|take|scale) |, not (as|of)", message):
        return "does not say what to do"
    return ""


def fault_of(source: Any, **options: Any) -> str:
    """Open a source and say what is wrong with its refusal, "" if nothing or if it is read."""
    try:
        Photo.open(source, **options)
    except PhotoError as error:
        return fault(str(error))
    return ""
