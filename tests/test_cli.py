"""The command line, as a person and as a program use it."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from posture import Assessment, ModelError, Photo, assess, cli

SAMPLES = Path(__file__).parents[1] / "samples"
STANDING = SAMPLES / "standing_tank_top.jpg"
WALKING = SAMPLES / "walking_1.jpg"
ARM_HIDES_BACK = SAMPLES / "arm_hides_back.jpg"


def run(*arguments: str | Path) -> Result:
    """Run in this process."""
    return CliRunner().invoke(cli.app, [str(a) for a in arguments])


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start the program itself."""
    command = [sys.executable, "-c", "from posture.cli import main; main()", *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, **options)


@pytest.fixture(scope="module")
def known() -> dict[str, Assessment]:
    """Assess each sample used here once, with the real model."""
    return {path.name: assess(path) for path in (STANDING, WALKING, ARM_HIDES_BACK)}


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """Let the command take the known assessments, and give the statures it asked with."""
    known: dict[str, Assessment] = request.getfixturevalue("known")
    statures: list[float | None] = []

    def quick_assess(photo: Photo, *, stature_cm: float | None) -> Assessment:
        statures.append(stature_cm)
        return replace(known.get(photo.name, known[STANDING.name]), photo_name=photo.name)

    monkeypatch.setattr(cli, "assess", quick_assess)
    return statures


@pytest.mark.parametrize(
    ("photos", "status"),
    [
        ([STANDING], 0),
        ([STANDING, WALKING], 3),
        ([ARM_HIDES_BACK], 3),
        (["nothing.jpg"], 2),
        ([WALKING, "nothing.jpg", STANDING], 2),
        ([], 2),
    ],
    ids=["measured", "a photo refused", "an angle refused", "no photo", "worst wins", "none"],
)
def test_exit_status(photos: list[str | Path], status: int) -> None:
    """0 all measured, 3 something refused, 2 not a photo or wrong usage, which wins."""
    assert run("analyze", *photos).exit_code == status


def test_table_shows_both_angles_with_intervals_and_what_to_do() -> None:
    """A person reads tilt and curve together, what limits them, and what to do next."""
    result = run("analyze", STANDING, ARM_HIDES_BACK, WALKING)
    text = " ".join(result.stdout.split())
    assert "Pelvic tilt Lumbar curve" in text
    row = next(line for line in result.stdout.splitlines() if line.startswith(STANDING.name))
    assert row.count("±") == 2
    assert "outline estimate" in row
    assert "provisional" in text
    assert f"{WALKING.name} not measured not measured not standing" in text
    assert "Ask the person to stand relaxed" in text
    assert f"{ARM_HIDES_BACK.name}: The low back is hidden" in text


def test_one_photo_shows_everything_measured(known: dict[str, Assessment]) -> None:
    """For a single photo the other measurements follow, each with its interval."""
    result = run("analyze", STANDING)
    assert result.stdout.count("±") == len(known[STANDING.name].measurements)
    assert "Trunk lean" in result.stdout


def test_json_on_standard_output_is_nothing_but_json_lines() -> None:
    """`--json -` writes one object a line and no table; a file that is no photo has no line."""
    result = run("analyze", STANDING, "nothing.jpg", WALKING, "--json", "-")
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert [o["photo"]["name"] for o in objects] == [STANDING.name, WALKING.name]
    assert [o["status"] for o in objects] == ["measured", "refused"]
    assert result.stderr.splitlines() == [
        "nothing.jpg is no file that can be found: check its name and folder."
    ]


def test_json_file_holds_all_photos_beside_the_table(tmp_path: Path) -> None:
    """`--json FILE` writes the same lines into a file, and the table is printed all the same."""
    target = tmp_path / "all.jsonl"
    result = run("analyze", STANDING, WALKING, "--json", target)
    lines = target.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["photo"]["name"] for line in lines] == [STANDING.name, WALKING.name]
    assert "Pelvic tilt" in result.stdout
    assert list(tmp_path.iterdir()) == [target]


def test_json_into_a_device_does_not_replace_it() -> None:
    """A device or pipe is written to, never renamed over."""
    assert run("analyze", STANDING, "--json", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_overlays_of_like_names_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """Each measured photo has its own picture; names that collide are numbered."""
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "side.jpg").write_bytes(STANDING.read_bytes())
    photos = [tmp_path / folder / "side.jpg" for folder in ("a", "b", "c")]
    out = tmp_path / "deep" / "out"
    assert run("analyze", *photos, WALKING, "--overlay", out).exit_code == 3
    written = sorted(path.name for path in out.iterdir())
    assert written == ["side-2.overlay.png", "side-3.overlay.png", "side.overlay.png"]
    for path in out.iterdir():
        assert Photo.open(path).width > 0


