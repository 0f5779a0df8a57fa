"""Writes what the fuzzers start from: small sound files of each kind, and the tests' odd ones."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from posture.export import to_json
from posture.records import archive, form, people, vault, visits
from posture.records.access import open_records
from posture.records.kept import Facts
from posture.study import kept, repeatability
from tests.factory import make_assessment
from tests.kept import make_visit
from tests.odd_files import encoded, odd_files
from tests.scene import draw_scene
from tests.study_set import Truth, make_photos, make_readings

#: Of an input at most, for each fuzzer; every seed is smaller.
MOST_BYTES: Final = {"photos": 1 << 14, "imports": 1 << 16}
ROOT = Path(__file__).parents[1]
BROKEN = ROOT / "tests" / "broken"


def photos() -> list[bytes]:
    """Return photos of every kind, small, and those of the tests' odd files that are not large."""
    picture = draw_scene(48, 64)
    found = [
        encoded(picture, kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "HEIF", "AVIF")
    ]
    found += [
        encoded(picture.convert(mode), "PNG") for mode in ("L", "P", "LA", "RGBA", "I;16", "1")
    ]
    found += [encoded(picture, "JPEG", progressive=True), encoded(picture.convert("CMYK"), "JPEG")]
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        found.append(encoded(picture, "TIFF", compression=compression))
    with TemporaryDirectory() as folder:
        odd = odd_files(Path(folder), Image.new("RGB", (36, 48), (90, 120, 150)))
        found += [one.path.read_bytes() for one in odd if one.path.is_file()]
    found += [path.read_bytes() for path in sorted((BROKEN / "photo").glob("*"))]
    return [one for one in found if len(one) <= MOST_BYTES["photos"]]


def imports() -> list[bytes]:
    """Return an import of every kind, each with its kind in the first line."""
    one = make_assessment()
    whole = json.loads(to_json(one))
    found = {
        "points": [
            json.dumps(whole).encode(),
            b'{"points": {"asis": [310, 400], "psis": [250.5, 390]}, "stature_cm": 172.5}',
            b'{"photo": {"name": "side.jpg", "width": 480, "height": 640},'
            b' "points": {"c7": {"x": 1, "y": 2, "source": "estimated", "found": [5, 6]}},'
            b' "told": {"line": {"x1": 1, "y1": 2, "x2": 3, "y2": 90, "along": "vertical"},'
            b' "distance": {"x1": 1, "y1": 2, "x2": 3, "y2": 90, "cm": 40}, "placement_mm": 9}}',
        ],
        "table": [
            b"photo,person,rater,session\na.jpg,anna,r1,s1\nb.jpg,anna,r1,s2\n",
            b'photo;person\n"a;b.jpg";"J\xc3\xbcrgen ""x"""\n',
        ],
        "study": [kept.to_json(repeatability.study(make_readings(Truth(people=4), 1))).encode()],
        "results": [
            "\n".join(
                to_json(photo) for _, photo in make_photos(Truth(people=3, raters=1), 1)
            ).encode()
        ],
        "assessment": [form.to_json(one)],
        "logo": [
            encoded(draw_scene(24, 24), "PNG"),
            encoded(draw_scene(24, 24), "JPEG"),
            b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="3"/></svg>',
        ],
    }
    found["archive"] = [_archive()]
    found["person"] = [_person(found["archive"][0])]
    for kind in found:
        found[kind] += [path.read_bytes() for path in sorted((BROKEN / kind).glob("*"))]
    return [kind.encode() + b"\n" + content for kind, all_ in found.items() for content in all_]


def _archive() -> bytes:
    with TemporaryDirectory() as folder:
        before = dict(os.environ)
        os.environ |= {"POSTURE_DATA": folder, vault.KEY_VARIABLE: vault.new_key()}
        os.environ.pop("POSTURE_DATABASE_URL", None)
        try:
            access = open_records().local()
            person = people.add(access, Facts("Ada", "17", 171.5))
            visit = make_visit(person, photos=1)
            bare = tuple(replace(photo, picture=None) for photo in visit.photos)
            visits.save(access, replace(visit, photos=bare))
            return archive.export(access, person)
        finally:
            os.environ.clear()
            os.environ.update(before)


def _person(file: bytes) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        told = json.loads(parts.read("person.json"))
    for photo in told["visits"][0]["photos"]:
        photo["picture"] = f"pictures/{photo['id']}.jpg"
    return json.dumps(told).encode()


def write(folder: Path) -> None:
    """Write all of them into two folders, ``photos`` and ``imports``, named by their content."""
    for name, files in (("photos", photos()), ("imports", imports())):
        into = folder / name
        into.mkdir(parents=True, exist_ok=True)
        for content in files:
            (into / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
