"""What the machine cannot do: one sentence, the right status, and nothing lost."""

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from posture.records import people, vault, visits
from posture.records.access import open_records
from posture.records.kept import Facts

from . import command
from .faults import Ended, can_unshare, run, run_on_small_disk, run_read_only
from .kept import make_visit
from .study_set import Truth, write_results
from .told import PHOTO

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are made by Linux's means")
own_disk = pytest.mark.skipif(
    not can_unshare(), reason="this machine lets no program have a small disk of its own"
)
KEY = vault.new_key()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep a photo in which someone stands."""
    file = tmp_path_factory.mktemp("photo") / "side.png"
    Image.fromarray(PHOTO.pixels).save(file)
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file of a run before."""
    place = tmp_path / "results"
    place.mkdir()
    (place / "results.json").write_text("before\n", "utf-8")
    return place


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Path]:
    """Keep one person with a visit, and return the folder of the records."""
    place = tmp_path / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSTURE_DATA", str(place))
        patch.setenv(vault.KEY_VARIABLE, KEY)
        patch.delenv("POSTURE_DATABASE_URL", raising=False)
        opened = open_records()
        access = opened.local()
        person = people.add(access, Facts("Ada"))
        visits.save(access, make_visit(person, photos=1))
        opened.engine.dispose()
        yield place
        assert people.search(open_records().local()).count == 1


def sentence(ended: Ended) -> str:
    """Return the one sentence of a program that could not do its work."""
    assert "Traceback" not in ended.err
    (line,) = ended.err.splitlines()
    assert line.endswith(".")
    return line


DISK_IS_FULL = "No space left on device"


@own_disk
@pytest.mark.parametrize(
    ("verb", "option", "file"),
    [
        ("analyze", "--json", "results.json"),
        ("analyze", "--overlay", "."),
        ("analyze", "--fhir", "fhir.json"),
        ("analyze", "--dicom", "."),
        ("report", "--out", "report.pdf"),
    ],
)
def test_a_full_disk_is_one_sentence_and_halves_no_file(
    verb: str, option: str, file: str, photo: Path, folder: Path
) -> None:
    """Where it was to be written is said, and no part of it stays."""
    ended = run_on_small_disk(folder, "4k", verb, photo, option, folder / file)
    assert DISK_IS_FULL in sentence(ended)
    assert str(folder) in ended.err
    assert ended.status == 1
    assert ended.left == {}


@own_disk
def test_a_study_on_a_full_disk_is_one_sentence(tmp_path: Path, folder: Path) -> None:
    """With the name of what could not be written."""
    results = tmp_path / "of_people"
    results.mkdir()
    write_results(results, Truth(people=4), 1)
    ended = run_on_small_disk(folder, "4k", "study", results, "--out", folder)
    assert DISK_IS_FULL in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
    assert ended.status == 1


@own_disk
@pytest.mark.parametrize(
    ("verb", "option", "file"),
    [
        ("analyze", "--json", "new.json"),
        ("analyze", "--overlay", "."),
        ("report", "--out", "r.pdf"),
    ],
)
def test_a_folder_that_cannot_be_written_is_known_before_the_work(
    verb: str, option: str, file: str, photo: Path, folder: Path
) -> None:
    """Wrong usage, and what was there stays."""
    ended = run_read_only(folder, verb, photo, option, folder / file)
    assert ended.status == 2
    assert "give another folder" in ended.err
    assert "Read-only file system" in ended.err
    assert ended.left == {"results.json": 7}


@own_disk
def test_records_on_a_full_disk_are_one_sentence(tmp_path: Path) -> None:
    """Whether there is no room for the file or none for its journal."""
    place = tmp_path / "data"
    place.mkdir()
    told = {"POSTURE_DATA": str(place), vault.KEY_VARIABLE: KEY}
    for size in ("8k", "64k"):
        ended = run_on_small_disk(place, size, "records", "log", **told)
        assert "full" in sentence(ended)
        assert ended.status == 1


@own_disk
def test_records_that_cannot_be_written_are_one_sentence(records: Path) -> None:
    """And everybody is still there, as the fixture holds."""
    told = {"POSTURE_DATA": str(records), vault.KEY_VARIABLE: KEY}
    ended = run_read_only(records, "records", "log", **told)
    assert "cannot be" in sentence(ended)
    assert ended.status == 1


