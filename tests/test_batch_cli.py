"""`posture batch` as a person runs it: its table, its sentences, its exit status."""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from posture import assess
from posture.batch.row import COLUMNS, NUMERIC
from posture.decoders import ENDINGS
from posture.quantities import OFFSETS_CM, QUANTITIES
from posture.version import VERSION

from .batch_tasks import SLOW
from .command import ARM_HIDES_BACK, STANDING, WALKING, run

ROOT = Path(__file__).parents[1]


def read(out: Path) -> list[dict[str, str]]:
    """Return the rows of a table of comma-separated values."""
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refused(*arguments: str | Path) -> str:
    """Return why a batch is not begun, on one line."""
    result = run("batch", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    said = " ".join(result.stderr.split())
    return said.partition("Error: ")[2]


def but_progress(stderr: str) -> list[str]:
    """Return what is said but how far it is, which comes where the machine is slow."""
    return [line for line in stderr.splitlines() if " a second, about " not in line]


def test_a_table_says_what_an_assessment_does(tmp_path: Path) -> None:
    """With the real model: measured, refused, in part and whole, and no photo at all."""
    for photo in (STANDING, WALKING, ARM_HIDES_BACK):
        shutil.copy(photo, tmp_path)
    (tmp_path / "broken.jpg").write_bytes(STANDING.read_bytes()[:999])
    listed, out, pictures = tmp_path / "list.csv", tmp_path / "out.csv", tmp_path / "pictures"
    listed.write_text(
        "person;photo;stature_cm\n"
        f"anna;{STANDING.name};172,5\n;{WALKING.name};\n;broken.jpg;\n;{ARM_HIDES_BACK.name};9\n"
    )
    result = run("batch", listed, "--out", out, "--overlays", pictures, "--workers", "1")
    assert result.exit_code == 2
    assert but_progress(result.stderr) == [
        f"Measured: 1 (0 of them in part), refused: 1, not read: 2, failed: 0. Table: {out}"
    ]
    standing, walking, broken, nine = read(out)
    known = assess(STANDING, stature_cm=172.5)
    assert (standing["person"], standing["stature_cm"]) == ("anna", "172.5")
    assert (standing["status"], standing["view"]) == ("measured", "side")
    assert standing["facing"] == known.facing
    assert len(known.measurements) == len((*QUANTITIES, *OFFSETS_CM))
    for key, one in known.measurements.items():
        assert one.value is not None
        assert standing[key] == str(round(one.value, 2) + 0.0)
        assert float(standing[f"{key}_low"]) <= float(standing[key])
        assert float(standing[f"{key}_high"]) >= float(standing[key])
        assert standing[f"{key}_tier"] == one.tier
        assert standing[f"{key}_reasons"].split() == list(one.reasons)
    assert (standing["software"], standing["model"]) == (f"posture {VERSION}", known.model)
    assert (walking["status"], walking["reasons"]) == ("refused", "not_standing")
    assert walking["pelvic_tilt_deg_tier"] == "refused"
    assert {walking[name] for name in NUMERIC} == {""}
    assert (broken["status"], broken["photo"]) == ("error", "broken.jpg")
    assert broken["error"].startswith("broken.jpg")
    assert nine["error"] == "Line 5: '9' is no standing height: give 50 to 250 centimetres."
    assert standing["overlay"] == f"{STANDING.stem}.overlay.png"
    assert [path.name for path in pictures.iterdir()] == [standing["overlay"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "--out", "out.csv"], "nowhere is no folder, CSV file or pattern"),
        (["doc.xlsx", "--out", "out.csv"], "doc.xlsx is neither a photo nor a CSV: save"),
        (["photos", "photos", "--out", "out.csv"], "put a pattern in quotes"),
        (["photos", "--out", "out.xlsx"], "out.xlsx must end in .csv or .parquet"),
        (["photos", "--out", "none/out.csv"], "the folder none does not exist"),
        (["list.csv", "--out", "list.csv"], "is the list of photos, which would be lost"),
        (["photos", "--out", "done.csv"], "done.csv is there already"),
        (["photos", "--out", "done.csv", "--resume"], "done.csv is there already"),
        (["photos", "--out", "half.csv"], "half.csv was begun and not finished: go on with"),
        (
            ["photos", "--out", "out.csv", "--overlays", "drawn"],
            "--overlays: drawn holds overlays already",
        ),
        (
            ["photos", "--out", "out.csv", "--overlays", "drawn", "--resume"],
            "--overlays: drawn holds overlays already",
        ),
        (["photos", "--out", "out.csv", "--overlays", "done.csv/x"], "nothing can be written into"),
        (
            ["photos", "--out", "out.csv", "--cluster", "tcp://x:1", "--workers", "2"],
            "a cluster has workers of its own",
        ),
        (["photos", "--out", "out.csv", "--workers", "0"], "Invalid value for '--workers': "),
    ],
)
def test_what_cannot_be_begun_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    """Nothing is measured, and nothing is changed or made."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    (tmp_path / "drawn").mkdir()
    (tmp_path / "drawn" / "a.overlay.png").touch()
    shutil.copy(STANDING, tmp_path / "photos")
    (tmp_path / "list.csv").write_text("photo\n")
    for name in ("done.csv", "half.csv.journal", "doc.xlsx"):
        (tmp_path / name).write_text(name)
    before = sorted(tmp_path.rglob("*"))
    assert said in refused(*arguments)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "done.csv").read_text() == "done.csv"


@pytest.mark.parametrize(
    ("arguments", "said", "status"),
    [
        (
            ["photos", "--out", "out.csv"],
            "No photo that posture can read was found at photos: give another folder,",
            2,
        ),
        (["pho*/*.xyz", "--out", "out.csv"], "was found at pho*/*.xyz: give another", 2),
        (["list.csv", "--out", "out.csv"], "list.csv has no column photo: its first line", 2),
        (
            ["photos", "--out", "half.csv", "--resume"],
            "half.csv.journal is damaged or no journal of a batch",
            1,
        ),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str, status: int
) -> None:
    """An empty folder and a list of nothing are wrong usage; a journal that is none is not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text("file\na.jpg\n")
    (tmp_path / "photos").mkdir()
    (tmp_path / "half.csv.journal").write_text("no journal")
    result = run("batch", *arguments)
    assert result.exit_code == status
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr
    assert not (tmp_path / "out.csv").exists()


