"""Writes rows as comma-separated values of which a spreadsheet computes nothing."""

from __future__ import annotations

import csv
import re
from io import StringIO
from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Where a cell begins for a spreadsheet, and what makes a formula of it. Where the decimal sign is a
# comma, the separator is a semicolon, and a quote in the middle of a cell does not protect one.
_FORMULA: Final = re.compile(r"(\A|[;|\t\r\n])(?=[\s\"]*[=+\-@])")


def written(columns: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> str:
    """Return a table as comma-separated values (RFC 4180), every cell in quotes.

    Parameters
    ----------
    columns : sequence of str
        The header.
    rows : iterable of sequences
        Their cells: texts, which are made `harmless`, numbers, or None for an empty cell.
    """
    return lines(chain([columns], rows))


def lines(rows: Iterable[Sequence[str | float | None]]) -> str:
    """Return rows alone, as `written` writes them."""
    file = StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()


def harmless(text: str) -> str:
    r"""Return a text of which no spreadsheet takes any part for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("x;=1+1"), harmless("anna-r1 a=b; -")
    ("'=1+1", "x;'=1+1", "anna-r1 a=b;' -")
    """
    return _FORMULA.sub(r"\1'", text)
