"""Makes a study from the command line: reads, prints and writes it; it measures nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posture import assess, inputs, results, targets
from posture.console import console, say, shown, with_progress
from posture.errors import StudyError
from posture.language import gettext as _
from posture.study import figures, kept, plan, words
from posture.study import folder as folders
from posture.study.figures import LeftOut
from posture.study.reading import Reading

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.study.figures import Study, Taken
    from posture.study.folder import Source

StudyFile = Annotated[
    Path | None,
    typer.Option(
        "--study",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        readable=True,
        help="Take the least change from this study.json, which `posture study` wrote.",
    ),
]


def study(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            readable=True,
            help="Photos named as in anna_r1_s2.jpg: person, rater, session. Or what analyze"
            " --json wrote of them.",
        ),
    ],
    table: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            exists=True,
            dir_okay=False,
            readable=True,
            help="Says whom each photo shows, in columns photo, person, rater and session.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            file_okay=False,
            help="Write study.json, study.csv and Bland-Altman plots into this folder.",
        ),
    ] = None,
) -> None:
    """Tell from photos of the same people how large your own measurement error is.

    The exit status is 0 if all was measured, 3 if something was refused or there are too few
    photos, 2 if a file is not a photo or the usage is wrong, 1 if the program could not do its
    work. Of several, 1 wins over 2, and 2 over 3.
    """
    if fault := lacking():
        say(fault)
        raise typer.Exit(results.BROKEN)
    try:
        rows = None if table is None else plan.read_table(table.read_bytes(), table.name)
    except StudyError as error:
        raise typer.BadParameter(shown(str(error)), param_hint="--table") from None
    try:
        found = folders.sources(folder, rows)
    except StudyError as error:
        raise typer.BadParameter(shown(str(error)), param_hint="FOLDER") from None
    if out is not None and (fault := targets.folder_fault(out)):
        raise typer.BadParameter(fault, param_hint="--out")
    from posture.study.repeatability import study as study_of
    from posture.study.table import show

    done = results.Batch()
    readings, unread = _readings(found, done)
    made = study_of(readings, unread)
    with results.writing():
        show(made, console())
        if out is not None:
            _write(made, out)
    refused = made.left_out or any(one.noise is None or one.left_out for one in made.measures)
    raise typer.Exit(done.status or (results.REFUSED if refused else 0))


def lacking() -> str | None:
    """Say what has to be installed for a study, or None if all is there."""
    if find_spec("pingouin") and find_spec("cattrs"):
        return None
    return _(
        "Studies need more than is installed: run pip install -e '.[study]' in a copy of the"
        " repository."
    )


def study_in(file: Path | None) -> Study | None:
    """Return the study in a file, if there is one.

    Raises
    ------
    typer.BadParameter
        If it is no study.
    """
    if file is None:
        return None
    if fault := lacking():
        say(fault)
        raise typer.Exit(results.BROKEN)
    try:
        return kept.read(file.read_text("utf-8", errors="replace"), file.name)
    except StudyError as error:
        raise typer.BadParameter(shown(str(error)), param_hint="--study") from None


def say_whose(made: Study | None, assessments: Sequence[Assessment]) -> None:
    """Say of which measures the least change comes from a study, if there was one."""
    if made is None:
        return
    last = assessments[-1]
    tiers = ((key, one.tier) for key, one in last.measurements.items())
    say(words.compared(kept.own_noise(made), tiers))
    if other := words.made_otherwise(made, last.software, last.model):
        say(other)


def _readings(found: Sequence[Source], done: results.Batch) -> tuple[list[Reading], list[LeftOut]]:
    """Return what each photo says, and which could not be read; the latter are said at once."""
    readings, unread = [], []
    to_measure = [source.path for source in found if source.reading is None]
    progress = iter(with_progress(to_measure, hidden=len(to_measure) <= 1))
    for source in found:
        reading = source.reading
        if reading is None:
            reading = _measured(next(progress), source.name, source.taken, done)
        if reading is None:
            unread.append(LeftOut(source.name, figures.UNREADABLE))
        else:
            readings.append(reading)
    next(progress, None)  # takes the bar away
    return readings, unread


def _measured(path: Path, name: str, taken: Taken, done: results.Batch) -> Reading | None:
    both = inputs.measured(path, inputs.NOTHING_TOLD, done, assess)
    return None if both is None else Reading.of(both[1], name, taken)


def _write(made: Study, out: Path) -> None:
    """Write a study as JSON, as a table and as pictures, and say where."""
    from posture.study.plots import bland_altman

    targets.write_whole(out / "study.json", kept.to_json(made).encode())
    targets.write_whole(out / "study.csv", kept.to_csv(made).encode())
    pictures = []
    for one in made.measures:
        for number, agreement in enumerate(one.agreements, start=1):
            picture = out / f"{one.key}_{one.tier}_{agreement.between}_{number}.svg"
            targets.write_whole(picture, bland_altman(one, agreement).encode())
            pictures.append(picture)
    say(results.where([out / "study.json", out / "study.csv"], _("Study")))
    if pictures:
        say(results.where(pictures, _("Bland-Altman plots")))