def test_resumed_without_a_beginning_it_says_so_and_measures(tmp_path: Path) -> None:
    """A name that was mistyped would be taken for the one that was begun."""
    (tmp_path / "list.csv").write_text("photo,stature_cm\na.jpg,9\n")
    out = tmp_path / "out.csv"
    result = run("batch", tmp_path / "list.csv", "--out", out, "--resume")
    said, ended = result.stderr.splitlines()
    assert said == f"Nothing was begun for {out}: measuring all photos."
    assert ended.startswith("Measured: 0 ")
    assert len(read(out)) == 1


@pytest.mark.parametrize(
    ("missing", "arguments", "said", "status"),
    [
        ("pyarrow", ["--out", "out.parquet"], "pip install -e '.[batch]'", 2),
        ("distributed", ["--out", "o.csv", "--cluster", "tcp://x:1"], "'.[cluster]'", 1),
    ],
)
def test_what_is_not_installed_is_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    arguments: list[str],
    said: str,
    status: int,
) -> None:
    """Before anything is measured."""
    monkeypatch.chdir(tmp_path)
    for module in ("table", "cluster"):
        monkeypatch.setattr(f"posture.batch.{module}.find_spec", lambda name: name != missing)
    result = run("batch", str(STANDING), *arguments)
    assert result.exit_code == status
    assert said in " ".join(result.stderr.split())


