"""Writes the accuracy page: what it means in plain words, every table, and how it was made."""

from __future__ import annotations

from typing import Final

import numpy as np

from posture import estimator
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, QUANTITIES, THORACIC_CURVE, Quantity
from validation.study import explained, repeat_tables, tables
from validation.study.accuracy import Results
from validation.study.tables import deg, number, share

# The worst groups are told of among groups of at least so many photos.
_TOLD_FROM: Final = 30
_WORST: Final = 3


def write(results: Results) -> str:
    """Return the page."""
    sections = (
        "# How accurate posture is\n",
        _plain_words(results),
        _targets(results),
        "## Errors\n\n" + explained.ERRORS + "\n" + tables.of_errors(results["accuracy"]),
        _figure("bland_altman", "Read less true against their mean, with bias and 95 % limits"),
        _figure("by_true_value", "Read less true by the true value"),
        "## Intervals\n\n" + explained.COVERAGE + "\n" + tables.of_coverage(results["coverage"]),
        "## What is measured and what is refused\n\n" + tables.of_acceptance(results["acceptance"]),
        "## Change within a person\n\n" + explained.CHANGE + _too_small(results["changes"]["all"]),
        repeat_tables.of_changes(results["changes"]),
        _figure("change", "Read change against true change"),
        "## One photo, copied\n\n" + explained.COPIES,
        repeat_tables.of_repeatability(results["repeatability"]),
        "## The true vertical\n\n" + explained.VERTICAL,
        repeat_tables.of_vertical(results["vertical"]),
        "## What less would have read\n\n" + explained.LESS,
        tables.of_baselines(results["baselines"]),
        _figure("baselines", "Mean error of each way to read the two angles"),
        _how_made(results),
    )
    return "\n".join(sections)


