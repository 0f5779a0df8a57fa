"""Reads what one photo says for a study: from an assessment, or saved as JSON; measures nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from posture.errors import StudyError
from posture.export import SCHEMA
from posture.language import gettext as _
from posture.quantities import QUANTITIES, Measurement, Quantity, Tier

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.shape import Facing
    from posture.study.figures import Taken

_TIERS: Final = get_args(Tier)
_LARGEST: Final = 1e6  # of degrees or percent: squares of more are beyond all numbers


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one photo says, and whom it shows.

    Attributes
    ----------
    photo : str
        Its name.
    taken : Taken
        Whom it shows, who took it, and when.
    measurements : mapping of str to Measurement
        By key; centimetres are left out, since each person's are of another height.
    facing : {"left", "right"} or None
        Where the person looks.
    reasons : tuple of str
        Codes of why the photo as a whole is refused.
    software, model : str
        What measured it.
    """

    photo: str
    taken: Taken
    measurements: Mapping[str, Measurement]
    facing: Facing | None
    reasons: tuple[str, ...] = ()
    software: str = ""
    model: str = ""

    @classmethod
    def of(cls, assessment: Assessment, photo: str, taken: Taken) -> Reading:
        """Return what an assessment says."""
        known = assessment.measurements
        return cls(
            photo,
            taken,
            {q.key: known[q.key] for q in QUANTITIES if q.key in known},
            assessment.facing,
            tuple(reason.code for reason in assessment.reasons)
            if assessment.status == "refused"
            else (),
            assessment.software,
            assessment.model,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """What `posture analyze --json` wrote of one photo."""

    photo: str
    parts: Mapping[str, Any]

    def reading(self, photo: str, taken: Taken) -> Reading:
        """Return it as what a photo says.

        Raises
        ------
        StudyError
            If it is not whole.
        """
        parts = self.parts
        try:
            refused = parts["status"] == "refused"
            measurements = {
                q.key: _measurement(parts["measurements"][q.key], q)
                for q in QUANTITIES
                if q.key in parts["measurements"]
            }
            return Reading(
                photo,
                taken,
                measurements,
                _facing(parts["facing"]),
                _codes(parts["reasons"]) if refused else (),
                str(parts["software"]),
                str(parts["model"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StudyError(
                _("{photo}: these results are damaged: measure the photo again.").format(
                    photo=photo
                )
            ) from error


def saved(text: str, file: str) -> list[Saved]:
    """Return what `posture analyze --json` wrote, a photo a line.

    Parameters
    ----------
    text : str
        The file's text.
    file : str
        Its name, for the sentence that says what is wrong.

    Raises
    ------
    StudyError
        If there is anything else in it.
    """
    found = []
    try:
        lines = [text] if text.lstrip().startswith("{\n") else text.splitlines()
        for line in filter(str.strip, lines):
            parts = json.loads(line)
            if parts["schema"] != SCHEMA or not isinstance(parts["photo"]["name"], str):
                raise ValueError
            found.append(Saved(parts["photo"]["name"], parts))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StudyError(
            _(
                "{file} holds no results that `posture analyze --json` wrote: "
                "leave it out, or measure its photos again."
            ).format(file=file)
        ) from error
    return found


def _measurement(parts: Mapping[str, Any], quantity: Quantity) -> Measurement:
    value, tier = _number(parts["value"]), parts["tier"]
    if tier not in _TIERS or (tier == "refused") != (value is None):
        raise ValueError(tier)
    return Measurement(
        quantity,
        value,
        _number(parts["low"]),
        _number(parts["high"]),
        cast("Tier", tier),
        reasons=_codes(parts["reasons"]),
        mdc95=_number(parts["mdc95"]),
        relative=_number(parts["relative"]),
    )


def _facing(side: object) -> Facing | None:
    if side not in ("left", "right", None):
        raise ValueError(side)
    return side


def _number(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    # Written so that NaN does not pass.
    if not abs(value) <= _LARGEST:
        raise ValueError(value)
    return float(value)


def _codes(reasons: list[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(str(reason["code"]) for reason in reasons)
