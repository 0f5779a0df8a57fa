"""Shows a study as tables in a terminal; it computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from posture import wording
from posture.console import shown
from posture.language import gettext as _
from posture.study import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from posture.study.figures import Repeatability, Study

_PLAIN: Final[Any] = {"box": SIMPLE_HEAD, "pad_edge": False, "show_edge": False}
_NOTHING: Final = ""


def show(study: Study, console: Console) -> None:
    """Print what a study tells: both angles in words, all figures, and what limits them.

    Parameters
    ----------
    study : Study
        What `repeatability.study` returned.
    console : Console
        Where to print.
    """
    for one in study.measures:
        if one.key in ("pelvic_tilt_deg", "lumbar_curve_deg"):
            console.print(Text(words.plain(one), "bold", overflow="fold"))
    console.print()
    measured = [one for one in study.measures if one.noise is not None]
    if measured:
        console.print(_figures(measured))
        console.print()
    if any(one.agreements for one in measured):
        console.print(_agreements(measured))
        console.print()
    for sentence in words.everything(study):
        console.print(Text(shown(sentence), overflow="fold"))


def _figures(measures: Sequence[Repeatability]) -> Table:
    heads = (
        *(_("95 % intervals"), _("Photos (people)"), _("Least change"), _("SEM of change")),
        *(_("SEM of value"), "ICC(2,1)", "ICC(3,1)"),
    )
    table = _table(*heads)
    for one in measures:
        sems = [
            words.figure(noise.sem, one.quantity) if noise else _NOTHING
            for noise in (one.change, one.value)
        ]
        found = one.correlation
        iccs = [words.correlation(icc) for icc in ((found.icc2, found.icc3) if found else ())]
        least = words.least_change(one.noise.mdc95, one.quantity) if one.noise else _NOTHING
        cells = (_name(one), f"{one.photos} ({one.people})", least, *sems, *iccs)
        table.add_row(*map(Text, cells))
    return table


def _agreements(measures: Sequence[Repeatability]) -> Table:
    table = _table(
        *(_("Bland and Altman"), _("Between"), _("People"), _("Mean difference")),
        *(_("Lower limit"), _("Upper limit")),
    )
    for one in measures:
        for agreement in one.agreements:
            limits = (agreement.bias, agreement.lower, agreement.upper)
            cells = [words.figure(figure, one.quantity) for figure in limits]
            told = (_name(one), words.between(agreement), str(len(agreement.dots)), *cells)
            table.add_row(*map(Text, told))
    return table


def _name(one: Repeatability) -> str:
    return f"{wording.label(one.quantity)}, {wording.tier_words(one.tier)}"


def _table(*heads: str) -> Table:
    table = Table(*heads, **_PLAIN)
    for column in table.columns:
        column.overflow = "fold"
    return table
