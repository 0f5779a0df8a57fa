"""Makes other copies of a photo: cropped as for privacy, or as files change on their way."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

#: Crops, by the height at which the photo is cut above and below.
CROPS: Final = ("headless", "trunk")
#: What happens to files; each should leave the angles as they are.
CHANGES: Final = (
    "jpeg50",
    "jpeg75",
    "jpeg95",
    "darker",
    "brighter",
    "half",
    "three_quarters",
    "larger",
    "recropped",
    "turned_back",
    "mirrored",
)


def crop(image: Image.Image, name: str, record: dict[str, Any]) -> Image.Image:
    """Cut a photo above the shoulders, for ``"trunk"`` also below the knees."""
    points = record["points"]
    head = points["c7"][1] - points["ear"][1]
    top = points["c7"][1] - 0.15 * head
    knee, ankle = points["knee"][1], points["ankle"][1]
    bottom = knee + 0.25 * (ankle - knee) if name == "trunk" else image.height
    return image.crop((0, round(top), image.width, round(bottom)))


def change(image: Image.Image, name: str) -> Image.Image:
    """Return a photo as it is after a change that should not matter."""
    return _CHANGES[name](image)


def _jpeg(quality: int) -> Callable[[Image.Image], Image.Image]:
    def saved(image: Image.Image) -> Image.Image:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality)
        return Image.open(file)

    return saved


def _scaled(by: float) -> Callable[[Image.Image], Image.Image]:
    return lambda image: image.resize(
        (round(image.width * by), round(image.height * by)), Image.Resampling.LANCZOS
    )


def _brightness(by: float) -> Callable[[Image.Image], Image.Image]:
    return lambda image: ImageEnhance.Brightness(image).enhance(by)


def _recropped(image: Image.Image) -> Image.Image:
    """Cut a little off each side, unevenly, but nothing off the person's height."""
    return image.crop((round(0.06 * image.width), 3, round(0.97 * image.width), image.height - 2))


def _turned_back(image: Image.Image) -> Image.Image:
    """Turn by one degree and back, each time drawn anew."""
    fill = tuple(int(c) for c in np.asarray(image).reshape(-1, 3).mean(axis=0))
    turned = image.rotate(1, Image.Resampling.BICUBIC, fillcolor=fill)
    return turned.rotate(-1, Image.Resampling.BICUBIC, fillcolor=fill)


_CHANGES: Final[dict[str, Callable[[Image.Image], Image.Image]]] = {
    "jpeg50": _jpeg(50),
    "jpeg75": _jpeg(75),
    "jpeg95": _jpeg(95),
    "darker": _brightness(0.7),
    "brighter": _brightness(1.3),
    "half": _scaled(0.6),
    "three_quarters": _scaled(0.75),
    "larger": _scaled(1.5),
    "recropped": _recropped,
    "turned_back": _turned_back,
    "mirrored": ImageOps.mirror,
}