def _plain_words(results: Results) -> str:
    errors, coverage = results["accuracy"], results["coverage"]
    tilt, curve = (errors["tight or bare"][name] for name in _BOTH)
    held_tilt, held_curve = (share(coverage["all accepted"][name]["held"]) for name in _BOTH)
    intervals = coverage["all accepted"] | coverage["tight or bare"]
    half_tilt, half_curve = (number(intervals[name]["half"]) for name in _BOTH)
    change_tilt, change_curve = (results["changes"]["all"][name] for name in _BOTH)
    upright = results["changes"]["vertical shown"][PELVIC_TILT.name]
    slope_tilt, slope_curve = (
        number(change["through_origin"].value, 2) for change in (change_tilt, change_curve)
    )
    kept, made = results["acceptance"], results["made"]
    loose, normal = (
        number(errors[f"clothes: {fit}"][LUMBAR_CURVE.name]["mae"].value)
        for fit in ("loose", "normal")
    )
    rolled = results["vertical"]["by_roll"]["vertical not shown"]
    turned = number([found for name, found in rolled.items() if name != "worse"][-1].value)
    headless = kept["crops"]["headless"]
    _, tipped = estimator.per_degree(PELVIC_TILT.name)
    (low_tilt, high_tilt), (low_curve, high_curve) = (_ends(results, name) for name in _BOTH)
    return f"""\
posture read {made["observed"]} pictures of {made["people"]} rendered people whose angles are
known exactly, none of whom it had met while it was made. This page says what came out.

## In plain words

**Trust it for** one person who stands sideways in tight clothing or with a bare back, with nothing
before the low back. {share(kept["tight"]["read"])} of such photos were read. On average

- **pelvic tilt** was off by **{deg(tilt["mae"])} degrees**, in 95 of 100 photos by less than
  {number(tilt["p95"])};
- **lumbar curve** was off by **{deg(curve["mae"])} degrees**, in 95 of 100 photos by less than
  {number(curve["p95"])}.

Numbers in brackets are 95 % intervals throughout.

**The interval** beside each number is usually plus and minus {half_tilt} degrees for tilt and
{half_curve} for the curve. It held the truth in {held_tilt} and
{held_curve} of all photos read. That of tilt is wide because pelves differ in
shape by about 5 degrees (one standard deviation), which no photo shows.

**Follow one person rather than compare two.** What is peculiar to a person is the same in both
photos. A change between two photos is more than noise from about
{number(change_tilt["mdc95"])} degrees of tilt ({number(upright["mdc95"])} where both photos show
upright lines) and {number(change_curve["mdc95"])} of the curve; each result states its own least
change. When people stood anew, their change was read wrongly by {deg(change_tilt["mae"])} degrees
of tilt and {deg(change_curve["mae"])} of the curve on average, where their true change was
{number(change_tilt["mean_true"])} and {number(change_curve["mean_true"])}; each degree of true
change showed as {slope_tilt} and {slope_curve} degrees.{_shrunk(results["changes"]["all"])}

**Do not trust it** when

- clothes hang over the low back. Where cloth stood more than 2 cm off it, the curve was refused in
  {share(kept["loose"]["refused"])} of photos; what is not noticed is read wrongly. The curves
  that were read in loose clothing were off by {loose} degrees, in normal clothing by {normal};
- no upright line is in the photo and the camera was not level: then tilt errs with it. With the
  camera rolled by more than 3.5 degrees it was off by {turned} degrees on average;
- the angle is extreme. The fifth with the least tilt was read {low_tilt} degrees off, that with the
  most {high_tilt}; of the curve {low_curve} and {high_curve};
- you need the thoracic curve exactly: it was off by
  {deg(errors["tight or bare"][THORACIC_CURVE.name]["mae"])} degrees.

The groups read worst (of {_TOLD_FROM} photos or more), by mean error in degrees: tilt
({_worst(results, PELVIC_TILT)}); curve ({_worst(results, LUMBAR_CURVE)}).

**Photos without the head** were measured in {share(headless["measured"])}, but pelvis and back
could be read in {share(headless["tilt"])} only, in tight clothes with a clear back in
{share(headless["tilt_tight"])}.

**It refuses** people seen from the front, the back or aslant, who sit, squat or bend, several
people, and nobody: {share(kept["to_be_refused"]["all"]["refused"])} of such pictures were refused.

**Limits:**

- **The people are rendered, not real, and all come from one generator.** Nothing here was compared
  with an X-ray, nor with a real person whose angles are known. Real skin, clothes, light and rooms
  vary in ways that the generator does not.
- **The true tilt is that of the generator's pelvis**, whose bony points keep their place under the
  skin. Those of real people do not: the interval adds a standard deviation of 5 degrees for it,
  which comes from cadavers (Preece 2008, PMC2565125) and was not tested here.
- **Tilt is only as true as the vertical.** Put a door frame or a wall's edge in the photo.
- **A change is read against trunk and legs.** Where the whole body tips by a degree, as a plank
  does, a change of tilt of {number(tipped, 2)} degrees is read: that people stand on their legs as
  before is surer than the vertical.
- **The lumbar curve is one of the skin**, not the angle of vertebrae in an X-ray.
"""


_BOTH: Final = (PELVIC_TILT.name, LUMBAR_CURVE.name)
_SHORT: Final = dict(zip(_BOTH, ("tilt", "the curve"), strict=True))


def _ends(results: Results, name: str) -> tuple[str, str]:
    """Return the bias of the least and the greatest fifth, with its sign."""
    biases = [fifth["bias"].value for fifth in results["by_true_value"][name]]
    if not biases:
        return number(np.nan), number(np.nan)
    return f"{biases[0]:+.1f}", f"{biases[-1]:+.1f}"


def _shrunk(changes: Results) -> str:
    """Say which changes look smaller than they are, if any surely do."""
    names = [words for name, words in _SHORT.items() if changes[name]["through_origin"].high < 1]
    if not names:
        return ""
    return f"""
So a change of {" and ".join(names)} looks smaller than it is; the least change tells whether there
is one, not how large it is."""


def _too_small(changes: Results) -> str:
    """Name the quantities that hardly changed, whose slopes are those of noise."""
    names = [
        f"- {tables.titled(quantity)}: {number(found['mean_true'])} on average, "
        f"{number(found['p95_true'])} at the 95th percentile, least change {number(found['mdc95'])}"
        for quantity in QUANTITIES
        for found in [changes[quantity.name]]
        if found["p95_true"] < found["mdc95"]
    ]
    if not names:
        return ""
    head = """
Of these, 95 in 100 true changes were below the least change. There a slope, however far from 1, is
one of noise and says little of how a larger change would show:

"""
    return head + "\n".join(names) + "\n"


