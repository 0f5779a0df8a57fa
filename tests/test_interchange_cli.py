"""What the command line writes for other programs, and never over what is not theirs."""

import csv
import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pydicom
import pytest

from posture import Assessment, ModelError, Photo, cli, targets
from posture.interchange import dicom, fhir, table

from .command import ARM_HIDES_BACK, STANDING, WALKING, run

#: They take known assessments of the samples instead of measuring anew.
pytestmark = pytest.mark.usefixtures("quick")

FILES = ("--csv", "--fhir", "--mot")


def said(result: Any) -> str:
    """Return what was said, on one line."""
    return " ".join(result.stderr.replace("│", " ").split())


def test_everything_is_written_beside_the_table(tmp_path: Path) -> None:
    """Files of all photos, and a picture of each that was measured; places are told."""
    paths = {name: tmp_path / name for name in ("a.csv", "a.json", "a.mot", "pictures")}
    result = run(
        *("analyze", STANDING, WALKING, "--csv", paths["a.csv"], "--fhir", paths["a.json"]),
        *("--mot", paths["a.mot"], "--dicom", paths["pictures"]),
        *("--person", "P7", "--at", "2026-03-04T10:30+01:00"),
    )
    assert result.exit_code == 3
    assert "Pelvic tilt" in result.stdout
    rows = list(csv.DictReader(paths["a.csv"].read_text("utf-8").splitlines()))
    assert {row["photo"] for row in rows} == {STANDING.name, WALKING.name}
    assert {row["person"] for row in rows} == {"P7"}
    assert {row["at"] for row in rows} == {"2026-03-04T10:30:00+01:00"}
    bundle = json.loads(paths["a.json"].read_text("utf-8"))
    assert len(bundle["entry"]) == len(rows) + 1
    assert "pelvis_tilt" in paths["a.mot"].read_text("utf-8")
    (picture,) = paths["pictures"].iterdir()
    assert picture.name == f"{STANDING.stem}.dcm"
    read = pydicom.dcmread(BytesIO(picture.read_bytes()))
    assert read.PatientID == "P7"
    assert (read.Columns, read.Rows) == (Photo.open(STANDING).width, Photo.open(STANDING).height)
    assert result.stderr == (
        f"DICOM: {picture}\nTable: {paths['a.csv']}\nFHIR: {paths['a.json']}\n"
        f"Motion: {paths['a.mot']}\n"
    )


def test_piped_json_stays_nothing_but_json(tmp_path: Path) -> None:
    """Beside files, too."""
    alone = run("analyze", STANDING, "--json", "-")
    beside = run("analyze", STANDING, "--json", "-", "--csv", tmp_path / "a.csv")
    assert beside.stdout == alone.stdout
    assert (tmp_path / "a.csv").is_file()


@pytest.mark.parametrize("option", FILES)
def test_no_photo_is_replaced(option: str, tmp_path: Path, quick: list[float | None]) -> None:
    """Neither a photo nor a picture, a file of points or another option's file."""
    photo, other, points = (tmp_path / n for n in ("side.jpg", "results.json", "points.json"))
    for path in (photo, other):
        path.write_bytes(STANDING.read_bytes())
    points.write_text('{"points": {}}')
    example = {"--csv": "results.csv", "--fhir": "results.json", "--mot": "results.mot"}[option]
    for arguments, says in (
        ((photo, option, photo), "one of the photos"),
        ((photo, option, other), "is a picture"),
        ((photo, option, tmp_path / "new.png"), f"give a file such as {example}."),
        ((photo, option, points, "--points", points), "is the file of points"),
        ((photo, option, tmp_path / "a", "--json", tmp_path / "a"), "that of --json too"),
        ((photo, option, "-"), "standard output"),
        ((photo, option, tmp_path / "missing" / "a"), "does not exist"),
    ):
        result = run("analyze", *arguments)
        assert result.exit_code == 2
        assert f"Invalid value for {option}" in result.stderr
        assert says in said(result)
    assert quick == []
    for path in (photo, other):
        assert path.read_bytes() == STANDING.read_bytes()


