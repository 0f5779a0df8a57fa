"""Files of people are believed in nothing: forged and damaged ones add nobody, in one sentence."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posture.errors import RecordsError
from posture.quality import FARTHEST_PX
from posture.records import archive, people, vault, visits
from posture.records.access import Access, open_records
from posture.records.kept import Facts
from tests.kept import make_visit

OTHER = "00000000-0000-4000-8000-000000000000"
Told = dict[str, Any]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Export a person with two visits."""
    with pytest.MonkeyPatch.context() as patch:
        access = open_in(tmp_path_factory.mktemp("there"), patch)
        person = people.add(access, Facts("Ada", "17", 171.5))
        for number in range(2):
            visits.save(access, make_visit(person, number))
        return archive.export(access, person)


@pytest.fixture
def access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    """Open records with nothing in them."""
    return open_in(tmp_path, monkeypatch)


def open_in(folder: Path, patch: pytest.MonkeyPatch) -> Access:
    """Open the records of a folder."""
    patch.setenv(vault.KEY_VARIABLE, vault.new_key())
    patch.setenv("POSTURE_DATA", str(folder))
    patch.delenv("POSTURE_DATABASE_URL", raising=False)
    return open_records().local()


def parts_of(file: bytes) -> dict[str, bytes]:
    """Return what a ZIP file holds."""
    with zipfile.ZipFile(io.BytesIO(file)) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, content in parts.items():
            archive_file.writestr(name, content)
    return made.getvalue()


def retold(file: bytes, change: Callable[[Told], object]) -> bytes:
    """Return the file with something else told in it."""
    parts = parts_of(file)
    told = json.loads(parts["person.json"])
    change(told)
    return zipped(parts | {"person.json": json.dumps(told).encode()})


def adds_nobody(access: Access, file: bytes, match: str = "choose the ZIP file") -> None:
    """Hold that a file is refused in a sentence, and that nothing was added."""
    with pytest.raises(RecordsError, match=match):
        archive.bring_back(access, file)
    assert people.search(access).count == 0


def photo(told: Told) -> Told:
    """Return the first photo that is told of."""
    first: Told = told["visits"][0]["photos"][0]
    return first


def tilt(told: Told) -> Told:
    """Return the first photo's pelvic tilt."""
    found: Told = photo(told)["assessment"]["measurements"]["pelvic_tilt_deg"]
    return found


FORGED: dict[str, Callable[[Told], object]] = {
    "another schema": lambda told: told.update(schema="posture-person/9"),
    "no visits": lambda told: told.pop("visits"),
    "an id that is a path": lambda told: photo(told).update(id="../../../../evil"),
    "an id in capitals": lambda told: told.update(id=told["id"].upper()),
    "an id that is no text": lambda told: told.update(id=5),
    "a person's id with a line": lambda told: told.update(id=" x\ny"),
    "one id twice": lambda told: told["visits"][1].update(id=told["visits"][0]["id"]),
    "a visit without photos": lambda told: told["visits"][0].update(photos=[]),
    "too many photos": lambda told: told["visits"][0].update(photos=[photo(told)] * 13),
    "too many visits": lambda told: told.update(visits=told["visits"] * 2000),
    "no measurements": lambda told: photo(told)["assessment"].update(measurements={}),
    "a number that is none": lambda told: tilt(told).update(value=None),
    "a number where it is refused": lambda told: tilt(told).update(tier="refused"),
    "not a number": lambda told: tilt(told).update(value=float("nan")),
    "a number beyond all bounds": lambda told: tilt(told).update(high=1e300),
    "a number outside its interval": lambda told: tilt(told).update(high=tilt(told)["low"]),
    "a noise that is none": lambda told: tilt(told).update(mdc95=-1.0),
    "a photo beyond all bounds": lambda told: photo(told)["assessment"].update(width=10**9),
    "a contour beyond all bounds": lambda told: photo(told)["assessment"]["outline"]["back_px"][
        9
    ].__setitem__(0, 1e9),
    "a point beyond all bounds": lambda told: photo(told)["assessment"]["points"]["hip"].update(
        x=-1e9
    ),
    "a tier of its own": lambda told: tilt(told).update(tier="guessed"),
    "a reason of its own": lambda told: tilt(told).update(reasons=["because"]),
    "arms of its own": lambda told: told["visits"][0]["conditions"].update(arms="bogus"),
    "a day without a zone": lambda told: told["visits"][0].update(at="2026-03-02T09:30:00"),
    "a name that is no text": lambda told: told["facts"].update(name=5),
    "no name": lambda told: told["facts"].update(name=" "),
    "half a character": lambda told: told["facts"].update(name="\ud800"),
    "a height in words": lambda told: told["facts"].update(stature_cm="tall"),
    "a giant": lambda told: told["facts"].update(stature_cm=1e9),
    "notes without end": lambda told: told["visits"][0].update(notes="x" * 20_001),
    "another's picture": lambda told: photo(told).update(picture="person.json"),
    "a picture that is not there": lambda told: photo(told).update(picture="pictures/0.jpg"),
}


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_forged_files_add_nobody(
    access: Access, file: bytes, change: Callable[[Told], object]
) -> None:
    """Whatever is told that could not have been kept."""
    adds_nobody(access, retold(file, change))


