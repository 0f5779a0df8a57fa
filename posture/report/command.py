"""The command that measures a photo and writes its report; it says nothing on the page itself."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from posture import (
    Assessment,
    Photo,
    PostureError,
    assess,
    compare,
    inputs,
    outputs,
    results,
    targets,
)
from posture.console import say, shown
from posture.language import current, using
from posture.language import gettext as _
from posture.report.content import Report
from posture.study import command as study_command
from posture.study import kept
from posture.visit import together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from posture.change import OwnNoise
    from posture.marking.reopen import Reopened
    from posture.report.content import Paper


def report(
    photo: Annotated[Path, typer.Argument(metavar="PHOTO", help="Side-view photo.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", dir_okay=False, help="The PDF to write.")
    ],
    paper: Annotated[
        Literal["a4", "letter"], typer.Option("--paper", help="Size of the pages.")
    ] = "a4",
    language: Annotated[
        Literal["en", "de", "es"] | None,
        typer.Option("--language", help="Language of the report, if not that of the terminal."),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="The person's name, printed on top.")
    ] = "",
    at: Annotated[
        datetime | None,
        typer.Option(metavar="TIME", parser=outputs.time, help="When the photo was taken."),
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(
            "--before", metavar="PHOTO", help="An earlier photo, same side: tells what changed."
        ),
    ] = None,
    study: study_command.StudyFile = None,
    stature: inputs.Stature = None,
    points: inputs.PointsFile = None,
    markers: inputs.Markers = False,
) -> None:
    """Write a page to hand over: picture, numbers and what changed, as PDF.

    Of a photo that is refused, the page says why and what to do next. The exit status is as for
    analyze.
    """
    read = [path for path in (photo, before) if path is not None]
    if fault := targets.file_fault(out, read, points, example="report.pdf"):
        raise typer.BadParameter(fault, param_hint="--out")
    if study is not None and before is None:
        said = _("it is for what changed: give an earlier photo with --before.")
        raise typer.BadParameter(said, param_hint="--study")
    from posture.report.pdf import to_pdf

    done = results.Batch()
    with using(language or current()):
        made = study_command.study_in(study)
        told = inputs.told(points, read)
        seen: list[tuple[Photo, Assessment]] = []
        for path in read:
            one = inputs.measured(path, told[path], done, _measuring(told[path], stature, markers))
            if one is None:
                raise typer.Exit(done.status)
            seen.append(one)
        assessments = [assessment for _photo, assessment in seen]
        try:
            pdf = to_pdf(
                _page(seen, None if made is None else kept.own_noise(made), name, at, paper)
            )
        except PostureError:
            raise
        except Exception as error:
            said = _("{name} could not be written because of a fault in this program.")
            say(said.format(name=shown(out)))
            raise typer.Exit(results.BROKEN) from error
    with results.writing():
        targets.write_whole(out, pdf)
    say(_("Report: {file}").format(file=shown(out)))
    study_command.say_whose(made, assessments[:1])
    raise typer.Exit(results.Batch(assessments[:1]).status)


def _measuring(
    told: Reopened, stature: float | None, markers: bool
) -> Callable[[Photo], Assessment]:
    return partial(
        assess,
        stature_cm=stature or told.stature_cm,
        corrections=told.corrections,
        markers=markers,
    )


def _page(
    seen: Sequence[tuple[Photo, Assessment]],
    own: OwnNoise | None,
    name: str,
    at: datetime | None,
    paper: Paper,
) -> Report:
    """Return the report on a photo, with what changed since an earlier one if there is one."""
    stance, *earlier = (together([assessment]) for _photo, assessment in seen)
    changes = compare(earlier[0], stance, own=own) if earlier else None
    return Report(
        person=name,
        at=at,
        pictures=(seen[0],),
        stance=stance,
        changes=changes,
        own_noise=changes is not None and changes != compare(earlier[0], stance),
        paper=paper,
    )
