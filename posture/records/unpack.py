"""Reads a person's file that `posture.records.archive` wrote, and believes nothing in it.

It writes nothing: what it returns can be kept, shown and exported like what was saved here.
"""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from posture import Photo, export, overlay
from posture.assessment import Assessment
from posture.errors import RecordsError
from posture.interchange.record import Record
from posture.interchange.table import to_csv
from posture.language import gettext as _
from posture.marking.marks import STATURE_RANGE_CM
from posture.quality import FARTHEST_PX
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from posture.reasons import explain
from posture.records import people
from posture.records.form import from_json, to_json
from posture.records.kept import MOST_PHOTOS, Facts, KeptPhoto, Visit, checked_words
from posture.visit import Conditions

if TYPE_CHECKING:
    from posture.quantities import Measurement

SCHEMA: Final = "posture-person/1"
PERSON: Final = "person.json"

# More than any person has: what says that it holds more is none of ours.
_MOST_TEXT_BYTES: Final = 200_000_000
_MOST_PICTURE_BYTES: Final = 30_000_000
_MOST_VISITS: Final = 2_000
_LONGEST_EDGE_PX: Final = 100_000
_FARTHEST_EDGES: Final = 10.0  # of a contour from its photo, in that one's longer edges
_LARGEST_NUMBER: Final = 1e4  # of degrees, percent or centimetres


@dataclass(frozen=True, slots=True, eq=False)
class Unpacked:
    """A person as a file tells of them.

    Attributes
    ----------
    id : str
        By which the records knew them.
    facts : Facts
        What they are known by.
    created_at : datetime
        When they were added first.
    visits : tuple of Visit
        With every photo.
    """

    id: str
    facts: Facts
    created_at: datetime
    visits: tuple[Visit, ...]


def picture_name(photo_id: str) -> str:
    """Return the name of a photo's picture in the file."""
    return f"pictures/{photo_id}.jpg"


def unpack(file: bytes) -> Unpacked:
    """Read a person's file.

    Raises
    ------
    RecordsError
        If it is none, is damaged, or holds anything that could not have been kept.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            return _person(archive, _read(archive, PERSON, _MOST_TEXT_BYTES))
    except Exception as error:  # whatever a forged file makes its readers raise
        raise RecordsError(
            _("This is no person's file that posture exported: choose the ZIP file.")
        ) from error


def _person(archive: zipfile.ZipFile, text: bytes) -> Unpacked:
    told = json.loads(text, parse_constant=_refuse)
    _need(told["schema"] == SCHEMA)
    _need(len(told["visits"]) <= _MOST_VISITS)
    person_id = _id(told["id"])
    found = tuple(_visit(archive, person_id, one) for one in told["visits"])
    ids = [visit.id for visit in found]
    ids += [photo.id for visit in found for photo in visit.photos]
    _need(len(set(ids)) == len(ids))
    return Unpacked(person_id, _facts(told["facts"]), _moment(told["created_at"]), found)


def _visit(archive: zipfile.ZipFile, person_id: str, told: Mapping[str, Any]) -> Visit:
    _need(1 <= len(told["photos"]) <= MOST_PHOTOS)
    visit = Visit(
        _id(told["id"]),
        person_id,
        _moment(told["at"]),
        tuple(_photo(archive, one) for one in told["photos"]),
        from_json(json.dumps(told["conditions"]).encode(), Conditions),
        _text(told["notes"]),
        _text(told["plan"]),
    )
    checked_words(visit.notes, visit.plan)
    for measurement in visit.stance.measurements.values():
        _check(measurement)
    to_json(visit.stance)
    to_csv(Record(tuple(photo.assessment for photo in visit.photos), visit.stance, at=visit.at))
    return visit


def _photo(archive: zipfile.ZipFile, told: Mapping[str, Any]) -> KeptPhoto:
    photo_id = _id(told["id"])
    # Anew as text, so that a number too large for it is refused.
    text = json.dumps(told["assessment"], allow_nan=False).encode()
    read = from_json(text, Assessment)
    _need({PELVIC_TILT.key, LUMBAR_CURVE.key} <= read.measurements.keys())
    for measurement in read.measurements.values():
        _check(measurement)
    for measurement in (*read.marks_say.values(), *read.outline_says.values()):
        _check(measurement)
    _need(all(explain(reason.code) is not None for reason in read.reasons))
    _need(0 < min(read.width, read.height) <= max(read.width, read.height) <= _LONGEST_EDGE_PX)
    _check_places(read)
    # Whatever it holds, it can be kept, exported and drawn.
    to_json(read)
    export.to_json(read)
    overlay.to_svg(read)
    if told["picture"] is None:
        return KeptPhoto(photo_id, read)
    _need(told["picture"] == picture_name(photo_id))
    picture = _read(archive, picture_name(photo_id), _MOST_PICTURE_BYTES)
    opened = Photo.open(picture)
    _need(picture.startswith(b"\xff\xd8"))
    _need(abs(opened.width * read.height - opened.height * read.width) < read.width + read.height)
    return KeptPhoto(photo_id, read, picture)


def _check(measurement: Measurement) -> None:
    numbers = (measurement.low, measurement.value, measurement.high)
    refused = measurement.tier == "refused"
    _need(all((number is None) == refused for number in numbers))
    noise, relative = measurement.mdc95, measurement.relative
    _need(all(abs(n or 0.0) <= _LARGEST_NUMBER for n in (*numbers, noise, relative)))
    if not refused:
        low, value, high = (number or 0.0 for number in numbers)
        _need(low <= value <= high)
    _need(noise is None or noise >= 0)
    _need(all(explain(code) is not None for code in measurement.reasons))


def _check_places(read: Assessment) -> None:
    """Raise ValueError if anything lies so far off that to draw it would take for ever."""
    places = [(point.x, point.y) for point in (*read.points.values(), *read.found.values())]
    told = read.corrections
    places += [(mark.x, mark.y) for mark in told.points.values()]
    for drawn in (told.line, told.distance):
        if drawn is not None:
            places += [(drawn.x1, drawn.y1), (drawn.x2, drawn.y2)]
    if read.back is not None:
        ends = (read.back.lumbosacral, read.back.thoracolumbar)
        places += [(end.x_px, end.y_px) for end in ends]
    places += [(sticker.x, sticker.y) for sticker in read.stickers]
    lines = [] if read.outline is None else [read.outline.back_px, read.outline.front_px]
    lines += [] if read.skin_px is None else [read.skin_px]
    farthest = _FARTHEST_EDGES * max(read.width, read.height)
    bounds = [(np.asarray(places), FARTHEST_PX), *((line, farthest) for line in lines)]
    for every, most in bounds:
        _need(bool((np.isnan(every) | (np.abs(every) <= most)).all()))


def _facts(told: Mapping[str, Any]) -> Facts:
    stature_cm = told["stature_cm"]
    if stature_cm is not None:
        low, high = STATURE_RANGE_CM
        stature_cm = float(stature_cm)
        _need(low <= stature_cm <= high)
    return people.checked(Facts(_text(told["name"]), _text(told["number"]), stature_cm))


def _id(told: object) -> str:
    known = str(uuid.UUID(_text(told)))
    _need(known == told)
    return known


def _moment(told: object) -> datetime:
    at = datetime.fromisoformat(_text(told))
    _need(at.tzinfo is not None)
    return at


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError
    told.encode()  # refuses halves of characters
    return told


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as part:
        content = part.read(most + 1)
    _need(len(content) <= most)
    return content


def _need(holds: bool) -> None:
    if not holds:
        raise ValueError


def _refuse(constant: str) -> float:
    raise ValueError(constant)
