"""Writes the page on means of several photos: what was fitted, and how right it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, QUANTITIES, Quantity
from validation.study.averages import COUNTS
from validation.study.repeats import FOLLOWED
from validation.study.statistics import Estimate
from validation.study.tables import deg, number, share, table, titled

_MOST: Final = COUNTS[-1]

_HOW: Final = """\
Two visits of each person, who stood anew the second time, by up to 9 degrees of the pelvis, with
the camera put up anew, as for [the accuracy page](accuracy.md). At each visit three photos, one
after the other. What photos of one stance differ by was **chosen, not measured**
(`validation/subjects.py`), as standard deviations:

| what | differs by | why |
| --- | --- | --- |
| camera's roll and pitch | 1 degree | the phone is lifted anew for each photo |
| its place | 1 degree about the person, 5 cm nearer or farther, 3 cm higher or lower | whoever \
holds it stays where they are |
| the person | pelvis and thorax 0.5 degrees, legs and knees 0.3, neck 0.5, head 1, arms 1, \
C7 3 mm | they sway and breathe |
| the picture | light 5 %, blur, noise | it is another photo |

Person, clothes, hair, arms, room, lens, contrast and compression stay. The true angles of each
photo are known, so that swaying is not taken for noise. No real photos were compared.
"""
_SHARED: Final = """\
Noise is what the errors of two photos of one person differ by, from one visit to the next, as
variance. The share that all photos of one stance have in common is one less the share that photos
of the same stance differ by:

    1 - Σ (var a + var b) / Σ mean (aᵢ - bⱼ)²

with the errors a and b of the photos of both visits of a person, summed over people, variances
without bias, the mean over each pair of a photo of one visit and one of the other. What is peculiar
to a person, in both visits, falls out. With a share s, of the least change of one photo
√(s + (1 - s) / n) is left with n photos. So as not to promise too much, the upper end of the 95 %
interval (by drawing people anew) is counted with. By chance an estimate may lie below 0.
"""
_CHECK: Final = """\
Nothing was fitted to these people. Only who was read in all six photos tells, of every choice of so
many photos of each visit. "Noise" is the root mean square of read less true change, beside that of
one photo. "Noise beyond": read less true change is more than the least change (5 % expected); so
often a change would be told where nothing changed, if noise were as large there. "Hardly any": the
true change was less than half the least change of one photo. "Real": it was more than all of it.
"""
_ENDS: Final = """\
Degrees, offsets in percent of stature. How often the interval of the mean holds the truth. For
pelvic tilt the truth is moved as on the accuracy page, by what pelves differ in shape.
"""


def page(fitted: dict[str, Any], results: dict[str, Any], made: dict[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    fitted : dict
        Content of ``posture/averaging.json``.
    results : dict
        What `validation.study.averages.compute` returned.
    made : dict
        How many people, and by what they were read.
    """
    sections = (
        "# What several photos of one stance are worth\n",
        _plain(results, made["people"]),
        "## The people and their photos\n\n" + _HOW,
        f"## What photos have in common\n\nMeasured on {fitted['measured_on']} of the calibrate "
        "split.\n\n" + _SHARED,
        _of_shares(fitted),
        f"## Change, by the number of photos\n\n{made['people']} people of the test split.\n"
        + _CHECK,
        _of_noise(results),
        _of_verdicts(results),
        "## Numbers and intervals, by the number of photos\n\n" + _ENDS,
        _of_ends(results),
        _how_made(made),
    )
    return "\n".join(sections)


