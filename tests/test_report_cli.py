"""`posture report`: what it writes, what it says, and how it ends."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pypdf
import pytest

from posture import Assessment, ModelError, Photo
from posture.language import current
from posture.report import command

from .command import ARM_HIDES_BACK, STANDING, WALKING, run


@pytest.fixture(autouse=True)
def _quick(known: dict[str, Assessment], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command take the known assessments of the samples instead of measuring anew."""

    def quick_assess(photo: Photo) -> Assessment:
        return dataclasses.replace(known[photo.name], notes=(current(),))

    monkeypatch.setattr(command, "assess", quick_assess)


def text_of(pdf: Path) -> str:
    """Return all text of a PDF file as one line."""
    return " ".join(" ".join(p.extract_text() for p in pypdf.PdfReader(pdf).pages).split())


def test_a_report_is_written(tmp_path: Path) -> None:
    """With the photo in it, the name and what changed; the status is as for analyze."""
    out = tmp_path / "report.pdf"
    result = run("report", STANDING, "--out", out, "--name", "Ana Núñez", "--before", STANDING)
    assert result.exit_code == 0
    assert result.stderr == f"Report: {out}\n"
    text = text_of(out)
    assert "Ana Núñez" in text
    assert "Pelvic tilt: no difference, least change" in text
    assert "not distinguishable from measurement noise" in text
    assert len(pypdf.PdfReader(out).pages[0].images) == 1
    assert list(tmp_path.iterdir()) == [out]


def test_paper_and_language(tmp_path: Path) -> None:
    """Both reach the page; also what is said while measuring is in that language."""
    out = tmp_path / "report.pdf"
    run("report", STANDING, "--out", out, "--paper", "letter", "--language", "de")
    reader = pypdf.PdfReader(out)
    assert float(reader.pages[0].mediabox.height) == pytest.approx(792)
    root = reader.trailer["/Root"]
    assert isinstance(root, dict)
    assert root["/Lang"] == "de"
    assert " de " in text_of(out)
    assert current() == "en"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([WALKING], 3),
        ([ARM_HIDES_BACK], 3),
        ([STANDING, "--before", WALKING], 0),
        (["nothing.jpg"], 2),
        ([STANDING, "--before", "nothing.jpg"], 2),
        ([STANDING, "--paper", "a5"], 2),
        ([STANDING, "--language", "fr"], 2),
    ],
)
def test_exit_status(arguments: list[str | Path], status: int, tmp_path: Path) -> None:
    """3 if something was refused, of which the report tells; 2 writes none."""
    out = tmp_path / "report.pdf"
    assert run("report", *arguments, "--out", out).exit_code == status
    assert out.exists() == (status != 2)


def test_a_photo_is_never_replaced(tmp_path: Path) -> None:
    """A photo as the target is wrong usage, and stays as it is."""
    photo = tmp_path / STANDING.name
    photo.write_bytes(STANDING.read_bytes())
    for out in (photo, tmp_path / "new.png", tmp_path / "none" / "report.pdf"):
        result = run("report", photo, "--out", out)
        assert result.exit_code == 2
        assert "--out" in result.stderr
    assert photo.read_bytes() == STANDING.read_bytes()
    assert list(tmp_path.iterdir()) == [photo]


def test_failures_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw, and what stops the program."""

    def faulty(_photo: Photo) -> Assessment:
        raise ZeroDivisionError

    monkeypatch.setattr(command, "assess", faulty)
    out = tmp_path / "report.pdf"
    result = run("report", STANDING, "--out", out)
    assert result.exit_code == 1
    assert "could not be measured because of a fault in this program." in result.stderr

    def broken(_photo: Photo) -> Assessment:
        raise ModelError("The model is gone: reinstall.")

    monkeypatch.setattr(command, "assess", broken)
    assert isinstance(run("report", STANDING, "--out", out).exception, ModelError)
    assert not out.exists()


def test_two_photos_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """The sentence names the folder of the one that cannot be read."""
    result = run("report", STANDING, "--before", "old/photo.jpg", "--out", tmp_path / "r.pdf")
    assert result.stderr.startswith("old/photo.jpg is no file")
