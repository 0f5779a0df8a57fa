"""Says what must hold of any bytes that are opened as a photo or imported; it damages none."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from posture.errors import PhotoError, PointsError, RecordsError, ReportError, StudyError
from posture.photo import Photo

LONGEST_EDGE: Final = 2048
MOST_PIXELS: Final = 50_000_000
#: Of the picture for every photo that a person's file tells of: as the seeds tell it.
PICTURE_SIZE: Final = (600, 900)


def photo(data: bytes) -> None:
    """Open bytes as a photo: nothing but PhotoError comes out, or pixels as they are promised."""
    try:
        opened = Photo.open(data)
    except PhotoError as error:
        sentence(error)
        return
    pixels = opened.pixels
    need(pixels.dtype == np.uint8 and pixels.ndim == len("hwc"), "pixels of another kind")
    need(pixels.shape[2] == len("rgb") and min(pixels.shape) > 0, "pixels of another shape")
    need(max(pixels.shape) <= LONGEST_EDGE, "a photo that was not reduced")
    need(pixels.flags.c_contiguous and not pixels.flags.writeable, "pixels that can be changed")
    need(opened.width * opened.height <= MOST_PIXELS, "a photo that should have been refused")
    need(opened.width >= 1 and opened.height >= 1, "a photo without a size")


def points(data: bytes) -> None:
    """Read a file of points."""
    from posture.marking import reopen

    for name in (None, "side.jpg"):
        try:
            reopen.fit_in(reopen.read(data, name=name), 480, 640)
        except PointsError as error:
            sentence(error)


def table(data: bytes) -> None:
    """Read a table of photos, people, raters and sessions."""
    from posture.study import plan

    try:
        found = plan.read_table(data, "plan.csv")
        for name in [*found, data.decode("utf-8", "replace")[:200]]:
            plan.natural(name)
            with contextlib.suppress(StudyError):
                plan.whose(name, table=found)
                plan.whose(name)
    except StudyError as error:
        sentence(error)


def study(data: bytes) -> None:
    """Read a study back, and use it as a comparison does."""
    from posture.study import kept, words

    text = data.decode("utf-8", "replace")
    kept.is_study(text)
    try:
        read = kept.read(text)
    except StudyError as error:
        sentence(error)
        return
    need(all(np.isfinite(least) for least in kept.own_noise(read).values()), "no number")
    kept.read(kept.to_json(kept.without_people(read)))
    kept.to_csv(read)
    list(words.everything(read))


def results(data: bytes) -> None:
    """Read results as a study does: each photo is somebody's, twice."""
    from posture.study import kept, reading, repeatability
    from posture.study.figures import Taken

    try:
        saved = reading.saved(data.decode("utf-8", "replace"), "results.json")[:8]
        readings = [
            one.reading(f"{number}.jpg", Taken(f"p{number // 2}", "r1", f"s{number % 2}"))
            for number, one in enumerate(saved)
        ]
        made = repeatability.study(readings)
    except StudyError as error:
        sentence(error)
        return
    kept.read(kept.to_json(made))


def person(data: bytes) -> None:
    """Bring back a person whose file holds this text, and the picture of every photo."""
    from posture.records.unpack import PERSON, picture_name

    names = set()
    with contextlib.suppress(Exception):  # what it tells may be anything
        told = json.loads(data)
        names = {photo["id"] for visit in told["visits"] for photo in visit["photos"]}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(PERSON, data)
        for name in names:
            if isinstance(name, str) and name.isascii() and name.isprintable():
                archive.writestr(picture_name(name), picture())
    archived(file.getvalue())


def archived(data: bytes) -> None:
    """Bring back a person; what was believed can be kept, shown and exported."""
    from posture import export, overlay
    from posture.interchange.record import Record
    from posture.interchange.table import to_csv
    from posture.records import form
    from posture.records.unpack import unpack

    try:
        found = unpack(data)
    except RecordsError as error:
        sentence(error)
        return
    for visit in found.visits:
        for one in visit.photos:
            form.from_json(form.to_json(one.assessment), type(one.assessment))
            json.loads(export.to_json(one.assessment), parse_constant=refuse)
            overlay.to_svg(one.assessment)
        form.to_json(visit.stance)
        to_csv(Record(tuple(one.assessment for one in visit.photos), visit.stance, at=visit.at))


def assessment(data: bytes) -> None:
    """Read an assessment as the records keep it."""
    from posture.assessment import Assessment
    from posture.records import form

    try:
        form.from_json(data, Assessment)
    except RecordsError as error:
        sentence(error)


def logo(data: bytes) -> None:
    """Read a clinic's logo."""
    from posture.report.logo import as_svg

    try:
        as_svg(data)
    except ReportError as error:
        sentence(error)


#: What is imported, by the word in the first line of each input.
IMPORTS: Final[dict[str, Callable[[bytes], None]]] = {
    "points": points,
    "table": table,
    "study": study,
    "results": results,
    "person": person,
    "archive": archived,
    "assessment": assessment,
    "logo": logo,
}


def imported(data: bytes) -> bool:
    """Import bytes as what their first line says; False if it says nothing that is known."""
    kind, _, content = data.partition(b"\n")
    target = IMPORTS.get(kind.decode("ascii", "replace"))
    if target is None:
        return False
    target(content)
    return True


@cache
def picture() -> bytes:
    """Return a JPEG."""
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", PICTURE_SIZE, (90, 120, 150)).save(file, "JPEG")
    return file.getvalue()


def sentence(error: Exception) -> None:
    """Hold that an error is one line that a terminal and a page can show."""
    text = str(error)
    need(bool(text) and text.endswith("."), f"no sentence: {text!r}")
    need(len(text) < 1000, "a sentence without end")  # noqa: PLR2004
    text.encode()


def need(holds: bool, otherwise: str) -> None:
    """Hold that something is so."""
    if not holds:
        raise AssertionError(otherwise)


def refuse(constant: str) -> float:
    """Refuse what is no JSON: NaN and infinities."""
    raise AssertionError(constant)