def test_records_in_use_are_one_sentence(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever holds them is waited for, and then said."""
    monkeypatch.setattr("posture.records.database._PATIENCE_S", 0.2)
    other = sqlite3.connect(records / "records.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        ended = command.run("records", "log")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert "in use by another program" in str(ended.exception)


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Make the system's German locale, in which numbers have a comma."""
    folder = tmp_path_factory.mktemp("locales")
    try:
        subprocess.run(
            ["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")],
            capture_output=True,
            check=False,
        )
    except OSError:
        pytest.skip("no locales can be made here")
    return {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8", "LANGUAGE": ""}


def test_a_decimal_comma_is_read_and_shown_and_never_written(
    photo: Path, folder: Path, german: dict[str, str]
) -> None:
    """A height with a comma is taken; JSON and CSV have points in every number."""
    files = (folder / "results.json", folder / "results.csv")
    ended = run(
        *("analyze", photo, "--stature", "172,5", "--json", files[0], "--csv", files[1]), **german
    )
    assert ended.status in (0, 3)
    assert "Abstand" in ended.out
    told = json.loads(files[0].read_text("utf-8"))
    assert told["stature_cm"] == 172.5
    numbers = [
        float(row[name])
        for row in csv.DictReader(files[1].read_text("utf-8").splitlines())
        for name in ("value", "low", "high")
        if row[name]
    ]
    assert any(number % 1 for number in numbers)


@pytest.mark.parametrize(
    "environment",
    [
        {"TMPDIR": "/nowhere"},
        {"HOME": "/proc/nowhere", "XDG_DATA_HOME": "", "XDG_CACHE_HOME": ""},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["no TMPDIR", "no HOME", "no UTF-8"],
)
def test_what_is_missing_around_it_stops_no_report(
    environment: dict[str, str], photo: Path, folder: Path
) -> None:
    """Neither folders for temporary files or of the user, nor a terminal that knows all signs."""
    ended = run("report", photo, "--out", folder / "report.pdf", **environment)
    assert ended.status in (0, 3), ended.err
    assert "Traceback" not in ended.err
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")


def test_records_without_a_home_are_one_sentence() -> None:
    """Where they cannot be is said, and how to name another place."""
    nowhere = {"HOME": "/proc/nowhere", "XDG_DATA_HOME": "", "POSTURE_DATA": ""}
    ended = run("records", "log", **nowhere, **{vault.KEY_VARIABLE: KEY})
    assert "name another one in POSTURE_DATA" in sentence(ended)
    assert ended.status == 1


def test_a_closed_standard_output_is_no_success_of_json(photo: Path) -> None:
    """Results for nobody are wrong usage, known before the work."""
    ended = run("analyze", photo, "--json", "-", stdout=">&-")
    assert ended.status == 2
    assert "standard output is closed: give a file." in " ".join(ended.err.split())


def test_a_model_that_may_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    """As another user than the one whose file it is; root itself may read everything."""
    model = tmp_path / "mine.task"
    model.write_bytes(b"PK\x05\x06" + bytes(18))
    model.chmod(0)
    code = (
        "import os, sys, zipfile\n"  # while Python's own files can still be read
        "from posture import errors, model_file\n"
        "os.geteuid() or os.setuid(65534)\n"
        "try: model_file.verify_model(__import__('pathlib').Path('mine.task'))\n"
        "except errors.ModelError as error: print(error)\n"
    )
    tmp_path.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("The pose model mine.task cannot be read: "), done.stderr


@own_disk
def test_a_batch_on_a_full_disk_goes_on(folder: Path) -> None:
    """Whether there is no room for its journal or for a picture; what is in the way goes."""
    told = (
        "batch",
        command.STANDING,
        "--out",
        folder / "out.csv",
        "--overlays",
        folder,
        "--workers=1",
    )
    for size in ("4k", "16k", "150k"):
        ended = run_on_small_disk(folder, size, *told)
        assert ended.status == 1, size
        said = sentence(ended)
        assert "cannot be written" in said, size
        assert "--resume" in said, size
        assert ended.left == {}, size


def test_the_page_of_faults_names_tests_that_are_there() -> None:
    """What it says holds a fault can be run."""
    text = (Path(__file__).parents[1] / "docs" / "robustness.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+\.py)`", text))
    assert len(named) > 5
    assert all((Path(__file__).parent / name).is_file() for name in named)
