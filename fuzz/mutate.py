"""Damages files so that they get past the first check: JSON by its values, PNG with its sums."""

from __future__ import annotations

import copy
import json
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any, Final

Mutate = Callable[[bytes, int], bytes]

#: What readers stumble over, put wherever JSON has a value.
ODD_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, -1, 0.5, -0.0, 1e6, 1e15, -1e15, 1e308, -1e308, 5e-324),
    *(float("nan"), float("inf"), -float("inf"), 2**31, 2**63, -(2**63), 10**30, 10**400),
    *("", "x", "NaN", "1e5", "\x00", "\n", "\ud800", "<b>", "={1}", "{0}", "%s", "é" * 300),
    *("1970-01-01", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "../../x"),
    *([], {}, [None], [[]], [0, 0], ["", ""], {"": None}, {"x": 0, "y": 0}),
)
_NUMBERS: Final = (0, 1, 127, 128, 255, 2**15 - 1, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1)
_PNG: Final = b"\x89PNG\r\n\x1a\n"


def photo(data: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    """Return a photo's file with something else in it.

    Parameters
    ----------
    data : bytes
        The file.
    most : int
        How long it may get, in bytes.
    seed : int
        The same gives the same.
    mutate : callable
        Damages bytes blindly: ``atheris.Mutate``.
    """
    rng = random.Random(seed)
    changed = bytearray(_numbered(data, rng) if _chance(rng, 0.4) else mutate(data, most))
    whole = bytes(changed[:most])
    return summed(whole) if whole.startswith(_PNG) and _chance(rng, 0.9) else whole


def imported(data: bytes, most: int, seed: int, mutate: Mutate) -> bytes:
    """Return an import with something else in it, of the same kind; as `photo`."""
    rng = random.Random(seed)
    kind, _, content = data.partition(b"\n")
    room = most - len(kind) - 1
    if kind in (b"archive", b"logo"):
        changed = photo(content, room, seed, mutate)
    elif _chance(rng, 0.15):
        changed = mutate(content, room)
    else:
        changed = _json(content, rng) or mutate(content, room)
    return kind + b"\n" + changed[:room]


def _chance(rng: random.Random, share: float) -> bool:
    return rng.random() < share


def summed(png: bytes) -> bytes:
    """Return a PNG whose chunks have the check sums that their content asks for."""
    parts, at = [png[:8]], 8
    while at + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        end = at + 8 + length
        if end + 4 > len(png):
            break
        parts += [png[at:end], struct.pack(">I", zlib.crc32(png[at + 4 : end]))]
        at = end + 4
    return b"".join([*parts, png[at:]])


def _numbered(data: bytes, rng: random.Random) -> bytes:
    """Return bytes with one to three numbers in them, where heads of files have theirs."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        size = rng.choice((1, 2, 4))
        reach = min(len(data), rng.choice((64, 512, len(data))))
        if reach < size:
            continue
        at = rng.randrange(reach - size + 1)
        number = rng.choice(_NUMBERS) & (256**size - 1)
        changed[at : at + size] = number.to_bytes(size, rng.choice(("big", "little")))
    return bytes(changed)


def _json(content: bytes, rng: random.Random) -> bytes | None:
    """Return JSON, one object or one a line, with some values changed; None if it is none."""
    try:
        text = content.decode("utf-8")
        try:
            parts = [json.loads(text)]
        except ValueError:
            parts = [json.loads(line) for line in text.splitlines() if line.strip()]
        if not parts:
            return None
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            _change(parts, rng)
        ascii_only = _chance(rng, 0.5)
        lines = (json.dumps(part, ensure_ascii=ascii_only) for part in parts)
        return "\n".join(lines).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return None


def _change(parts: list[Any], rng: random.Random) -> None:
    """Change one value, however deep."""
    holders: list[Any] = []
    waiting: list[Any] = [parts]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list) and one:
            holders.append(one)
            waiting += one.values() if isinstance(one, dict) else one
    # Contours are lists of thousands of places: among all holders, they would be hit alone.
    named = [one for one in holders if isinstance(one, dict)]
    holder = rng.choice(named if named and _chance(rng, 0.8) else holders)
    keys = list(holder) if isinstance(holder, dict) else range(len(holder))
    key = rng.choice(keys)
    match rng.randrange(6):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[rng.choice(("x", "", *keys))] = copy.deepcopy(holder[key])
        case 1:
            holder.insert(key, copy.deepcopy(holder[key]))
        case 2:
            other = rng.choice(holders)
            holder[key] = copy.deepcopy(other) if other is not parts else None
        case 3 if isinstance(holder[key], float):
            holder[key] = holder[key] * rng.choice((-1, 2, 10, 1e3, 1e-3, 1e9))
        case _:
            # A copy: changed later, the odd value itself would end up within itself.
            holder[key] = copy.deepcopy(rng.choice(ODD_VALUES))
    if not parts:
        parts.append(None)
