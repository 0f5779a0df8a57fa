"""That nothing in a table is computed by whoever opens it, whatever separates their cells."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.interchange.cells import harmless, written

TEXTS = st.text("ab1 ;|,\t\r\n=+-@\"'\u3000", max_size=12)


def cells(table: str, delimiter: str) -> list[str]:
    """Return what a spreadsheet with that separator shows in its cells."""
    return [cell for row in csv.reader(StringIO(table, ""), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("\u3000=1", "'\u3000=1"),
        ("x;=1+1", "x;'=1+1"),
        ('x; "=1+1;y', "x;' \"=1+1;y"),
        ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
        ("x\n-1", "x\n'-1"),
        ("x|+1;-1", "x|'+1;'-1"),
        ("anna-r1, a=b @ home; 2+2", "anna-r1, a=b @ home; 2+2"),
        ("", ""),
    ],
)
def test_an_apostrophe_stands_before_each_formula(text: str, shown: str) -> None:
    """At the beginning, and after what separates cells somewhere; nowhere else."""
    assert harmless(text) == shown
    assert harmless(shown) == shown


@given(TEXTS, TEXTS)
def test_no_spreadsheet_finds_a_formula(first: str, second: str) -> None:
    """However it is split: in Germany and Spain at semicolons."""
    table = written(("photo", "person", "value"), [(first, second, 1.5)] * 2)
    for delimiter in ",;\t|":
        for cell in cells(table, delimiter):
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))


@given(TEXTS, st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_stay_numbers(text: str, number: float) -> None:
    """Also negative ones; and texts are read back but for the apostrophes."""
    (_header, (found, value, empty)) = csv.reader(
        StringIO(written(("text", "number", "none"), [(text, number, None)]), "")
    )
    assert found == harmless(text)
    assert found.replace("'", "") == text.replace("'", "")
    assert float(value) == number
    assert empty == ""


def test_every_cell_is_in_quotes() -> None:
    """Some spreadsheets take only those for texts."""
    assert written(("a", "b"), [("x", -1.5), ("", None)]) == '"a","b"\r\n"x","-1.5"\r\n"",""\r\n'
