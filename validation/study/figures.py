"""Draws the accuracy page's figures: the same bytes for the same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from validation.people.parts import Array
from validation.records import Record
from validation.study.accuracy import Results
from validation.study.readings import read
from validation.study.repeats import change, pairs
from validation.study.statistics import slope_through_origin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, which everybody can tell apart.
_BLUE, _ORANGE, _GREY = "#0072B2", "#D55E00", "#555555"
_ANGLES: Final = {PELVIC_TILT: "pelvic tilt", LUMBAR_CURVE: "lumbar curve"}
_STYLE: Final = {
    "svg.hashsalt": "posture",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_NORMAL_95: Final = 1.96


def draw(pictures: list[Record], results: Results, folder: Path) -> None:
    """Write every figure into a folder."""
    import matplotlib as mpl

    folder.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STYLE):
        _save(_bland_altman(pictures), folder / "bland_altman.svg")
        _save(_by_true_value(pictures, results), folder / "by_true_value.svg")
        _save(_changes(pictures), folder / "change.svg")
        _save(_baselines(results["baselines"]), folder / "baselines.svg")


def _sheet(rows: int, height: float) -> tuple[Figure, Any]:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.08)
    figure = Figure(figsize=(7.2, height), layout=layout, facecolor="white")
    return figure, figure.subplots(rows, 2)


def _bland_altman(pictures: list[Record]) -> Figure:
    figure, axes = _sheet(2, 5.6)
    for row, (where, members) in zip(
        axes,
        {"tight or bare": [r for r in pictures if r.is_tight], "all accepted": pictures}.items(),
        strict=True,
    ):
        for axis, (quantity, words) in zip(row, _ANGLES.items(), strict=True):
            found = read(quantity, members)
            error = found.value - found.true
            _dots(axis, (found.value + found.true) / 2, error)
            if len(error) > 1:
                _limits(axis, error)
            axis.set_title(f"{words}, {where} (n = {len(error)})", fontsize=9)
            axis.set_xlabel("mean of read and true (degrees)")
            axis.set_ylabel("read - true (degrees)")
    return figure


def _limits(axis: Axes, error: Array) -> None:
    """Draw bias and 95 % limits of agreement."""
    bias, spread = float(error.mean()), float(error.std(ddof=1))
    for offset, dashes in ((0.0, "-"), (-1.0, "--"), (1.0, "--")):
        at = bias + offset * _NORMAL_95 * spread
        axis.axhline(at, color=_ORANGE, linestyle=dashes, linewidth=1.2)
        axis.annotate(
            f"{at:.1f}",
            (1.0, at),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="bottom",
            color=_ORANGE,
        )


def _by_true_value(pictures: list[Record], results: Results) -> Figure:
    figure, axes = _sheet(1, 3.0)
    for axis, (quantity, words) in zip(axes, _ANGLES.items(), strict=True):
        found = read(quantity, pictures)
        error = found.value - found.true
        _dots(axis, found.true, error)
        axis.axhline(0, color=_GREY, linewidth=0.8)
        fifths = results["by_true_value"][quantity.name]
        middle, bias = [f["true"] for f in fifths], [f["bias"].value for f in fifths]
        axis.plot(middle, bias, "s-", color=_ORANGE, markersize=5, label="mean of each fifth")
        axis.set_title(words, fontsize=9)
        axis.set_xlabel("true (degrees)")
        axis.set_ylabel("read - true (degrees)")
        axis.legend(frameon=False, loc="upper right")
    return figure


def _changes(pictures: list[Record]) -> Figure:
    figure, axes = _sheet(1, 3.4)
    for axis, (quantity, words) in zip(axes, _ANGLES.items(), strict=True):
        _, true, said, _ = change(quantity, pairs(pictures))
        if len(true):
            _change(axis, true, said)
        axis.set_title(f"change of {words} (n = {len(true)})", fontsize=9)
        axis.set_xlabel("true change (degrees)")
        axis.set_ylabel("read change (degrees)")
    return figure


def _change(axis: Axes, true: Array, said: Array) -> None:
    _dots(axis, true, said)
    reach = 1.05 * float(max(np.abs(true).max(), np.abs(said).max()))
    ends = np.array([-reach, reach])
    axis.plot(ends, ends, color=_GREY, linewidth=0.8, label="as it should be")
    slope = slope_through_origin(true, said)
    axis.plot(ends, slope * ends, "--", color=_ORANGE, label=f"slope {slope:.2f}")
    axis.set_aspect("equal")
    axis.legend(frameon=False, loc="upper left")


def _baselines(baselines: Results) -> Figure:
    figure, axes = _sheet(1, 2.6)
    for axis, quantity in zip(axes, _ANGLES, strict=True):
        ways = list(baselines[quantity.name].items())[::-1]
        for place, (way, found) in enumerate(ways):
            mae = found["mae"]
            colour = _ORANGE if way == "posture" else _BLUE
            spread = [[mae.value - mae.low], [mae.high - mae.value]]
            axis.errorbar(mae.value, place, xerr=spread, fmt="o", color=colour, capsize=3)
        axis.set_yticks(range(len(ways)), [way for way, _ in ways], fontsize=7)
        axis.set_xlim(left=0)
        axis.set_title(_ANGLES[quantity], fontsize=9)
        axis.set_xlabel("mean error (degrees)")
    return figure


def _dots(axis: Axes, x: Array, y: Array) -> None:
    axis.plot(x, y, "o", color=_BLUE, alpha=0.5, markersize=3, markeredgewidth=0)


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None})
