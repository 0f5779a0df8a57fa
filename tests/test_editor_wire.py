"""What the browser tells of placed points is checked, and what it is told."""

import json
import math
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app_pages.editor import _Known, _newest
from app_pages.editor.wire import LEAST_SD_PX, from_browser, to_browser
from app_pages.palpation import PALPATION
from posture.marking.marks import PLACEABLE, Corrections, DrawnLine, KnownDistance, Mark

ROOT = Path(__file__).parents[1]
WIDTH, HEIGHT = 768, 1024
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
TOLD = {"x", "y", "source", "sd_px", "x1", "y1", "x2", "y2", "along", "cm"}
PART = st.dictionaries(st.sampled_from(sorted(TOLD)), ANYTHING) | ANYTHING
MESSAGE = st.fixed_dictionaries(
    {},
    optional={
        "points": st.dictionaries(st.sampled_from([*PLACEABLE, "nose", "__proto__"]), PART),
        "line": PART,
        "distance": PART,
    },
)


def test_corrections_come_back_from_the_browser_as_they_went() -> None:
    """Positions, sources and standard deviations survive, a sticker's finer one too, in JSON."""
    given_ = Corrections(
        {"asis": Mark(100.25, 200.5, "placed", 0.75), "psis": Mark(7.0, 8.0, "sticker", 0.07)},
        DrawnLine(1.0, 2.0, 3.0, 400.0, "horizontal"),
        KnownDistance(1.0, 2.0, 300.0, 4.0, 50.5),
    )
    assert from_browser(json.loads(json.dumps(to_browser(given_))), WIDTH, HEIGHT) == given_
    assert from_browser(to_browser(Corrections()), WIDTH, HEIGHT) == Corrections()


@given(MESSAGE | ANYTHING)
def test_whatever_the_browser_tells_makes_sense_afterwards(told: object) -> None:
    """Known names, finite numbers, inside the photo, lines that are lines."""
    read = from_browser(told, WIDTH, HEIGHT)
    for name, mark in read.points.items():
        assert name in PLACEABLE
        assert 0 <= mark.x <= WIDTH
        assert 0 <= mark.y <= HEIGHT
        assert mark.source in {"placed", "sticker"}
        assert (LEAST_SD_PX if mark.source == "placed" else 0) <= mark.sd_px <= HEIGHT
    assert read.line is None or read.line.length_px > 1
    assert read.distance is None or math.isfinite(read.distance.px_per_cm)


def test_a_point_outside_the_photo_is_moved_to_its_edge() -> None:
    """Huge numbers are no fault either."""
    told = {"points": {"asis": {"x": -5, "y": 10**400, "sd_px": 0}, "c7": {"x": 1e308, "y": 3.5}}}
    assert from_browser(told, WIDTH, HEIGHT).points == {}
    told = {"points": {"asis": {"x": -5, "y": 1e300, "sd_px": 0}}}
    assert from_browser(told, WIDTH, HEIGHT).points == {"asis": Mark(0, HEIGHT, "placed", 0.5)}


def test_every_point_has_words() -> None:
    """What can be placed can be named, spoken and found with the fingers."""
    assert set(PALPATION) == set(PLACEABLE)
    drawn = (ROOT / "app_pages" / "palpation.svg").read_text("utf-8")
    for name, words in PALPATION.items():
        assert f'data-spot="{name}"' in drawn
        assert words.how.endswith(".")


def test_a_run_that_is_cut_short_loses_nothing_of_what_the_browser_told() -> None:
    """Until the page gives it back, what the browser told is newer; then the page's own word is."""
    nothing, first, second = (
        Corrections(),
        Corrections({"asis": Mark(1, 2)}),
        Corrections({"asis": Mark(3, 4)}),
    )
    known = _Known()
    revision = known.revision
    assert _newest(known, nothing) == nothing
    known.told = first
    assert _newest(known, nothing) == first
    known.told = second  # before the page could keep the first
    assert _newest(known, nothing) == second
    assert _newest(known, second) == second
    assert known.revision == revision
    assert _newest(known, nothing) == nothing
    assert known.revision == revision + 1
    known.told = first
    loose = replace(nothing, placement_mm=20.0)
    assert _newest(known, loose) == replace(first, placement_mm=20.0)
    other = Corrections({"psis": Mark(5, 6)})
    assert _newest(known, other) == other
    assert known.revision == revision + 2
