"""Opens bytes as a picture by their own signature, without warnings and for a bounded time."""

from __future__ import annotations

import io
import pkgutil
import re
import threading
import time
import warnings
from typing import TYPE_CHECKING, Final

from posture.language import mark as N_

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

#: To be translated where it is shown.
KINDS: Final = N_("JPEG, PNG, WebP, TIFF, BMP, HEIC or AVIF")

#: How the names of such files end, in small letters.
ENDINGS: Final = (
    *(".avif", ".heic", ".heif", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    *(".png", ".bmp", ".webp", ".tif", ".tiff"),
)

_DECODERS: Final = {
    rb"\xff\xd8\xff": "PIL.JpegImagePlugin:JpegImageFile",
    rb"\x89PNG\r\n\x1a\n": "PIL.PngImagePlugin:PngImageFile",
    rb"RIFF....WEBP": "PIL.WebPImagePlugin:WebPImageFile",
    rb"II[*+]\0|MM\0[*+]": "PIL.TiffImagePlugin:TiffImageFile",
    rb"BM": "PIL.BmpImagePlugin:BmpImageFile",
    # Video starts alike; a list of four-letter brands tells what follows.
    rb"....ftyp(....){0,15}avi[fs]": "PIL.AvifImagePlugin:AvifImageFile",
    rb"....ftyp(....){0,15}(hei[cxms]|hev[cxms]|mif1|msf1)": "pillow_heif.as_plugin:HeifImageFile",
}
_SECONDS_TO_READ: Final = 20.0
_JPEG_PIECE: Final = 1 << 14  # bytes; in 64 KiB, half a minute of scans can hide from the clock

_ANIMATED: Final = N_("The file is animated: its first frame was used.")
_SEVERAL: Final = {
    "TIFF": N_("The file has several pages: its first page was used."),
    "HEIF": N_("The file holds several pictures: its main one was used."),
}


class _Quiet:
    """Silences warnings while any thread is inside.

    Decoders warn of odd metadata, which is dropped anyway. `catch_warnings` is
    not safe between threads, so the first one in sets it and the last one out
    undoes it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._caught = warnings.catch_warnings()

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._caught = warnings.catch_warnings(action="ignore")
                self._caught.__enter__()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._caught.__exit__(None, None, None)


QUIET: Final = _Quiet()


class _TimedBytes(io.BytesIO):
    """Bytes that stop coming after a while.

    A few megabytes can ask for hours of work: a JPEG of a million scans, a PNG
    of a million chunks. Decoders fetch such files piece by piece.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._until = time.monotonic() + _SECONDS_TO_READ

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._until:
            raise TimeoutError
        return super().read(size)


def identify(data: bytes) -> ImageFile | None:
    """Open a picture of one of the `KINDS`, its pixels not decoded yet.

    Decoders are called by hand: `Image.open` warns by a limit that is the whole
    program's, reads HEIC only if that is registered for the whole program, and
    follows the index of an MPO file, which need not be sound.

    Returns
    -------
    ImageFile or None
        None if the bytes are of no known kind.

    Raises
    ------
    Exception
        Of any kind, from this or from reading the pixels later, if the bytes are
        damaged; TimeoutError if they take too long.
    """
    for signature, decoder in _DECODERS.items():
        if re.match(signature, data, re.DOTALL):
            image: ImageFile = pkgutil.resolve_name(decoder)(_TimedBytes(data))
            return image
    return None


def notes(image: ImageFile) -> tuple[str, ...]:
    """Say, in plain sentences, what of an identified picture is left unread."""
    if not getattr(image, "is_animated", False):
        return ()
    return (_SEVERAL.get(image.format or "", _ANIMATED),)


def load(image: ImageFile, *, long_edge: int) -> tuple[int, int]:
    """Decode an identified picture and give its full size, (width, height).

    A JPEG whose long edge allows it is decoded straight to a half, a quarter or
    an eighth, never below `long_edge`: quicker than decoding all of it.
    """
    size = image.size
    if image.format == "JPEG":
        step = max((s for s in (2, 4, 8) if max(size) >= s * long_edge), default=1)
        image.draft(None, (max(size[0] // step, 1), max(size[1] // step, 1)))
        image.decodermaxblock = _JPEG_PIECE
        image.load()
        return size
    image.load()
    return image.size
