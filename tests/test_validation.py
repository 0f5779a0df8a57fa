"""How accuracy is measured, on data whose answer is known."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posture import Photo, assess
from posture.change import compare
from posture.landmarks import default_detector
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, QUANTITIES
from tests.factory import make_assessment
from validation import observe, report, sets, variants
from validation.fingerprint import fingerprint
from validation.records import Record
from validation.study import acceptance, baselines, readings, repeats, statistics, tables, targets
from validation.study.statistics import Estimate

REFUSED = {"value": None, "low": None, "high": None, "mdc95": None}


def seen(truth: dict[str, float], off: float, *refused: str) -> dict[str, Any]:
    """Return what posture found, with one error in everything, or nothing for one reason."""
    measurements = {
        q.key: {**REFUSED, "reasons": list(refused)}
        if refused
        else {
            "value": truth[q.name] + off,
            "low": truth[q.name] + off - 4,
            "high": truth[q.name] + off + 4,
            "mdc95": 3.5,
            "relative": truth[q.name] + off,
            "reasons": [],
        }
        for q in QUANTITIES
    }
    height = np.linspace(0, 1, 113)
    return {
        "status": "measured",
        "codes": [],
        "facing": "right",
        "measurements": measurements,
        "points": {
            "ear": [105.0, 10.0],
            "shoulder": [100.0, 60.0],
            "hip": [102.0 + truth["trunk_lean"], 200.0],
            "knee": [101.0, 300.0],
            "ankle": [100.0, 400.0],
        },
        "numbers": (height * truth["pelvic_tilt"] / 10).tolist(),
        "vertical": [1.0 + off / 10, 0.5],
        "vertical_found": True,
        "cover": [0.0, 0.0, 0.0],
        "back_seen": not refused,
        "own_up": {} if refused else {PELVIC_TILT.key: truth["pelvic_tilt"] + off + 2},
    }


def person(
    index: int, off: float = 1.0, visit: int = 0, fit: str = "tight", cloth_cm: float = 0.0
) -> Record:
    """Return a made-up person whose angles grow with their number."""
    truth = {q.name: 5.0 + index + (1 + index) * visit for q in QUANTITIES}
    subject = {
        "wear": {"fit": fit},
        "stance": {"arms": "clasped"},
        "hair": {"style": "short"},
        "camera": {"yaw_deg": -float(index % 12), "roll_deg": float(index % 5)},
        "room": {"verticals": True},
        "person": {"phenotype": {"gender": float(index % 2), "weight": index / 20}},
    }
    made = {
        "truth": truth,
        "subject": subject,
        "cover": {"cloth_cm": cloth_cm, "arm_share": 0.0, "hair_share": 0.0},
        "vertical_deg": 1.0,
    }
    found = seen(truth, off, *(["loose_clothing"] if cloth_cm > 3 else []))
    name = f"test/standing-{index:04d}-{visit}"
    copies = {name: seen(truth, off + 0.1) for name in variants.CHANGES[:2]}
    return Record(name, "standing", index, visit, made, {"whole": found, **copies})


def test_changes_pair_the_visits_of_a_person() -> None:
    """Angles rose by 1 to 6; read with 1 more the second time, by 2 to 7, of which 4 are told."""
    people = [person(i, off=1.0 + visit, visit=visit) for i in range(6) for visit in (0, 1)]
    found = repeats.changes([*people, person(9)])["all"][PELVIC_TILT.name]
    mae = found["mae"]
    assert (mae.low, mae.value, mae.high) == pytest.approx((1, 1, 1))
    assert found["through_origin"].value == pytest.approx(1 + 21 / 91)
    assert found["least_squares"].value == pytest.approx(1)
    assert found["mdc95"] == pytest.approx(3.5)
    assert found["noise_within"].value == 1
    assert (found["told_right_way"].value, found["told_right_way"].n) == (1, 4)
    assert (found["real_told"].value, found["real_told"].n) == (1, 3)
    assert found["small_not_told"].value == pytest.approx(2 / 3)


def test_copies_of_a_photo_are_compared_with_it() -> None:
    """Two copies lie 0.1 above the original: an SD of 0.1 / sqrt 3."""
    found = repeats.repeatability([person(i) for i in range(4)])[LUMBAR_CURVE.name]
    assert found["median"].value == pytest.approx(0.1 / 3**0.5)
    assert found["by_change"][variants.CHANGES[0]]["median"] == pytest.approx(0.1)
    assert found["by_change"][variants.CHANGES[-1]]["n"] == 0
    assert found["copies_refused"] == statistics.share(0, 8)


def test_refusals_are_counted_by_their_reason() -> None:
    """A right refusal, a refusal for another reason, and none."""
    others = [
        Record("", "seated", i, 0, {"expected": "not_standing"}, {"whole": found})
        for i, found in enumerate(
            [
                {"status": "refused", "codes": ["not_standing"]},
                {"status": "refused", "codes": ["person_cut_off"]},
                {"status": "measured", "codes": []},
            ]
        )
    ]
    people = [person(0), person(1, cloth_cm=2.5), person(2, cloth_cm=4.0)]
    found = acceptance.acceptance(people, others)
    seated = found["to_be_refused"]["seated"]
    assert seated["refused"].value == pytest.approx(2 / 3)
    assert seated["right"].value == pytest.approx(1 / 3)
    assert seated["codes"] == {"not_standing": 1, "person_cut_off": 1, "measured": 1}
    assert found["loose"]["refused"].value == 0.5
    assert found["loose"]["why"] == {"loose_clothing": 1}
    assert found["tight"]["read"].value == pytest.approx(2 / 3)


def test_a_target_goes_by_the_measured_value() -> None:
    """At its edge it is met; what was not measured is not met."""
    at_edge = Estimate(0.97, 0.9, 0.99, 50)
    assert targets._at_least("", at_edge, 0.97).met
    assert not targets._at_most("", Estimate(np.nan, np.nan, np.nan, 0), 1.5).met
    assert targets._between("", at_edge, 0.93, 0.97).goal == "93 % to 97 %"


def write(folder: Path, people: list[Record], by: str = "0") -> None:
    """Write people as `generate` and `observe` leave them, as those of the calibrate split."""
    (folder / "calibrate").mkdir(parents=True)
    for record in people:
        target = folder / record.name.replace("test/", "calibrate/")
        target.with_suffix(".json").write_text(json.dumps(record.made))
        found = [{"variant": name, **what} for name, what in record.seen.items()]
        target.with_suffix(".seen.json").write_text(json.dumps({"by": by, "variants": found}))


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw few bootstrap samples."""
    monkeypatch.setattr(statistics, "DRAWS", 20)
    statistics._drawn.cache_clear()
    yield
    statistics._drawn.cache_clear()


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("people", [0, 1, 2])
def test_what_was_not_measured_is_said(tmp_path: Path, people: int) -> None:
    """Without pairs, crops, copies or anybody the page is written, and names no number for them."""
    pytest.importorskip("matplotlib")
    alone = [replace(person(i), seen={"whole": person(i).seen["whole"]}) for i in range(people)]
    write(tmp_path, alone, fingerprint())
    report.main([str(tmp_path), "--split", "calibrate", "--out", str(tmp_path / "out")])
    page = (tmp_path / "out" / "accuracy.md").read_text()
    assert "nan" not in page
    assert "inf" not in page
    unknown = " not measured |" * 2
    assert f"| Pelvic tilt (degrees) | 0 |{unknown}" in page
    assert "change of pelvic tilt, all pairs: mean error | 1.5 or less | not measured | 0 |" in page
    numbers = json.loads((tmp_path / "out" / "accuracy.json").read_text())
    assert numbers["changes"]["all"]["pelvic_tilt"]["through_origin"]["value"] is None
    assert numbers["baselines"]["pelvic_tilt"]["landmarks alone"]["mae"]["value"] is None
    assert ("as they were\nwhen it measured" in page) == (people > 0)


