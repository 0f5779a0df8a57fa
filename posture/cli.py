"""The command line: reads photos, prints and writes what was assessed; it measures nothing.

Exit status: 0 all measured, 3 something refused, 2 not a photo or wrong usage, 1 the program could
not do its work, 130 interrupted.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from posture import Assessment, Photo, PhotoError, PostureError, assess
from posture.version import VERSION

if TYPE_CHECKING:
    from rich.console import Console

_BROKEN: Final = 1
_NOT_A_PHOTO: Final = 2
_REFUSED: Final = 3

_STATURE_CM: Final = (50.0, 250.0)
_APP: Final = Path(__file__).resolve().parents[1] / "app.py"
_STANDARD_OUTPUT: Final = "-"

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
        _say(str(error))
        sys.exit(_BROKEN)
    except OSError as error:
        where = f" to {error.filename}" if error.filename else ""
        _say(f"The results cannot be written{where}: {error.strerror or error}.")
        _drop_output()
        sys.exit(_BROKEN)


def _drop_output() -> None:
    """Let what standard output still holds go nowhere, or Python fails on it at its end."""
    with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


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


def _check_stature(stature_cm: float | None) -> float | None:
    low, high = _STATURE_CM
    # Written so that NaN does not pass.
    if stature_cm is not None and not low <= stature_cm <= high:
        raise typer.BadParameter(f"a standing height is {low:g} to {high:g} centimetres.")
    return stature_cm


def _check_folder(path: Path | None) -> Path | None:
    if path is not None and not path.absolute().parent.is_dir():
        raise typer.BadParameter(f"the folder {path.parent} does not exist.")
    return path


@app.command()
def analyze(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO", help="Side-view photos.")],
    json: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            callback=_check_folder,
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
            help="Write each measured photo, its lines drawn in, as DIR/NAME.overlay.png.",
        ),
    ] = None,
    stature: Annotated[
        float | None,
        typer.Option(
            metavar="CM", callback=_check_stature, help="Standing height: adds offsets in cm."
        ),
    ] = None,
) -> None:
    """Measure the person in each photo.

    The exit status is 0 if all was measured, 3 if something was refused, 2 if a file is not a
    photo.
    """
    from posture.export import to_json

    piped = str(json) == _STANDARD_OUTPUT
    if overlay is not None:
        overlay.mkdir(parents=True, exist_ok=True)
    done = _Batch()
    for path in _with_progress(photos, hidden=piped or len(photos) == 1):
        try:
            photo = Photo.open(path)
        except PhotoError as error:
            _say(str(error))
            done.unreadable += 1
            continue
        assessment = assess(photo, stature_cm=stature)
        done.assessments.append(assessment)
        if piped:
            # Bytes, since JSON is UTF-8 whatever the terminal's own encoding is.
            typer.echo(to_json(assessment).encode())
        if overlay is not None and assessment.status == "measured":
            from posture.overlay import to_png

            _write(overlay / done.overlay_name(path), to_png(photo, assessment))
    if json is not None and not piped:
        lines = (to_json(assessment) + "\n" for assessment in done.assessments)
        _write(json, "".join(lines).encode())
    if done.assessments and not piped:
        from posture.terminal import show

        show(done.assessments, _console())
    raise typer.Exit(done.status)


@app.command("app")
def open_app(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Local port; Streamlit chooses one if left out."),
    ] = None,
) -> None:
    """Open the app in the browser."""
    if not _APP.is_file():
        _say("The app is not part of this installation: run this from a copy of the repository.")
        raise typer.Exit(_BROKEN)
    if find_spec("streamlit") is None:
        _say("The app needs Streamlit: install it with `pip install 'posture[app]'`.")
        raise typer.Exit(_BROKEN)
    command = [sys.executable, "-m", "streamlit", "run", str(_APP)]
    if port is not None:
        command += ["--server.port", str(port)]
    # Streamlit reads .streamlit/config.toml in the folder in which it is started.
    server = subprocess.Popen(command, cwd=_APP.parent)
    try:
        status = server.wait()
    except KeyboardInterrupt:  # the way to stop it, which reaches the server too
        server.wait()
        status = 0
    raise typer.Exit(status)


@app.command()
def doctor() -> None:
    """Look whether everything that posture needs is there, and say how to mend what is not."""
    from posture.doctor import examine
    from posture.terminal import show_findings

    findings = examine()
    show_findings(findings, _console())
    raise typer.Exit(0 if all(finding.ok for finding in findings) else _BROKEN)


@dataclass(slots=True)
class _Batch:
    """What came of the photos so far."""

    assessments: list[Assessment] = field(default_factory=list)
    unreadable: int = 0
    _taken: set[str] = field(default_factory=set)

    @property
    def status(self) -> int:
        if self.unreadable:
            return _NOT_A_PHOTO
        refused = any(
            measurement.tier == "refused"
            for assessment in self.assessments
            for measurement in assessment.measurements.values()
        )
        return _REFUSED if refused else 0

    def overlay_name(self, path: Path) -> str:
        """Return a file name that no photo before has got, whatever the system makes of case."""
        name, number = f"{path.stem}.overlay.png", 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{path.stem}-{number}.overlay.png"
        self._taken.add(name.casefold())
        return name


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path = path.resolve()
    if path.exists() and not path.is_file():  # a pipe or a device must not be replaced
        path.write_bytes(data)
        return
    part = path.with_name(f".posture-{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error


def _say(sentence: str) -> None:
    """Print one sentence on standard error, above the progress bar if there is one."""
    from rich.text import Text

    _console(stderr=True).print(Text(sentence), soft_wrap=True)


@cache
def _console(*, stderr: bool = False) -> Console:
    """Return the one console of each stream: sentences and progress bar must know each other."""
    from rich.console import Console

    return Console(stderr=stderr)


def _with_progress(photos: list[Path], *, hidden: bool) -> Iterable[Path]:
    """Yield the photos, with a bar on standard error if that is a terminal."""
    console = _console(stderr=True)
    if hidden or not console.is_terminal:
        return photos
    from rich.progress import track

    return track(photos, "Measuring", console=console, transient=True)