def test_stature_is_passed_on(quick: list[float | None]) -> None:
    """`--stature` reaches the assessment in centimetres."""
    run("analyze", STANDING, "--stature", "171.5")
    assert quick == [171.5]


@pytest.mark.parametrize("stature", ["nan", "17", "1710", "-170", "tall"])
def test_impossible_stature_is_wrong_usage(stature: str) -> None:
    """A stature in metres, millimetres or nonsense is no centimetres of anybody."""
    result = run("analyze", STANDING, f"--stature={stature}")
    assert result.exit_code == 2
    assert result.stdout == ""


def test_unwritable_target_is_known_before_the_work(
    tmp_path: Path, quick: list[float | None]
) -> None:
    """A folder that does not exist, or a folder as the file, is refused at once."""
    for target in (tmp_path / "missing" / "all.jsonl", tmp_path):
        assert run("analyze", STANDING, "--json", target).exit_code == 2
    assert run("analyze", STANDING, "--overlay", STANDING).exit_code == 2
    assert quick == []


def test_names_of_photos_are_shown_as_they_are(tmp_path: Path) -> None:
    """Brackets and colons in a name are no markup."""
    photo = tmp_path / "[red]a :smile:.jpg"
    photo.write_bytes(WALKING.read_bytes())
    assert "[red]a :smile:" in run("analyze", photo).stdout
    assert "[bold]b.jpg" in run("analyze", "[bold]b.jpg").stderr


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ModelError("The model is gone: reinstall."), "The model is gone: reinstall."),
        (
            OSError(28, "No space left on device", "out.png"),
            "The results cannot be written to out.png: No space left on device.",
        ),
    ],
    ids=["broken installation", "full disk"],
)
def test_failures_are_one_sentence(
    error: Exception,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What stops the program is said in one sentence on standard error, with status 1."""

    def failing(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli, "assess", failing)
    monkeypatch.setattr(sys, "argv", ["posture", "analyze", str(STANDING)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    printed = capsys.readouterr()
    assert stopped.value.code == 1
    assert printed.err == f"{sentence}\n"
    assert printed.out == ""


def test_failed_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is replaced whole or not at all, and nothing half written stays."""
    target = tmp_path / "all.jsonl"
    target.write_text("before")

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    result = run("analyze", STANDING, "--json", target)
    assert isinstance(result.exception, OSError)
    assert result.exception.filename == str(target)
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_version() -> None:
    """`--version` names the program and its version."""
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("posture 0.")


def test_app_without_its_pages_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the package is installed, `posture app` tells what is missing."""
    monkeypatch.setattr(cli, "_APP", tmp_path / "app.py")
    result = run("app")
    assert result.exit_code == 1
    assert "run this from a copy of the repository" in result.stderr


def test_app_without_streamlit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, `posture app` tells what to install."""
    monkeypatch.setattr(cli, "find_spec", lambda _: None)
    result = run("app")
    assert result.exit_code == 1
    assert "pip install 'posture[app]'" in result.stderr


def test_the_program_itself_with_the_real_model() -> None:
    """The whole program writes one JSON object and nothing on standard error."""
    with start("analyze", STANDING, "--json", "-", stdout=subprocess.PIPE) as program:
        out, err = program.communicate(timeout=120)
    assert err == b""
    assert program.returncode == 0
    assert json.loads(out)["measurements"]["pelvic_tilt_deg"]["tier"] == "outline"


def test_output_that_knows_no_plus_minus_is_no_failure() -> None:
    """In a terminal of plain ASCII, signs are replaced."""
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    with start("analyze", STANDING, stdout=subprocess.PIPE, env=ascii_only) as program:
        out, err = program.communicate(timeout=120)
    assert (program.returncode, err) == (0, b"")
    assert b"Pelvic tilt" in out


def test_closed_pipe_ends_quietly() -> None:
    """Whoever reads may leave early: no word about it."""
    reading, writing = os.pipe()
    os.close(reading)
    with start("analyze", "--json", "-", STANDING, stdout=writing) as program:
        os.close(writing)
        _, err = program.communicate(timeout=120)
    assert err == b""
    assert program.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("arguments", [["--json", "-"], []], ids=["json", "table"])
def test_full_standard_output_is_one_sentence(arguments: list[str]) -> None:
    """Output that cannot be written is said, with status 1."""
    with (
        Path("/dev/full").open("wb") as full,
        start("analyze", STANDING, *arguments, stdout=full) as program,
    ):
        _, err = program.communicate(timeout=120)
    assert err.decode() == "The results cannot be written: No space left on device.\n"
    assert program.returncode == 1


def test_interrupt_ends_quietly_with_130() -> None:
    """Ctrl-C amid many photos stops without a traceback."""
    many = [STANDING] * 200
    with start("analyze", "--json", "-", *many, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        program.stdout.readline()
        time.sleep(0.2)
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=60)
    assert err == b""
    assert program.returncode == 130
