"""Visits made by hand, for tests of the records."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from posture.marking.marks import Corrections, DrawnLine, KnownDistance, Mark
from posture.overlay import to_jpeg
from posture.records import visits
from posture.records.form import to_json
from posture.records.kept import KeptPhoto, Visit
from posture.tilt import Vertical
from posture.visit import Conditions
from tests.factory import make_assessment, make_photo, make_refused

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def make_visit(
    person_id: str,
    number: int = 0,
    *,
    photos: int = 2,
    picture_bytes: int | None = None,
    **given: float,
) -> Visit:
    """Return a visit whose photos have points, lines, holes in their contours, and pictures.

    The pictures are JPEG, or any bytes if it is told how many.
    """
    rng = np.random.default_rng(number)
    kept = []
    for _ in range(photos):
        read = make_assessment(tilt_deg=given.get("tilt_deg", 9.0), vertical=Vertical(1.5, 0.3))
        assert read.outline is not None
        read.outline.back_px[3] = np.nan
        marks = {"asis": Mark(310.5, 400.25, "placed", 0.7), "psis": Mark(250, 390, "sticker")}
        told = Corrections(marks, DrawnLine(1, 2, 3, 40), KnownDistance(5, 5, 5, 90, 42.0), 12.0)
        read = replace(read, corrections=told, skin_px=rng.normal(size=(5, 2)), stature_cm=171.5)
        shade = int(rng.integers(255))
        picture = (
            to_jpeg(make_photo(shade=shade)) if picture_bytes is None else rng.bytes(picture_bytes)
        )
        kept.append(KeptPhoto(visits.new_id(), read, picture))
    return Visit(
        visits.new_id(),
        person_id,
        FIRST + timedelta(days=42 * number),
        tuple(kept),
        Conditions("clasped", "tight"),
        f"Notes of visit {number}: sore, Grüße, 腰 \x00-free",
        "Massage; exercise.",
    )


def make_refused_visit(person_id: str) -> Visit:
    """Return a visit whose one photo is refused."""
    photo = KeptPhoto(visits.new_id(), make_refused())
    return Visit(visits.new_id(), person_id, FIRST, (photo,))


def alike(one: Visit, other: Visit) -> bool:
    """Tell whether two visits hold the same, down to every point and byte."""
    plain = [replace(visit, photos=()) for visit in (one, other)]
    as_told = [(v.id, v.person_id, v.at, v.conditions, v.notes, v.plan) for v in plain]
    photos = [
        [(p.id, json.loads(to_json(p.assessment)), p.picture) for p in visit.photos]
        for visit in (one, other)
    ]
    return as_told[0] == as_told[1] and photos[0] == photos[1]
