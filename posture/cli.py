"""The command line: reads photos, prints and writes what was assessed; it measures nothing.

Exit status: 0 all measured, 3 something refused, 2 not a photo or wrong usage, 1 the program could
not do its work, 130 interrupted. Of several, 1 wins over 2, and 2 over 3.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
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
    assess,
    change,
    reopen,
    serving,
    targets,
)
from posture.console import console, drop_output, say, shown, with_progress
from posture.marks import STATURE_RANGE_CM
from posture.reopen import Reopened
from posture.version import VERSION

_BROKEN: Final = 1
_NOT_A_PHOTO: Final = 2
_REFUSED: Final = 3

_STANDARD_OUTPUT: Final = "-"
_NAMED_OVERLAYS: Final = 3

app = typer.Typer(
    help="Read pelvic tilt and lumbar curve from side-view photos.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line; any failure ends in one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may lack the plus-minus sign
    try:
        app()
    except PostureError as error:
        say(str(error))
        sys.exit(_BROKEN)
    except OSError as error:
        say(f"The program had to stop: {error.strerror or error}.")
        drop_output()
        sys.exit(_BROKEN)


@contextmanager
def _writing() -> Iterator[None]:
    """Say in one sentence what could not be written, and end with the status for it."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:  # whoever read has left: no word about it
            raise
        where = f" to {error.filename}" if error.filename else ""
        say(f"The results cannot be written{where}: {error.strerror or error}.")
        if not error.filename:
            drop_output()
        raise typer.Exit(_BROKEN) from error


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"posture {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Read pelvic tilt and lumbar curve from side-view photos."""


def _stature(text: str) -> float:
    low, high = STATURE_RANGE_CM
    try:
        stature = float(text.replace(",", "."))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number: give centimetres, such as 172.") from None
    # Written so that NaN does not pass.
    if not low <= stature <= high:
        metres = low <= stature * 100 <= high
        asked = f", {stature * 100:g} if you mean metres" if metres else ""
        raise typer.BadParameter(f"give {low:g} to {high:g} centimetres{asked}.")
    return stature


@app.command()
def analyze(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO", help="Side-view photos.")],
    json: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            writable=True,
            allow_dash=True,
            help="Write one JSON object a line; - is standard output, without the table.",
        ),
    ] = None,
    overlay: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            file_okay=False,
            help="Write each measured photo, its lines drawn in, as DIR/NAME.overlay.png,"
            " numbered if that exists.",
        ),
    ] = None,
    stature: Annotated[
        float | None,
        typer.Option(metavar="CM", parser=_stature, help="Standing height: adds offsets in cm."),
    ] = None,
    points: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            readable=True,
            help="Measure from the points that this JSON places: what --json wrote, edited, or"
            ' {"points": {"asis": [x, y], "psis": [x, y]}}.',
        ),
    ] = None,
    markers: Annotated[
        bool,
        typer.Option("--markers", help="Look for stickers on the skin and measure from them."),
    ] = False,
) -> None:
    """Measure the person in each photo.

    The exit status is 0 if all was measured, 3 if something was refused, 2 if a file is not a
    photo or the usage is wrong, 1 if the program could not do its work, 130 if interrupted. Of
    several, 1 wins over 2, and 2 over 3.
    """
    piped = str(json) == _STANDARD_OUTPUT
    file = None if piped else json
    if file is not None and (fault := targets.file_fault(file, photos)):
        raise typer.BadParameter(fault, param_hint="--json")
    if overlay is not None and (fault := targets.folder_fault(overlay)):
        raise typer.BadParameter(fault, param_hint="--overlay")
    told = {path: _told(points, path, alone=len(photos) == 1) for path in photos}
    done = _Batch()
    try:
        for path in with_progress(photos, hidden=piped or len(photos) == 1):
            known = told[path]
            way = _Way(known.corrections, stature or known.stature_cm, overlay, markers, piped)
            _analyze_one(path, done, way)
    finally:
        # Interrupted or not: what was assessed is not lost, and no file is emptied for nothing.
        if file is not None and done.assessments:
            _write_json(file, done.assessments)
    if done.overlays:
        say(_where(done.overlays))
    if done.assessments and not piped:
        from posture.terminal import show

        with _writing():
            show(done.assessments, console(), names=_names(done.paths))
    raise typer.Exit(done.status)


def _told(points: Path | None, photo: Path, *, alone: bool) -> Reopened:
    """Read what a file tells of a photo: of a photo alone, whatever its name."""
    if points is None:
        return Reopened(Corrections())
    try:
        return reopen.read(points.read_bytes(), name="" if alone else photo.name)
    except PointsError as error:
        raise typer.BadParameter(str(error), param_hint="--points") from None


