"""Writes measurements as a tidy table, a row each; it measures nothing."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Final

from posture.interchange.record import UNITS, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posture.interchange.record import Part, Record

#: The columns, in their order; `docs/interchange.md` says what each holds.
COLUMNS: Final = (
    *("person", "visit", "at", "photo", "photos", "key", "value", "low", "high", "unit"),
    *("positive", "tier", "reasons", "least_change", "relative", "facing", "arms", "clothes"),
    *("software", "model"),
)

_FORMULA: Final = ("=", "+", "-", "@")


def to_csv(record: Record) -> str:
    """Return a record as comma-separated values (RFC 4180).

    Parameters
    ----------
    record : Record
        One or several photos.

    Returns
    -------
    str
        A header, then a row for each measurement of each photo; where the photos were put
        together, after them a row for each mean, whose ``photo`` is empty and whose ``photos`` says
        of how many. Numbers have a decimal point and two decimals at most; a refused measurement
        has none. What is not known is empty. It is the same in every language.

        A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    file = StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    mean = record.mean()
    for part in (*record.photos(), *([] if mean is None else [mean])):
        writer.writerows(_rows(record, part))
    return file.getvalue()


def _rows(record: Record, part: Part) -> Iterator[dict[str, str]]:
    first, taken = record.assessments[0], record.taken
    same = {
        "person": record.person,
        "visit": record.visit,
        "at": record.at_text,
        "photo": part.photo,
        "facing": part.facing or "",
        "arms": taken.arms or "",
        "clothes": taken.clothes or "",
        "software": first.software,
        "model": first.model,
    }
    for key, one in part.measurements.items():
        texts = {
            **same,
            "key": key,
            "unit": UNITS[one.quantity.unit],
            "positive": one.quantity.positive,
            "tier": one.tier,
            "reasons": " ".join(one.reasons),
        }
        numbers = {
            "photos": part.count(key),
            "value": rounded(one.value),
            "low": rounded(one.low),
            "high": rounded(one.high),
            "least_change": rounded(one.mdc95),
            "relative": rounded(one.relative),
        }
        yield {name: _harmless(text) for name, text in texts.items()} | {
            name: "" if number is None else str(number) for name, number in numbers.items()
        }


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
