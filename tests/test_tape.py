"""What the page on marked numbers counts, on pictures made up by hand."""

from typing import Any

import pytest

from validation import tape
from validation.records import Record
from validation.study import tape_page

SHOWN = {"visible_px": 120.0, "seen_share": 0.9, "diameter_mm": 16.0, "look": "plain"}
STICKERS = {
    "asis": SHOWN | {"xy": [380.0, 520.0]},
    "psis": SHOWN | {"xy": [300.0, 500.0]},
    "l3": SHOWN | {"xy": [310.0, 460.0], "visible_px": 16.0},
}
FOUND = {
    "status": "measured",
    "stickers": [
        {"xy": [380.3, 520.4], "sd_px": 0.4, "names": ["asis"], "sure": True},
        {"xy": [300.0, 500.0], "sd_px": 0.4, "names": ["psis"], "sure": True},
    ],
    "pelvic_tilt": [14.2, 11.0, 17.4],
    "lumbar_curve": None,
    "thoracic_curve": None,
    "vertical_found": True,
}


def record(stickers: dict[str, Any], kind: str = "taped") -> Record:
    """Return a picture with these stickers."""
    made: dict[str, Any] = {
        "truth": {"marked_tilt": 13.0, "lumbar_curve": 40.0, "thoracic_curve": 35.0},
        "vertical_deg": 0.0,
        "stature_cm": 170.0,
        "size": [1440, 2160],
        "subject": {
            "camera": {"fill": 0.85},
            "wear": {"fit": "tight"},
            "person": {"skin_tone": 0.5},
        },
    }
    if stickers:
        made["stickers"] = stickers
    return Record("test/x", kind, 1, 0, made, {})


def judged(found: dict[str, Any], stickers: dict[str, Any] = STICKERS) -> dict[str, Any]:
    """Judge one picture."""
    return {"kind": "taped", **tape.judge(record(stickers), FOUND | found)}


def test_a_sticker_that_hardly_shows_is_not_asked_for() -> None:
    """Fewer than forty pixels, or less than half of what could be seen."""
    assert set(tape.seen(record(STICKERS))) == {"asis", "psis"}
    half = STICKERS | {"asis": STICKERS["asis"] | {"seen_share": 0.4}}
    assert set(tape.seen(record(half))) == {"psis"}


def test_what_is_found_where_it_is_counts() -> None:
    """By name and place; how far off is told."""
    row = judged({})
    assert row["pelvis_found"] == ["asis", "psis"]
    assert (row["wrong"], row["asked"], row["needless"]) == ([], 0, 0)
    assert row["off_px"] == [pytest.approx(0.5), 0.0]
    assert row["tilt_in_photo"] == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize(
    ("x", "y", "names", "sure", "wrong", "needless"),
    [
        (300.0, 500.0, ["s1"], True, ["s1"], 0),
        (340.0, 300.0, ["t12"], True, ["t12"], 0),
        (340.0, 300.0, ["t12", "l1"], False, [], 1),
        (340.0, 300.0, ["t12"], False, [], 1),
        (300.0, 500.0, ["s1", "l3"], False, [], 1),
    ],
)
def test_wrong_names_and_needless_questions_are_told(
    x: float, y: float, names: list[str], sure: bool, wrong: list[str], needless: int
) -> None:
    """A sticker of another name or none there; a question without a right answer."""
    one = {"xy": [x, y], "sd_px": 0.4, "names": names, "sure": sure}
    row = judged({"stickers": [FOUND["stickers"][0], one]})  # type: ignore[index]
    assert (row["wrong"], row["needless"]) == (wrong, needless)
    assert row["asked"] == (not sure)
    assert row["pelvis_found"] == ["asis"]
    assert row["pelvis_asked"] == []


@pytest.mark.parametrize("names", [["psis", "s1"], ["psis"]])
def test_one_that_is_asked_about_is_told_apart(names: list[str]) -> None:
    """Found, but not named by the program."""
    one = {"xy": [300.0, 500.0], "sd_px": 0.4, "names": names, "sure": False}
    row = judged({"stickers": [FOUND["stickers"][0], one]})  # type: ignore[index]
    assert (row["pelvis_found"], row["pelvis_asked"]) == (["asis"], ["psis"])
    assert (row["asked"], row["needless"]) == (1, 0)


def test_the_page_counts_photos() -> None:
    """Shares, errors and held intervals of three taped photos and three bare ones."""
    missed = judged({"stickers": FOUND["stickers"][:1], "pelvic_tilt": None})  # type: ignore[index]
    far = judged({"pelvic_tilt": [20.0, 18.0, 22.0]})
    bare = [
        {"kind": kind, **tape.judge(record({}, kind), FOUND | {"stickers": found})}
        for kind, found in (("untaped", []), ("standing", FOUND["stickers"][:1]))  # type: ignore[index]
    ]
    refused = FOUND | {"stickers": [], "status": "refused"}
    bare.append({"kind": "standing", **tape.judge(record({}, "standing"), refused)})
    results = tape_page.compute([judged({}), missed, far, *bare])
    assert (results["taped"], results["untaped"], results["untaped_large"]) == (3, 3, 1)
    assert (results["untaped_refused"], results["spine_worn"]) == (1, 3)
    assert results["all_pelvis"].value == pytest.approx(2 / 3)
    assert results["none_false"].value == pytest.approx(1 / 2)
    assert results["none_false"].n == 2
    assert results["by_px"][80].value == pytest.approx(5 / 6)
    tilt = results["angles"]["all"]["pelvic_tilt"]
    assert tilt["n"] == 2
    assert tilt["mae"].value == pytest.approx((1.2 + 7.0) / 2)
    assert tilt["held"].value == pytest.approx(1 / 2)
    page = tape_page.page(results, "0" * 64)
    assert "66.7 %" in page
    assert "nan" not in page
