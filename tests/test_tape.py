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
        {"xy": [380.3, 520.4], "sd_px": 0.4, "names": ["asis"]},
        {"xy": [300.0, 500.0], "sd_px": 0.4, "names": ["psis"]},
    ],
    "pelvic_tilt": [14.2, 11.0, 17.4],
    "lumbar_curve": None,
    "thoracic_curve": None,
    "vertical_deg": 0.4,
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
    assert (row["wrong"], row["stray"]) == ([], 0)
    assert row["off_px"] == [pytest.approx(0.5), 0.0]
    assert row["tilt_in_photo"] == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize(
    ("sticker", "wrong", "stray"),
    [
        ({"xy": [300.0, 500.0], "sd_px": 0.4, "names": ["s1"]}, ["s1"], 0),
        ({"xy": [340.0, 300.0], "sd_px": 0.4, "names": ["t12"]}, ["t12"], 1),
        ({"xy": [340.0, 300.0], "sd_px": 0.4, "names": ["t12", "l1"]}, [], 1),
    ],
)
def test_wrong_names_and_stray_finds_are_told(
    sticker: dict[str, Any], wrong: list[str], stray: int
) -> None:
    """A sticker of another name, or none at all there."""
    row = judged({"stickers": [FOUND["stickers"][0], sticker]})  # type: ignore[index]
    assert (row["wrong"], row["stray"]) == (wrong, stray)
    assert row["pelvis_found"] == ["asis"]


def test_one_that_is_asked_about_is_told_apart() -> None:
    """Found, but not named by the program."""
    both = {"xy": [300.0, 500.0], "sd_px": 0.4, "names": ["psis", "s1"]}
    row = judged({"stickers": [FOUND["stickers"][0], both]})  # type: ignore[index]
    assert (row["pelvis_found"], row["pelvis_asked"]) == (["asis"], ["psis"])


def test_the_page_counts_photos() -> None:
    """Shares, errors and held intervals of three taped photos and two bare ones."""
    missed = judged({"stickers": FOUND["stickers"][:1], "pelvic_tilt": None})  # type: ignore[index]
    far = judged({"pelvic_tilt": [20.0, 18.0, 22.0]})
    bare = [
        {"kind": kind, **tape.judge(record({}, kind), FOUND | {"stickers": found})}
        for kind, found in (("untaped", []), ("standing", FOUND["stickers"][:1]))  # type: ignore[index]
    ]
    results = tape_page.compute([judged({}), missed, far, *bare])
    assert (results["taped"], results["untaped"], results["untaped_large"]) == (3, 2, 1)
    assert results["all_pelvis"].value == pytest.approx(2 / 3)
    assert results["none_false"].value == pytest.approx(1 / 2)
    tilt = results["angles"]["all"]["pelvic_tilt"]
    assert tilt["n"] == 2
    assert tilt["mae"].value == pytest.approx((1.2 + 7.0) / 2)
    assert tilt["held"].value == pytest.approx(1 / 2)
    page = tape_page.page(results, "0" * 64, "test")
    assert "66.7 %" in page
    assert "nan" not in page
