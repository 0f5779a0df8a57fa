"""A batch of many photos: whatever ends it, a photo, a worker or the program, nothing is lost."""

import csv
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Self

import pyarrow.parquet as pq
import pytest

from posture.batch import journal, table
from posture.batch import run as runs
from posture.batch.journal import Counts
from posture.batch.local import local_crew
from posture.batch.row import COLUMNS, NUMERIC
from posture.errors import BatchError

from . import batch_run
from .batch_tasks import AWAY, DIE, DIE_ONCE, HANG, SLOW, fake

ROOT = Path(__file__).parents[1]
SECONDS = 150


def folder_of(folder: Path, words: Iterable[object]) -> Path:
    """Make a folder of files named by their number, each with a word in it."""
    folder.mkdir()
    for number, word in enumerate(words):
        (folder / f"p{number:03}.jpg").write_text(str(word))
    return folder


def run(
    photos: str | Path, out: Path, *, overlays: Path | None = None, longest: float = 60
) -> Counts:
    """Run a batch in this process, with two workers."""
    job = batch_run.job(photos, out, overlays)
    crew = partial(local_crew, fake, job.way, 2, longest)
    return runs.run(job, crew, batch_run.said)


class Program(subprocess.Popen[str]):
    """A process that is killed at the end of its block, or if it takes far too long."""

    def __enter__(self) -> Self:
        """Let nobody wait for ever for a line of it."""
        self.over = threading.Timer(SECONDS, self.kill)
        self.over.start()
        return super().__enter__()

    def __exit__(self, *raised: Any) -> None:
        """Wait for nothing that hangs."""
        self.over.cancel()
        self.kill()
        super().__exit__(*raised)


def started(*arguments: object, stderr: int | None = None) -> subprocess.Popen[str]:
    """Start a batch as a process of its own, which says each photo that is done."""
    command = [sys.executable, "-m", "tests.batch_run", *map(str, arguments)]
    out = subprocess.PIPE
    return Program(command, stdout=out, stderr=stderr, text=True, cwd=ROOT)


