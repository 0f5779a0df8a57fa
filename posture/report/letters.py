"""Makes texts that people wrote fit to be set: what cannot be shown is told, nothing is obeyed."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Stands for each character that the fonts lack.
LACKING: Final = "\N{WHITE SQUARE}"

#: What characters are called that are written from the right.
_FROM_RIGHT: Final = ("R", "AL")
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_TAB: Final = "    "
_LAST_LATIN: Final = "\u017f"
# They turn what follows around, whatever it is; what is written from the right needs none.
_OVERRIDES: Final = "\u202d\u202e"
# They change how the character before them looks, and stand for nothing alone.
_JOINED: Final = "[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"


def clean(text: str) -> str:
    """Return a text without what no font shows: control characters and halves of characters.

    Returns
    -------
    str
        Every kind of line end is a line feed, a tab is four spaces, and what else cannot be shown
        is the replacement character.
    """
    plain = _LINE_ENDS.sub("\n", text).replace("\t", _TAB)
    return "".join("\ufffd" if _is_unfit(c) else c for c in plain)


def lines(text: str) -> list[str]:
    """Return the lines of a text that was cleaned, without empty ones before and after it."""
    return text.strip("\n").split("\n") if text.strip() else []


def from_right(text: str) -> bool:
    """Tell whether a text is written from the right: its first letter with a direction says so."""
    directions = map(unicodedata.bidirectional, text)
    return next((one for one in directions if one in ("L", *_FROM_RIGHT)), "L") in _FROM_RIGHT


def unusual(text: str) -> frozenset[str]:
    """Return the characters beyond Latin ones, which a font may lack."""
    return frozenset(character for character in text if character > _LAST_LATIN)


def without(text: str, lacking: frozenset[str]) -> str:
    """Return a text in which a square stands for each character that the fonts lack.

    An emoji that is put together from several characters is one square.
    """
    if not lacking & set(text):
        return text
    one = f"[{re.escape(''.join(sorted(lacking)))}]"
    return re.sub(f"{one}(?:{_JOINED}|\u200d{one})*", LACKING, text)


def _is_unfit(character: str) -> bool:
    if character in _OVERRIDES:
        return True
    return character != "\n" and unicodedata.category(character) in ("Cc", "Cs")
