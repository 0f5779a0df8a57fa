"""The benchmarks run, and write down whether each target is met; how fast is not tested."""

import importlib
from pathlib import Path

import pytest

from benchmarks import bench, one_photo
from benchmarks.figure import Figure

SAMPLE = Path(__file__).parents[1] / "samples" / "standing_ponytail.jpg"


def test_each_part_has_figures() -> None:
    """What `make bench` names is there."""
    for module, _ in bench.PARTS.values():
        assert callable(importlib.import_module(f"benchmarks.{module}").figures)


def test_each_step_of_a_photo_is_timed() -> None:
    """Decoding, detection and the rest take some time each."""
    steps = one_photo.steps(SAMPLE.read_bytes(), 1)
    assert all(seconds > 0 for times in steps.values() for seconds in times)
    assert "everything else" in steps


def test_the_page_says_what_is_met_and_on_which_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missed target is written down like any other, and told by the exit status."""
    page = tmp_path / "docs" / "performance.md"
    page.parent.mkdir()
    monkeypatch.setattr(bench, "PAGE", page)
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    figures = [Figure("ratio", "0.70", "at most 0.65", False), Figure("rest", "9 ms", "25", True)]
    monkeypatch.setattr(bench, "figures_of", lambda _: figures)
    assert bench.main([]) == 1
    written = page.read_text("utf-8")
    assert "| ratio | 0.70 | at most 0.65 | no |" in written
    assert "| rest | 9 ms | 25 | yes |" in written
    assert "cores" in written
    assert "ratio" in capsys.readouterr().out
    monkeypatch.setattr(
        bench, "figures_of", lambda _: [Figure("ratio", "0.60", "at most 0.65", True)]
    )
    assert bench.main(["photo"]) == 0
    anew = page.read_text("utf-8")
    assert anew.count("| ratio | 0.60 | at most 0.65 | yes |") == 1
    assert anew.count("| ratio | 0.70 | at most 0.65 | no |") == len(bench.PARTS) - 1
    assert anew.count("\n## ") == len(bench.PARTS) + 1
    monkeypatch.setattr(bench, "machine", lambda: [Figure("processor", "another one")])
    assert bench.main(["photo"]) == 0
    assert page.read_text("utf-8").count("\n## ") == 2  # figures of two machines are not mixed