@pytest.mark.usefixtures("few_draws")
def test_no_row_is_told_twice() -> None:
    """Targets differ in what they say, and a group with its best and worst in one is told once."""
    people = [person(i, off=i % 3 - 1.0) for i in range(60)]
    results = report.measure(people, people)
    said = [target.what for target in results["targets"]]
    assert len(said) == len(set(said))
    assert not any("all accepted" in what or "tight or bare" in what for what in said)
    rows = tables.of_errors(results["accuracy"]).splitlines()
    assert len([row for row in rows if row.startswith("| all accepted ")]) == 0
    assert len([row for row in rows if row.startswith("| clothes: tight ")]) == len(QUANTITIES)


@pytest.mark.parametrize("facing", ["right", "left"])
def test_a_change_is_the_one_that_posture_tells(facing: str) -> None:
    """From what was observed comes the very change and noise of `posture.change`."""
    photos = []
    for value, relative, mdc95, side in ((9.0, 20.0, 3.0, "right"), (11.0, 26.0, 4.0, facing)):
        made = make_assessment(facing=side)
        tilt = replace(made.pelvic_tilt, value=value, relative=relative, mdc95=mdc95)
        photos.append(replace(made, measurements={PELVIC_TILT.key: tilt}))
    told = compare(*photos)[PELVIC_TILT.key]
    before, after = (
        replace(person(0), seen={"whole": observe._observation("whole", photo)}) for photo in photos
    )
    assert readings.changed(before, after, "pelvic_tilt") == told.value
    if facing == "right":
        assert told.value == 6
        assert readings.changed(before, after, "pelvic_tilt", "value") == 2
        least = readings.least_change(before, after, "pelvic_tilt")
        assert least == pytest.approx(told.mdc95) == pytest.approx(12.5**0.5)
        found = repeats.change(PELVIC_TILT, [(before, after)])
        assert found[2:, 0] == pytest.approx([6, 12.5**0.5])


