"""Takes for the command line what a person tells of photos, and says which cannot be measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from posture import (
    Assessment,
    Corrections,
    Photo,
    PhotoError,
    PointsError,
    PostureError,
    results,
)
from posture.console import say, shown
from posture.language import gettext as _
from posture.language import localised
from posture.marking import points_file, reopen
from posture.marking.marks import STATURE_RANGE_CM
from posture.marking.reopen import Reopened

#: Of a photo of which nobody told anything.
NOTHING_TOLD: Final = Reopened(Corrections())


def _stature(text: str) -> float:
    low, high = STATURE_RANGE_CM
    try:
        stature = float(text.replace(",", "."))
    except ValueError:
        said = _("{text} is no number: give centimetres, such as 172.")
        raise typer.BadParameter(said.format(text=repr(text))) from None
    # Written so that NaN does not pass.
    if not low <= stature <= high:
        if low <= stature * 100 <= high:
            said = _("give {low} to {high} centimetres, {asked} if you mean metres.")
        else:
            said = _("give {low} to {high} centimetres.")
        asked = localised(f"{stature * 100:g}")
        raise typer.BadParameter(said.format(low=f"{low:g}", high=f"{high:g}", asked=asked))
    return stature


Stature = Annotated[
    float | None,
    typer.Option(metavar="CM", parser=_stature, help="Standing height: adds offsets in cm."),
]
PointsFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        readable=True,
        help="Measure from the points that this JSON places: what --json wrote, edited, or"
        ' {"points": {"asis": [x, y], "psis": [x, y]}}.',
    ),
]
Markers = Annotated[
    bool,
    typer.Option("--markers", help="Look for stickers on the skin and measure from them."),
]


def told(points: Path | None, photos: Sequence[Path]) -> dict[Path, Reopened]:
    """Read what a file tells of each photo, and say which ones it tells nothing of.

    Raises
    ------
    typer.BadParameter
        If it cannot be read, or tells of none of them.
    """
    nothing = dict.fromkeys(photos, NOTHING_TOLD)
    if points is None:
        return nothing
    try:
        known = points_file.share_out(points, photos)
    except PointsError as error:
        raise typer.BadParameter(str(error), param_hint="--points") from None
    without = [path for path in nothing if path not in known]
    if without:
        listed = ", ".join(results.names(without))
        said = _("The file of points tells nothing of {names}: measured without points.")
        say(said.format(names=listed))
    return nothing | known


def measured(
    path: Path, told: Reopened, done: results.Batch, measure: Callable[[Photo], Assessment]
) -> tuple[Photo, Assessment] | None:
    """Return a photo with what was measured in it, or say in one sentence why nothing was.

    Parameters
    ----------
    path : Path
        The photo.
    told : Reopened
        What a person told of it, which has to fit in it.
    done : Batch
        Counts what cannot be measured.
    measure : callable
        Assesses the photo; only what would stop every photo is raised.
    """
    try:
        photo = Photo.open(path)
        reopen.fit_in(told, photo.width, photo.height)
        return photo, measure(photo)
    except PointsError as error:
        said = _("{name} was not measured. {why}")
        say(said.format(name=shown(path), why=error))
        done.unreadable += 1
    except PhotoError as error:
        # The sentence begins with the name alone; its folder tells it from others of that name.
        folder = shown(path).removesuffix(shown(path.name)) if path.name else ""
        say(f"{folder}{error}")
        done.unreadable += 1
    except PostureError:
        raise
    except Exception:
        done.fault(path, _("{name} could not be measured because of a fault in this program."))
    return None
