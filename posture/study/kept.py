"""Writes a study as JSON and as a table, and reads it back; it computes nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from posture.errors import StudyError
from posture.interchange.cells import written
from posture.language import gettext as _
from posture.study.figures import Study

if TYPE_CHECKING:
    from cattrs import Converter

    from posture.change import OwnNoise

SCHEMA: Final = "posture-study/1"

# Computed from values of a million at most, as `reading` takes them, nothing comes near.
_LARGEST: Final = 1e9

#: The columns of the table.
COLUMNS: Final = ("photo", "person", "rater", "session", "key", "tier", "value", "relative")


def own_noise(study: Study) -> OwnNoise:
    """Return the least changes of a study, to compare with.

    Parameters
    ----------
    study : Study
        What `repeatability.study` returned.

    Returns
    -------
    mapping of (str, str) to float
        Least change of one photo each time, by key and tier: of what changes are the difference of,
        where it is known well enough (`Repeatability.too_wide`), and where people were posed and
        photographed anew (`Repeatability.posed_anew`), as they are from visit to visit.
    """
    return {
        (one.key, one.tier): one.change.mdc95.value
        for one in study.measures
        if one.change is not None and one.posed_anew and not one.too_wide
    }


def to_json(study: Study) -> str:
    """Return a study as JSON, whole: figures, what they were computed from, and with what."""
    return json.dumps({"schema": SCHEMA} | asdict(study), ensure_ascii=False, allow_nan=False)


def without_people(study: Study) -> Study:
    """Return what comparisons need of a study, in which nobody is named and no value is theirs."""
    measures = tuple(replace(one, agreements=(), left_out=()) for one in study.measures)
    return replace(study, measures=measures, left_out=(), rows=())


def is_study(text: str) -> bool:
    """Tell whether a text is JSON of a study, whole or not."""
    try:
        return bool(json.loads(text)["schema"] == SCHEMA)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def read(text: str, file: str = "study.json") -> Study:
    """Return the study that `to_json` wrote.

    Parameters
    ----------
    text : str
        The JSON.
    file : str
        Its name, for the sentence that says what is wrong.

    Raises
    ------
    StudyError
        If it is none, or damaged.
    """
    try:
        parts = json.loads(text)
        schema = parts.pop("schema")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StudyError(
            _("{file} is no study: give the study.json that `posture study` wrote.").format(
                file=file
            )
        ) from error
    if schema != SCHEMA:
        raise StudyError(
            _("{file} was written by another version of posture: make the study again.").format(
                file=file
            )
        )
    try:
        study: Study = _converter().structure(parts, Study)
        _check(study)
    except Exception as error:  # cattrs raises groups of whatever each part raises
        raise StudyError(_("{file} is damaged: make the study again.").format(file=file)) from error
    return study


def to_csv(study: Study) -> str:
    """Return what a study was computed from as comma-separated values, a row each measure.

    Returns
    -------
    str
        Numbers have four decimals at most; every cell is in quotes, and what a spreadsheet would
        take for a formula has an apostrophe before it.
    """
    rows = (
        (
            *(row.photo, row.taken.person, row.taken.rater, row.taken.session),
            *(row.key, row.tier, round(row.value, 4)),
            None if row.relative is None else round(row.relative, 4),
        )
        for row in study.rows
    )
    return written(COLUMNS, rows)


@cache
def _converter() -> Converter:
    """Return what reads a study and takes nothing for something else."""
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook(float, _to_float)
    converter.register_structure_hook(int, _exactly(int))
    converter.register_structure_hook(bool, _exactly(bool))
    converter.register_structure_hook(str, _exactly(str))
    return converter


def _to_float(value: Any, _kind: object) -> float:  # noqa: ANN401
    if type(value) not in (int, float) or not abs(value) <= _LARGEST:
        raise TypeError(value)
    return float(value)


def _exactly(kind: type) -> Any:  # noqa: ANN401
    def same(value: object, _kind: object) -> object:
        if type(value) is not kind:
            raise TypeError(value)
        return value

    return same


def _check(study: Study) -> None:
    """Raise ValueError unless each measure is known and each interval holds its figure."""
    for one in study.measures:
        if one.quantity.key != one.key or one.tier == "refused":
            raise ValueError(one.key)
        for noise in (one.change, one.value):
            if (
                noise is not None
                and not 0 < noise.mdc95.low <= noise.mdc95.value <= noise.mdc95.high
            ):
                raise ValueError(one.key)
