"""`posture study` from end to end, on sets of known noise and on photos; and `compare --study`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageEnhance

from posture.study import kept

from .command import STANDING, run
from .study_set import Truth, write_results

PEOPLE = Path(__file__).parent / "people"


def posture(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program as a person does; any warning ends it."""
    code = "from posture.cli import main; main()"
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_set_of_known_noise_gives_that_noise_back(tmp_path: Path, seed: int) -> None:
    """From results in files: SEM and both ICCs lie within their own intervals, to the last file."""
    truth = Truth(people=16, raters=2, sessions=2, sem=1.5, sem_session=1.0, stretch=1.3)
    (tmp_path / "in").mkdir()
    write_results(tmp_path / "in", truth, seed)
    done = posture("study", tmp_path / "in", "--out", tmp_path / "out")
    # Refused measures of the set are told with status 3, as everywhere.
    assert (done.returncode, "Warning" in done.stderr) == (3, False), done.stderr
    made = kept.read((tmp_path / "out" / "study.json").read_text("utf-8"))
    sem = (truth.sem**2 + truth.sem_session**2) ** 0.5
    for one in made.measures[:2]:
        assert (one.people, one.photos) == (16, 64)
        assert one.value is not None
        assert one.change is not None
        assert one.correlation is not None
        assert one.value.sem.low <= sem <= one.value.sem.high
        assert one.change.sem.low <= 1.3 * sem <= one.change.sem.high
        for icc in (one.correlation.icc2, one.correlation.icc3):
            assert icc.low <= truth.icc <= icc.high
    assert "NaN" not in (tmp_path / "out" / "study.json").read_text("utf-8")
    said = re.search(
        r"Pelvic tilt: two photos [^.]* less than ([\d.]+) degrees", " ".join(done.stdout.split())
    )
    assert said is not None
    assert float(said[1]) == pytest.approx(1.96 * 2**0.5 * 1.3 * sem, rel=0.25)
    pictures = sorted(path.name for path in (tmp_path / "out").glob("*.svg"))
    assert pictures == [
        f"{key}_outline_{between}.svg"
        for key in ("lumbar_curve_deg", "pelvic_tilt_deg")
        for between in ("raters_1", "sessions_2")
    ]
    for name in pictures:
        root = ElementTree.parse(tmp_path / "out" / name).getroot()
        words = " ".join(root.itertext())
        assert "Difference, degrees" in words
        assert "nan" not in words.lower()
    assert (tmp_path / "out" / "study.csv").read_text("utf-8").count("\n") == 1 + 2 * 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return photos of rendered people, each taken twice: the second one cropped and brighter."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(4):
        with Image.open(PEOPLE / f"standing-000{number}-0.jpg") as opened:
            photo = opened.convert("RGB")
        again = photo.crop((photo.width // 40, photo.height // 60, photo.width, photo.height))
        photo.save(folder / f"p{number}_s1.jpg", quality=95)
        ImageEnhance.Brightness(again).enhance(1.1).save(folder / f"p{number}_s2.jpg", quality=90)
    (folder / "p9_s1.jpg").write_bytes(b"no photo")
    return folder


def test_photos_are_measured_and_one_that_is_none_is_said(folder: Path, tmp_path: Path) -> None:
    """The photo route: trunk lean of all, the broken one left out, status 2, all files written."""
    result = run("study", folder, "--out", tmp_path)
    assert result.exit_code == 2, result.output
    assert "p9_s1.jpg" in result.stderr
    text = " ".join(result.stdout.split())
    assert "8 of 9 photos of 4 people are used, by 1 rater in 2 sessions." in text
    assert "p9_s1.jpg was left out. It is no photo that can be read." in text
    made = kept.read((tmp_path / "study.json").read_text("utf-8"))
    lean = next(one for one in made.measures if one.key == "trunk_lean_deg")
    assert (lean.people, lean.photos) == (4, 8)
    # The same picture, cropped: another photo of the person differs by more.
    assert lean.change is not None
    assert 0 < lean.change.sem.value < 1
    assert made.made_with["software"].startswith("posture ")


@pytest.mark.usefixtures("quick")
def test_compare_takes_the_least_change_from_a_study(tmp_path: Path) -> None:
    """The table shows the study's least change and says for which measures it is."""
    write_results(tmp_path, Truth(), 1)
    run("study", tmp_path, "--out", tmp_path)
    own = kept.own_noise(kept.read((tmp_path / "study.json").read_text("utf-8")))
    result = run("compare", STANDING, STANDING, "--study", tmp_path / "study.json")
    assert result.exit_code == 0
    row = next(line for line in result.stdout.splitlines() if line.startswith("Pelvic tilt"))
    shown = float(re.findall(r"([\d.]+)°", row)[1])
    assert 0 <= shown - own["pelvic_tilt_deg", "outline"] < 0.1
    assert "From your study: the least change of Pelvic tilt, Lumbar curve." in result.stderr
    # The set was made by hand, the photo measured with a model.
    assert "The study was measured with posture" in result.stderr


@pytest.mark.parametrize("text", ["", "{}", json.dumps({"schema": "posture-study/1"})])
def test_compare_refuses_what_is_no_study(tmp_path: Path, text: str) -> None:
    """Wrong usage, in one sentence, before anything is measured."""
    (tmp_path / "study.json").write_text(text)
    result = run("compare", STANDING, STANDING, "--study", tmp_path / "study.json")
    assert result.exit_code == 2
    assert "study.json" in result.stderr
    assert "Traceback" not in result.output


def test_what_cannot_be_a_study_is_wrong_usage(tmp_path: Path) -> None:
    """An empty folder, a photo of nobody, a bad table: status 2 and what to do."""
    assert run("study", tmp_path).exit_code == 2
    (tmp_path / "IMG_0001.jpg").write_bytes(STANDING.read_bytes())
    result = run("study", tmp_path)
    assert result.exit_code == 2
    assert "name it as in anna_r1_s2.jpg" in " ".join(result.stderr.split())
    table = tmp_path / "who.csv"
    table.write_text("photo,name\n")
    result = run("study", tmp_path, "--table", table)
    assert result.exit_code == 2
    assert "who.csv has no column" in " ".join(result.stderr.split())


def test_too_few_photos_are_a_refusal_and_no_error(tmp_path: Path) -> None:
    """Status 3, the sentence, no plots; study.json says the same."""
    (tmp_path / "in").mkdir()
    write_results(tmp_path / "in", Truth(people=2), 1)
    result = run("study", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "2 people have two photos that can be used, and 3 are needed" in result.stdout
    assert not list((tmp_path / "out").glob("*.svg"))
    assert (tmp_path / "out" / "study.json").is_file()


def test_damaged_results_are_named(tmp_path: Path) -> None:
    """A file that was cut or changed says so in one sentence."""
    write_results(tmp_path, Truth(people=1), 1)
    first = min(tmp_path.glob("*.json"))
    parts = json.loads(first.read_text("utf-8"))
    parts["measurements"]["pelvic_tilt_deg"]["value"] = "much"
    first.write_text(json.dumps(parts))
    result = run("study", tmp_path)
    assert result.exit_code == 2
    assert f"{first.name}: these results are damaged" in " ".join(result.stderr.split())


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is there without its libraries, and says so."""
    monkeypatch.setattr("posture.study.command.find_spec", lambda _: None)
    result = run("study", tmp_path)
    assert result.exit_code == 1
    assert "pip install -e '.[study]'" in result.stderr
