"""Says a text in the language of whoever reads it; it holds no sentence itself.

English is what stands in the code. Catalogues of other languages lie in ``posture/locale``; `make
words` brings them up to date.
"""

from __future__ import annotations

import gettext as standard
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from posture import clock

if TYPE_CHECKING:
    from datetime import datetime

P = ParamSpec("P")
T = TypeVar("T")

#: By their codes, each named in itself.
LANGUAGES: Final = {"en": "English", "de": "Deutsch", "es": "Español"}

_CATALOGUES: Final = Path(__file__).parent / "locale"
_ENGLISH: Final = "en"
_current: ContextVar[str | None] = ContextVar("language", default=None)
#: Asked in turn, where nobody has used a language.
_ASKED: Final[list[Callable[[], str | None]]] = []
# As gettext looks for them.
_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def use(code: str) -> None:
    """Say everything in this language from now on, in this thread or task alone.

    Raises
    ------
    ValueError
        If it is none of ``LANGUAGES``.
    """
    if code not in LANGUAGES:
        raise ValueError(f"There is no language {code!r}: choose one of {', '.join(LANGUAGES)}.")
    _current.set(code)


def ask(whom: Callable[[], str | None]) -> None:
    """Have a function say the language of whatever runs without having used one.

    A server runs parts of a page in threads of its own choice, and each visitor has a language.

    Parameters
    ----------
    whom : callable
        Returns a code of ``LANGUAGES``, or None if it does not know.
    """
    if whom not in _ASKED:
        _ASKED.append(whom)


def current() -> str:
    """Return the code of the language in use; ``"en"`` if there is none."""
    used = _current.get()
    if used is not None:
        return used
    return next(filter(None, (whom() for whom in _ASKED)), _ENGLISH)


def closest(*tags: str | None) -> str | None:
    """Return the first of ``LANGUAGES`` among tags such as ``de-AT`` or ``es_MX.UTF-8``."""
    for tag in tags:
        code = (tag or "")[:3].rstrip("-_.@").lower()
        if code in LANGUAGES:
            return code
    return None


def of_environment(environment: Mapping[str, str] | None = None) -> str:
    """Return the language that the environment asks for, as gettext reads it; else ``"en"``."""
    known = os.environ if environment is None else environment
    said = next((known[name] for name in _VARIABLES if known.get(name)), "")
    return closest(*said.split(":")) or _ENGLISH


@contextmanager
def using(code: str) -> Iterator[None]:
    """Say everything in this language, inside of the block alone."""
    before = _current.get()
    use(code)
    try:
        yield
    finally:
        _current.set(before)


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function with the language and the zone of now, in whatever thread it is called."""
    code, zone = current(), clock.current()

    def speaks(*args: P.args, **kwargs: P.kwargs) -> T:
        def inside() -> T:
            use(code)
            clock.use(zone)
            return function(*args, **kwargs)

        return copy_context().run(inside)

    return speaks


def gettext(text: str) -> str:
    """Return a text in the language in use; imported as ``_``."""
    return _catalogue(current()).gettext(text) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """Return the text for a number of things, in the language in use."""
    return _catalogue(current()).ngettext(one, many, count)


def mark(text: str) -> str:
    """Return a text as it is, to be translated where it is shown; imported as ``N_``."""
    return text


def either(names: Sequence[str]) -> str:
    """Return one or several names as alternatives, for example ``"T12 or L1"``."""
    said = names[0]
    for name in names[1:]:
        said = gettext("{one} or {other}").format(one=said, other=name)
    return said


def number(value: float, decimals: int = 1) -> str:
    """Return a number with the decimal sign of the language in use.

    Parameters
    ----------
    value : float
        What is rounded; what rounds to zero has no sign.
    decimals : int
        How many stand behind the decimal sign.
    """
    # Adding 0.0 turns a rounded -0.0 into 0.0.
    return localised(f"{round(value, decimals) + 0.0:.{decimals}f}")


def localised(digits: str) -> str:
    """Return a number that is written in English, with the decimal sign of the language in use."""
    return digits.replace(".", _decimal_sign(current()))


def day(at: datetime) -> str:
    """Return a moment's day as the language in use writes it, for example ``28 Nov 2026``."""
    from babel.dates import format_date

    # American English would put the month first.
    return format_date(clock.local(at), "medium", locale={"en": "en_GB"}.get(current(), current()))


@cache
def _decimal_sign(code: str) -> str:
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(code)


@cache
def _catalogue(code: str) -> standard.NullTranslations:
    file = _CATALOGUES / f"{code}.po"
    if not file.is_file():  # English, the language of the code
        return standard.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return standard.GNUTranslations(compiled)
