"""Tells moments as the clocks of whoever reads them show them."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_zone: ContextVar[str | None] = ContextVar("zone", default=None)
#: Asked in turn, where nobody has used a zone.
_ASKED: Final[list[Callable[[], str | None]]] = []


def use(zone: str | None) -> None:
    """Tell times as in a zone such as ``Asia/Tokyo`` from now on, in this thread or task alone."""
    _zone.set(zone)


def ask(whom: Callable[[], str | None]) -> None:
    """Have a function say the zone of whatever runs without having used one.

    Parameters
    ----------
    whom : callable
        Returns the name of a zone, or None if it does not know.
    """
    if whom not in _ASKED:
        _ASKED.append(whom)


def current() -> str | None:
    """Return the name of the zone in use; None is that of this computer."""
    return _zone.get() or next(filter(None, (whom() for whom in _ASKED)), None)


def local(at: datetime) -> datetime:
    """Return a moment with the day and the time that clocks in the zone in use show."""
    name = current()
    try:
        return at.astimezone(ZoneInfo(name) if name else None)
    except (ValueError, OSError, ZoneInfoNotFoundError):  # of a browser that knows others
        return at.astimezone()
