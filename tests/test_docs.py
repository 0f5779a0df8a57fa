"""What the documentation shows is what the program does."""

import doctest
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


def test_the_readme_quotes_the_estimator() -> None:
    """Number of people and remaining errors in the README are those of the fitted estimator."""
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    fitted = json.loads((ROOT / "posture" / "estimator.json").read_text("utf-8"))
    people = fitted["data"].split()[0]
    tilt, curve = (f"{fitted['lines'][n]['sd']:.1f}" for n in ("pelvic_tilt", "lumbar_curve"))
    assert f"fitted to {people} pictures of rendered people" in text
    assert f"of {tilt} degrees for pelvic tilt and {curve} for the lumbar curve" in text


def test_the_readme_names_only_files_that_exist() -> None:
    """Every file named in the README, and its picture, is in the repository."""
    text = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"`([\w./]+\.\w+)`|\]\(([\w./]+)\)|\"(samples/[\w./]+)\"", text))
    files = {name for group in named for name in group if name}
    assert len(files) >= 5
    assert [name for name in files if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name: str) -> None:
    """Every example in a docstring prints what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0
