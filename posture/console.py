"""The two streams to print on, made safe for any terminal; it knows nothing of results."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from posture.language import gettext as _

if TYPE_CHECKING:
    from rich.console import Console

# Wide enough for any table here; whoever reads a file or a pipe has no edge to cut it at.
_PIPED_WIDTH: Final = 160


def say(sentence: str) -> None:
    """Print one sentence on standard error, above the progress bar if there is one."""
    from rich.text import Text

    console(stderr=True).print(Text(sentence), soft_wrap=True)


@cache
def console(*, stderr: bool = False) -> Console:
    """Return the one console of each stream: sentences and progress bar must know each other."""
    from rich.console import Console

    made = Console(stderr=stderr)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = _PIPED_WIDTH
    return made


def with_progress(photos: list[Path], *, hidden: bool) -> Iterable[Path]:
    """Yield the photos, with a bar on standard error if that is a terminal."""
    stderr = console(stderr=True)
    if hidden or not stderr.is_terminal:
        return photos
    from rich.progress import track

    return track(photos, _("Measuring"), console=stderr, transient=True)


def shown(path: Path | str) -> str:
    """Return a path without what a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in str(path))


def drop_output() -> None:
    """Let what standard output still holds go nowhere, or Python fails on it at its end."""
    if sys.stdout is None:  # it was closed from the start
        return
    with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
