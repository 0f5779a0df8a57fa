"""Names the columns of the table of many photos, and puts an assessment into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from posture.interchange.record import rounded
from posture.quantities import OFFSETS_CM, QUANTITIES
from posture.version import VERSION

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.batch.entries import Cell

_NUMBERS: Final = ("", "_low", "_high", "_least_change", "_relative")
_WORDS: Final = ("_tier", "_reasons")
_MEASURES: Final = tuple(quantity.key for quantity in (*QUANTITIES, *OFFSETS_CM))

#: What is told of a photo before it is measured.
LISTED: Final = ("photo", "name", "person", "stature_cm")
#: What comes of it.
MEASURED: Final = (
    *("status", "view", "facing"),
    *(f"{key}{ending}" for key in _MEASURES for ending in (*_NUMBERS, *_WORDS)),
    *("reasons", "notes", "overlay", "error", "software", "model"),
)
#: The columns, in their order; `docs/batch.md` says what each holds.
COLUMNS: Final = (*LISTED, *MEASURED)
#: Which of them hold numbers.
NUMERIC: Final = frozenset(
    {"stature_cm", *(f"{key}{ending}" for key in _MEASURES for ending in _NUMBERS)}
)


def of_assessment(assessment: Assessment) -> list[Cell]:
    """Return the cells of `MEASURED` for a photo that was assessed, measured or refused."""
    known: dict[str, Any] = {
        "status": assessment.status,
        "view": assessment.view,
        "facing": assessment.facing,
        "reasons": " ".join(reason.code for reason in assessment.reasons),
        "notes": " ".join(assessment.notes),
        "software": assessment.software,
        "model": assessment.model,
    }
    for key, one in assessment.measurements.items():
        numbers = (one.value, one.low, one.high, one.mdc95, one.relative)
        for ending, number in zip(_NUMBERS, numbers, strict=True):
            known[key + ending] = rounded(number)
        known[key + "_tier"] = one.tier
        known[key + "_reasons"] = " ".join(one.reasons)
    return _cells(known)


def of_error(sentence: str) -> list[Cell]:
    """Return the cells of `MEASURED` for a photo of which nothing is known but why."""
    return _cells({"status": "error", "error": sentence, "software": f"posture {VERSION}"})


def error_in(cells: Sequence[Cell]) -> str:
    """Return the sentence that cells of `MEASURED` hold in the column ``error``."""
    return str(cells[MEASURED.index("error")])


def with_told(cells: Sequence[Cell], **told: str) -> list[Cell]:
    """Return cells of `MEASURED` with some of them told anew."""
    return _cells(dict(zip(MEASURED, cells, strict=True)) | told)


def _cells(known: dict[str, Any]) -> list[Cell]:
    empty = {name: None if name in NUMERIC else "" for name in MEASURED}
    return list((empty | {name: cell for name, cell in known.items() if cell is not None}).values())
