"""Draws Bland and Altman's plot as vectors; it computes nothing."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from posture import wording
from posture.language import gettext as _
from posture.language import number
from posture.study import words
from posture.vocabulary import UNIT_WORDS

if TYPE_CHECKING:
    from posture.study.figures import Agreement, Repeatability

_MARK: Final = "#1f8f8a"
_INK_ON_LIGHT: Final = "#333f44"
_INK_ON_DARK: Final = "#c3d0d4"
#: In inches; an inch is about 75 pixels on a phone, on which the words stay large enough.
_SIZE: Final = (4.8, 4.0)


def bland_altman(one: Repeatability, agreement: Agreement, *, dark: bool = False) -> str:
    """Return one comparison of a measure as SVG.

    Parameters
    ----------
    one : Repeatability
        The measure.
    agreement : Agreement
        One of its comparisons.
    dark : bool
        Whether it stands on a dark ground; it has none of its own.

    Returns
    -------
    str
        People as dots: the difference of their two photos over the mean of these; bias and limits
        of agreement as lines, each within a band, its 95 % confidence interval. Words are text.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Drawing

    ink = _INK_ON_DARK if dark else _INK_ON_LIGHT
    unit = _(UNIT_WORDS[one.quantity.unit])
    style = {
        "svg.fonttype": "none",
        "svg.hashsalt": "posture",
        "font.family": "sans-serif",
        "font.size": 11,
    }
    with rc_context(style):
        drawing = Drawing(figsize=_SIZE, layout="constrained")
        FigureCanvasSVG(drawing)
        axes = drawing.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["bottom", "left"]].set_color(ink)
        axes.tick_params(colors=ink)
        for figure, dashes in (
            (agreement.bias, "-"),
            (agreement.lower, "--"),
            (agreement.upper, "--"),
        ):
            axes.axhspan(figure.low, figure.high, color=ink, alpha=0.12, linewidth=0)
            axes.axhline(figure.value, color=ink, linestyle=dashes, linewidth=1.2)
            axes.annotate(
                number(figure.value),
                (1.0, figure.value),
                xycoords=("axes fraction", "data"),
                xytext=(-2, 2),
                textcoords="offset points",
                ha="right",
                color=ink,
            )
        axes.scatter(
            [dot.mean for dot in agreement.dots],
            [dot.difference for dot in agreement.dots],
            s=40,
            color=_MARK,
            zorder=3,
        )
        # Dollars in a label are dollars.
        title = f"{wording.label(one.quantity)}\n{words.between(agreement)}"
        axes.set_title(title, fontsize=12, color=ink, parse_math=False)
        axes.set_xlabel(_("Mean of both photos, {unit}").format(unit=unit), color=ink)
        axes.set_ylabel(_("Difference, {unit}").format(unit=unit), color=ink)
        file = BytesIO()
        drawing.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    return file.getvalue().decode()


def in_words(one: Repeatability, agreement: Agreement) -> str:
    """Return what the plot shows, for those who do not see it."""
    bias, lower, upper = (
        words.figure(figure, one.quantity)
        for figure in (agreement.bias, agreement.lower, agreement.upper)
    )
    return _(
        "{name}, {between}, of {n} people: mean difference {bias}, limits of agreement {lower} and "
        "{upper}."
    ).format(
        name=wording.label(one.quantity),
        between=words.between(agreement),
        n=len(agreement.dots),
        bias=bias,
        lower=lower,
        upper=upper,
    )
