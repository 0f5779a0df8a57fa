"""Writes measurements as a tidy table, a row each; it measures nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from posture.interchange.cells import written
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

        Every cell is in quotes; what a spreadsheet would take for a formula has an apostrophe
        before it.
    """
    mean = record.mean()
    parts = (*record.photos(), *([] if mean is None else [mean]))
    rows = (row for part in parts for row in _rows(record, part))
    return written(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


def _rows(record: Record, part: Part) -> Iterator[dict[str, str | float | None]]:
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
        yield {
            **same,
            "key": key,
            "unit": UNITS[one.quantity.unit],
            "positive": one.quantity.positive,
            "tier": one.tier,
            "reasons": " ".join(one.reasons),
            "photos": part.count(key),
            "value": rounded(one.value),
            "low": rounded(one.low),
            "high": rounded(one.high),
            "least_change": rounded(one.mdc95),
            "relative": rounded(one.relative),
        }
