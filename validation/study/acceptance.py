"""Counts what is measured that should be, and refused that should be, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from validation.records import Record
from validation.sets import EXPECTED
from validation.study.accuracy import Results
from validation.study.readings import CROPS, accepted, binned
from validation.study.statistics import share

#: Cloth that stands off further than this is loose.
LOOSE_CM: Final = 2.0
_GAPS_CM: Final = (0, 0.5, 1, 1.5, 2, 3, 20)


def acceptance(standing: list[Record], others: list[Record]) -> Results:
    """Return the shares measured and refused.

    Parameters
    ----------
    standing : list of Record
        Standing people from the side.
    others : list of Record
        Pictures that must be refused.
    """
    tight = [r for r in standing if r.is_tight and r.is_clear]
    loose = [r for r in standing if r.cover["cloth_cm"] > LOOSE_CM]
    both = [r for r in tight if accepted(PELVIC_TILT, r) and accepted(LUMBAR_CURVE, r)]
    refused = [r for r in loose if not accepted(LUMBAR_CURVE, r)]
    return {
        "tight": {"read": share(len(both), len(tight)), "why_not": _why(tight, "whole")},
        "crops": {crop: _crop(standing, crop) for crop in CROPS},
        "loose": {
            "refused": share(len(refused), len(loose)),
            "why": _why(loose, "whole"),
            "by_gap_cm": _by_gap(standing),
        },
        "to_be_refused": _to_be_refused(others),
    }


def _crop(standing: list[Record], crop: str) -> Results:
    cropped = [record for record in standing if crop in record.seen]
    measured = [r for r in cropped if r.seen[crop]["status"] == "measured"]
    tight = [r for r in cropped if r.is_tight and r.is_clear]
    return {
        "measured": share(len(measured), len(cropped)),
        "tilt": share(sum(accepted(PELVIC_TILT, r, crop) for r in cropped), len(cropped)),
        "tilt_tight": share(sum(accepted(PELVIC_TILT, r, crop) for r in tight), len(tight)),
        "codes": _codes(cropped, crop),
    }


def _by_gap(standing: list[Record]) -> Results:
    result: Results = {}
    names = [binned(gap, _GAPS_CM) for gap in _GAPS_CM[:-1]]
    for name in names:
        members = [r for r in standing if binned(r.cover["cloth_cm"], _GAPS_CM) == name]
        kept = sum(accepted(LUMBAR_CURVE, r) for r in members)
        result[name] = share(len(members) - kept, len(members))
    return result


def _to_be_refused(others: list[Record]) -> Results:
    result: Results = {}
    for kind in (*EXPECTED, "all"):
        members = [r for r in others if kind in (r.kind, "all")]
        refused = [r for r in members if r.seen["whole"]["status"] == "refused"]
        right = [r for r in refused if r.made["expected"] in r.seen["whole"]["codes"]]
        result[kind] = {
            "refused": share(len(refused), len(members)),
            "right": share(len(right), len(members)),
            "codes": _codes(members, "whole"),
        }
    return result


def _codes(members: Iterable[Record], variant: str) -> dict[str, int]:
    """Count the reasons that whole photos were refused for; ``"measured"`` for none."""
    counts: Counter[str] = Counter()
    for record in members:
        seen = record.seen[variant]
        counts.update(seen["codes"] if seen["status"] == "refused" else ["measured"])
    return dict(counts.most_common())


def _why(members: Iterable[Record], variant: str) -> dict[str, int]:
    """Count the reasons that the curve was refused for."""
    counts: Counter[str] = Counter()
    for record in members:
        found = record.seen[variant]["measurements"][LUMBAR_CURVE.key]
        if found["value"] is None:
            counts.update(found["reasons"])
    return dict(counts.most_common())