@pytest.mark.parametrize("far", [1e5, 0.999 * FARTHEST_PX])
def test_points_far_outside_come_back(access: Access, file: bytes, far: float) -> None:
    """Wherever the pose model may have them, and a person may place one."""
    change = {"x": far, "y": -far}
    archive.bring_back(
        access, retold(file, lambda told: photo(told)["assessment"]["points"]["hip"].update(change))
    )
    assert people.search(access).count == 1


def test_numbers_too_large_add_nobody(access: Access, file: bytes) -> None:
    """Python reads 1e999 as infinity."""
    parts = parts_of(file)
    text = parts["person.json"].replace(b'"stature_cm": 171.5', b'"stature_cm": 1e999')
    assert b"1e999" in text
    adds_nobody(access, zipped(parts | {"person.json": text}))


@pytest.mark.parametrize("wrong", [b"", b"PK", b"no zip at all"])
def test_other_files_add_nobody(access: Access, wrong: bytes) -> None:
    """What is no ZIP file."""
    adds_nobody(access, wrong)


def test_deep_texts_add_nobody(access: Access) -> None:
    """Lists in lists without end."""
    adds_nobody(access, zipped({"person.json": b"[" * 100_000}))


def test_pictures_that_are_none_add_nobody(access: Access, file: bytes) -> None:
    """Of another kind, of another shape, or too large."""
    parts = parts_of(file)
    name = next(name for name in parts if name.startswith("pictures/"))
    for picture in (b"no picture", bytes(30_000_001)):
        adds_nobody(access, zipped(parts | {name: picture}))
    adds_nobody(access, retold(file, lambda told: photo(told)["assessment"].update(height=1000)))


@pytest.mark.parametrize("at", range(0, 100, 9))
def test_damaged_files_add_nobody_or_the_same(access: Access, file: bytes, at: int) -> None:
    """With a byte changed anywhere; drawings and reports are not read, so that they may be so."""
    damaged = bytearray(file)
    damaged[len(file) * at // 100] ^= 0xFF
    try:
        archive.bring_back(access, bytes(damaged))
    except RecordsError:
        assert people.search(access).count == 0
    else:
        assert people.search(access).people[0].facts == Facts("Ada", "17", 171.5)


def test_nothing_that_is_kept_is_replaced(access: Access, file: bytes) -> None:
    """Neither the person, nor anybody's visit or photo that goes by an id in the file."""
    archive.bring_back(access, file)
    for change in (
        lambda told: told.update(schema=told["schema"]),
        lambda told: told.update(id=OTHER),
        lambda told: told.update(
            id=OTHER,
            visits=[told["visits"][0] | {"id": OTHER.replace("8000", "9000")}],
        ),
    ):
        with pytest.raises(RecordsError, match="kept already"):
            archive.bring_back(access, retold(file, change))
    (person,) = people.search(access).people
    assert person.visits == 2
    assert len(visits.of_person(access, person.id)) == 2
