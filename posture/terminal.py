"""Shows assessments and the doctor's findings as tables in a terminal; it measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.box import SIMPLE_HEAD
from rich.measure import Measurement as Width
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from posture import notes, verdicts, wording
from posture.language import gettext as _
from posture.language import mark as N_
from posture.reasons import explain

if TYPE_CHECKING:
    from rich.console import Console

    from posture.assessment import Assessment
    from posture.change import Change, Verdict
    from posture.doctor import Finding
    from posture.quantities import Measurement
    from posture.reasons import Reason

_NARROWEST_NAME: Final = 20
_UNBOUNDED: Final = 10_000
_PLAIN: Final[Any] = {"box": SIMPLE_HEAD, "pad_edge": False, "show_edge": False}

#: What a reason is called in a table; the sentence beneath says it in full.
_IN_SHORT: Final[Mapping[str, str]] = {
    "no_person": N_("no person found"),
    "several_people": N_("several people"),
    "not_side_view": N_("not from the side"),
    "not_standing": N_("not standing still"),
    "person_cut_off": N_("cut off by the edge"),
    "head_not_seen": N_("head not in the photo"),
    "feet_not_seen": N_("feet not in the photo"),
    "not_upright": N_("photo not upright"),
    "too_small": N_("person too small"),
    "too_dark_or_blurred": N_("too dark or blurred"),
    "back_hidden": N_("low back hidden"),
    "loose_clothing": N_("loose clothing"),
    "points_implausible": N_("points mixed up"),
    "marks_disagree": N_("points and outline disagree"),
    "missing_points": N_("points missing"),
}

#: What a verdict is called in a table.
_RESULTS: Final[Mapping[Verdict, str]] = {
    "changed": N_("changed"),
    "not distinguishable": N_("not distinguishable"),
    "not comparable": N_("not comparable"),
}


def show(assessments: Sequence[Assessment], console: Console, *, names: Sequence[str]) -> None:
    """Print both angles of each photo, everything else of a single photo, and what limits them.

    Parameters
    ----------
    assessments : sequence of Assessment
        At least one.
    console : Console
        Where to print.
    names : sequence of str
        What to call the photo of each assessment.
    """
    everywhere = _everywhere(assessments)
    _print_angles(assessments, console, names, everywhere)
    measured = any(assessment.status == "measured" for assessment in assessments)
    if len(assessments) == 1 and measured:
        console.print()
        console.print(_other_measurements(assessments[0], everywhere))
    console.print()
    if everywhere:
        obtained = _("How each number was obtained: {ways}.").format(ways=", ".join(everywhere))
        console.print(Text(obtained))
    for sentence in (
        *_how_sure(assessments),
        *_what_to_know(assessments, names, everywhere),
    ):
        console.print(Text(sentence, overflow="fold"))
    if len(assessments) > 1 and measured:
        console.print(Text(_("The other measures of several photos are in --json.")))


def show_changes(
    before_after: Sequence[Assessment],
    changes: Mapping[str, Change],
    console: Console,
    *,
    names: Sequence[str],
) -> None:
    """Print what changed between two photos of one person.

    Parameters
    ----------
    before_after : sequence of Assessment, length 2
        What was compared.
    changes : mapping of str to Change
        What `posture.compare` returned for them.
    console : Console
        Where to print.
    names : sequence of str
        What to call both photos.
    """
    other_sides = verdicts.sides(names, [assessment.facing for assessment in before_after])
    for sentence in filter(None, (other_sides, *_what_to_know(before_after, names, ()))):
        console.print(Text(sentence, overflow="fold"))
    if all(change.value is None for change in changes.values()):
        console.print(Text(_("Nothing in these two photos can be compared.")))
        return
    both = _("{first} to {second}").format(first=names[0], second=names[1])
    table = Table(both, _("Change"), _("Least change"), _("Result"), **_PLAIN)
    _fold(table)
    for change in changes.values():
        cells = (wording.label(change.quantity), verdicts.changed(change), verdicts.beyond(change))
        table.add_row(*map(Text, cells), Text(_(_RESULTS[change.verdict])))
    console.print()
    console.print(table)
    console.print()
    console.print(Text(_(verdicts.CHANGES), overflow="fold"))


def show_findings(findings: Sequence[Finding], console: Console) -> None:
    """Print what the doctor found, and how to mend what is not well."""
    table = Table("", "", _("Found"), _("What to do"), **_PLAIN)
    _fold(table)
    for finding in findings:
        mark = Text(_("bad"), "bold red")
        if finding.ok:
            mark = Text(_("note"), "yellow") if finding.mend else Text(_("ok"), "green")
        table.add_row(mark, Text(finding.name), Text(finding.found), Text(finding.mend))
    table.columns[0].no_wrap = True
    console.print(table)


def _print_angles(
    assessments: Sequence[Assessment],
    console: Console,
    names: Sequence[str],
    everywhere: Sequence[str],
) -> None:
    """Print a table, or, where that is too wide for the console, a few lines for each photo."""
    first = assessments[0]
    angles = [wording.label(m.quantity) for m in (first.pelvic_tilt, first.lumbar_curve)]
    heads = (_("Photo"), *angles, _("How"))
    rows = []
    for name, assessment in zip(names, assessments, strict=True):
        pair = (assessment.pelvic_tilt, assessment.lumbar_curve)
        how = ", ".join(_how(*pair, without=everywhere))
        rows.append((Text(name), *map(_value, pair), Text(how)))
    if not any(row[-1] for row in rows):
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    table = Table(*heads, **_PLAIN)
    for row in rows:
        table.add_row(*row)
    _fold(table)
    too_wide = _natural_width(table, console) - console.width
    if too_wide > 0:
        longest = max(row[0].cell_len for row in rows)
        table.columns[0].width = min(longest, max(longest - too_wide, _NARROWEST_NAME))
        too_wide = _natural_width(table, console) - console.width
    if too_wide <= 0:
        console.print(table)
        return
    for row in rows:
        console.print(Text(row[0].plain, "bold", overflow="fold"))
        for head, cell in zip(heads[1:], row[1:], strict=True):
            if cell:
                console.print(Padding(Text(f"{head}: {cell}", overflow="fold"), (0, 0, 0, 2)))


def _fold(table: Table) -> None:
    """Let no cell lose its end: what is too long goes on in the next line."""
    for column in table.columns:
        column.overflow = "fold"


def _natural_width(table: Table, console: Console) -> int:
    options = console.options.update(width=_UNBOUNDED)
    return Width.get(console, options, table).maximum


def _other_measurements(assessment: Assessment, everywhere: Sequence[str]) -> Table:
    pair = (assessment.pelvic_tilt, assessment.lumbar_curve)
    others = [m for m in assessment.measurements.values() if m not in pair]
    hows = [", ".join(_how(m, without=everywhere)) for m in others]
    heads = (_("Also"), _("Value ± 95 %"), _("Least change"))
    table = Table(*heads, *([_("How")] if any(hows) else []), **_PLAIN)
    _fold(table)
    for measurement, how in zip(others, hows, strict=True):
        name, change = wording.label(measurement.quantity), wording.least_change(measurement)
        row = (Text(name), _value(measurement), Text(change))
        table.add_row(*row, *([Text(how)] if any(hows) else []))
    return table


def _value(measurement: Measurement) -> Text:
    return Text(wording.directed(measurement))


def _how(*measurements: Measurement, without: Sequence[str] = ()) -> list[str]:
    """Return tiers and reasons in a few words, each once."""
    tiers = [wording.tier_words(m.tier) for m in measurements if m.tier != "refused"]
    reasons = [_in_short(code) for m in measurements for code in m.reasons]
    return [words for words in dict.fromkeys(tiers + reasons) if words not in without]


def _in_short(code: str) -> str:
    return _(_IN_SHORT[code]) if code in _IN_SHORT else code.replace("_", " ")


def _everywhere(assessments: Sequence[Assessment]) -> list[str]:
    """Return what is to be said of each number that is given, to be said once."""
    hows = [
        _how(measurement)
        for assessment in assessments
        for measurement in assessment.measurements.values()
        if measurement.tier != "refused"
    ]
    return [words for words in hows[0] if all(words in how for how in hows)] if hows else []


def _how_sure(assessments: Sequence[Assessment]) -> Iterator[str]:
    """Yield how far each angle can be believed: in one photo, and between two of one person."""
    measured = any(assessment.status == "measured" for assessment in assessments)
    if len(assessments) > 1 and measured:
        yield _(wording.INTERVALS)
    for angles in (
        [assessment.pelvic_tilt for assessment in assessments],
        [assessment.lumbar_curve for assessment in assessments],
    ):
        if len(angles) > 1:
            change = wording.change_named(*angles)
            if change:
                yield change
        elif angles[0].value is not None:
            said = (wording.sentence(angles[0]), wording.change(angles[0]))
            yield " ".join(filter(None, said))


def _what_to_know(
    assessments: Sequence[Assessment], names: Sequence[str], everywhere: Sequence[str]
) -> Iterator[str]:
    """Yield each reason once, with the photos that it is about, and each note on reading."""
    photos: dict[Reason, list[str]] = {}
    for name, assessment in zip(names, assessments, strict=True):
        codes = (code for m in assessment.measurements.values() for code in m.reasons)
        for reason in dict.fromkeys((*assessment.reasons, *map(explain, codes))):
            photos.setdefault(reason, []).append(name)
    for reason, about in photos.items():
        of_all = len(about) == len(assessments) or _in_short(reason.code) in everywhere
        whose = "" if of_all else f"{', '.join(dict.fromkeys(about))}: "
        yield f"{whose}{_(reason.message)} {_(reason.advice)}"
    for name, assessment in zip(names, assessments, strict=True):
        for note in assessment.notes:
            yield f"{name}: {notes.said(note)}"
    for name, assessment in zip(names, assessments, strict=True):
        whose = f"{name}: " if len(assessments) > 1 else ""
        for key, outline in assessment.outline_says.items():
            yield f"{whose}{wording.cross_check(assessment.marks_say[key], outline)}"
    verticals: dict[str, list[str]] = {}
    for name, assessment in zip(names, assessments, strict=True):
        verticals.setdefault(wording.vertical(assessment.vertical), []).append(name)
    for sentence, about in verticals.items():
        if sentence:
            whose = "" if len(about) == len(assessments) else f"{', '.join(about)}: "
            yield f"{whose}{sentence}"
