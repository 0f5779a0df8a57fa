"""Measures many photos from the command line: reads its options and says what came of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from threading import current_thread, main_thread
from typing import Annotated, Any, Final

import typer

from posture import cores, inputs, results, targets
from posture import language as languages
from posture.batch import cluster as clusters
from posture.batch import crew, table
from posture.batch.entries import Way
from posture.batch.measuring import measure
from posture.batch.progress import shown_progress
from posture.batch.run import Job, drawn_before, run, unfinished
from posture.batch.sources import Source, source
from posture.console import say, shown
from posture.errors import BatchError, PostureError, SourceError
from posture.language import gettext as _

# As a shell has it: 128 and the number of the signal.
_BY_SIGNAL: Final = 128
_INTERRUPTED: Final = _BY_SIGNAL + signal.SIGINT
_USUAL: Final = (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGTERM, signal.SIG_DFL),
)


def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER|GLOB|CSV",
            help='A folder with all in it, a pattern in quotes such as "photos/**/*.jpg", or a CSV'
            " with a column photo and, if known, person and stature_cm.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE", dir_okay=False, help="The table to write: .parquet or .csv, a row each."
        ),
    ],
    overlays: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            file_okay=False,
            help="Write each measured photo, its lines drawn in, as DIR/NAME.overlay.png.",
        ),
    ] = None,
    markers: inputs.Markers = False,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=512, metavar="N", help="Worker processes; one a core, if left out."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a batch that was interrupted or killed.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://HOST:PORT", help="Have the workers of this Dask cluster measure."
        ),
    ] = None,
) -> None:
    """Measure many photos into one table; a photo that cannot be read is a row that says why.

    Interrupted or killed at any moment, it goes on with --resume. The exit status is 0 if all was
    measured, 3 if something was refused, 2 if a file is not a photo or the usage is wrong, 1 if
    the program could not do its work, 130 if interrupted, 143 if ended by SIGTERM. Of several, 1
    wins over 2, and 2 over 3.
    """
    if cluster is not None and (fault := clusters.lacking()):
        say(fault)
        raise typer.Exit(results.BROKEN)
    if cluster is not None and workers is not None:
        raise typer.BadParameter(
            _("a cluster has workers of its own: leave one of both out."), param_hint="--workers"
        )
    listed = _source(sources)
    way = Way(markers, overlays is not None, languages.current())
    job = Job(listed, out, way, overlays)
    _check(job, resume=resume)
    if resume and not job.journal.exists():  # another name, perhaps, than it was begun with
        said = _("Nothing was begun for {file}: measuring all photos.")
        say(said.format(file=shown(out)))
    try:
        with _ending_in_order():
            counts = run(job, _crew(way, workers, cluster), shown_progress)
    except KeyboardInterrupt as ended:
        say(_("Interrupted: what was measured is kept; go on with --resume."))
        number = ended.args[0] if ended.args else signal.SIGINT
        raise typer.Exit(_BY_SIGNAL + number) from None
    except PostureError as error:
        say(shown(str(error)))
        wrong = results.NOT_A_PHOTO if isinstance(error, SourceError) else results.BROKEN
        raise typer.Exit(wrong) from None
    except OSError as error:
        if not error.filename:
            raise
        said = _(
            "{file} cannot be written ({why}): make room or mend that, then go on with --resume."
        )
        say(said.format(file=shown(error.filename), why=error.strerror))
        raise typer.Exit(results.BROKEN) from None
    said = _(
        "Measured: {measured} ({partly} of them in part), refused: {refused}, not read:"
        " {unreadable}, failed: {faults}. Table: {file}"
    )
    say(
        said.format(
            measured=counts.measured + counts.partly,
            partly=counts.partly,
            refused=counts.refused,
            unreadable=counts.unreadable,
            faults=counts.faults,
            file=shown(out),
        )
    )
    raise typer.Exit(counts.status)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """End the workers and say so at Ctrl-C or SIGTERM; at a second Ctrl-C end at once.

    What came is on the disk whatever happens. A second SIGTERM is no haste: some programs that end
    others send it twice.
    """
    taken = {}
    if current_thread() is main_thread():
        # What runs in the background may ignore them, and goes on to.
        taken = {number: usual for number, usual in _USUAL if signal.getsignal(number) == usual}

    def first(number: int, _frame: object) -> None:
        if signal.SIGINT in taken:
            signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
        if signal.SIGTERM in taken:
            signal.signal(signal.SIGTERM, lambda *_: None)
        raise KeyboardInterrupt(number)

    for number in taken:
        signal.signal(number, first)
    try:
        yield
    except KeyboardInterrupt:
        raise  # and what a second one means stays so until the end
    except BaseException:
        _set_back(taken)
        raise
    _set_back(taken)


def _set_back(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)


def _source(texts: list[str]) -> Source:
    if len(texts) > 1:
        said = _(
            "give one folder, CSV or pattern, not {count}: put a pattern in quotes, so that the"
            " shell leaves it."
        )
        raise typer.BadParameter(said.format(count=len(texts)), param_hint="FOLDER|GLOB|CSV")
    try:
        return source(texts[0])
    except BatchError as error:
        raise typer.BadParameter(str(error), param_hint="FOLDER|GLOB|CSV") from None


def _check(job: Job, *, resume: bool) -> None:
    """Look, before anything is measured, whether all of it can be written and nothing is lost."""
    from_table = [] if job.source.table is None else [job.source.table]
    if any(targets.same(job.out, path) for path in from_table):
        said = _("{file} is the list of photos, which would be lost: give another file.")
        raise typer.BadParameter(said.format(file=job.out), param_hint="--out")
    fault = (
        table.fault(job.out) or targets.file_fault(job.out, ()) or unfinished(job, resume=resume)
    )
    if fault:
        raise typer.BadParameter(fault, param_hint="--out")
    fault = drawn_before(job)
    if fault is None and job.overlays is not None:
        fault = targets.folder_fault(job.overlays)
    if fault:
        raise typer.BadParameter(fault, param_hint="--overlays")


def _crew(
    way: Way, count: int | None, address: str | None
) -> Callable[[], AbstractContextManager[crew.Crew]]:
    if address is not None:
        return partial(clusters.cluster_crew, address, measure, way)
    from posture.batch.local import local_crew

    return partial(local_crew, measure, way, count or cores.count())
