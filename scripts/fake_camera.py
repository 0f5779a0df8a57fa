"""A person before Chromium's fake camera, who tilts the pelvis when told to.

Tests, benchmarks and the docs' pictures share it.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1280, 720
WALL = 110
#: How far down the hip is in it, as a share of its height.
HIP = 0.46
FACING_LEFT = Path(__file__).parents[1] / "samples" / "standing_tank_top.jpg"

Picture = NDArray[np.uint8]


def person(tilt_deg: float = 0.0, path: Path = FACING_LEFT) -> Picture:
    """Return a photo as a landscape camera shows it, the pelvis tipped forward by some degrees.

    Around the hip the picture is turned, less and less towards trunk and legs, as a pelvis turns
    between them. It is no rendering: what is read changes by about as much, not exactly.
    """
    photo = cv2.imread(str(path))
    assert photo is not None
    width = round(photo.shape[1] * HEIGHT / photo.shape[0])
    photo = cv2.resize(photo, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    hip = (0.5 * width, HIP * HEIGHT)
    y, x = np.mgrid[:HEIGHT, :width].astype(np.float32)
    right, down = x - hip[0], y - hip[1]
    share = np.exp(-((down / (0.12 * HEIGHT)) ** 2))
    turn = -np.radians(tilt_deg) * share
    from_x = hip[0] + np.cos(turn) * right + np.sin(turn) * down
    from_y = hip[1] - np.sin(turn) * right + np.cos(turn) * down
    way = (from_x.astype(np.float32), from_y.astype(np.float32))
    turned = cv2.remap(photo, *way, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = np.full((HEIGHT, WIDTH, 3), WALL, np.uint8)
    left = (WIDTH - width) // 2
    seen[:, left : left + width] = turned
    return seen


class FakeCamera:
    """A file that Chromium reads as a camera, again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.show(np.full((HEIGHT, WIDTH, 3), WALL, np.uint8))

    @property
    def arguments(self) -> list[str]:
        """What Chromium is started with."""
        return [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={self.path}",
        ]

    def show(self, picture: Picture) -> None:
        """Show a picture from now on, shape (720, 1280, 3), BGR."""
        header = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg\nFRAME\n".encode()
        planes = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420).tobytes()
        # In place: the browser keeps the file open.
        with self.path.open("r+b" if self.path.exists() else "wb") as file:
            file.write(header + planes)
