"""Names visits by their days, and by the time of day too where one day has several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from posture import clock
from posture.language import day

if TYPE_CHECKING:
    from posture.records.kept import Visit, VisitSummary


def days(every: Sequence[Visit | VisitSummary]) -> Mapping[str, str]:
    """Return what each visit of a person is called, by its id."""
    there = {visit.id: day(visit.at) for visit in every}
    count = Counter(there.values())
    return {
        visit.id: there[visit.id]
        if count[there[visit.id]] == 1
        else f"{there[visit.id]}, {clock.local(visit.at):%H:%M:%S}"
        for visit in every
    }