def test_a_refused_photo_gives_no_change() -> None:
    """Nor does one that was observed before there were comparisons."""
    before, after = person(3), person(3, visit=1)
    assert readings.changed(before, after, "pelvic_tilt") == pytest.approx(4)
    assert readings.changed(before, person(3, visit=1, cloth_cm=4.0), "pelvic_tilt") is None
    del after.seen["whole"]["measurements"][PELVIC_TILT.key]["relative"]
    assert readings.changed(before, after, "pelvic_tilt") is None
    assert readings.changed(before, after, "pelvic_tilt", "value") == pytest.approx(4)


@pytest.mark.usefixtures("few_draws")
def test_the_photos_own_up_is_read_anew() -> None:
    """The row holds what posture would have said, not what it said with the vertical added."""
    people = [person(i, off=1.0) for i in range(30)]
    found = baselines.baselines(people, people)["pelvic_tilt"]["posture, the photo's own up"]
    assert (found["mae"].value, found["n"]) == (pytest.approx(3), 30)
    rolled = repeats.vertical(people)["by_roll"]
    assert rolled["vertical shown, but the photo's own up taken"]["0-1"].value == pytest.approx(3)
    assert rolled["vertical shown"]["0-1"].value == pytest.approx(1)
    for record in people[:10]:
        del record.seen["whole"]["own_up"]
    found = baselines.baselines(people, people)["pelvic_tilt"]["posture, the photo's own up"]
    assert found["n"] == 20


def test_own_up_is_what_a_photo_without_uprights_gives() -> None:
    """Where no upright was found it is what was said; else it turns with the vertical."""
    met = set()
    for picture in sorted((Path(__file__).parent / "people").glob("standing-*.jpg")):
        photo, detector = Photo.open(picture), observe.Remembering(default_detector())
        found = assess(photo, detector=detector)
        said = observe.own_up(photo, found, detector)
        if said is None or found.vertical is None or found.pelvic_tilt.value is None:
            continue
        lean = found.vertical.forward_deg(found.facing or "right")
        turned = said[PELVIC_TILT.key] - found.pelvic_tilt.value
        if not found.vertical.found:
            assert turned == pytest.approx(0, abs=1e-6)
        elif abs(lean) > 1:
            assert 0 < turned / lean < 1.6
        else:
            continue
        met.add(found.vertical.found)
        if len(met) > 1:
            return
    pytest.fail("no picture of either kind")


