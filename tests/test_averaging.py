"""What photos of one stance have in common, measured on errors made by hand."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posture import estimator
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, QUANTITIES, TRUNK_LEAN
from validation import averaging
from validation.fit import FACTS
from validation.records import Record
from validation.study import averages, stances, statistics
from validation.study.stances import People
from validation.study.statistics import Estimate

TRUE = {q.name: 10.0 for q in QUANTITIES}


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw few bootstrap samples."""
    monkeypatch.setattr(statistics, "DRAWS", 200)
    statistics._drawn.cache_clear()
    yield
    statistics._drawn.cache_clear()


def photo(
    error: float | None,
    *,
    person: int = 0,
    visit: int = 0,
    photo: int = 0,
    true: float = 10.0,
    facing: str = "left",
    yaw_deg: float = 0.0,
) -> Record:
    """Return a photo in which every quantity is read with one error, or refused."""
    said = dict.fromkeys(("value", "low", "high", "mdc95", "relative"))
    if error is not None:
        value = true + error
        said = {"value": value, "low": value - 4, "high": value + 4, "mdc95": 3.0}
        said["relative"] = value
    camera = {"roll_deg": 0.0, "pitch_deg": 0.0, "distance_m": 3.0, "height_m": 1.0}
    made = {
        "truth": dict.fromkeys(TRUE, true),
        "facing": "left",
        "size": [480, 720],
        "subject": {"camera": camera | {"yaw_deg": yaw_deg}},
    }
    found: dict[str, Any] = {
        "status": "measured",
        "facing": facing,
        "measurements": {q.key: dict(said) for q in QUANTITIES},
    }
    name = f"test/series-{person:04d}-{visit}-{photo}"
    return Record(name, "series", person, visit, made, {"whole": found}, photo)


def people(*errors: list[list[float | None]]) -> People:
    """Return people by their errors, a list for each visit."""
    return {
        i: [
            [photo(e, person=i, visit=v, photo=k) for k, e in enumerate(of)]
            for v, of in enumerate(visits)
        ]
        for i, visits in enumerate(errors)
    }


def drawn(n: int, of_person: float, of_visit: float, of_photo: float) -> People:
    """Return people whose errors are drawn, by the SD of what is whose."""
    rng = np.random.default_rng(7)
    own, visit = rng.normal(0, of_person, (n, 1, 1)), rng.normal(0, of_visit, (n, 2, 1))
    return people(*(own + visit + rng.normal(0, of_photo, (n, 2, 3))).tolist())


@pytest.mark.parametrize(
    ("of_visit", "of_photo", "share"), [(2.0, 1.0, 0.8), (1.0, 1.0, 0.5), (0.0, 1.0, 0.0)]
)
def test_what_is_shared_is_found(of_visit: float, of_photo: float, share: float) -> None:
    """As variance, whatever is peculiar to people and stays."""
    found = averaging.shared(PELVIC_TILT, drawn(4000, 6.0, of_visit, of_photo))
    assert found.value == pytest.approx(share, abs=0.03)
    assert found.low < found.value < found.high
    assert found.n == 4000


def test_the_share_by_hand() -> None:
    """Variances 2 and 0; of (0 2) and (4 4) the mean square is (16 + 4) / 2: 1 - 2 / 10."""
    assert averaging.shared(TRUNK_LEAN, people([[0, 2], [4, 4]])).value == pytest.approx(0.8)


def test_who_has_no_two_photos_read_at_each_visit_tells_nothing() -> None:
    """Refused photos are left out, and those of which the side was mistaken."""
    whole, lame = [[0, 2], [4, 4]], [[0, None], [9, -9]]
    some = people(whole, lame)
    mistaken = {
        2: [[photo(0), photo(50, facing="right"), photo(2)], [photo(4), photo(4)]],
    }
    found = averaging.shared(PELVIC_TILT, {**some, **mistaken})
    assert (found.value, found.n) == (pytest.approx(0.8), 2)
    assert math.isnan(averaging.shared(PELVIC_TILT, people(lame)).value)


@pytest.mark.parametrize(("high", "counted"), [(0.501, 0.51), (0.5, 0.5), (1.2, 1.0), (-0.1, 0.0)])
def test_more_is_counted_with_than_was_measured(high: float, counted: float) -> None:
    """The upper end, rounded up, and never a share of more than all or less than none."""
    assert averaging.cautious(Estimate(0.3, 0.1, high, 30)) == counted


def test_what_was_not_measured_is_not_written() -> None:
    """So that nothing of it averages out."""
    facts = averaging.fit(people([[0, None], [4, 4]], [[0, None], [4, 4]]))
    assert facts["shared"] == {}
    facts = averaging.fit(people([[0, 2], [4, 4]], [[0, 2], [4, 4]]))
    assert facts["shared"] == dict.fromkeys(TRUE, 0.8)
    assert facts["estimates"]["pelvic_tilt"]["n"] == 2


