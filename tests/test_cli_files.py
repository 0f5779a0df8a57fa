"""What the command line writes: JSON and overlays, and never over what is not theirs."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from posture import Assessment, ModelError, Photo, cli, targets

from .command import STANDING, WALKING, run

#: They take known assessments of the samples instead of measuring anew.
pytestmark = pytest.mark.usefixtures("quick")


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

    def once(photo: Photo, **told: Any) -> Assessment:
        if photo.name == WALKING.name:
            raise error
        return quick_assess(photo, **told)

    monkeypatch.setattr(cli, "assess", once)
    assert run("analyze", STANDING, WALKING, STANDING, "--json", target).exit_code == status
    (line,) = target.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["photo"]["name"] == STANDING.name


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
