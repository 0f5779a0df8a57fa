"""The command line with points from a file and with stickers."""

import json
from pathlib import Path
from typing import Any

import pytest

from posture import Assessment, Corrections, Mark, Photo, cli
from posture.marking import points_file

from .command import ARM_HIDES_BACK, STANDING, run


@pytest.fixture
def asked(known: dict[str, Assessment], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Let the command take the known assessments, and give what it asked with."""
    asked: list[dict[str, Any]] = []

    def quick_assess(photo: Photo, **told: Any) -> Assessment:
        asked.append(told)
        return known[photo.name]

    monkeypatch.setattr(cli, "assess", quick_assess)
    return asked


def points(folder: Path, text: str) -> Path:
    """Write a file of points."""
    file = folder / "points.json"
    file.write_text(text, "utf-8")
    return file


def test_points_of_a_file_are_measured_from(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    """Of one that names no photo, by whatever photo is given."""
    file = points(tmp_path, '{"points": {"asis": [9, 8]}}')
    assert run("analyze", STANDING, "--points", file).exit_code == 0
    assert asked[0]["corrections"] == Corrections({"asis": Mark(9, 8)})
    assert asked[0]["markers"] is False


def test_each_photo_has_its_own_points(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    """Of several lines the one of its name, with the height in it unless one is given."""
    lines = [
        json.dumps({"photo": {"name": p.name}, "points": {"asis": [x, 8]}, "stature_cm": 160 + x})
        for x, p in ((1, STANDING), (2, ARM_HIDES_BACK))
    ]
    file = points(tmp_path, "\n".join(lines))
    run("analyze", ARM_HIDES_BACK, STANDING, "--points", file)
    assert [told["corrections"].points["asis"].x for told in asked] == [2, 1]
    assert [told["stature_cm"] for told in asked] == [162, 161]
    run("analyze", ARM_HIDES_BACK, STANDING, "--points", file, "--stature", "170")
    assert [told["stature_cm"] for told in asked[2:]] == [170, 170]


def test_points_of_another_photo_are_taken_for_none(
    asked: list[dict[str, Any]], tmp_path: Path
) -> None:
    """One photo alone is not measured; of several, those without points of theirs are as before."""
    file = points(tmp_path, json.dumps({"photo": {"name": STANDING.name}, "points": {}}))
    refused = run("analyze", ARM_HIDES_BACK, "--points", file)
    assert refused.exit_code == 2
    said = " ".join(refused.stderr.replace("│", " ").split())
    assert f"saved for {STANDING.name}, not for {ARM_HIDES_BACK.name}" in said
    assert asked == []
    file = points(
        tmp_path, json.dumps({"photo": {"name": STANDING.name}, "points": {"asis": [9, 8]}})
    )
    both = run("analyze", ARM_HIDES_BACK, STANDING, "--points", file)
    assert f"nothing of {ARM_HIDES_BACK.name}: measured without points." in both.stderr
    assert [set(told["corrections"].points) for told in asked] == [set(), {"asis"}]


def test_a_name_with_an_unusual_space_finds_its_points(tmp_path: Path) -> None:
    """Files of screenshots have one before AM; in results it is a plain one."""
    photo = tmp_path / "at 9.15.33\u202fAM.jpg"
    photo.write_bytes(STANDING.read_bytes())
    file = points(tmp_path, json.dumps({"photo": {"name": Photo.open(photo).name}, "points": {}}))
    assert points_file.share_out(file, [photo]).keys() == {photo}


@pytest.mark.parametrize("named", [True, False])
def test_points_that_could_be_of_several_photos_are_of_none(
    asked: list[dict[str, Any]], tmp_path: Path, named: bool
) -> None:
    """Photos of one name in two folders, or points that name no photo."""
    told = {"photo": {"name": STANDING.name}} if named else {}
    file = points(tmp_path, json.dumps({**told, "points": {"asis": [9, 8]}}))
    twin = tmp_path / STANDING.name
    twin.write_bytes(STANDING.read_bytes())
    result = run("analyze", STANDING, twin, "--points", file)
    assert result.exit_code == 2
    assert "does not say which of 2 photos" in " ".join(result.stderr.replace("│", " ").split())
    assert asked == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no json", "is not JSON"),
        ('{"points": {"hips": [1, 2]}}', "no point called 'hips'"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_before_anything_is_measured(
    asked: list[dict[str, Any]], tmp_path: Path, text: str, says: str
) -> None:
    """One sentence, status 2."""
    result = run("analyze", STANDING, "--points", points(tmp_path, text))
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr
    assert asked == []


def test_points_that_do_not_fit_stop_no_other_photo(
    asked: list[dict[str, Any]], tmp_path: Path
) -> None:
    """The photo is named and counts as one that cannot be read; the others are measured."""
    lines = [
        json.dumps({"photo": {"name": p.name}, "points": {"asis": [x, 8]}})
        for x, p in ((90000, STANDING), (2, ARM_HIDES_BACK))
    ]
    file = points(tmp_path, "\n".join(lines))
    result = run("analyze", STANDING, ARM_HIDES_BACK, "--points", file)
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert f"{STANDING.name} was not measured. The point asis lies outside this photo" in said
    assert [told["corrections"].points["asis"].x for told in asked] == [2]
    assert ARM_HIDES_BACK.name in result.stdout


def test_results_never_replace_the_points(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    """Those of other photos would be lost; the same file is refused under another path too."""
    file = points(tmp_path, '{"points": {"asis": [9, 8]}}')
    link = tmp_path / "link.json"
    link.symlink_to(file)
    for target in (file, link):
        result = run("analyze", STANDING, "--points", file, "--json", target)
        assert result.exit_code == 2
        said = " ".join(result.stderr.replace("│", " ").split())
        assert "is the file of points, which would be lost: give another file." in said
    assert file.read_text("utf-8") == '{"points": {"asis": [9, 8]}}'
    assert asked == []


def test_a_missing_file_is_said() -> None:
    """As for every file."""
    assert run("analyze", STANDING, "--points", "nothing.json").exit_code == 2


def test_stickers_are_looked_for_when_asked(asked: list[dict[str, Any]]) -> None:
    """By a switch of their own."""
    run("analyze", STANDING, "--markers")
    assert asked[0]["markers"] is True


def test_an_export_edited_and_read_again_is_a_round_trip(tmp_path: Path) -> None:
    """With the real model: unedited the same numbers; a moved ASIS moves the tilt alone."""
    file = tmp_path / "side.json"
    run("analyze", STANDING, "--json", file)
    first = json.loads(file.read_text("utf-8"))

    def again() -> dict[str, Any]:
        out = run("analyze", STANDING, "--points", file, "--json", "-").stdout
        read: dict[str, Any] = json.loads(out)
        return read

    assert again() == first
    edited = json.loads(file.read_text("utf-8"))
    edited["points"]["asis"]["y"] += 20
    edited["points"]["psis"]["source"] = "placed"
    file.write_text(json.dumps(edited), "utf-8")
    second = again()
    assert second["measurements"]["pelvic_tilt_deg"]["tier"] == "marked"
    assert second["measurements"]["lumbar_curve_deg"] == first["measurements"]["lumbar_curve_deg"]
    file.write_text(json.dumps(second), "utf-8")
    assert again() == second
