"""Patches that the search for stickers learns from have them where they are said to be."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from posture.marking import spots
from validation import pasting, sticker_patches
from validation.sticker_patches import CELL_PX, KINDS, MM_PER_PX, SIDE_PX, Patch, Picture, cut

POINTS = {
    "asis": (380.0, 520.0),
    "psis": (300.0, 500.0),
    "c7": (310.0, 180.0),
    "t12": (290.0, 380.0),
    "l3": (295.0, 440.0),
    "s1": (298.0, 495.0),
}
WORN = {"visible_px": 40.0, "seen_share": 0.9, "diameter_mm": 16.0}


def picture(*, faces_left: bool = False, **stickers: dict[str, Any]) -> Picture:
    """Return a grey picture with a bright disc where each sticker is said to be."""
    y, x = np.indices((720, 600)) + 0.5
    rgb = np.full((720, 600, 3), 90, np.uint8)
    for one in stickers.values():
        rgb[np.hypot(x - one["xy"][0], y - one["xy"][1]) < 5] = 255
    return Picture(rgb, 0.6, faces_left, POINTS, stickers)


def told(patch: Patch) -> list[tuple[str, float, float, float]]:
    """Return kind, place and diameter of each sticker that a patch tells of."""
    return [
        (
            KINDS[kind],
            float((column + 0.5) * CELL_PX + patch.off[0, kind, row, column]),
            float((row + 0.5) * CELL_PX + patch.off[1, kind, row, column]),
            float(np.exp(patch.off[2, kind, row, column])),
        )
        for kind, row, column in np.argwhere(patch.heat == 1)
    ]


def middle(patch: Patch) -> NDArray[np.float64]:
    """Return the middle of what is brightest in a patch."""
    grey = patch.rgb.mean(axis=0)
    rows, columns = np.nonzero(grey > (grey.min() + grey.max()) / 2)
    return np.array([columns.mean() + 0.5, rows.mean() + 0.5])


def across(patch: Patch) -> float:
    """Return the diameter of what is brightest in a patch, were it a disc."""
    grey = patch.rgb.mean(axis=0)
    return float(2 * np.sqrt((grey > (grey.min() + grey.max()) / 2).sum() / np.pi))


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what a photo adds, and what is pasted besides."""
    monkeypatch.setattr(sticker_patches, "_photographed", lambda rgb, _: rgb)
    monkeypatch.setattr(sticker_patches, "paste", lambda *_: 0.0)
    monkeypatch.setattr(sticker_patches, "distract", lambda *_: None)
    monkeypatch.setattr(sticker_patches, "_PASTED_OVER", ("asis",))


@pytest.mark.parametrize("faces_left", [False, True])
def test_a_sticker_is_told_where_it_is_seen(
    monkeypatch: pytest.MonkeyPatch, faces_left: bool
) -> None:
    """Turned, scaled and mirrored alike."""
    monkeypatch.setattr(sticker_patches, "_OF_WORN", 0.0)
    shown = picture(faces_left=faces_left, psis=WORN | {"xy": [301.3, 498.6]})
    seen = 0
    for seed in range(40):
        patch = cut(shown, np.random.default_rng(seed))
        for kind, x, y, diameter in told(patch):
            if min(x, y) > 12 and max(x, y) < SIDE_PX - 12:
                assert kind == "psis"
                assert np.hypot(*(middle(patch) - (x, y))) < 0.6 / MM_PER_PX
                assert diameter == pytest.approx(across(patch), rel=0.12)
                seen += 1
    assert seen > 10


def test_a_hidden_sticker_is_left_open_and_none_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hardly shows is neither taught nor held to be nothing; what does not show is nothing."""
    monkeypatch.setattr(sticker_patches, "_OF_WORN", 0.0)
    hardly = picture(asis=WORN | {"xy": [380.0, 520.0], "visible_px": 3.0})
    hidden = picture(asis=WORN | {"xy": [380.0, 520.0], "visible_px": 0.0})
    for shown, is_open in ((hardly, True), (hidden, False)):
        patches = [cut(shown, np.random.default_rng(seed)) for seed in range(10)]
        assert not any(told(patch) for patch in patches)
        assert any((patch.heeded == 0).any() for patch in patches) == is_open
        assert all((patch.heeded[1:] == 1).all() for patch in patches)


def test_a_pasted_sticker_covers_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its middle and size, at places between pixels; its shade is left out."""
    monkeypatch.setattr(pasting, "_shade", lambda *_: None)
    for seed in range(30):
        rng = np.random.default_rng(seed)
        before = np.zeros((60, 60, 3), np.float32)
        after = before.copy()
        at = tuple(rng.uniform(25, 35, 2))
        diameter = pasting.paste(after, rng, (float(at[0]), float(at[1])), 0.7)
        assert 8 * 0.7 <= diameter <= 25 * 0.7
        rows, columns = np.nonzero(abs(after - before).max(axis=2) > 0.01)
        assert columns.mean() + 0.5 == pytest.approx(at[0], abs=0.6)
        assert rows.mean() + 0.5 == pytest.approx(at[1], abs=0.6)
        # Blurred by a pixel or so, it reaches a little farther up and down than it is high.
        assert -1 < np.ptp(rows) + 1 - diameter < 6


def test_nothing_outside_of_the_patch_changes_it_much() -> None:
    """Pasted beyond the border: no error, no change."""
    before = np.full((60, 60, 3), 0.4, np.float32)
    after = before.copy()
    pasting.paste(after, np.random.default_rng(0), (-80.0, 20.0), 0.7)
    assert np.array_equal(before, after)


def test_the_search_sees_what_was_taught() -> None:
    """Scale, cells and kinds are written twice: where pictures are rendered, posture is not."""
    assert (spots.MM_PER_PX, spots._CELL, spots.KINDS) == (MM_PER_PX, CELL_PX, KINDS)
