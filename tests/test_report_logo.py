"""A clinic's logo on the report: what is taken, what is refused, and that nothing else is read."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from posture.errors import ReportError
from posture.report.pdf import to_pdf

from .test_report import make_report, read, tags

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">{}</svg>'


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (300, 100)) -> bytes:
    """Return a picture of one colour as a file."""
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    "logo",
    [
        *(picture("PNG", mode) for mode in ("RGB", "RGBA", "P", "L", "1")),
        *(picture("JPEG", mode) for mode in ("RGB", "L", "CMYK")),
        picture("PNG", size=(9000, 30)),
        SVG.format('<circle cx="5" cy="5" r="4"/>').encode(),
        b'\xef\xbb\xbf<?xml version="1.0"?>' + SVG.format("").encode(),
    ],
)
def test_pictures_of_every_usual_kind_are_taken(logo: bytes) -> None:
    """PNG, JPEG and SVG, with the clinic's name for those who do not see it."""
    reader = read(make_report(logo=logo))
    root: Any = reader.trailer["/Root"]
    alts = [tag["/Alt"] for tag in tags(root["/StructTreeRoot"]) if "/Alt" in tag]
    assert alts[0] == "Clinic by the Park"
    assert len(alts) == 2
    assert len(reader.pages) == 2
    assert b"pdfuaid:part" in to_pdf(make_report(logo=logo))


def test_a_logo_without_a_name_has_words_too() -> None:
    """Where the clinic is not named, they say what it is."""
    root: Any = read(make_report(logo=picture("PNG"), clinic="")).trailer["/Root"]
    alts = [tag["/Alt"] for tag in tags(root["/StructTreeRoot"]) if "/Alt" in tag]
    assert alts[0] == "Logo of the clinic"


@pytest.mark.parametrize(
    "logo",
    [
        *(b"", b"junk", picture("PNG")[:60], picture("GIF"), b"<html/>", b"<svg><g></svg>"),
        SVG.format("").encode("utf-16"),
        picture("PNG", "1", (50_000, 1000)),
        SVG.format('<image href="http://127.0.0.1:9/x.png" width="5" height="5"/>').encode(),
        SVG.format('<image href="/etc/hostname" width="5" height="5"/>').encode(),
        SVG.format('<image href="report.typ" width="5" height="5"/>').encode(),
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        + SVG.format("<text>&x;</text>").encode(),
    ],
)
def test_what_is_no_picture_or_asks_for_others_is_refused(logo: bytes) -> None:
    """In one sentence that says what to give."""
    with pytest.raises(ReportError, match="give a PNG, JPEG or SVG file that holds all it shows"):
        to_pdf(make_report(logo=logo))


def test_letters_in_a_logo_that_no_font_has_cost_the_standard_alone() -> None:
    """The report is made and tagged all the same."""
    logo = SVG.format('<text y="8" font-size="8">日本</text>').encode()
    reader = read(make_report(logo=logo))
    root: Any = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" not in root["/Metadata"].get_data()


def test_a_logo_brings_no_metadata() -> None:
    """It is made anew from its pixels."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (30, 30)).save(file, "JPEG", exif=exif)
    assert b"taken at home" in file.getvalue()
    pdf = to_pdf(make_report(logo=file.getvalue()))
    reader = read(make_report(logo=file.getvalue()))
    embedded = b"".join(image.data for image in reader.pages[0].images)
    assert embedded
    assert b"taken at home" not in pdf + embedded


def test_only_one_module_sets_pages() -> None:
    """All else in the program does without typst."""
    package = Path(__file__).parents[1] / "posture"
    users = [p.name for p in package.rglob("*.py") if "import typst" in p.read_text("utf-8")]
    assert users == ["pdf.py"]