def _worst(results: Results, quantity: Quantity) -> str:
    groups = {
        group: columns[quantity.name]["mae"]
        for group, columns in results["accuracy"].items()
        if columns[quantity.name]["n"] >= _TOLD_FROM and ":" in group
    }
    worst = sorted(groups, key=lambda group: -groups[group].value)[:_WORST]
    if not worst:
        return number(np.nan)
    return ", ".join(f"{group}: {number(groups[group].value)}" for group in worst)


def _targets(results: Results) -> str:
    reached = results["targets"]
    met = sum(target.met for target in reached)
    return f"""\
## Targets

{met} of {len(reached)} were met. "Met" goes by the measured value itself; where the target lies
within the interval, other people might have decided otherwise. Angles in degrees.

{tables.of_targets(reached)}"""


def _figure(name: str, words: str) -> str:
    return f"![{words}](accuracy/{name}.svg)\n"


def _how_made(results: Results) -> str:
    made = results["made"]
    counts = made["pictures"]
    kinds = list(dict.fromkeys(kind for split in counts.values() for kind in split))
    pictures = tables.table(
        ("split (seed)", *kinds),
        (
            (f"{split} ({made['seeds'][split]})", *(of.get(kind, 0) for kind in kinds))
            for split, of in counts.items()
        ),
    )
    truths = tables.table(
        ("true value", "n", "mean", "SD", "least", "greatest"),
        (
            (tables.titled(q), of["n"], *(number(of[key]) for key in _SPREADS))
            for q in QUANTITIES
            for of in [results["truths"][q.name]]
            if np.isfinite(of["mean"])
        ),
    )
    sampler = tables.table(("what", "how"), explained.SAMPLER)
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    hashes = "\n".join(f"- {name}: `{digest}`" for name, digest in made["sha256"].items())
    return f"""\
## How it was made

`make validation` renders what is missing, fits, calibrates, observes and writes this page:

    python -m validation.generate SPLIT FOLDER     # each split; in the renderer's environment
    python -m validation.fit FOLDER                # networks, on the fit split
    python -m validation.observe calibrate FOLDER
    python -m validation.calibrate FOLDER          # intervals and limits, on the calibrate split
    python -m validation.observe test FOLDER
    python -m validation.report FOLDER             # this page, here on the {made["split"]} split

Every split has seeds of its own, so that no body, garment, hair or room is in two of them. Networks
learn from the fit split alone, intervals and limits from calibrate alone. Pictures made:

{pictures}
"Outline" is a silhouette without a picture. Some standing people are there twice.

Versions: {versions}. SHA-256:

{hashes}

{_observed_by(made)}

Intervals: {made["bootstrap"]["draws"]} bootstrap draws, seed {made["bootstrap"]["seed"]}.

### Who the people are

{truths}
For comparison: cadaver pelves held in one position had a tilt of 13 (SD 5) degrees, 0 to 23 (Preece
2008, PMC2565125). What is drawn at random (`validation/subjects.py`):

{sampler}
### Definitions

{explained.DEFINITIONS}"""


def _observed_by(made: Results) -> str:
    if not made["observed_by"]:
        return "No pictures were observed."
    if len(made["observed_by"]) > 1:
        return "**Not all pictures were observed by the same posture: observe them again.**"
    (fingerprint,) = made["observed_by"]
    if fingerprint != made["written_by"]:
        return (
            "**posture has changed since the pictures were observed: observe them again.** Its "
            f"fingerprint was `{fingerprint}` then."
        )
    return f"""\
All pictures were observed by one posture. The fingerprint of its code and coefficients as they were
when it measured, without comments and docstrings, is
`{fingerprint}`;
`python -m validation.fingerprint` tells that of today."""


_SPREADS: Final = ("mean", "sd", "least", "greatest")
