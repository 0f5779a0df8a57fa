"""Makes a clinic's logo fit to be set, whatever kind of picture it is; it reads no other file."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import ParseError, fromstring

from posture.errors import ReportError
from posture.language import gettext as _

_LONGEST_EDGE: Final = 1200
_MOST_PIXELS: Final = 40_000_000
_KINDS: Final = ("PNG", "JPEG")


def as_svg(logo: bytes) -> str:
    """Return a logo as an SVG document.

    Parameters
    ----------
    logo : bytes
        A PNG, JPEG or SVG file.

    Returns
    -------
    str
        An SVG file as it is; of another picture one that holds its pixels, without its metadata.

    Raises
    ------
    ReportError
        If it is none of these.
    """
    if logo.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _checked(logo)
    from PIL import Image

    try:
        with Image.open(BytesIO(logo), formats=_KINDS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise unreadable()
            picture.draft("RGB", (_LONGEST_EDGE, _LONGEST_EDGE))
            small = picture.convert("RGBA")
            small.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise unreadable() from error
    file = BytesIO()
    small.save(file, "PNG")
    size = f'width="{small.width}" height="{small.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<image {size} href="data:image/png;base64,{b64encode(file.getvalue()).decode()}"/></svg>'
    )


def unreadable() -> ReportError:
    """Return what to raise where a logo cannot be read."""
    return ReportError(
        _("The logo cannot be read: give a PNG, JPEG or SVG file that holds all it shows.")
    )


def _checked(logo: bytes) -> str:
    try:
        text = logo.decode("utf-8-sig")
        root = fromstring(text)
    except (UnicodeDecodeError, ParseError) as error:
        raise unreadable() from error
    if root.tag.rpartition("}")[2] != "svg":
        raise unreadable()
    return text
