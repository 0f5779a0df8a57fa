"""The command line, as a person and as a program use it."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from posture import Assessment, ModelError, Photo, assess, cli, serving, targets
from posture.reasons import _REASONS, explain
from posture.terminal import _IN_SHORT, show
from posture.tilt import Vertical
from tests.factory import make_assessment, make_refused

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
    assert text.count("outline estimate") == 1
    assert f"{WALKING.name} not measured not measured not standing still" in text
    assert f"{ARM_HIDES_BACK.name} not measured not measured low back hidden" in text
    assert "Ask the person to stand relaxed" in text
    assert f"{ARM_HIDES_BACK.name}: The low back is hidden" in text


def test_one_photo_shows_everything_measured(known: dict[str, Assessment]) -> None:
    """For a single photo the other measurements follow, each with its interval."""
    result = run("analyze", STANDING)
    rows = [line for line in result.stdout.splitlines() if "Value ± 95 %" not in line]
    assert "".join(rows).count("±") == len(known[STANDING.name].measurements)
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
    assert result.stderr == f"Results: {target}\n"


def test_json_file_has_the_usual_permissions(tmp_path: Path) -> None:
    """A new file is as readable as any other; one that is there keeps its permissions."""
    target, plain = tmp_path / "all.jsonl", tmp_path / "plain"
    plain.touch()
    run("analyze", STANDING, "--json", target)
    assert target.stat().st_mode == plain.stat().st_mode
    target.chmod(0o600)
    run("analyze", STANDING, "--json", target)
    assert target.stat().st_mode & 0o777 == 0o600


def test_json_never_replaces_a_photo(tmp_path: Path, quick: list[float | None]) -> None:
    """A photo, a picture or a name like one as the target is wrong usage, and stays as it is."""
    photo, other, disguised = (tmp_path / n for n in ("side.jpg", "other.jpg", "results.json"))
    for path in (photo, other, disguised):
        path.write_bytes(STANDING.read_bytes())
    unknown_ending = tmp_path / "photo"
    unknown_ending.symlink_to(photo)
    for arguments in (
        ("--json", photo, other),  # as the shell makes of `--json *.jpg`
        (photo, "--json", photo),
        (unknown_ending, "--json", unknown_ending),
        (photo, "--json", disguised),
        (photo, "--json", tmp_path / "new.PNG"),
        (tmp_path / "nothing", "--json", tmp_path / "nothing"),
    ):
        result = run("analyze", *arguments)
        assert result.exit_code == 2
        assert "Invalid value for --json" in result.stderr
    assert quick == []
    for path in (photo, other, disguised):
        assert path.read_bytes() == STANDING.read_bytes()


def test_json_file_of_a_run_before_stays_if_nothing_was_assessed(tmp_path: Path) -> None:
    """Where no photo could be read there is nothing to replace older results with."""
    target = tmp_path / "all.jsonl"
    target.write_text("before")
    assert run("analyze", "nothing.jpg", "--json", target).exit_code == 2
    assert target.read_text() == "before"


@pytest.mark.parametrize(
    ("error", "status"), [(KeyboardInterrupt(), 130), (ModelError("Gone: reinstall."), 1)]
)
def test_json_file_holds_what_was_assessed_before_the_end(
    error: BaseException, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted or broken off, a run still writes what it has."""
    quick_assess, target = cli.assess, tmp_path / "all.jsonl"

    def once(photo: Photo, *, stature_cm: float | None) -> Assessment:
        if photo.name == WALKING.name:
            raise error
        return quick_assess(photo, stature_cm=stature_cm)

    monkeypatch.setattr(cli, "assess", once)
    assert run("analyze", STANDING, WALKING, STANDING, "--json", target).exit_code == status
    (line,) = target.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["photo"]["name"] == STANDING.name