def test_interrupted_it_says_how_to_go_on_and_does(tmp_path: Path) -> None:
    """Ctrl-C keeps what came, ends with 130 and no traceback; resumed, the table is whole."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(12):
        shutil.copy(STANDING, photos / f"{number:02}.jpg")
    out = tmp_path / "out.parquet"
    code = "from posture.cli import main; main()"
    command = [sys.executable, "-c", code, "batch", str(photos), "--out", str(out)]
    # What runs in the background ignores it, and so would whatever that starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        program = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, cwd=ROOT, process_group=0
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with program:
        wait_for_results(tmp_path / "out.parquet.journal-wal")
        os.killpg(program.pid, signal.SIGINT)
        _, err = program.communicate(timeout=60)
    assert program.returncode == 130
    assert but_progress(err) == ["Interrupted: what was measured is kept; go on with --resume."]
    result = run("batch", photos, "--out", out, "--resume", "--workers", "1")
    assert result.exit_code == 0
    rows = pq.read_table(out).to_pylist()
    assert [row["name"] for row in rows] == [f"{number:02}.jpg" for number in range(12)]
    assert len({row["pelvic_tilt_deg"] for row in rows}) == 1
    assert list(rows[0]) == list(COLUMNS)


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["alone", "with its workers"])
def test_sigterm_ends_it_as_ctrl_c_does(
    tmp_path: Path, send: Callable[[int, signal.Signals], None]
) -> None:
    """Sent twice, as some send it: a sentence, 143, no worker left; resumed, the table is whole."""
    photos, out = tmp_path / "photos", tmp_path / "out.csv"
    photos.mkdir()
    for number in range(40):
        (photos / f"{number:02}.jpg").write_text(SLOW)
    code = (
        "from posture.batch import command\n"
        "from posture.cli import main\n"
        "from tests.batch_tasks import fake\n"
        "command.measure = fake\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "batch", str(photos), "--out", str(out)]
    command += ["--workers", "2"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stderr=pipe, text=True, cwd=ROOT, process_group=0) as program:
        wait_for_results(tmp_path / "out.csv.journal-wal")
        send(program.pid, signal.SIGTERM)
        send(program.pid, signal.SIGTERM)
        _, err = program.communicate(timeout=60)
    assert program.returncode == 143
    assert but_progress(err) == ["Interrupted: what was measured is kept; go on with --resume."]
    until = time.monotonic() + 30
    while is_there(program.pid):
        assert time.monotonic() < until
        time.sleep(0.05)
    subprocess.run([*command, "--resume"], check=True, capture_output=True, cwd=ROOT)
    assert [row["status"] for row in read(out)] == ["measured"] * 40


def is_there(group: int) -> bool:
    """Tell whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_results(wal: Path) -> None:
    """Wait until something came, after photos were listed."""
    size, until = 0, time.monotonic() + 120
    while True:
        assert time.monotonic() < until
        time.sleep(0.05)
        now = wal.stat().st_size if wal.exists() else 0
        if size and now > size:
            return
        size = now


def test_a_second_interrupt_ends_it_at_once() -> None:
    """With the same status, whatever it waits for."""
    code = (
        "import signal, time\n"
        "from posture.batch.command import _ending_in_order\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "with _ending_in_order():\n"
        "    try:\n"
        "        print('at work', flush=True)\n"
        "        time.sleep(60)\n"
        "    finally:\n"
        "        print('ending', flush=True)\n"
        "        time.sleep(60)\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=pipe, stderr=pipe, text=True, cwd=ROOT
    ) as program:
        assert program.stdout is not None
        for _ in range(2):
            assert program.stdout.readline()
            program.send_signal(signal.SIGINT)
        assert program.wait(30) == 130
        assert program.stderr is not None
        assert program.stderr.read() == ""


def test_the_page_tells_of_every_column() -> None:
    """Those of a measure by their endings, the others by their names; and of the options."""
    page = (ROOT / "docs" / "batch.md").read_text("utf-8")
    keys = [quantity.key for quantity in (*QUANTITIES, *OFFSETS_CM)]
    for column in COLUMNS:
        key = next((key for key in keys if column.startswith(key)), None)
        assert f"`{column}`" in page or key is not None
        assert key is None or column == key or f"KEY`{column.removeprefix(key)}`" in page
    for option in ("--out", "--overlays", "--markers", "--workers", "--resume", "--cluster"):
        assert f"| `{option}" in page
    for ending in ENDINGS:
        assert f"`{ending}`" in page


def test_the_parent_stays_light() -> None:
    """Neither MediaPipe, OpenCV nor Dask is loaded to list photos and to write the table."""
    code = (
        "import posture.batch.command, posture.batch.local, sys;"
        "print({'mediapipe', 'cv2', 'distributed', 'pyarrow', 'fsspec'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "set()\n"