def test_two_options_have_two_files(tmp_path: Path) -> None:
    """Also by another path to the same one."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "a")
    result = run("analyze", STANDING, "--csv", tmp_path / "a", "--fhir", link)
    assert result.exit_code == 2
    assert "that of --csv too" in said(result)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--person", " a"), "begins or ends with a space"),
        (("--person", "a\\b", "--dicom", "{folder}"), "no identifier for DICOM"),
        (("--at", "yesterday"), "is no time"),
    ],
)
def test_who_and_when_are_looked_at_first(
    arguments: tuple[str, ...], says: str, tmp_path: Path, quick: list[float | None]
) -> None:
    """Before anything is measured, in one sentence."""
    result = run("analyze", STANDING, *(a.format(folder=tmp_path) for a in arguments))
    assert result.exit_code == 2
    assert says in said(result)
    assert quick == []


def test_a_time_without_an_offset_is_this_machines(tmp_path: Path) -> None:
    """It is written with one, whatever that is here."""
    run("analyze", STANDING, "--csv", tmp_path / "a.csv", "--at", "2026-03-04T10:30")
    row = next(csv.DictReader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
    here = datetime(2026, 3, 4, 10, 30).astimezone()
    assert row["at"] == here.isoformat()


def test_refused_photos_have_a_table_but_no_motion(tmp_path: Path) -> None:
    """One sentence says so, and a motion of a run before stays."""
    before = tmp_path / "a.mot"
    before.write_text("before")
    result = run(
        *("analyze", WALKING, "--csv", tmp_path / "a.csv", "--mot", before),
        *("--dicom", tmp_path / "pictures"),
    )
    assert result.exit_code == 3
    assert "There is no pelvic tilt for OpenSim" in result.stderr
    assert before.read_text() == "before"
    assert "refused" in (tmp_path / "a.csv").read_text("utf-8")
    assert list((tmp_path / "pictures").iterdir()) == []


@pytest.mark.parametrize(("at", "studies"), [((), 2), (("--at", "2026-03-04T10:30+01:00"), 1)])
def test_pictures_are_counted_and_of_one_study_if_of_one_time(
    at: tuple[str, ...], studies: int, tmp_path: Path
) -> None:
    """By the photo's place among all; without a time they may be months apart."""
    photos = [STANDING, WALKING, ARM_HIDES_BACK]
    run("analyze", *photos, "--dicom", tmp_path, "--person", "P1", *at)
    found = [pydicom.dcmread(path) for path in tmp_path.iterdir()]
    assert sorted(int(one.InstanceNumber) for one in found) == [1, 3]  # the second is refused
    assert len({one.StudyInstanceUID for one in found}) == studies
    assert len({one.SeriesInstanceUID for one in found}) == studies


def test_pictures_replace_nothing(tmp_path: Path) -> None:
    """Of like names they are numbered."""
    run("analyze", STANDING, STANDING, "--dicom", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{STANDING.stem}-2.dcm",
        f"{STANDING.stem}.dcm",
    ]


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt(), 130), (ModelError("Gone: reinstall."), 1)]
)
def test_files_hold_what_was_assessed_before_the_end(
    error: BaseException, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted or broken off, a run still writes what it has."""
    quick_assess, target = cli.assess, tmp_path / "a.csv"

    def once(photo: Photo, **told: Any) -> Assessment:
        if photo.name == WALKING.name:
            raise error
        return quick_assess(photo, **told)

    monkeypatch.setattr(cli, "assess", once)
    assert run("analyze", STANDING, WALKING, "--csv", target).exit_code == status
    rows = csv.DictReader(target.read_text("utf-8").splitlines())
    assert {row["photo"] for row in rows} == {STANDING.name}


def test_what_is_not_installed_is_said_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: list[float | None]
) -> None:
    """With what to install."""
    for module, option, extra in ((fhir, "--fhir", "fhir"), (dicom, "--dicom", "dicom")):
        monkeypatch.setattr(module, "find_spec", lambda _name: None)
        result = run("analyze", STANDING, option, tmp_path / extra)
        assert result.exit_code == 2
        assert f"pip install -e '.[{extra}]'" in said(result)
    assert quick == []


def test_a_fault_in_one_form_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback; the status tells of it."""

    def fault(*_arguments: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(table, "to_csv", fault)
    monkeypatch.setattr(dicom, "to_dicom", fault)
    result = run(
        *("analyze", STANDING, "--csv", tmp_path / "a.csv", "--mot", tmp_path / "a.mot"),
        *("--dicom", tmp_path / "pictures"),
    )
    assert result.exit_code == 1
    assert result.stderr.count("because of a fault in this program.") == 2
    assert (tmp_path / "a.mot").is_file()
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize("option", FILES)
def test_failed_write_leaves_what_was_there(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence says where it could not be written."""
    target = tmp_path / "a"
    target.write_text("before")

    def full(path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(targets, "write_whole", full)
    result = run("analyze", STANDING, option, target)
    assert result.exit_code == 1
    assert result.stderr == (
        f"The results cannot be written to {target}: No space left on device.\n"
    )
    assert target.read_text() == "before"
