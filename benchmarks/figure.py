"""One figure beside its target, and tables of them."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Figure(NamedTuple):
    """One figure beside its target.

    Attributes
    ----------
    name : str
        What was measured.
    value : str
        What came out, with its unit.
    target : str
        What it is to be; empty if nothing was set.
    met : bool or None
        Whether it is so; None without a target.
    """

    name: str
    value: str
    target: str = ""
    met: bool | None = None


_MET = {None: "", True: "yes", False: "no"}


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print figures as a table."""
    table = Table("", "measured", "target", "met", title=title, title_justify="left")
    for figure in figures:
        table.add_row(figure.name, figure.value, figure.target, _MET[figure.met])
    Console().print(table)


def as_markdown(figures: Sequence[Figure]) -> str:
    """Return figures as a table of Markdown."""
    rows = [f"| {f.name} | {f.value} | {f.target} | {_MET[f.met]} |" for f in figures]
    return "\n".join(["| | measured | target | met |", "| --- | --- | --- | --- |", *rows])
