"""`posture report`: what it writes, what it says, and how it ends."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import pypdf
import pytest

from posture import Assessment, Corrections, ModelError, Photo
from posture.errors import ReportError
from posture.language import current
from posture.report import command
from posture.study import kept

from .command import ARM_HIDES_BACK, STANDING, WALKING, run
from .study_set import Truth, write_results


@pytest.fixture(autouse=True)
def asked(known: dict[str, Assessment], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Let the command take the known assessments of the samples, and give what it asked with."""
    asked: list[dict[str, Any]] = []

    def quick_assess(photo: Photo, **how: Any) -> Assessment:
        asked.append(how)
        return dataclasses.replace(known[photo.name], notes=(current(),))

    monkeypatch.setattr(command, "assess", quick_assess)
    return asked


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
    assert (
        "Pelvic tilt: not distinguishable from measurement noise (no difference, least change"
        in text
    )
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
        ([STANDING, "--at", "yesterday"], 2),
        ([STANDING, "--stature", "1.72"], 2),
        ([STANDING, "--points", "nothing.json"], 2),
        ([STANDING, "--study", Path(__file__)], 2),
        ([STANDING, "--before", STANDING, "--study", Path(__file__)], 2),
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

    def faulty(_photo: Photo, **_how: Any) -> Assessment:
        raise ZeroDivisionError

    monkeypatch.setattr(command, "assess", faulty)
    out = tmp_path / "report.pdf"
    result = run("report", STANDING, "--out", out)
    assert result.exit_code == 1
    assert "could not be measured because of a fault in this program." in result.stderr

    def broken(_photo: Photo, **_how: Any) -> Assessment:
        raise ModelError("The model is gone: reinstall.")

    monkeypatch.setattr(command, "assess", broken)
    assert isinstance(run("report", STANDING, "--out", out).exception, ModelError)
    assert not out.exists()


def test_a_page_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault names the file that is not written; what is known says so itself."""

    def faulty(_page: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr("posture.report.pdf.to_pdf", faulty)
    out = tmp_path / "report.pdf"
    result = run("report", STANDING, "--out", out)
    assert result.exit_code == 1
    assert result.stderr == f"{out} could not be written because of a fault in this program.\n"

    def lacking(_page: object) -> bytes:
        raise ReportError("Install it.")

    monkeypatch.setattr("posture.report.pdf.to_pdf", lacking)
    assert isinstance(run("report", STANDING, "--out", out).exception, ReportError)
    assert not out.exists()


def test_the_day_is_what_was_told(tmp_path: Path) -> None:
    """Without it, no day stands on the page."""
    out = tmp_path / "report.pdf"
    run("report", STANDING, "--out", out, "--at", "2026-03-04T10:30")
    assert text_of(out).count("4 Mar 2026") >= 2
    run("report", STANDING, "--out", out)
    assert "Visit of" not in text_of(out)
    metadata = pypdf.PdfReader(out).metadata
    assert metadata is not None
    assert metadata.creation_date is None


def test_photos_are_measured_as_they_are_to_be_analyzed(
    tmp_path: Path, asked: list[dict[str, Any]]
) -> None:
    """Height and stickers go to both photos, points to the one that they are of."""
    out, points = tmp_path / "report.pdf", tmp_path / "points.json"
    points.write_text(
        json.dumps({"photo": {"name": STANDING.name}, "points": {"asis": [100, 200]}})
    )
    told = ("--stature", "172", "--markers", "--points", points, "--before", WALKING)
    result = run("report", STANDING, "--out", out, *told)
    assert f"The file of points tells nothing of {WALKING.name}" in result.stderr
    assert [(how["stature_cm"], how["markers"]) for how in asked] == [(172.0, True)] * 2
    assert list(asked[0]["corrections"].points) == ["asis"]
    assert asked[1]["corrections"] == Corrections()
    points.write_text(json.dumps({"points": {"asis": [1e5, 200]}}))
    result = run("report", STANDING, "--out", out, "--points", points)
    assert result.exit_code == 2
    assert "was not measured" in result.stderr
    result = run("report", STANDING, "--out", points, "--points", points)
    assert "is the file of points" in result.stderr


def test_least_changes_of_a_study_are_those_of_compare(tmp_path: Path) -> None:
    """They stand on the page, which says whose they are; without a study, neither does."""
    write_results(tmp_path, Truth(), 1)
    run("study", tmp_path, "--out", tmp_path)
    study, out = tmp_path / "study.json", tmp_path / "report.pdf"
    own = kept.own_noise(kept.read(study.read_text("utf-8")))
    result = run("report", STANDING, "--out", out, "--before", STANDING, "--study", study)
    assert result.exit_code == 0
    assert "From your study: the least change of Pelvic tilt, Lumbar curve." in result.stderr
    text = text_of(out)
    assert "Least changes are from the clinic's own study" in text
    for (key, _tier), least in own.items():
        assert key in ("pelvic_tilt_deg", "lumbar_curve_deg")
        assert f"no difference {math.ceil(least * 10 - 1e-6) / 10:g}°" in text
    run("report", STANDING, "--out", out, "--before", STANDING)
    assert "own study" not in text_of(out)


def test_two_photos_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """The sentence names the folder of the one that cannot be read."""
    result = run("report", STANDING, "--before", "old/photo.jpg", "--out", tmp_path / "r.pdf")
    assert result.stderr.startswith("old/photo.jpg is no file")
