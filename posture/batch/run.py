"""Runs a batch: lists photos, has them measured, keeps what comes, and writes the table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture import targets
from posture.batch import crew, journal, journal_file, row, table
from posture.batch.entries import LATER, Outcome, Way
from posture.batch.sources import OVERLAY
from posture.console import shown
from posture.errors import BatchError, SourceError
from posture.language import gettext as _
from posture.version import VERSION

if TYPE_CHECKING:
    from posture.batch.entries import Entry
    from posture.batch.journal import Counts, Journal
    from posture.batch.sources import Source


@dataclass(frozen=True, slots=True)
class Job:
    """What a batch is to do.

    Attributes
    ----------
    source : Source
        Where the photos are listed.
    out : Path
        The table to be; its ending says in which form.
    way : Way
        How they are measured.
    overlays : Path or None
        Folder for pictures with the lines drawn in.
    """

    source: Source
    out: Path
    way: Way
    overlays: Path | None = None

    @property
    def journal(self) -> Path:
        """Where what came so far is kept."""
        return self.out.with_name(self.out.name + journal_file.ENDING)

    def options(self) -> dict[str, Any]:
        """Return what has to be the same in all of a batch, however often it is resumed."""
        return {
            "posture": VERSION,
            "source": self.source.text,
            "columns": hashlib.sha256(" ".join(row.COLUMNS).encode()).hexdigest(),
            "markers": self.way.markers,
            "overlays": None if self.overlays is None else str(self.overlays.resolve()),
        }


def run(
    job: Job,
    have_crew: Callable[[], AbstractContextManager[crew.Crew]],
    progress: Callable[[int, int], AbstractContextManager[Callable[[], None]]],
) -> Counts:
    """Measure what was not measured yet, write the table, and return what came of all photos.

    Parameters
    ----------
    job : Job
        What is to be done. An existing journal is gone on with.
    have_crew : callable
        Gives whoever measures, for the time of a block; called if there is anything to measure.
    progress : callable
        Takes how many photos are done and how many there are, and gives, for the time of a block,
        what is called once for each that is measured.

    Raises
    ------
    PostureError
        If it cannot be done. What came so far is in the journal, as after any other end;
        if nothing did, there is none.
    OSError
        If pictures or the table cannot be written.
    """
    with journal.opened(job.journal, job.options()) as kept:
        if job.out.exists() and not kept.has_table():
            raise BatchError(_already(job))
        try:
            counts = _measure(job, kept, have_crew, progress)
            _write_table(job, kept)
        except BaseException:
            if kept.is_empty() and not _drawn(job):  # else it would have to be removed by hand
                kept.remove()
            raise
        kept.remove()
    return counts


def _measure(
    job: Job,
    kept: Journal,
    have_crew: Callable[[], AbstractContextManager[crew.Crew]],
    progress: Callable[[int, int], AbstractContextManager[Callable[[], None]]],
) -> Counts:
    total = kept.plan(job.source, pictures=job.overlays is not None)
    if not total:
        said = _(
            "No photo that posture can read was found at {source}: give another folder, pattern or"
            " list."
        )
        raise SourceError(said.format(source=job.source.shown))
    counts = kept.counts()
    why = ""
    if counts.all < total:
        with progress(counts.all, total) as advance, have_crew() as workers:
            for entry, outcome in crew.measured(kept.waiting(), workers):
                kept.keep(entry, _with_picture(job, kept, entry, outcome))
                if outcome.kind == LATER and not why:
                    why = row.error_in(outcome.cells)
                advance()
        counts = kept.counts()
    if counts.all < total:
        said = _(
            "{count} of {total} photos cannot be read for now, the others are kept: go on with"
            " --resume when that is mended. The first: {why}"
        )
        raise BatchError(said.format(count=total - counts.all, total=total, why=why))
    return counts


def _write_table(job: Job, kept: Journal) -> None:
    kept.note_table(there=True)  # before: killed in between, it is known to be this batch's
    try:
        table.write(job.out, kept.rows())
    except OSError:
        with suppress(BatchError):
            kept.note_table(there=False)
        raise


def _with_picture(job: Job, kept: Journal, entry: Entry, outcome: Outcome) -> Outcome:
    """Write a photo's picture, if there is one, before anything says that it is there."""
    if job.overlays is None or outcome.overlay is None:
        return outcome
    name = kept.picture_of(entry)
    targets.write_whole(job.overlays / name, outcome.overlay)
    return Outcome(outcome.kind, row.with_told(outcome.cells, overlay=name))


def unfinished(job: Job, *, resume: bool) -> str | None:
    """Say why a batch must not begin, or None if it may: nothing finished or begun is lost."""
    if job.journal.exists():
        if resume:
            return None
        if journal_file.in_use(job.journal):
            return journal_file.busy()
        said = _(
            "{file} was begun and not finished: go on with --resume, or remove {journal} to begin"
            " anew."
        )
        return said.format(file=shown(job.out), journal=shown(job.journal))
    return _already(job) if job.out.exists() else None


def drawn_before(job: Job) -> str | None:
    """Say why pictures must not be written, or None if they may: none of another batch is lost."""
    if job.overlays is None or job.journal.exists() or not _drawn(job):
        return None
    said = _("{folder} holds overlays already: give another folder, or remove them.")
    return said.format(folder=shown(job.overlays))


def _already(job: Job) -> str:
    said = _("{file} is there already: give another file, or remove it.")
    return said.format(file=shown(job.out))


def _drawn(job: Job) -> bool:
    return job.overlays is not None and any(job.overlays.glob(f"*{OVERLAY}"))
