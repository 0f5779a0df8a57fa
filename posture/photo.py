"""Reads files and bytes, turns them upright, bounds their size, drops metadata.

What comes out is pixels, a size and a file name without its folder: no path, no
EXIF, no colour profile. An embedded profile is not applied either: on six
pictures kept as Display P3 instead of sRGB that moved pelvic tilt by 1.7 degrees
at most, about as much as compressing a picture anew does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path, PureWindowsPath
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from posture import decoders
from posture.errors import PhotoError
from posture.language import gettext as _
from posture.language import localised

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

PhotoSource: TypeAlias = (
    str | PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | Image.Image | NDArray[Any]
)

#: Of a file, as long as nobody says otherwise; more is refused unread.
MOST_MEGABYTES: Final = 30.0
_MAX_EDGE: Final = 2048
_REDUCED_EDGE: Final = 1536  # a quick whole-number reduction leaves at least this long an edge
_STRIP: Final = 128  # rows
_BEHIND_ALPHA: Final = (128, 128, 128)  # white shirts and dark trousers both stand out on it

_ORIENTATION: Final = 0x0112  # tags of EXIF, TIFF and DNG
_SUBFILE_TYPE: Final = 0x00FE
_DNG_VERSION: Final = 0xC612
_UPRIGHT_BY: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS: Final = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """An upright photo, held at a size that is quick to work on.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (h, w, 3)
        RGB, C-contiguous and read-only; the long edge is at most 2048.
    width, height : int
        Size of the upright photo itself, in its own pixels.
    name : str
        File name without its folder, "" if there is none. Characters that
        cannot be shown are replaced.
    notes : tuple of str
        Plain sentences about the reading, in English: see `posture.notes.said`.

    Examples
    --------
    >>> import numpy as np
    >>> photo = Photo.open(np.zeros((3000, 4000, 3), np.uint8))
    >>> photo.width, photo.height, photo.pixels.shape
    (4000, 3000, (1500, 2000, 3))
    >>> photo.scale
    (2.0, 2.0)
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    width: int
    height: int
    name: str = ""
    notes: tuple[str, ...] = ()

    @property
    def scale(self) -> tuple[float, float]:
        """Photo pixels per working pixel, along x and along y."""
        rows, columns = self.pixels.shape[:2]
        return self.width / columns, self.height / rows

    @classmethod
    def open(
        cls,
        source: PhotoSource,
        *,
        name: str | None = None,
        max_megapixels: float = 50.0,
        max_megabytes: float = MOST_MEGABYTES,
    ) -> Photo:
        """Read a photo, whatever it comes as, and turn it upright.

        Parameters
        ----------
        source : path, bytes, binary file object, PIL image or numpy array
            Files and bytes may be JPEG, PNG, WebP, TIFF, BMP, HEIC or AVIF,
            whatever the file is called. A file object is read from its start.
            An array is (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA, of uint8,
            uint16 or floats from 0 to 1.
        name : str, optional
            The name to keep, instead of the file's own.
        max_megapixels : float
            A photo of more than this many million pixels is refused undecoded.
        max_megabytes : float
            A file of more than this many million bytes is refused unread.

        Returns
        -------
        Photo
            Its transparent parts, if any, are filled with mid grey.

        Raises
        ------
        PhotoError
            The source is not a photo that can be read; the message says in one
            sentence what is wrong and what to do.
        """
        kept_name = bare_name(source if name is None else name)
        label = kept_name[:60] or _("The photo")
        notes: tuple[str, ...] = ()
        try:
            with decoders.QUIET:
                if isinstance(source, Image.Image | np.ndarray):
                    image = _given(source, label, max_megapixels)
                    size = image.size
                else:
                    file = _identified(
                        _read(source, label, int(max_megabytes * 1e6)), label, kept_name
                    )
                    _check_size(file.size, label, max_megapixels)
                    notes = decoders.notes(file)
                    size = decoders.load(file, long_edge=_REDUCED_EDGE)
                    image = file
                turn = _orientation(image)
                pixels = _pixels(image, turn, label)
        except PhotoError:
            raise
        except Exception as error:
            raise PhotoError(_blame(error).format(name=label)) from error
        width, height = size[::-1] if turn in _SIDEWAYS else size
        return cls(pixels, width, height, kept_name, notes)


def _blame(error: Exception) -> str:
    """Say what a decoder stumbled over in ``{name}``; a damaged file can make it raise anything."""
    if isinstance(error, MemoryError | Image.DecompressionBombError):
        return _("{name} is too large to be read: save it smaller and try again.")
    if isinstance(error, TimeoutError):
        return _("{name} takes too long to read: save it again as a plain JPEG.")
    return _("{name} is damaged or cut short: copy it again or take a new photo.")


def bare_name(source: object) -> str:
    """Return the name that is kept of a source: without its folder, and fit to be shown.

    Parameters
    ----------
    source : object
        Whatever `Photo.open` reads; "" is returned for one without a name.
    """
    if isinstance(source, Image.Image):
        source = getattr(source, "filename", "")
    elif not isinstance(source, str | PathLike):
        source = getattr(source, "name", "")
    if isinstance(source, PathLike):
        source = source.__fspath__()
    if not isinstance(source, str):
        return ""
    name = PureWindowsPath(source).name
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in name)


