"""The plain script that everyone writes: a photo read at full size, one person found, a mask.

    python benchmarks/plain.py MODEL PHOTO

It draws no contour and computes no angle. It differs from what everyone writes in one thing: it
keeps MediaPipe from sending usage statistics.
"""

import ctypes
import sys
from collections.abc import Callable
from typing import Any

import cv2
import mediapipe as mp
from mediapipe.tasks.python.core.base_options import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions


class OfflineOptions(BaseOptions):  # type: ignore[misc]  # MediaPipe has no types
    """Options under which the C library contacts nobody."""

    def to_ctypes(self) -> Any:  # noqa: ANN401  # a ctypes structure of the library
        """Name no environment, for which nothing is sent."""
        options = super().to_ctypes()
        options.host_environment = 0
        return options


def plain_script(model: str) -> Callable[[str], object]:
    """Return what measures a file, its model loaded."""
    base = OfflineOptions(model_asset_path=model)
    landmarker = PoseLandmarker.create_from_options(
        PoseLandmarkerOptions(base_options=base, output_segmentation_masks=True)
    )
    # Never closed, not even at the end: at closing, MediaPipe contacts its maker all the same.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(landmarker))

    def run(path: str) -> object:
        bgr = cv2.imread(path)
        assert bgr is not None
        rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        return landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))

    return run


if __name__ == "__main__":
    plain_script(sys.argv[1])(sys.argv[2])
