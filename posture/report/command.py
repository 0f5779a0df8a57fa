"""The command that measures a photo and writes its report; it says nothing on the page itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from posture import Assessment, Photo, PhotoError, PostureError, assess, compare, results, targets
from posture.console import say, shown
from posture.language import current, using
from posture.language import gettext as _
from posture.report.content import Report
from posture.visit import together


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
    before: Annotated[
        Path | None,
        typer.Option(
            "--before", metavar="PHOTO", help="An earlier photo, same side: tells what changed."
        ),
    ] = None,
) -> None:
    """Write a page to hand over: picture, numbers and what changed, as PDF.

    Of a photo that is refused, the page says why and what to do next. The exit status is as for
    analyze.
    """
    read = [path for path in (photo, before) if path is not None]
    if fault := targets.file_fault(out, read, example="report.pdf"):
        raise typer.BadParameter(fault, param_hint="--out")
    from posture.report.pdf import to_pdf

    with using(language or current()):
        picture, assessment = _measured(photo)
        earlier = None if before is None else _measured(before)[1]
        stance = together([assessment])
        page = Report(
            person=name,
            at=datetime.now().astimezone(),
            pictures=((picture, assessment),),
            stance=stance,
            changes=None if earlier is None else compare(together([earlier]), stance),
            paper=paper,
        )
        pdf = to_pdf(page)
    with results.writing():
        targets.write_whole(out, pdf)
    say(_("Report: {file}").format(file=shown(out)))
    raise typer.Exit(results.Batch([assessment]).status)


def _measured(path: Path) -> tuple[Photo, Assessment]:
    """Return a photo with what it says, or end with the sentence and status for why not."""
    try:
        photo = Photo.open(path)
        return photo, assess(photo)
    except PhotoError as error:
        # The sentence begins with the name alone; its folder tells it from another of that name.
        say(f"{shown(path).removesuffix(shown(path.name)) if path.name else ''}{error}")
        raise typer.Exit(results.NOT_A_PHOTO) from error
    except PostureError:
        raise
    except Exception as error:
        said = _("{name} could not be measured because of a fault in this program.")
        say(said.format(name=shown(path)))
        raise typer.Exit(results.BROKEN) from error