def test_a_fault_of_the_program_stops_no_other_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw is one sentence; the others are measured, and the status is 1."""
    quick_assess = cli.assess

    def faulty(photo: Photo, *, stature_cm: float | None) -> Assessment:
        if photo.name == WALKING.name:
            raise OSError(5, "Input/output error")
        return quick_assess(photo, stature_cm=stature_cm)

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


def test_overlays_replace_nothing(tmp_path: Path) -> None:
    """What another run has drawn stays; the new picture is numbered, and its place is told."""
    (tmp_path / "standing_tank_top.overlay.png").write_bytes(b"before")
    result = run("analyze", STANDING, "--overlay", tmp_path)
    assert (tmp_path / "standing_tank_top.overlay.png").read_bytes() == b"before"
    assert result.stderr == f"Overlays: {tmp_path / 'standing_tank_top-2.overlay.png'}\n"
    result = run("analyze", *[STANDING] * 4, "--overlay", tmp_path)
    assert result.stderr == f"Overlays: 4 pictures in {tmp_path}\n"


@pytest.mark.parametrize("letter", ["a", "\N{SNOWMAN}"])
def test_overlay_of_a_photo_with_a_long_name(letter: str, tmp_path: Path) -> None:
    """A name as long as the system allows is shortened, so that the ending still fits."""
    size = 250 // len(letter.encode())
    photo = tmp_path / f"{letter * size}.jpg"
    photo.write_bytes(STANDING.read_bytes())
    assert run("analyze", photo, "--overlay", tmp_path / "out").exit_code == 0
    (written,) = (tmp_path / "out").iterdir()
    assert written.name.startswith(letter * 60)
    assert written.name.endswith(f"{letter}.overlay.png")


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


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="only Linux has such a folder")
def test_unwritable_target_is_known_before_the_work(
    tmp_path: Path, quick: list[float | None]
) -> None:
    """A folder that does not exist, or a folder as the file, is refused at once."""
    for target in (tmp_path / "missing" / "all.jsonl", tmp_path):
        assert run("analyze", STANDING, "--json", target).exit_code == 2
    assert run("analyze", STANDING, "--overlay", STANDING).exit_code == 2
    # Nobody can make a file in it, not even the superuser.
    nowhere = Path("/proc/self/nowhere")
    for option in (("--json", Path("/proc/self/all.jsonl")), ("--overlay", nowhere)):
        result = run("analyze", STANDING, *option)
        assert result.exit_code == 2
        assert "nothing can be written into" in result.stderr
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


@pytest.mark.parametrize("option", ["--json", "--overlay"])
def test_failed_write_leaves_what_was_there(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is replaced whole or not at all, and nothing half written stays."""
    target = tmp_path / "all.jsonl"
    target.write_text("before")

    class Full(io.BytesIO):
        def __init__(self, path: Path) -> None:
            super().__init__()
            path.touch()
            self.name = str(path)

        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(targets.tempfile, "NamedTemporaryFile", lambda **_: Full(tmp_path / "part"))
    usual = Path.open

    def full_if_new(path: Path, mode: str = "r", **options: Any) -> Any:
        return Full(path) if mode == "xb" else usual(path, mode, **options)

    monkeypatch.setattr(Path, "open", full_if_new)
    result = run("analyze", STANDING, option, target if option == "--json" else tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"The results cannot be written to {tmp_path}")
    assert result.stderr.endswith(": No space left on device.\n")
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


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
    assert "run this from a copy of the repository" in result.stderr


