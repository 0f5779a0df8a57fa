"""The command line, as a person and as a program use it."""

import json
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posture import Assessment, ModelError, Photo, cli, serving

from .command import ARM_HIDES_BACK, STANDING, WALKING, run

#: They take known assessments of the samples instead of measuring anew.
pytestmark = pytest.mark.usefixtures("quick")


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
    assert text.count("outline estimate") == 1
    assert f"{WALKING.name} not measured not measured not standing still" in text
    assert f"{ARM_HIDES_BACK.name} not measured not measured low back hidden" in text
    assert "Ask the person to stand relaxed" in text
    assert f"{ARM_HIDES_BACK.name}: The low back is hidden" in text


@pytest.mark.parametrize(
    ("photos", "status"),
    [
        ([STANDING, STANDING], 0),
        ([STANDING, WALKING], 3),
        ([STANDING, "nothing.jpg"], 2),
        ([STANDING], 2),
    ],
    ids=["compared", "one refused", "no photo", "one alone"],
)
def test_status_of_a_comparison(photos: list[str | Path], status: int) -> None:
    """0 all compared, 3 something not comparable, 2 not a photo or wrong usage."""
    assert run("compare", *photos).exit_code == status


def test_a_comparison_shows_change_and_least_change() -> None:
    """Of a photo with itself: no change, and nothing to be told from noise."""
    result = run("compare", STANDING, STANDING)
    row = next(line for line in result.stdout.splitlines() if line.startswith("Pelvic tilt"))
    assert "+0.0°" in row
    assert row.rstrip().endswith("not distinguishable")
    assert "Only photos of the same person" in " ".join(result.stdout.split())


def test_photos_of_different_sides_say_so(
    known: dict[str, Assessment], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other reason is needed; the photos are named."""
    sides = iter(("right", "left"))
    monkeypatch.setattr(
        cli,
        "assess",
        lambda photo, **_: replace(known[STANDING.name], facing=next(sides), photo_name=photo.name),
    )
    text = " ".join(run("compare", STANDING, STANDING).stdout.split())
    assert f"{STANDING.name} faces right, {STANDING.name} faces left: take both" in text
    assert "Nothing in these two photos can be compared." in text


def test_what_cannot_be_compared_says_why() -> None:
    """Where one photo is refused, its reason and what to do stand beneath."""
    text = " ".join(run("compare", STANDING, WALKING).stdout.split())
    assert "Nothing in these two photos can be compared." in text
    assert f"{WALKING.name}: " in text
    assert "Ask the person to stand relaxed" in text


def test_one_photo_shows_everything_measured(known: dict[str, Assessment]) -> None:
    """For a single photo the other measurements follow, each with its interval."""
    result = run("analyze", STANDING)
    rows = [line for line in result.stdout.splitlines() if "Value ± 95 %" not in line]
    assert "".join(rows).count("±") == len(known[STANDING.name].measurements)
    assert "Trunk lean" in result.stdout


def test_a_fault_of_the_program_stops_no_other_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw is one sentence; the others are measured, and the status is 1."""
    quick_assess = cli.assess

    def faulty(photo: Photo, **told: Any) -> Assessment:
        if photo.name == WALKING.name:
            raise OSError(5, "Input/output error")
        return quick_assess(photo, **told)

    monkeypatch.setattr(cli, "assess", faulty)
    result = run("analyze", WALKING, "nothing.jpg", STANDING, "--json", "-")
    assert result.exit_code == 1
    assert [json.loads(line)["photo"]["name"] for line in result.stdout.splitlines()] == [
        STANDING.name
    ]
    assert result.stderr.splitlines() == [
        f"{WALKING} could not be measured because of a fault in this program.",
        "nothing.jpg is no file that can be found: check its name and folder.",
    ]

    def undrawable(*_: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr("posture.overlay.to_png", undrawable)
    result = run("analyze", STANDING, "--overlay", tmp_path)
    assert result.exit_code == 1
    assert "could not be drawn because of a fault in this program." in result.stderr
    assert "Pelvic tilt" in result.stdout


def test_photos_of_one_name_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Table and sentences name the folder as it was typed; JSON, which travels, never does."""
    monkeypatch.chdir(tmp_path)
    for folder in ("one", "two"):
        Path(folder).mkdir()
        Path(folder, "side.jpg").write_bytes(STANDING.read_bytes())
    photos = ("one/side.jpg", "two/side.jpg", "two/none.jpg")
    result = run("analyze", *photos, "--json", "all.jsonl")
    assert "one/side.jpg" in result.stdout
    assert "two/side.jpg" in result.stdout
    assert result.stderr.startswith("two/none.jpg is no file that can be found")
    assert "one/" not in Path("all.jsonl").read_text("utf-8")
    assert "two/" not in run("analyze", *photos[1:]).stdout


def test_stature_is_passed_on(quick: list[float | None]) -> None:
    """`--stature` reaches the assessment in centimetres."""
    run("analyze", STANDING, "--stature", "171.5")
    assert quick == [171.5]


@pytest.mark.parametrize(
    ("stature", "sentence"),
    [
        ("nan", "give 50 to 250 centimetres."),
        ("17", "give 50 to 250 centimetres."),
        ("1710", "give 50 to 250 centimetres."),
        ("-170", "give 50 to 250 centimetres."),
        ("1.72", "give 50 to 250 centimetres, 172 if you mean metres."),
        ("1,72", "give 50 to 250 centimetres, 172 if you mean metres."),
        ("tall", "'tall' is no number: give centimetres, such as 172."),
    ],
)
def test_impossible_stature_is_wrong_usage(stature: str, sentence: str) -> None:
    """A stature in metres, millimetres or nonsense is no centimetres of anybody."""
    result = run("analyze", STANDING, f"--stature={stature}")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in result.stderr


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
            f"{STANDING} could not be measured because of a fault in this program.",
        ),
    ],
    ids=["broken installation", "fault"],
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


def test_version() -> None:
    """`--version` names the program and its version."""
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("posture 0.")


def test_app_without_its_pages_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the package is installed, `posture app` tells what is missing."""
    monkeypatch.setattr(serving, "_APP", tmp_path / "app.py")
    result = run("app")
    assert result.exit_code == 1
    assert "in a copy of the repository" in result.stderr


def test_app_without_streamlit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, `posture app` tells what to install."""
    monkeypatch.setattr(serving, "find_spec", lambda _: None)
    result = run("app")
    assert result.exit_code == 1
    assert "pip install -e '.[app]'" in result.stderr


def test_app_on_a_port_that_is_taken_says_so() -> None:
    """A port on which something answers already is told before the app is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("app", "--port", str(port))
    assert result.exit_code == 1
    assert result.stderr == (
        f"Port {port} is taken or not allowed: choose another one, or leave out --port.\n"
    )


def test_app_says_how_to_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts the app is told how to end it, and gets the status that it ends with."""
    monkeypatch.setattr(serving, "serve", lambda _: 7)
    result = run("app")
    assert (result.exit_code, result.stderr) == (7, "Stop the app with Ctrl-C.\n")