def test_words_leave_the_fingerprint_as_it_is(tmp_path: Path) -> None:
    """Comments, docstrings, layout and modules beside the way do not matter; code does."""
    (tmp_path / "assess.py").write_text(
        "from posture import tilt\n\n\ndef assess():\n    return 1\n"
    )
    (tmp_path / "tilt.py").write_text("from posture.version import VERSION\n\nX = 1\n")
    (tmp_path / "version.py").write_text("VERSION = '1'\n")
    (tmp_path / "wording.py").write_text("WORDS = 'one'\n")
    (tmp_path / "estimator.json").write_text("{}")
    once = fingerprint(tmp_path)
    (tmp_path / "assess.py").write_text(
        '"""So."""\nfrom posture import tilt\ndef assess():\n    """So."""\n    return (1)  # so\n'
    )
    (tmp_path / "tilt.py").write_text('from posture.version import VERSION\nX = 1\n"""Of it."""\n')
    (tmp_path / "version.py").write_text("VERSION = '2'\n")
    (tmp_path / "wording.py").write_text("WORDS = 'two'\n")
    assert fingerprint(tmp_path) == once
    (tmp_path / "tilt.py").write_text("from posture.version import VERSION\nX = 2\n")
    other = fingerprint(tmp_path)
    (tmp_path / "estimator.json").write_text('{"a": 1}')
    assert len({once, other, fingerprint(tmp_path)}) == 3


@pytest.mark.usefixtures("few_draws")
def test_the_page_is_written_the_same_twice(tmp_path: Path) -> None:
    """Page, figures and numbers of a few made-up people; nothing in them but what was read."""
    pytest.importorskip("matplotlib")
    fits = ("bare", "tight", "normal", "loose")
    people = [person(i, off=i % 3 - 1.0, fit=fits[i % 4]) for i in range(24)]
    people += [person(i, off=0.5, visit=1) for i in range(6)]
    pictures = tmp_path / "pictures"
    write(pictures, people)
    written = []
    for name in ("one", "two"):
        out = tmp_path / name
        report.main([str(pictures), "--split", "calibrate", "--out", str(out)])
        files = sorted(path for path in out.rglob("*") if path.is_file())
        written.append([(path.relative_to(out), path.read_bytes()) for path in files])
    assert written[0] == written[1]
    assert len(written[0]) == 6
    numbers = json.loads((tmp_path / "one" / "accuracy.json").read_text())
    assert numbers["accuracy"]["all accepted"]["pelvic_tilt"]["n"] == 30
    assert numbers["made"]["observed"] == 30
    page = (tmp_path / "one" / "accuracy.md").read_text()
    assert "nan" not in page
    assert "| Pelvic tilt (degrees) | 6 | 3.50 | 5.75 |" in page
    assert "posture has changed since the pictures were observed" in page


@pytest.mark.parametrize("cores", [1, 3])
def test_make_shares_pictures_among_cores(tmp_path: Path, cores: int) -> None:
    """Every split is made whole, by as many processes as cores; one that fails stops make."""
    shutil.copy(Path(__file__).parents[1] / "Makefile", tmp_path)
    python = tmp_path / ".render" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@" >>said\n[ "$3" != calibrate ] || [ ! -e failing ]\n')
    python.chmod(0o755)
    installed = ["-o", ".render/installed"]
    command = ["make", *installed, "pictures", f"CORES={cores}", "PICTURES=there"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    said = (tmp_path / "said").read_text().splitlines()[1:]
    assert sorted(said) == sorted(
        f"-m validation.generate {split} there --part {part}/{cores}"
        for split in ("fit", "calibrate", "test")
        for part in range(cores)
    )
    (tmp_path / "failing").touch()
    (tmp_path / "said").unlink()
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode
    assert "generate test" not in (tmp_path / "said").read_text()


def test_true_curves_of_a_back_by_hand() -> None:
    """A back whose lean swings by 20 degrees; the Gaussian takes 6 % of it."""
    pytest.importorskip("scipy")
    from validation.people.truth import inflections

    z = np.linspace(0.8, 1.56, 77)
    lean = np.tan(np.radians(20 * np.cos(2 * np.pi * (z - 0.98) / 0.5)))
    forward = np.concatenate([[0], np.cumsum((lean[1:] + lean[:-1]) / 2 * np.diff(z))])
    midline = np.column_stack([np.zeros(77), -forward, z])
    heights = {"s1": 0.95, "l3": 1.1, "t12": 1.25, "c7": 1.5}
    points = {name: np.array([0.0, 0.0, height]) for name, height in heights.items()}
    assert inflections(midline, points, 1.8) == pytest.approx((19, -19, 19), abs=0.5)


def test_no_picture_is_in_a_split_twice() -> None:
    """Names are unique, and people of different kinds differ."""
    for split in ("fit", "calibrate", "test"):
        shots = sets.plan(split)
        assert len({shot.name for shot in shots}) == len(shots)
        people = {(shot.person_index, shot.visit, shot.photo) for shot in shots}
        assert len(people) == len(shots)
