"""Makes a camera's JPEG of a clean render: exposure, contrast, blur, noise, compression."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from validation.recipes import Finish

_GAMMA: Final = np.float32(2.2)
_MID_GREY: Final = 0.46  # where contrast turns, as stored (sRGB)
_NOISE_GRAIN_PX: Final = 0.45  # sensor noise comes out of a camera slightly smeared


def finish(rgb: NDArray[np.uint8], finish: Finish) -> bytes:
    """Return the JPEG of a picture, the same bytes for the same arguments.

    Parameters
    ----------
    rgb : array, shape (h, w, 3)
        The render.
    finish : Finish
        ``brightness`` multiplies the light (1 = as it is), ``contrast`` the slope at mid grey
        (1 = as it is), ``blur_px`` is a Gaussian's sigma, ``noise`` the standard deviation in
        grey levels of 255.
    """
    light = np.power(rgb.astype(np.float32) / 255, _GAMMA) * np.float32(finish.brightness)
    if finish.blur_px > 0:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), finish.blur_px), dtype=np.float32)
    stored = _bend(np.power(np.clip(light, 0, 1), 1 / _GAMMA), finish.contrast)
    if finish.noise > 0:
        stored += _grain(stored.shape, finish.noise / 255, finish.seed)
    levels = np.clip(np.rint(stored * 255), 0, 255).astype(np.uint8)
    done, jpeg = cv2.imencode(
        ".jpg", levels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, finish.jpeg_quality]
    )
    if not done:
        msg = f"no JPEG of a picture of shape {rgb.shape}"
        raise ValueError(msg)
    return jpeg.tobytes()


def _bend(stored: NDArray[np.float32], contrast: float) -> NDArray[np.float32]:
    """Return the tones on an S-curve through black, mid grey and white."""
    low = _MID_GREY * np.power(stored / _MID_GREY, contrast)
    high = 1 - (1 - _MID_GREY) * np.power((1 - stored) / (1 - _MID_GREY), contrast)
    bent: NDArray[np.float32] = np.where(stored < _MID_GREY, low, high).astype(np.float32)
    return bent


def _grain(shape: tuple[int, ...], sigma: float, seed: int) -> NDArray[np.float32]:
    """Return noise, mostly of brightness and a little of colour."""
    rng = np.random.default_rng(seed)
    grey = rng.standard_normal((*shape[:2], 1), dtype=np.float32)
    colour = rng.standard_normal(shape, dtype=np.float32)
    noise = cv2.GaussianBlur(0.9 * grey + 0.45 * colour, (0, 0), _NOISE_GRAIN_PX)
    return np.asarray(noise * (sigma / noise.std()), dtype=np.float32)