def _read(source: object, label: str, limit: int) -> bytes:
    """All bytes of a path, a buffer or a file object; never more than one beyond the limit."""
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)[: limit + 1]
    elif isinstance(source, str | PathLike):
        data = _read_path(Path(source), label, limit + 1)
    elif hasattr(source, "read"):
        data = _read_stream(cast("IO[bytes]", source), label, limit + 1)
    else:
        raise PhotoError(
            _(
                "A photo is given as a path, bytes, a binary file, a Pillow image or a numpy array,"
                " not as {kind}."
            ).format(kind=type(source).__name__)
        )
    if len(data) > limit:
        raise PhotoError(
            _("{name} is over {limit} MB: save it smaller and try again.").format(
                name=label, limit=localised(f"{limit / 1e6:g}")
            )
        )
    if not data:
        raise PhotoError(
            _("{name} is empty: copy it again or take a new photo.").format(name=label)
        )
    return data


def _read_path(path: Path, label: str, most: int) -> bytes:
    try:
        if path.is_dir():
            raise PhotoError(_("{name} is a folder: give the photo itself.").format(name=label))
        if not path.is_file():  # a pipe neither: to open one could wait for ever
            raise PhotoError(
                _("{name} is no file that can be found: check its name and folder.").format(
                    name=label
                )
            )
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise PhotoError(
            _("{name} cannot be opened: check that you may read it.").format(name=label)
        ) from error


def _read_stream(stream: IO[bytes], label: str, most: int) -> bytes:
    """Read from the start if there is one to go back to, and on after short reads."""
    try:
        if stream.seekable():
            stream.seek(0)
        data = bytearray()
        while len(data) < most and (part := stream.read(most - len(data))):
            data += part
    except Exception as error:
        raise PhotoError(
            _("{name} cannot be read: open the file again, in binary mode.").format(name=label)
        ) from error
    return bytes(data)


def _identified(data: bytes, label: str, name: str) -> ImageFile:
    image = decoders.identify(data)
    if image is None:
        if name.lower().endswith(decoders.ENDINGS):
            said = _(
                "{name} has the ending of a photo, but holds none that can be read: give {kinds}."
            )
        else:
            said = _("{name} is of a kind that cannot be read: give {kinds}.")
        raise PhotoError(said.format(name=label, kinds=_(decoders.KINDS)))
    tags = getattr(image, "tag_v2", {})
    if _DNG_VERSION in tags or tags.get(_SUBFILE_TYPE, 0) & 1:
        raise PhotoError(
            _("{name} is a raw camera file with a mere preview: save it as JPEG.").format(
                name=label
            )
        )
    return image


def _given(source: Image.Image | NDArray[Any], label: str, max_megapixels: float) -> Image.Image:
    """Take a picture that is already an object, and leave it as it was."""
    if isinstance(source, Image.Image):
        _check_size(source.size, label, max_megapixels)
        source.load()
        return source
    if source.ndim != len("hw") and source.shape[2:] not in ((3,), (4,)):
        raise PhotoError(
            _("An array photo is (h, w), (h, w, 3) or (h, w, 4), not of shape {shape}.").format(
                shape=source.shape
            )
        )
    _check_size(source.shape[1::-1], label, max_megapixels)
    return Image.fromarray(_eight_bit(source, label))


def _check_size(size: tuple[int, ...], label: str, max_megapixels: float) -> None:
    megapixels = math.prod(size) / 1e6
    if not megapixels:
        raise PhotoError(_("{name} has no pixels: take a new photo.").format(name=label))
    if megapixels > max_megapixels:
        shown = math.ceil(megapixels * 10) / 10
        raise PhotoError(
            _(
                "{name} has {count} megapixels, more than the {most} allowed: save it smaller and"
                " try again."
            ).format(
                name=label,
                count=localised(f"{shown:g}"),
                most=localised(f"{max_megapixels:g}"),
            )
        )


def _eight_bit(values: NDArray[Any], label: str) -> NDArray[np.uint8]:
    if values.dtype == np.uint8:
        return values
    if values.dtype.newbyteorder("=") == np.uint16:
        return (values >> 8).astype(np.uint8)
    if values.dtype.kind != "f":
        raise PhotoError(
            _("{name} holds {kind} values: give uint8, uint16 or floats from 0 to 1.").format(
                name=label, kind=values.dtype
            )
        )
    if not (values.min() >= 0 and values.max() <= 1):
        raise PhotoError(
            _("{name} holds floats that are not all from 0 to 1: scale them first.").format(
                name=label
            )
        )
    return np.asarray(np.rint(values * 255), np.uint8)


def _orientation(image: Image.Image) -> int:
    """EXIF orientation still to be undone: TIFF and HEIC decoders have undone theirs."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        return 1  # the pixels are worth reading even if their EXIF is garbage


def _pixels(image: Image.Image, turn: int, label: str) -> NDArray[np.uint8]:
    """Reduce, then turn upright, then fill: so that little is held twice at full size."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = Image.fromarray(_eight_bit(np.asarray(image), label))
    elif image.has_transparency_data and image.mode != "RGBA":
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    if (step := max(image.size) // _REDUCED_EDGE) > 1:
        image = image.reduce(step)
    if (edge := max(image.size)) > _MAX_EDGE:
        width, height = (max(round(side * _MAX_EDGE / edge), 1) for side in image.size)
        image = image.resize((width, height), Image.Resampling.HAMMING)
    if turn in _UPRIGHT_BY:
        image = image.transpose(_UPRIGHT_BY[turn])
    if image.mode == "RGBA":
        backdrop = Image.new("RGB", image.size, _BEHIND_ALPHA)
        backdrop.paste(image, mask=image.getchannel("A"))
        image = backdrop
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    pixels = np.empty((rgb.height, rgb.width, 3), np.uint8)
    for top in range(0, rgb.height, _STRIP):  # at once, it would be held twice more
        part = pixels[top : top + _STRIP]
        part[:] = np.asarray(rgb.crop((0, top, rgb.width, top + len(part))))
    pixels.setflags(write=False)
    return pixels
