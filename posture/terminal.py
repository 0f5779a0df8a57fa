"""Shows assessments and the doctor's findings as tables in a terminal; it measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from posture import wording
from posture.quality import explain

if TYPE_CHECKING:
    from rich.console import Console

    from posture.assess import Assessment
    from posture.doctor import Finding
    from posture.quality import Reason
    from posture.tilt import Measurement

_LONGEST_UNFOLDED: Final = 32
_PLAIN: Final[Any] = {"box": SIMPLE_HEAD, "pad_edge": False, "show_edge": False}


def show(assessments: Sequence[Assessment], console: Console) -> None:
    """Print both angles of each photo, everything else of a single photo, and what limits them.

    Parameters
    ----------
    assessments : sequence of Assessment
        At least one.
    console : Console
        Where to print.
    """
    console.print(_both_angles(assessments))
    if len(assessments) == 1 and assessments[0].status == "measured":
        console.print()
        console.print(_other_measurements(assessments[0]))
    console.print()
    for sentence in _what_to_know(assessments):
        console.print(Text(sentence))


def show_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print what the doctor found, and how to mend what is not well."""
    table = Table("", "", "Found", "What to do", **_PLAIN)
    for finding in findings:
        mark = Text("ok", "green") if finding.ok else Text("bad", "bold red")
        table.add_row(mark, Text(finding.name), Text(finding.found), Text(finding.mend))
    console.print(table)


def _both_angles(assessments: Sequence[Assessment]) -> Table:
    first = assessments[0]
    angles = [wording.label(m.quantity) for m in (first.pelvic_tilt, first.lumbar_curve)]
    table = Table("Photo", *angles, "How", **_PLAIN)
    names = table.columns[0]
    names.overflow = "fold"
    names.min_width = min(max(len(a.photo_name) for a in assessments), _LONGEST_UNFOLDED)
    for assessment in assessments:
        pair = (assessment.pelvic_tilt, assessment.lumbar_curve)
        table.add_row(
            Text(assessment.photo_name), *(_value(m) for m in pair), Text(", ".join(_how(*pair)))
        )
    return table


def _other_measurements(assessment: Assessment) -> Table:
    table = Table("Also", "95 %", "How", **_PLAIN)
    pair = (assessment.pelvic_tilt, assessment.lumbar_curve)
    for measurement in assessment.measurements.values():
        if measurement not in pair:
            name = Text(wording.label(measurement.quantity))
            table.add_row(name, _value(measurement), Text(", ".join(_how(measurement))))
    return table


def _value(measurement: Measurement) -> Text:
    parts = (wording.short(measurement), wording.direction(measurement))
    return Text(" ".join(part for part in parts if part))


def _how(*measurements: Measurement) -> list[str]:
    """Return tiers and codes of the reasons, each once."""
    tiers = [wording.tier_words(m.tier) for m in measurements if m.tier != "refused"]
    codes = [code.replace("_", " ") for m in measurements for code in m.reasons]
    return list(dict.fromkeys(tiers + codes))


def _what_to_know(assessments: Sequence[Assessment]) -> Iterator[str]:
    """Yield each reason once, with the photos that it is about, and each note on reading."""
    photos: dict[Reason, list[str]] = {}
    for assessment in assessments:
        codes = (code for m in assessment.measurements.values() for code in m.reasons)
        for reason in dict.fromkeys((*assessment.reasons, *map(explain, codes))):
            photos.setdefault(reason, []).append(assessment.photo_name)
    for reason, names in photos.items():
        about = "" if len(names) == len(assessments) else f"{', '.join(names)}: "
        yield f"{about}{reason.message} {reason.advice}"
    for assessment in assessments:
        for note in assessment.notes:
            yield f"{assessment.photo_name}: {note}"
