"""Says everything that stands on a report, in the language in use; it sets no page.

The template holds no words: it sets what this returns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from posture import verdicts, wording
from posture.drawing.shapes import ORANGE, SKY_BLUE
from posture.language import current, day
from posture.language import gettext as _
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from posture.reasons import explain
from posture.report import conditions, letters, meaning
from posture.vocabulary import SHORT_UNITS, UNIT_WORDS

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.change import Change
    from posture.photo import Photo
    from posture.quantities import Measurement, Quantity
    from posture.report.content import Report
    from posture.visit import Stance

_COLOURS: Final = {PELVIC_TILT.key: SKY_BLUE, LUMBAR_CURVE.key: ORANGE}
_LONGEST_IN_FOOTER: Final = 60


def shown(report: Report) -> tuple[Photo | None, Assessment]:
    """Return the picture that is shown: the first of those that the numbers come from."""
    return report.pictures[report.stance.used[0]]


def to_dict(report: Report) -> dict[str, Any]:
    """Return what the template sets: texts and numbers as texts, made of what JSON can hold.

    Parameters
    ----------
    report : Report
        What is handed over.

    Returns
    -------
    dict
        What persons wrote is in it as they wrote it, cleaned of what no font shows.
    """
    person, clinic = letters.clean(report.person).strip(), letters.clean(report.clinic).strip()
    date = "" if report.at is None else day(report.at)
    title = _("Hips and low back")
    return {
        "language": current(),
        "paper": {"a4": "a4", "letter": "us-letter"}[report.paper],
        "title": title,
        "document_title": ", ".join(filter(None, (title, " ".join(person.split()), date))),
        "dated": report.at is not None,
        "clinic": _line(clinic),
        "logo_alt": clinic or _("Logo of the clinic"),
        "person": _line(person),
        "visit": date and _("Visit of {day}").format(day=date),
        "footer": [_line(text) for text in (_in_short(person), date) if text],
        "pages": _("Page {page} of {pages}"),
        "picture": _picture(report),
        "pair": "" if report.refused else _pair(report.stance),
        "angles": [] if report.refused else [*_angles(report.stance)],
        "refused": _refused(report) if report.refused else None,
        "since": _since(report),
        "texts": [
            {"title": name, "lines": [*map(_line, letters.lines(letters.clean(text)))]}
            for name, text in ((_("Notes"), report.notes), (_("Plan"), report.plan))
            if text.strip()
        ],
        "measures": None if report.refused else _measures(report),
        "changes": _changes(report),
        "conditions": {"title": _("How the photos were taken"), "rows": conditions.rows(report)},
        "meaning": {
            "title": _("What the words mean"),
            "rows": [] if report.refused else meaning.words(report.stance.measurements.values()),
            "limits": meaning.limits(),
        },
        "made_with": _made_with(assessment for _photo, assessment in report.pictures),
        "lacking": letters.LACKING + " " + _("stands for a character that cannot be printed here."),
    }


def _picture(report: Report) -> dict[str, Any]:
    photo, assessment = shown(report)
    return {
        "shape": assessment.width / assessment.height,
        "there": photo is not None or not report.refused,
        "alt": _seen(photo, assessment),
        "caption": " ".join((*_drawn(photo, assessment), *_whose(report))),
    }


def _seen(photo: Photo | None, assessment: Assessment) -> str:
    """Return what a picture shows, for those who do not see it."""
    if assessment.status == "refused":
        return _("The photo, in which nothing was measured.")
    angles = (assessment.pelvic_tilt, assessment.lumbar_curve)
    numbers = ", ".join(f"{wording.label(m.quantity)} {wording.directed(m)}" for m in angles)
    if photo is None:
        return _("Drawing of a person from the side: {numbers}.").format(numbers=numbers)
    return _("Photo of a person from the side, with lines drawn over it: {numbers}.").format(
        numbers=numbers
    )


def _drawn(photo: Photo | None, assessment: Assessment) -> Iterable[str]:
    """Yield what the lines of a picture are."""
    if assessment.status == "refused":
        yield _("Nothing was measured in this photo.")
        return
    if assessment.lumbar_curve.value is not None:
        yield _("Orange: the hollow of the low back between its two tangents.")
    if assessment.pelvic_tilt.value is not None:
        yield _("Blue: the line of the pelvis.")
    yield _("Dashed: the vertical.")
    if photo is None:
        yield _("The photo itself was not kept.")


def _whose(report: Report) -> Iterable[str]:
    """Yield which of several photos the numbers in the picture and on the page come from."""
    photos, used = len(report.pictures), len(report.stance.used)
    if report.refused or photos == 1:
        return
    if used == 1:
        said = _("All numbers on the page are of this one of {count} photos.")
    elif any(0 < count < used for count in report.stance.counts.values()):
        said = _(
            "This is one of {count} photos, with its own numbers; the numbers on the page are of "
            "{used} of them at most, as the table says."
        )
    elif used < photos:
        said = _(
            "This is one of {count} photos, with its own numbers; the numbers on the page are of "
            "{used} of them."
        )
    else:
        said = _(
            "This is one of {count} photos, with its own numbers; the numbers on the page are of "
            "all of them."
        )
    yield said.format(count=photos, used=used)


def _pair(stance: Stance) -> str:
    return wording.pair(stance.measurements[PELVIC_TILT.key], stance.measurements[LUMBAR_CURVE.key])


def _angles(stance: Stance) -> Iterable[dict[str, Any]]:
    for key, colour in _COLOURS.items():
        measurement = stance.measurements[key]
        refused = measurement.value is None
        reasons = [explain(code) for code in measurement.reasons]
        why = " ".join(f"{_(r.message)} {_(r.advice)}" for r in reasons)
        yield {
            "colour": "#{:02x}{:02x}{:02x}".format(*colour),
            "name": wording.label(measurement.quantity),
            "value": wording.amount(measurement),
            "direction": wording.direction(measurement),
            "how": "" if refused else _how(measurement, stance),
            "says": why if refused else wording.sentence(measurement),
        }


def _refused(report: Report) -> dict[str, Any]:
    every = dict.fromkeys(
        reason for _photo, assessment in report.pictures for reason in assessment.reasons
    )
    return {
        "title": _("Nothing was measured"),
        "reasons": [{"message": _(r.message), "advice": _(r.advice)} for r in every],
        "next": _("What to do next"),
    }


def _since(report: Report) -> dict[str, Any] | None:
    """Return what changed of both angles, in a sentence each; nothing could of a refused visit."""
    changes = (not report.refused and report.changes) or {}
    both = [changes[key] for key in _COLOURS if key in changes]
    if not both:
        return None
    return {"title": _change_title(report), "lines": list(map(verdicts.sentence, both))}


def _measures(report: Report) -> dict[str, Any]:
    """Return the table of all measures.

    Least changes stand in it only where no changes do: those of a change are of both visits, and
    may be a clinic's own.
    """
    stance = report.stance
    with_least = all(change.mdc95 is None for change in (report.changes or {}).values())
    codes = dict.fromkeys(code for m in stance.measurements.values() for code in m.reasons)
    numbers = {code: str(number) for number, code in enumerate(codes, 1)}
    reasons = [explain(code) for code in codes]
    return {
        "title": _("All measures"),
        "heads": [
            _("Measure"),
            _("Value ± 95 %"),
            _("95 % interval"),
            _("How obtained"),
            *([_("Least change")] if with_least else []),
        ],
        "rows": [
            {
                "cells": [*_cells(measurement, stance, with_least=with_least)],
                "marks": ", ".join(numbers[code] for code in measurement.reasons),
            }
            for measurement in stance.measurements.values()
        ],
        "reasons": [
            {"mark": numbers[reason.code], "text": f"{_(reason.message)} {_(reason.advice)}"}
            for reason in reasons
        ],
    }


def _cells(measurement: Measurement, stance: Stance, *, with_least: bool) -> Iterable[str]:
    known = measurement.value is not None
    yield _name(measurement.quantity)
    yield wording.directed(measurement)
    yield wording.directed_interval(measurement) if known else ""
    yield _how(measurement, stance) if known else ""
    if with_least:
        yield wording.least_change(measurement)


def _how(measurement: Measurement, stance: Stance) -> str:
    """Return where a number comes from, and from how many photos if not from all that are used."""
    how = wording.tier_words(measurement.tier)
    count, used = stance.counts[measurement.quantity.key], len(stance.used)
    if count >= used:
        return how
    return _("{how}, {count} of {all} photos").format(how=how, count=count, all=used)


def _name(quantity: Quantity) -> str:
    """Return what a quantity is called where percent and centimetres stand beneath each other."""
    name = wording.label(quantity)
    return f"{name} ({_(UNIT_WORDS['cm'])})" if quantity.unit == "cm" else name


def _changes(report: Report) -> dict[str, Any] | None:
    if not report.changes or report.refused:
        return None
    note = []
    if any(change.value is not None for change in report.changes.values()):
        note.append(_(verdicts.CHANGES))
        if report.own_noise:
            said = _(
                "Least changes are from the clinic's own study, for the measures that it tells."
            )
            note.insert(0, said)
    return {
        "title": _change_title(report),
        "heads": [_("Measure"), _("Change"), _("Least change"), _("Result")],
        "rows": [
            {"cells": [*_change_cells(change)], "changed": change.verdict == "changed"}
            for change in report.changes.values()
        ],
        "note": " ".join(note),
    }


def _change_cells(change: Change) -> Iterable[str]:
    verdict, why = verdicts.verdict(change), verdicts.hindrance(change)
    yield _name(change.quantity)
    yield verdicts.difference(change)
    least = verdicts.least(change)
    yield least and f"{least}{SHORT_UNITS[change.quantity.unit]}"
    yield _("{verdict}: {why}").format(verdict=verdict, why=why) if why else verdict


def _change_title(report: Report) -> str:
    if report.before_at is None:
        return _("Change since the earlier visit")
    return _("Change since {day}").format(day=day(report.before_at))


def _made_with(assessments: Iterable[Assessment]) -> str:
    made = dict.fromkeys((one.software, one.model) for one in assessments)
    return " ".join(
        _("Measured by {software} with the pose model {model}.").format(
            software=software, model=model
        )
        for software, model in made
    )


def _line(text: str) -> dict[str, Any]:
    return {"text": text, "from_right": letters.from_right(text)}


def _in_short(text: str) -> str:
    one_line = " ".join(text.split())
    cut = len(one_line) > _LONGEST_IN_FOOTER
    return f"{one_line[: _LONGEST_IN_FOOTER - 1]}…" if cut else one_line
