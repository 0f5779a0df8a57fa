"""The command line: reads photos, prints and writes what was assessed; it measures nothing.

Exit status as in `posture.results`; besides, 2 is wrong usage and 130 is interrupted.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from posture import (
    Corrections,
    PostureError,
    assess,
    change,
    inputs,
    outputs,
    results,
    serving,
    targets,
)
from posture import language as languages
from posture.batch.command import batch
from posture.console import console, drop_output, say, with_progress
from posture.language import gettext as _
from posture.marking.reopen import Reopened
from posture.records.command import records
from posture.report.command import report
from posture.study import command as study_command
from posture.study import kept
from posture.version import VERSION

_STANDARD_OUTPUT: Final = "-"

app = typer.Typer(
    help="Read pelvic tilt and lumbar curve from side-view photos.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


app.add_typer(records, name="records")


def main() -> None:
    """Run the command line; any failure ends in one sentence on standard error."""
    languages.use(languages.of_environment())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may lack the plus-minus sign
    try:
        app()
    except PostureError as error:
        say(str(error))
        sys.exit(results.BROKEN)
    except OSError as error:
        said = _("The program had to stop: {why}.")
        say(said.format(why=error.strerror or error))
        drop_output()
        sys.exit(results.BROKEN)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"posture {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    language: Annotated[
        Literal["en", "de", "es"] | None,
        typer.Option("--language", help="Speak this language, not that of the environment."),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Read pelvic tilt and lumbar curve from side-view photos."""
    context.with_resource(languages.using(language or languages.of_environment()))


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
    stature: inputs.Stature = None,
    points: inputs.PointsFile = None,
    markers: inputs.Markers = False,
    csv: outputs.CsvFile = None,
    fhir: outputs.FhirFile = None,
    mot: outputs.MotFile = None,
    dicom: outputs.DicomFolder = None,
    person: outputs.Person = "",
    at: outputs.Time = None,
) -> None:
    """Measure the person in each photo.

    The exit status is 0 if all was measured, 3 if something was refused, 2 if a file is not a
    photo or the usage is wrong, 1 if the program could not do its work, 130 if interrupted. Of
    several, 1 wins over 2, and 2 over 3.
    """
    piped = str(json) == _STANDARD_OUTPUT
    if piped and sys.stdout is None:
        raise typer.BadParameter(_("standard output is closed: give a file."), param_hint="--json")
    file = None if piped else json
    if file is not None and (fault := targets.file_fault(file, photos, points)):
        raise typer.BadParameter(fault, param_hint="--json")
    if overlay is not None and (fault := targets.folder_fault(overlay)):
        raise typer.BadParameter(fault, param_hint="--overlay")
    others = outputs.Outputs(csv, fhir, mot, dicom, person, at)
    others.check(photos, points, file)
    told = inputs.told(points, photos)
    done = results.Batch()
    try:
        for path in with_progress(photos, hidden=piped or len(photos) == 1):
            known = told[path]
            way = _Way(known, stature or known.stature_cm, overlay, markers, piped, others)
            _analyze_one(path, done, way)
    finally:
        # Interrupted or not: what was assessed is not lost, and no file is emptied for nothing.
        if file is not None and done.assessments:
            results.write_json(file, done.assessments)
        others.write_files(done)
    if done.overlays:
        say(results.where(done.overlays))
    if done.assessments and not piped:
        from posture.terminal import show

        with results.writing():
            show(done.assessments, console(), names=results.names(done.paths))
    raise typer.Exit(done.status)


@dataclass(frozen=True, slots=True)
class _Way:
    """How a photo is to be assessed, and what is written of it."""

    told: Reopened = field(default_factory=lambda: Reopened(Corrections()))
    stature: float | None = None
    overlay: Path | None = None
    markers: bool = False
    piped: bool = False
    others: outputs.Outputs = field(default_factory=outputs.Outputs)


def _analyze_one(path: Path, done: results.Batch, way: _Way) -> None:
    """Assess one photo and write what is written at once; only what stops every photo is raised."""
    overlay = way.overlay
    told = way.told
    measure = partial(
        assess, stature_cm=way.stature, corrections=told.corrections, markers=way.markers
    )
    read = inputs.measured(path, told, done, measure)
    if read is None:
        return
    photo, assessment = read
    done.assessments.append(assessment)
    done.paths.append(path)
    if way.piped:
        from posture.export import to_json

        # Bytes, since JSON is UTF-8 whatever the terminal's own encoding is.
        with results.writing():
            typer.echo(to_json(assessment).encode())
    way.others.write_picture(photo, path, done)
    if overlay is not None and assessment.status == "measured":
        from posture.overlay import to_png

        try:
            picture = to_png(photo, assessment)
        except Exception:
            done.fault(path, _("{name} could not be drawn because of a fault in this program."))
            return
        with results.writing():
            done.overlays.append(targets.write_new(overlay, path.stem, ".overlay.png", picture))


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="Side-view photo of a person.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="A later photo, same side.")],
    study: study_command.StudyFile = None,
) -> None:
    """Tell what changed between two photos of one person, and whether it is more than noise.

    The exit status is 0 if all could be compared, 3 if something could not; otherwise as for
    analyze.
    """
    from posture.terminal import show_changes

    made = study_command.study_in(study)
    done = results.Batch()
    for path in (before, after):
        _analyze_one(path, done, _Way())
    if done.faults or done.unreadable:
        raise typer.Exit(done.status)
    own = None if made is None else kept.own_noise(made)
    changes = change.compare(*done.assessments, own=own)
    with results.writing():
        show_changes(done.assessments, changes, console(), names=results.names(done.paths))
        study_command.say_whose(made, done.assessments)
    unknown = any(one.value is None for one in changes.values())
    raise typer.Exit(results.REFUSED if unknown else 0)


app.command()(batch)
app.command()(report)
app.command()(study_command.study)


@app.command("app")
def open_app(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Local port; Streamlit chooses one if left out."),
    ] = None,
    address: Annotated[
        str, typer.Option(help="Address of this machine on which the app answers.")
    ] = serving.HERE,
    host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Name by which browsers may ask for it; repeat it."),
    ] = None,
    secrets: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            envvar="POSTURE_SECRETS",
            help="File that sets up the login, if not .streamlit/secrets.toml beside the app.",
        ),
    ] = None,
    allow_without_login: Annotated[
        bool,
        typer.Option("--allow-without-login", help="Let in whoever reaches the app."),
    ] = False,
) -> None:
    """Open the app in the browser, for this machine alone unless a login is set up."""
    service = serving.Service(port, address, tuple(host or ()), secrets, allow_without_login)
    fault = serving.fault(service)
    if fault:
        say(fault)
        raise typer.Exit(results.BROKEN)
    say(_("Stop the app with Ctrl-C."))
    raise typer.Exit(serving.serve(service))


@app.command()
def doctor() -> None:
    """Look whether everything that posture needs is there, and say how to mend what is not."""
    from posture.doctor import examine
    from posture.terminal import show_findings

    findings = examine()
    with results.writing():
        show_findings(findings, console())
    raise typer.Exit(0 if all(finding.ok for finding in findings) else results.BROKEN)