def test_means_of_photos_are_judged_by_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two visits with errors of -3, 0, 3 and 1: means are off by 0 and 1, photos by up to 4."""
    monkeypatch.setattr(estimator, "shared", lambda _: 0.0)
    found = averages.compute(people([[-3, 0, 3], [1, 1, 1]]))["lumbar_curve"]
    one, three = found["by_count"][1], found["by_count"][3]
    assert found["people"] == 1
    assert one["change_mae"].value == pytest.approx((4 + 1 + 2) / 3)
    assert three["change_mae"].value == pytest.approx(1)
    assert three["left_measured"].value == pytest.approx(1 / (21 / 3) ** 0.5)
    assert three["left"] == pytest.approx(1 / 3**0.5)
    assert (one["least"], three["least"]) == pytest.approx((3.0, 3**0.5))
    assert one["beyond"].value == pytest.approx(1 / 3)
    assert three["beyond"].value == 0
    assert one["told_of_hardly_any"].value == pytest.approx(1 / 3)
    assert (one["told_of_real"].n, one["told_of_hardly_any"].n) == (0, 1)
    assert one["mae"].value == pytest.approx((2 + 1) / 2)
    assert three["mae"].value == pytest.approx(0.5)
    assert three["held"].value == 1
    assert three["half"] == pytest.approx((16 - 4.5 * 2 / 3) ** 0.5)


def test_real_changes_are_those_beyond_one_photos_least_change() -> None:
    """The same people for any number of photos; the change is told."""
    visits = [[photo(0.1 * k, visit=v, photo=k, true=20.0 * v) for k in range(3)] for v in (0, 1)]
    for of in averages.compute({0: visits})["pelvic_tilt"]["by_count"].values():
        assert (of["told_of_real"].value, of["told_of_real"].n) == (1, 1)
        assert of["told_of_hardly_any"].n == 0


def test_only_who_is_read_in_every_photo_is_compared() -> None:
    """One photo refused, or of the other side, and the person is left out of every count."""
    turned = [
        [photo(0, visit=v, photo=k, facing="left" if v or k else "right") for k in (0, 1)]
        for v in (0, 1)
    ]
    found = averages.readings(PELVIC_TILT, {**people([[0, None], [0, 0]]), 1: turned}, 1)
    assert found == {}


def test_what_follows_the_camera_is_told_from_chance() -> None:
    """Errors of half a degree for each degree of yaw, beside ones that are drawn."""
    rng = np.random.default_rng(3)
    yaws = rng.normal(0, 2, (300, 2, 3))

    def turned(by: float, chance: float) -> People:
        return {
            i: [[photo(by * y + chance * rng.normal(), yaw_deg=y) for y in of] for of in visits]
            for i, visits in enumerate(yaws.tolist())
        }

    assert stances.follows_camera(PELVIC_TILT, turned(0.5, 0.0)) == pytest.approx(1)
    assert stances.follows_camera(PELVIC_TILT, turned(0.5, 1.0)) == pytest.approx(0.5, abs=0.06)
    assert stances.follows_camera(PELVIC_TILT, turned(0.0, 1.0)) == pytest.approx(0, abs=0.02)
    assert math.isnan(stances.follows_camera(PELVIC_TILT, people([[0, 1], [0, 1]])))


def write(folder: Path, split: str, some: People) -> None:
    """Write people as `generate` and `observe` leave them."""
    (folder / split).mkdir(parents=True)
    for record in (r for visits in some.values() for photos in visits for r in photos):
        number = f"-{record.photo}" if record.photo else ""
        target = folder / split / f"series-{record.person:04d}-{record.visit}{number}.json"
        target.write_text(json.dumps(record.made))
        found = [{"variant": "whole", **record.seen["whole"]}]
        seen = {"by": "0", "variants": found}
        target.with_suffix(".seen.json").write_text(json.dumps(seen))


@pytest.mark.parametrize("n", [0, 1, 3])
def test_the_page_is_written_from_what_was_fitted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, n: int
) -> None:
    """Fitted on one split, told of the other; whoever has a photo too few is in neither."""
    monkeypatch.setattr(averaging, "FILE", tmp_path / "averaging.json")
    whole, part = drawn(n, 1.0, 1.0, 1.0), people([[0, 1, 2], [3, 4]])
    for split in ("calibrate", "test"):
        write(tmp_path, split, {**whole, n: part[0]} if n else {})
    averaging.main([str(tmp_path)])
    facts = json.loads((tmp_path / "averaging.json").read_text())
    assert facts["estimates"]["pelvic_tilt"]["n"] == n
    out = tmp_path / "docs"
    out.mkdir()
    averaging.main([str(tmp_path), "--page", "--out", str(out)])
    page = (out / "averaging.md").read_text()
    assert "nan" not in page
    assert "inf" not in page
    assert f"at both visits, of {n} rendered people" in page
    told = json.loads((out / "averaging.json").read_text())
    assert told["made"]["people"] == n
    assert told["measured"]["lumbar_curve"]["people"] == n


def test_what_is_shipped_was_measured() -> None:
    """Of every quantity, on some twenty people or more, and no share below what was measured."""
    facts = json.loads(averaging.FILE.read_text("utf-8"), parse_constant=pytest.fail)
    assert averaging.FILE.parent == FACTS.parent
    assert set(facts["shared"]) == set(TRUE)
    for name, share in facts["shared"].items():
        known = facts["estimates"][name]
        assert known["n"] >= 20
        assert max(known["value"], known["high"] - 1e-3) <= share <= 1
        assert estimator.shared(name) == share
    assert estimator.shared(LUMBAR_CURVE.name) < 1
