"""Writes for the command line what other programs read, where its options say; measures nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from posture import InterchangeError, results, targets
from posture.console import say, shown
from posture.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from posture import Assessment, Photo
    from posture.interchange.record import Record


def _person(text: str) -> str:
    from posture.interchange.record import check_identifier

    try:
        check_identifier(text)
    except InterchangeError as error:
        raise typer.BadParameter(str(error)) from None
    return text


def time(text: str) -> datetime:
    """Return the time that an option gives.

    Raises
    ------
    typer.BadParameter
        If it is none.
    """
    try:
        at = datetime.fromisoformat(text)
        # A time without an offset is that of this machine.
        return at.astimezone() if at.tzinfo is None else at
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            _(
                "{text} is no time: give one such as 2026-03-04T10:30 or 2026-03-04T10:30+01:00."
            ).format(text=repr(text))
        ) from None


CsvFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", dir_okay=False, help="Write a table, a row each measurement."),
]
FhirFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", dir_okay=False, help="Write FHIR R4, for clinic software."),
]
MotFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", dir_okay=False, help="Write pelvic tilt as a motion for OpenSim."),
]
DicomFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        file_okay=False,
        help="Write each measured photo, its lines drawn in, as DIR/NAME.dcm, numbered if that"
        " exists.",
    ),
]
Person = Annotated[
    str,
    typer.Option(
        metavar="ID", parser=_person, help="Identifies the person of all photos in those files."
    ),
]
Time = Annotated[
    datetime | None,
    typer.Option(metavar="TIME", parser=time, help="When all photos were taken, for those files."),
]


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is to be written for other programs, and where.

    Attributes
    ----------
    csv, fhir, mot : Path or None
        Files that are written once, of all photos.
    dicom : Path or None
        Folder into which each photo is written.
    person : str
        Identifies whom all photos show; empty if nobody told.
    at : datetime or None
        When they were taken.
    """

    csv: Path | None = None
    fhir: Path | None = None
    mot: Path | None = None
    dicom: Path | None = None
    person: str = ""
    at: datetime | None = None

    def check(self, photos: Sequence[Path], points: Path | None, json: Path | None) -> None:
        """Look, before anything is measured, whether all of it can be written.

        Parameters
        ----------
        photos : sequence of Path
            The photos that are read.
        points, json : Path or None
            The file of points that is read, and of JSON that is written.

        Raises
        ------
        typer.BadParameter
            If it cannot.
        """
        from posture.interchange import dicom, fhir

        taken = {} if json is None else {os.path.realpath(json): "--json"}
        for option, file, example in (
            ("--csv", self.csv, "results.csv"),
            ("--fhir", self.fhir, "results.json"),
            ("--mot", self.mot, "results.mot"),
        ):
            if file is None:
                continue
            fault = _fault(file, photos, points, example)
            if other := taken.get(os.path.realpath(file)):
                said = _("{file} is that of {other} too: give another file.")
                fault = said.format(file=file, other=other)
            if fault := fault or (fhir.lacking() if option == "--fhir" else None):
                raise typer.BadParameter(fault, param_hint=option)
            taken[os.path.realpath(file)] = option
        if self.dicom is None:
            return
        if fault := targets.folder_fault(self.dicom) or dicom.lacking():
            raise typer.BadParameter(fault, param_hint="--dicom")
        try:
            dicom.check_identifier(self.person)
        except InterchangeError as error:
            raise typer.BadParameter(str(error), param_hint="--person") from None

    def write_picture(self, photo: Photo, path: Path, done: results.Batch) -> None:
        """Write the photo that was assessed last as DICOM, if asked for and measured."""
        assessment = done.assessments[-1]
        if self.dicom is None or assessment.status != "measured":
            return
        from posture.interchange.dicom import to_dicom

        try:
            number = len(done.assessments)
            data = to_dicom(photo, self._record(done.assessments), number)
        except Exception:
            done.fault(path, _("{name} could not be drawn because of a fault in this program."))
            return
        with results.writing():
            done.dicoms.append(targets.write_new(self.dicom, path.stem, ".dcm", data))

    def write_files(self, done: results.Batch) -> None:
        """Write the files of all photos that were assessed, and say where everything is."""
        from posture.interchange.fhir import to_fhir
        from posture.interchange.motion import to_mot
        from posture.interchange.table import to_csv

        if done.dicoms:
            say(results.where(done.dicoms, "DICOM"))
        if not done.assessments:
            return
        record = self._record(done.assessments)
        kinds: tuple[tuple[str, Path | None, Callable[[Record], str]], ...] = (
            (_("Table"), self.csv, to_csv),
            ("FHIR", self.fhir, to_fhir),
            (_("Motion"), self.mot, to_mot),
        )
        for what, file, written in kinds:
            if file is None:
                continue
            try:
                text = written(record)
            except InterchangeError as error:
                say(str(error))
                continue
            except Exception:
                said = _("{name} could not be written because of a fault in this program.")
                done.fault(file, said)
                continue
            with results.writing():
                targets.write_whole(file, text.encode())
            say(f"{what}: {shown(file)}")

    def _record(self, assessments: Sequence[Assessment]) -> Record:
        from posture.interchange.record import Record

        return Record(tuple(assessments), person=self.person, at=self.at)


_STANDARD_OUTPUT: Final = "-"


def _fault(file: Path, photos: Sequence[Path], points: Path | None, example: str) -> str | None:
    if str(file) == _STANDARD_OUTPUT:
        return _(
            "only --json is written to standard output: give a file such as {example}."
        ).format(example=example)
    return targets.file_fault(file, photos, points, example)