def _plain(results: dict[str, Any], people: int) -> str:
    lines = []
    for quantity, words in ((PELVIC_TILT, "pelvic tilt"), (LUMBAR_CURVE, "the lumbar curve")):
        of = results[quantity.name]["by_count"]
        one, most = of[1], of[_MOST]
        lines.append(
            f"- **{words}**: the least change falls from {number(one['least'])} to "
            f"**{number(most['least'])}** degrees. The noise fell to "
            f"{deg(most['left_measured'], 2)} of that of one photo, where "
            f"{number(most['left'], 2)} is counted with. Read less true change was beyond the "
            f"least change in "
            f"{share(most['beyond'])} of cases (5 % wanted), with one photo in "
            f"{share(one['beyond'])}. Of real changes {share(most['told_of_real'])} were told, "
            f"with one photo {share(one['told_of_real'])}. The number itself is off by "
            f"{number(most['mae'].value)} degrees on average, with one photo by "
            f"{number(one['mae'].value)}."
        )
    told = "\n".join(textwrap.fill(line, 100, subsequent_indent="  ") for line in lines)
    tilt, curve = (
        number(100 * max(results[q.name]["follows_camera"], 0.0), 0)
        for q in (PELVIC_TILT, LUMBAR_CURVE)
    )
    return f"""\
Three photos of one stance instead of one, at both visits, of {people} rendered people whom nothing
was fitted to:

{told}

Most of the error of a number is the person's own, which is in every photo and falls out of a
change. Where a camera is held askew and no upright line shows it, it was taken to be held much the
same in all photos of a stance: so of trunk lean and offsets less averages out.

**Limits:** how photos of one stance differ was chosen, not measured. But of what their errors
differ by, the camera's turn, roll, pitch, distance and height together explain {tilt} % for tilt
and {curve} % for the curve (variance, linear fit, less what chance explains, not below 0).
What the rest comes from, for example how the person falls on the pixels, was not told apart. The
pictures are rendered and small (480 x 720 pixels); in sharper ones less may differ by chance, so
that less averages out. The least change counts with more in common than was measured. A photo that
is there twice is no second photo.
"""


def _of_shares(fitted: dict[str, Any]) -> str:
    head = ("quantity", "people", "share in common", "counted with", f"left with {_MOST} photos")
    rows = []
    for q in QUANTITIES:
        taken = fitted["shared"].get(q.name, 1.0)
        left = np.sqrt(taken + (1 - taken) / _MOST)
        found = estimate(fitted["estimates"][q.name])
        rows.append((titled(q), found.n, deg(found, 2), number(taken, 2), number(left, 2)))
    return table(head, rows)


def _of_noise(results: dict[str, Any]) -> str:
    head = (
        "change of",
        "people",
        "photos a visit",
        "noise promised",
        "noise",
        "median least change",
        "MAE",
        "noise beyond",
    )
    rows = (
        (
            titled(q),
            results[q.name]["people"],
            count,
            number(of["left"], 2),
            deg(of["left_measured"], 2),
            number(of["least"], 2),
            deg(of["change_mae"], 2),
            share(of["beyond"]),
        )
        for q, count, of in _by_count(results)
    )
    return table(head, rows)


def _of_verdicts(results: dict[str, Any]) -> str:
    head = ("change of", "photos a visit", "hardly any, called changed", "n", "real, told", "n")
    rows = (
        (
            titled(q),
            count,
            share(of["told_of_hardly_any"]),
            of["told_of_hardly_any"].n,
            share(of["told_of_real"]),
            of["told_of_real"].n,
        )
        for q, count, of in _by_count(results)
        if q in FOLLOWED
    )
    return table(head, rows)


def _of_ends(results: dict[str, Any]) -> str:
    head = ("quantity", "people", "photos", "MAE", "held", "median half width")
    rows = (
        (
            titled(q),
            results[q.name]["people"],
            count,
            deg(of["mae"], 2),
            share(of["held"]),
            number(of["half"], 2),
        )
        for q, count, of in _by_count(results)
    )
    return table(head, rows)


def _by_count(results: dict[str, Any]) -> Iterable[tuple[Quantity, int, dict[str, Any]]]:
    for q in QUANTITIES:
        for count, of in results[q.name]["by_count"].items():
            yield q, count, of


def estimate(rounded: dict[str, Any]) -> Estimate:
    """Return an estimate as it was before it was written to a file."""
    known = {name: np.nan if rounded[name] is None else rounded[name] for name in _ENDS_OF}
    return Estimate(**known, n=rounded["n"])


_ENDS_OF: Final = ("value", "low", "high")


def _how_made(made: dict[str, Any]) -> str:
    by = "\n".join(f"`{fingerprint}`" for fingerprint in made["observed_by"])
    return f"""\
## How it was made

    python -m validation.generate SPLIT FOLDER --kind series     # calibrate and test
    python -m validation.observe calibrate FOLDER --kind series
    python -m validation.averaging FOLDER                        # posture/averaging.json
    python -m validation.observe test FOLDER --kind series
    python -m validation.averaging FOLDER --page                 # this page

SHA-256 of averaging.json: `{made["sha256"]["averaging.json"]}`.
The {made["photos"]} pictures of the test split were observed by the posture of fingerprint

{by}
"""