def test_app_without_streamlit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, `posture app` tells what to install."""
    monkeypatch.setattr(serving, "find_spec", lambda _: None)
    result = run("app")
    assert result.exit_code == 1
    assert "pip install 'posture[app]'" in result.stderr


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


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_no_word_is_lost_in_a_narrow_terminal(width: int, known: dict[str, Assessment]) -> None:
    """However narrow the terminal, each name, number and reason can be read in full."""
    names = ["a/very/deep/folder/with/a/photo.jpg", "walk.jpg", "a/very/deep/folder/arm.jpg"]
    console = Console(file=io.StringIO(), width=width)
    show(list(known.values()), console, names=names)
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    assert max(map(len, printed.splitlines())) <= width
    words = " ".join(printed.split())
    for short in ("low back hidden", "not standing still", "Clasp the hands loosely in front"):
        assert short in words
    assert "…" not in printed
    whole = "".join(printed.split())
    assert all(name[:20] in whole and name[-8:] in whole for name in names)


def printed(*assessments: Assessment) -> str:
    """Return what is printed about assessments, as one line."""
    console = Console(file=io.StringIO(), width=100)
    show(assessments, console, names=[f"{n}.jpg" for n in range(len(assessments))])
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def test_one_photo_says_what_is_sure_about_each_angle() -> None:
    """Where the true value lies, and which change within one person is more than noise."""
    said = printed(make_assessment(tilt_deg=9.0, curve_deg=33.0, half_interval=12.0, mdc95=5.2))
    assert said.count("95 times in 100") == 2
    assert said.count("most of that width is because pelves differ in shape") == 1
    assert said.count("only a change of more than 6 degrees is more than noise.") == 2


def test_several_photos_say_once_what_is_noise() -> None:
    """For each angle one sentence, by the coarsest photo; none where nothing was measured."""
    said = printed(make_assessment(mdc95=4.0), make_assessment(mdc95=7.0), make_refused())
    assert said.count("Pelvic tilt: between two photos of the same person") == 1
    assert said.count("a change of more than 7 degrees") == 2
    assert said.count("95 times in 100") == 1
    refused = printed(make_refused(), make_refused())
    assert "noise" not in refused
    assert "95 times" not in refused


def test_other_measures_have_their_least_change() -> None:
    """The table of a single photo has a column for it."""
    table = run("analyze", STANDING).stdout.partition("Also")[2].partition("How each")[0]
    rows = [line for line in table.splitlines() if "±" in line]
    assert "Least change" in table
    assert len([row for row in rows if row.rstrip().endswith(("°", " %"))]) == len(rows) - 1


def test_where_the_vertical_comes_from_is_told_once() -> None:
    """Photos of which the same is to be said are named together; if it is all, none is named."""
    assumed, level = Vertical(0.0, 2.0, False), Vertical(2.06, 0.2, True)
    one = make_assessment(vertical=assumed)
    sentence = "No upright lines were found: a tilted camera would tilt every angle"
    assert f": {sentence}" not in printed(one, one)
    assert printed(one, one).count(sentence) == 1
    said = printed(one, make_assessment(vertical=level), one, make_refused())
    assert f"0.jpg, 2.jpg: {sentence}" in said
    assert "1.jpg: The photo is turned by 2.1 degrees: corrected by upright lines" in said


@pytest.mark.parametrize("code", sorted({*_REASONS, *_IN_SHORT}))
def test_every_reason_has_a_short_name_and_its_advice(code: str) -> None:
    """A table names the reason in a few words; beneath stands what to do next."""
    said = printed(make_assessment(tilt_deg=None, curve_deg=None, reason=code))
    assert code not in said
    assert _IN_SHORT[code] in said
    assert said.count(explain(code).advice) == 1


def test_other_measures_of_several_photos_are_pointed_to() -> None:
    """The table of several photos shows two angles, and says where the others are."""
    result = run("analyze", STANDING, WALKING, "--stature", "172")
    assert "The other measures of several photos are in --json." in result.stdout
    assert "--json" not in run("analyze", STANDING).stdout


def test_a_photo_given_twice_is_named_once() -> None:
    """A sentence names each photo that it is about once."""
    assert f"{WALKING.name}: " in run("analyze", WALKING, WALKING, STANDING).stdout
    assert (
        f"{WALKING.name}, {WALKING.name}" not in run("analyze", WALKING, WALKING, STANDING).stdout
    )


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
