"""What the documentation shows is what the program does."""

import doctest
import hashlib
import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest

import posture

ROOT = Path(__file__).parents[1]
MODULES = sorted(m.name for m in pkgutil.walk_packages(posture.__path__, "posture."))


def test_the_readme_shows_what_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example in the README runs, in the repository's folder, and prints what it says."""
    monkeypatch.chdir(ROOT)
    done = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert done.attempted >= 6
    assert done.failed == 0


def test_the_readme_quotes_the_accuracy_page() -> None:
    """Number of people and errors in the README are those that were measured."""
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    known = json.loads((ROOT / "docs" / "accuracy.json").read_text("utf-8"))
    assert f"on {known['made']['people']} others of them" in text
    for name, words in (("pelvic_tilt", "pelvic tilt"), ("lumbar_curve", "lumbar curve")):
        tables = (
            known["accuracy"]["tight or bare"],
            known["accuracy"]["all accepted"],
            *(
                {name: known["baselines"][name][baseline]}
                for baseline in ("landmarks alone", "always the mean")
            ),
        )
        cells = " | ".join(f"{table[name]['mae']['value']:.1f}" for table in tables)
        assert f"| {words} | {cells} |" in text


def test_the_accuracy_page_tells_of_the_estimator_that_is_shipped() -> None:
    """Fitted anew, posture has to be measured anew: the page names what it measured."""
    known = json.loads((ROOT / "docs" / "accuracy.json").read_text("utf-8"))
    for name in ("estimator.npz", "estimator.json"):
        content = (ROOT / "posture" / name).read_bytes()
        assert known["made"]["sha256"][name] == hashlib.sha256(content).hexdigest()


def test_the_readme_quotes_the_page_on_stickers() -> None:
    """How many stickers were found, asked about and named wrongly is what was measured."""
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    known = json.loads((ROOT / "docs" / "marked.json").read_text("utf-8"))
    found, named, wrong = (known[what] for what in ("or_asked", "all_pelvis", "wrong"))
    asked = round(100 * (found["value"] - named["value"]))
    assert f"Of {found['n']} photos of rendered people" in text
    assert f"all visible ones of the pelvis were found in {100 * found['value']:.1f} %" in text
    assert f"(in {asked} of 100 the app had to ask)" in text
    assert f"in {wrong['value'] * wrong['n']:.0f} of {wrong['n']} one was named wrongly" in text
    bare, none = known["none_false"]["n"], known["none_false"]["value"]
    assert f"of {bare} photos without stickers {round(bare * (1 - none))} had one found" in text


def test_the_page_on_stickers_tells_of_what_is_shipped() -> None:
    """Taught or fitted anew, the search has to be measured anew."""
    known = json.loads((ROOT / "docs" / "marked.json").read_text("utf-8"))
    assert set(known["sha256"]) == {"bony.npz", "stickers.npz", "stickers.onnx"}
    for name, digest in known["sha256"].items():
        content = (ROOT / "posture" / "marking" / name).read_bytes()
        assert digest == hashlib.sha256(content).hexdigest()


def test_the_page_on_several_photos_tells_of_what_is_shipped() -> None:
    """Measured anew, what averages out has to be checked anew."""
    known = json.loads((ROOT / "docs" / "averaging.json").read_text("utf-8"))
    content = (ROOT / "posture" / "averaging.json").read_bytes()
    assert known["made"]["sha256"]["averaging.json"] == hashlib.sha256(content).hexdigest()


def test_the_readme_names_only_files_that_exist() -> None:
    """Every file named in the README, and its picture, is in the repository."""
    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"`([\w./]+\.\w+)`|\]\(([\w./]+)\)|\"(samples/[\w./]+)\"", text))
    files = {name for group in named for name in group if name}
    assert len(files) >= 5
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_the_repository_is_installed_where_the_app_is_found() -> None:
    """The app is beside the package, not in it: installed otherwise, there would be none."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    told = [
        command
        for page in pages
        for command in re.findall(r"pip install [^`#\n]*", page.read_text("utf-8"))
        if re.search(r"(^| )'?\.", command)
    ]
    assert "pip install -e '.[server]'" in map(str.strip, told)
    assert [command for command in told if "-e " not in command] == []


def test_nothing_is_installed_by_the_name_posture() -> None:
    """The package registries may have somebody else's program of that name."""
    folders = [ROOT / "posture", ROOT / "docs", ROOT / "app_pages"]
    files = [path for folder in folders for path in folder.rglob("*")]
    wrong = re.compile(r"pip install '?posture\b|`posture\[")
    assert [
        path.name
        for path in (ROOT / "README.md", *files)
        if path.suffix in (".py", ".md", ".po") and wrong.search(path.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    """Every example in a docstring prints what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
