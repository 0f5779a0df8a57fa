"""Knows which logins are open and when each was last used; it shows nothing.

Streamlit's cookie says who logged in for 30 days, to whoever holds it, even after a log-out. So the
server itself keeps, in memory, which cookies it still takes.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

#: The names of all of Streamlit's cookies of a login begin so.
COOKIE: Final = "_streamlit_user"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a login holds, in seconds: unused, and at the longest."""

    idle_s: float
    longest_s: float

    @classmethod
    def from_environment(cls) -> Limits:
        """Read POSTURE_IDLE_MINUTES (30 if not set) and POSTURE_LOGIN_HOURS (12).

        Raises
        ------
        ValueError
            If one of them is no number above zero.
        """
        idle, longest = (
            float(os.environ.get(name, default))
            for name, default in (("POSTURE_IDLE_MINUTES", "30"), ("POSTURE_LOGIN_HOURS", "12"))
        )
        # Written so that NaN does not pass.
        if not (idle > 0 and longest > 0):
            raise ValueError("A login has to hold for longer than nothing.")
        return cls(idle * 60, longest * 3600)


def key(cookies: Mapping[str, str]) -> str | None:
    """Return by what a login is known: all its cookies in one; None if there is none."""
    parts = sorted((name, value) for name, value in cookies.items() if name.startswith(COOKIE))
    return hashlib.sha256(repr(parts).encode()).hexdigest() if parts else None


@dataclass(slots=True)
class Logins:
    """The logins that one server knows, whatever tabs they are used in."""

    limits: Callable[[], Limits] = Limits.from_environment
    clock: Callable[[], float] = time.time
    _seen: dict[str, tuple[float, float]] = field(default_factory=dict)
    _left: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def use(self, login: str, issued: float) -> bool:
        """Note that a login is used now, and tell whether it still holds.

        Parameters
        ----------
        login : str
            As by `key`.
        issued : float
            When the provider let the person in, in seconds since 1970. That counts as the last use
            of a login that this server has not met, so that no old cookie is taken for a new one.
        """
        with self._lock:
            self._drop_old()
            now = self.clock()
            if login in self._left or not self._holds(*self._seen.get(login, (issued, issued))):
                self._seen.pop(login, None)
                return False
            self._seen[login] = (issued, now)
            return True

    def is_open(self, login: str | None) -> bool:
        """Tell whether a login that was used here still holds; this is no use of it."""
        with self._lock:
            return login in self._seen and self._holds(*self._seen[login])

    def leave(self, login: str) -> None:
        """Take a login no more."""
        with self._lock:
            self._seen.pop(login, None)
            self._left[login] = self.clock()

    def _holds(self, issued: float, last: float) -> bool:
        # To either side: by a clock that was set back, no login would end.
        limits, now = self.limits(), self.clock()
        return abs(now - last) <= limits.idle_s and abs(now - issued) <= limits.longest_s

    def _drop_old(self) -> None:
        """Forget what is refused by its age alone."""
        oldest = self.clock() - self.limits().longest_s
        self._seen = {login: times for login, times in self._seen.items() if times[0] >= oldest}
        self._left = {login: left for login, left in self._left.items() if left >= oldest}


#: Shared by every session and by `gate`; it lives as long as the server.
LOGINS: Final = Logins()
