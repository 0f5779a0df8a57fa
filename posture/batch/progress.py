"""Shows how far a batch is: a bar in a terminal, a line twice a minute elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from posture.console import console, say
from posture.language import gettext as _
from posture.language import number

if TYPE_CHECKING:
    from rich.progress import Progress

_SECONDS_BETWEEN_LINES: Final = 30.0
_SECONDS_OF_RATE: Final = 60.0


@contextmanager
def shown_progress(done: int, total: int) -> Iterator[Callable[[], None]]:
    """Show how many of all photos are done, at what rate, and how long the rest will take.

    Parameters
    ----------
    done, total : int
        How many are done already, and how many there are.

    Yields
    ------
    callable
        To be called once for each photo that is done.
    """
    stderr = console(stderr=True)
    if not stderr.is_terminal:
        yield _lines(done, total)
        return
    with _bar() as bar:
        task = bar.add_task(_("Measuring"), completed=done, total=total)
        yield lambda: bar.advance(task)


def _bar() -> Progress:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many photos a second."""

        def render(self, task: Task) -> Text:
            speed = task.speed
            said = "" if speed is None else _("{rate} a second").format(rate=number(speed))
            return Text(said, "progress.data.speed")

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=console(stderr=True),
        speed_estimate_period=_SECONDS_OF_RATE,
        transient=True,
    )


def _lines(done: int, total: int) -> Callable[[], None]:
    """Return what says in a line, now and then, how far it is."""
    began = time.monotonic()
    due = began + _SECONDS_BETWEEN_LINES
    now_done = done

    def advance() -> None:
        nonlocal now_done, due
        now_done += 1
        now = time.monotonic()
        if now < due:
            return
        due = now + _SECONDS_BETWEEN_LINES
        rate = (now_done - done) / (now - began)
        minutes, seconds = divmod(round((total - now_done) / rate), 60)
        left = f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        said = _("{done} of {total} photos, {rate} a second, about {time} left (h:mm:ss).")
        say(said.format(done=now_done, total=total, rate=number(rate, 2), time=left))

    return advance