def read(out: Path) -> list[dict[str, str]]:
    """Return the rows of a table of comma-separated values."""
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_is_in_order_and_the_same_in_both_forms(tmp_path: Path) -> None:
    """A row for each photo, sorted by path, with the same cells as CSV and as Parquet."""
    photos = folder_of(tmp_path / "photos", [SLOW, *range(1, 9)])
    assert run(photos, tmp_path / "one.csv") == Counts(measured=9)
    run(photos, tmp_path / "other.parquet")
    rows = read(tmp_path / "one.csv")
    assert list(rows[0]) == list(COLUMNS)
    assert [row["name"] for row in rows] == [f"p{number:03}.jpg" for number in range(9)]
    assert [row["pelvic_tilt_deg"] for row in rows[1:]] == [f"{n}.0" for n in range(1, 9)]
    typed = pq.read_table(tmp_path / "other.parquet").to_pylist()
    assert [
        {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in typed
    ] == rows
    assert all(
        row[name] is None or isinstance(row[name], float) for row in typed for name in NUMERIC
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "one.csv",
        "other.parquet",
        "photos",
    ]


def test_a_photo_that_ends_or_holds_up_its_worker_is_a_row(tmp_path: Path) -> None:
    """It is tried twice; the others are measured all the same."""
    photos = folder_of(tmp_path / "photos", [1, DIE, 2, DIE_ONCE, HANG, 3, 4])
    counts = run(photos, tmp_path / "out.csv", longest=2)
    assert counts == Counts(measured=5, faults=2)
    assert counts.status == 1
    rows = read(tmp_path / "out.csv")
    assert [row["status"] for row in rows] == [
        *("measured", "error", "measured", "measured", "error", "measured", "measured")
    ]
    assert rows[1]["error"].startswith("p001.jpg ended or held up the program that reads photos")


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_killed_again_and_again_it_gives_the_same_table(tmp_path: Path, ending: str) -> None:
    """200 photos, killed at random moments: the same bytes, each photo measured once."""
    photos = folder_of(tmp_path / "photos", range(200))
    whole, out = tmp_path / f"whole{ending}", tmp_path / f"out{ending}"
    run(photos, whole)
    chance = random.Random(7)
    known = 0
    for _ in range(4):
        with started(photos, out, 2) as program:
            assert program.stdout is not None
            done = int(program.stdout.readline().split()[0])
            assert done >= known, "what was said to be done is lost"
            for _ in range(chance.randrange(45)):
                assert program.stdout.readline()
                done += 1
            time.sleep(chance.random() / 50)
            program.kill()
        known = done
        assert not out.exists()
    with started(photos, out, 2) as program:
        said, _ = program.communicate(timeout=120)
    assert program.returncode == 0
    first, *ones = said.splitlines()
    assert int(first.split()[0]) + len(ones) == 200
    assert out.read_bytes() == whole.read_bytes()
    assert [path.name for path in tmp_path.glob("out*")] == [out.name]


def test_killed_workers_lose_nothing(tmp_path: Path) -> None:
    """Whatever ends them from outside, at work or idle, all photos are measured."""
    photos = folder_of(tmp_path / "photos", range(150))
    whole, out = tmp_path / "whole.csv", tmp_path / "out.csv"
    run(photos, whole)
    chance = random.Random(3)
    with started(photos, out, 2) as program:
        assert program.stdout is not None
        program.stdout.readline()
        for _ in range(3):
            for _ in range(20):
                assert program.stdout.readline()
            children = Path(f"/proc/{program.pid}/task/{program.pid}/children")
            tasks = children.parents[1].glob("*/children")
            workers = [int(pid) for task in tasks for pid in task.read_text().split()]
            workers = [pid for pid in workers if b"spawn_main" in cmdline(pid)]
            os.kill(chance.choice(workers), signal.SIGKILL)
        program.communicate(timeout=120)
    assert program.returncode == 0
    assert out.read_bytes() == whole.read_bytes()


def cmdline(pid: int) -> bytes:
    """Return how a process was started."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def test_what_changed_is_measured_again_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its table could not be written: gone on with, it measures what is new, changed or gone."""
    photos = folder_of(tmp_path / "photos", range(6))
    out = tmp_path / "out.csv"

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", str(out))

    with monkeypatch.context() as patched:
        patched.setattr(table, "write", full)
        with pytest.raises(OSError, match="No space"):
            run(photos, out)
    assert not out.exists()
    (photos / "p002.jpg").write_text("20")
    (photos / "p004.jpg").unlink()
    (photos / "p006.jpg").write_text("6")
    capsys.readouterr()
    run(photos, out)
    assert capsys.readouterr().out == "4 6\none\none\n"
    tilts = [row["pelvic_tilt_deg"] for row in read(out)]
    assert tilts == ["0.0", "1.0", "20.0", "3.0", "5.0", "6.0"]


def test_ended_between_table_and_journal_it_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is measured then, and the table is the same."""
    photos = folder_of(tmp_path / "photos", range(3))
    out = tmp_path / "out.csv"

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("posture.batch.journal.Journal.remove", killed)
        with pytest.raises(KeyboardInterrupt):
            run(photos, out)
    before = out.read_bytes()
    job = batch_run.job(photos, out)
    assert runs.unfinished(job, resume=True) is None
    assert "--resume" in (runs.unfinished(job, resume=False) or "")
    counts = runs.run(job, lambda: pytest.fail("there is nothing to measure"), batch_run.said)
    assert counts == Counts(measured=3)
    assert out.read_bytes() == before
    assert "is there already" in (runs.unfinished(job, resume=True) or "")


def test_what_cannot_be_read_for_now_is_left_for_another_run(tmp_path: Path) -> None:
    """There is no table as long as there is hope: then it is the same that one run had given."""
    photos = folder_of(tmp_path / "photos", [1, AWAY, 3])
    out = tmp_path / "out.csv"
    said = r"^1 of 3 photos cannot be read for now, .*--resume .* The first: The store is away\.$"
    with pytest.raises(BatchError, match=said):
        run(photos, out)
    assert not out.exists()
    (photos / "p001.jpg").write_text("2")
    assert run(photos, out) == Counts(measured=3)
    assert [row["pelvic_tilt_deg"] for row in read(out)] == ["1.0", "2.0", "3.0"]


def test_another_source_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept of the first one stays; the same by another path is not another."""
    photos, others = folder_of(tmp_path / "a", [1, AWAY]), folder_of(tmp_path / "b", [2])
    out = tmp_path / "out.csv"
    with pytest.raises(BatchError, match="for now"):
        run(photos, out)
    with pytest.raises(BatchError, match="begun with other photos"):
        run(others, out)
    (photos / "p001.jpg").write_text("2")
    monkeypatch.chdir(tmp_path)
    assert run("b/../a", out) == Counts(measured=2)


def test_the_table_of_another_batch_is_not_replaced(tmp_path: Path) -> None:
    """It came while this one was interrupted; both stay."""
    photos, out = folder_of(tmp_path / "photos", [1, AWAY]), tmp_path / "out.csv"
    with pytest.raises(BatchError, match="for now"):
        run(photos, out)
    out.write_text("another's")
    with pytest.raises(BatchError, match="is there already"):
        run(photos, out)
    assert out.read_text() == "another's"
    assert batch_run.job(photos, out).journal.exists()


def test_a_batch_that_is_being_written_is_said_to_be(tmp_path: Path) -> None:
    """It must not be taken for one that was interrupted, and its journal removed."""
    job = batch_run.job(folder_of(tmp_path / "photos", [1]), tmp_path / "out.csv")
    with journal.opened(job.journal, job.options()):
        assert "Another batch is writing" in (runs.unfinished(job, resume=False) or "")
    assert "begun and not finished" in (runs.unfinished(job, resume=False) or "")


def test_pictures_have_names_of_their_own_however_often_resumed(tmp_path: Path) -> None:
    """Photos of one name in several folders, killed half way: a picture each, none twice."""
    photos = folder_of(tmp_path / "photos", range(30))
    folder_of(photos / "more", range(30))
    (photos / "p000.png").write_text("7")
    out, pictures = tmp_path / "out.csv", tmp_path / "pictures"
    pictures.mkdir()
    with started(photos, out, 2, pictures) as program:
        assert program.stdout is not None
        for _ in range(30):
            program.stdout.readline()
        program.kill()
    run(photos, out, overlays=pictures)
    rows = read(out)
    names = [row["overlay"] for row in rows]
    assert sorted(names) == sorted(path.name for path in pictures.iterdir())
    assert len(set(names)) == 61
    for row in rows:
        assert (pictures / row["overlay"]).read_text() == f"picture of {row['name']}"
    assert {"p000.overlay.png", "p029.overlay.png"} <= set(names)


def test_a_spreadsheet_computes_nothing(tmp_path: Path) -> None:
    """Whatever a photo or a person is called."""
    photos = folder_of(tmp_path / "photos", range(1))
    (photos / "p000.jpg").rename(photos / "=1+1.jpg")
    listed = photos / "list.csv"
    listed.write_text("photo;person\n=1+1.jpg;@SUM(A1)\n")
    run(listed, tmp_path / "out.csv")
    (row,) = read(tmp_path / "out.csv")
    assert (row["photo"], row["name"], row["person"]) == ("'=1+1.jpg", "'=1+1.jpg", "'@SUM(A1)")


def test_a_folder_without_photos_leaves_nothing_behind(tmp_path: Path) -> None:
    """It is said, and there is neither table nor journal."""
    photos = folder_of(tmp_path / "photos", [])
    with pytest.raises(BatchError, match=r"^No photo .* was found at .*photos: give"):
        run(photos, tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == [photos]