@dataclass(frozen=True, slots=True)
class _Way:
    """How a photo is to be assessed, and what is written of it."""

    corrections: Corrections = field(default_factory=Corrections)
    stature: float | None = None
    overlay: Path | None = None
    markers: bool = False
    piped: bool = False


def _analyze_one(path: Path, done: _Batch, way: _Way) -> None:
    """Assess one photo and write what is written at once; only what stops every photo is raised."""
    overlay = way.overlay
    try:
        photo = Photo.open(path)
        reopen.fit_in(way.corrections, photo.width, photo.height)
        assessment = assess(
            photo, stature_cm=way.stature, corrections=way.corrections, markers=way.markers
        )
    except PointsError as error:
        raise typer.BadParameter(str(error), param_hint="--points") from None
    except PhotoError as error:
        # The sentence begins with the name alone; its folder tells it from others of that name.
        folder = shown(path).removesuffix(shown(path.name)) if path.name else ""
        say(f"{folder}{error}")
        done.unreadable += 1
        return
    except PostureError:
        raise
    except Exception:
        say(f"{shown(path)} could not be measured because of a fault in this program.")
        done.faults += 1
        return
    done.assessments.append(assessment)
    done.paths.append(path)
    if way.piped:
        from posture.export import to_json

        # Bytes, since JSON is UTF-8 whatever the terminal's own encoding is.
        with _writing():
            typer.echo(to_json(assessment).encode())
    if overlay is not None and assessment.status == "measured":
        from posture.overlay import to_png

        try:
            picture = to_png(photo, assessment)
        except Exception:
            say(f"{shown(path)} could not be drawn because of a fault in this program.")
            done.faults += 1
            return
        with _writing():
            done.overlays.append(targets.write_new(overlay, path.stem, ".overlay.png", picture))


def _write_json(file: Path, assessments: Iterable[Assessment]) -> None:
    from posture.export import to_json

    lines = (to_json(assessment) + "\n" for assessment in assessments)
    with _writing():
        targets.write_whole(file, "".join(lines).encode())
    say(f"Results: {shown(file)}")


def _where(overlays: list[Path]) -> str:
    if len(overlays) > _NAMED_OVERLAYS:
        return f"Overlays: {len(overlays)} pictures in {shown(overlays[0].parent)}"
    return f"Overlays: {', '.join(map(shown, overlays))}"


def _names(paths: list[Path]) -> list[str]:
    """Return the names alone if all photos are in one folder, else the paths as typed."""
    one_folder = len({path.parent for path in paths}) == 1
    return [shown(path.name if one_folder else path) for path in paths]


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="Side-view photo of a person.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="A later photo, same side.")],
) -> None:
    """Tell what changed between two photos of one person, and whether it is more than noise.

    The exit status is 0 if all could be compared, 3 if something could not; otherwise as for
    analyze.
    """
    from posture.terminal import show_changes

    done = _Batch()
    for path in (before, after):
        _analyze_one(path, done, _Way())
    if done.faults or done.unreadable:
        raise typer.Exit(done.status)
    changes = change.compare(*done.assessments)
    with _writing():
        show_changes(done.assessments, changes, console(), names=_names(done.paths))
    unknown = any(one.value is None for one in changes.values())
    raise typer.Exit(_REFUSED if unknown else 0)


@app.command("app")
def open_app(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Local port; Streamlit chooses one if left out."),
    ] = None,
) -> None:
    """Open the app in the browser."""
    fault = serving.fault(port)
    if fault:
        say(fault)
        raise typer.Exit(_BROKEN)
    say("Stop the app with Ctrl-C.")
    raise typer.Exit(serving.serve(port))


@app.command()
def doctor() -> None:
    """Look whether everything that posture needs is there, and say how to mend what is not."""
    from posture.doctor import examine
    from posture.terminal import show_findings

    findings = examine()
    with _writing():
        show_findings(findings, console())
    raise typer.Exit(0 if all(finding.ok for finding in findings) else _BROKEN)


@dataclass(slots=True)
class _Batch:
    """What came of the photos so far."""

    assessments: list[Assessment] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)  # of the assessments, as typed
    overlays: list[Path] = field(default_factory=list)
    unreadable: int = 0
    faults: int = 0

    @property
    def status(self) -> int:
        if self.faults:
            return _BROKEN
        if self.unreadable:
            return _NOT_A_PHOTO
        refused = any(
            measurement.tier == "refused"
            for assessment in self.assessments
            for measurement in assessment.measurements.values()
        )
        return _REFUSED if refused else 0
