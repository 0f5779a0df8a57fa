"""Says measurements in plain words, for app, command line and overlay; measures nothing.

It describes. It judges nothing, names no disorder and gives no advice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from posture.vocabulary import SHORT_UNITS, TIERS, UNIT_WORDS, WORDS, Words

if TYPE_CHECKING:
    from posture.change import Change
    from posture.quantities import Measurement, Quantity, Tier
    from posture.tilt import Vertical

# Digits beyond what the interval can carry are noise: no decimals from this half width on.
_WHOLE_FROM: Final = 2.0
# Half of the interval that pelves of other shapes alone make: 1.96 times 5 degrees (Preece 2008,
# PMC2565125). It adds to other errors in squares, so beyond this it is no longer most of the whole.
_MOSTLY_SHAPE: Final = 1.96 * 5.0 * math.sqrt(2)

#: What ± stands for where many numbers are shown.
INTERVALS: Final = (
    "Each true value lies within its ± 95 times in 100; much of that of a pelvic tilt from the "
    "outline is because pelves differ in shape, which no photo shows."
)

#: What changes are told from.
CHANGES: Final = (
    "If nothing had changed, 95 of 100 pairs of photos would differ by less than the least change. "
    "Only photos of the same person, in the same clothes and with the arms held alike can be "
    "compared. How much changed is approximate: pelvic tilt and lumbar curve mostly changed a "
    "little more than is shown."
)

_UNCERTAIN: Final = "direction uncertain"
_PELVIS: Final = (
    "the pelvis tips forward",
    "the pelvis tips backward",
    "the pelvis is about level",
)
_PELVIS_EITHER: Final = "the pelvis tips forward or backward"
_LOW_BACK: Final = (
    "the low back hollows inward",
    "the low back rounds outward",
    "the low back is about straight",
)
_LOW_BACK_EITHER: Final = "the low back hollows inward or rounds outward"


def label(quantity: Quantity) -> str:
    """Return the name of a quantity for people, for example ``"Pelvic tilt"``."""
    return WORDS[quantity.name].label


def short(measurement: Measurement) -> str:
    """Return value and interval in a few characters, for example ``"9° ± 14"``.

    Returns
    -------
    str
        Whole numbers where the interval reaches 2 or more to a side, else one decimal;
        ``"not measured"`` if refused. Of an uneven interval, the wider side.
    """
    known = _known(measurement)
    if known is None:
        return TIERS["refused"]
    unit = SHORT_UNITS[measurement.quantity.unit]
    return f"{_number(known.value, known)}{unit} ± {_number(known.half, known)}"


def interval(measurement: Measurement) -> str:
    """Return the 95 % interval, for example ``"-5 to 23°"``; ``"not measured"`` if refused."""
    known = _known(measurement)
    if known is None:
        return TIERS["refused"]
    unit = SHORT_UNITS[measurement.quantity.unit]
    return f"{_number(known.low, known)} to {_number(known.high, known)}{unit}"


def direction(measurement: Measurement) -> str:
    """Return what the value's sign is called, for example ``"anterior"``.

    Returns
    -------
    str
        ``"direction uncertain"`` where the interval includes both directions; empty where the sign
        has no name, where the value rounds to 0, and if refused.
    """
    known = _known(measurement)
    if known is None:
        return ""
    name = _by_sign(known, (measurement.quantity.positive, measurement.quantity.negative, ""))
    return _UNCERTAIN if name and _has_both_directions(known) else name


def amount(measurement: Measurement) -> str:
    """Return value and interval to stand beside `direction`, for example ``"5° ± 3"``.

    It is `short` without the minus where `direction` says it; both would read as a double negative.
    """
    text = short(measurement)
    return text if direction(measurement) in ("", _UNCERTAIN) else text.removeprefix("-")


def directed(measurement: Measurement) -> str:
    """Return value, interval and direction, for example ``"5° ± 3 posterior"``."""
    name = direction(measurement)
    gap = ", " if name == _UNCERTAIN else " " if name else ""
    return f"{amount(measurement)}{gap}{name}"


def directed_interval(measurement: Measurement) -> str:
    """Return the interval with directions in place of signs: ``"5° posterior to 23° anterior"``.

    Returns
    -------
    str
        `interval` where the signs have no names; ``"not measured"`` if refused.
    """
    known, quantity = _known(measurement), measurement.quantity
    if known is None or not quantity.negative:
        return interval(measurement)
    unit = SHORT_UNITS[quantity.unit]
    low, high = (_number(abs(end), known) for end in (known.low, known.high))
    if _has_both_directions(known):
        return f"{low}{unit} {quantity.negative} to {high}{unit} {quantity.positive}"
    if _shown(known.low, known) < 0:
        return f"{high} to {low}{unit} {quantity.negative}"
    return f"{low} to {high}{unit} {quantity.positive}"


def tier_words(tier: Tier) -> str:
    """Return where a number comes from, in two words, for example ``"outline estimate"``."""
    return TIERS[tier]


def sentence(measurement: Measurement) -> str:
    """Return a measurement in plain sentences: its value, and where the true value lies."""
    words = WORDS[measurement.quantity.name]
    known = _known(measurement)
    if known is None:
        return f"{words.label} was not measured in this photo."
    unit = measurement.quantity.unit
    says = _by_sign(known, (words.above, words.below, words.zero))
    said = says.format(n=_size(known.value, known, unit))
    lies = f"The true value lies between {_between(known, words, unit)}, 95 times in 100"
    by_shape = measurement.quantity.name == "pelvic_tilt" and measurement.tier == "outline"
    if by_shape and known.half < _MOSTLY_SHAPE:
        lies += "; most of that width is because pelves differ in shape, which no photo shows"
    return f"{said}. {lies}."


def least_change(measurement: Measurement) -> str:
    """Return the smallest change that is more than noise, for example ``"6°"``; empty if unknown.

    Returns
    -------
    str
        Rounded up: whole numbers from 2 on, else one decimal.
    """
    number = _least(measurement)
    return number and f"{number}{SHORT_UNITS[measurement.quantity.unit]}"


def change(*measurements: Measurement) -> str:
    """Say which change within one person is more than noise; empty if that is not known.

    Parameters
    ----------
    *measurements : Measurement
        Of one quantity; of several photos the coarsest counts.
    """
    known = [m for m in measurements if m.mdc95 is not None]
    if not known:
        return ""
    coarsest = max(known, key=lambda m: m.mdc95 or 0.0)
    size = f"{_least(coarsest)} {UNIT_WORDS[coarsest.quantity.unit]}"
    return (
        f"Between two photos of the same person, only a change of more than {size} "
        "is more than noise: compare the photos, do not subtract the values."
    )


def beyond(change: Change) -> str:
    """Return what a change has to exceed, rounded up to one decimal; empty if not known."""
    if change.mdc95 is None:
        return ""
    up = math.ceil(change.mdc95 * 10 - 1e-6) / 10
    return f"{up:.1f}{SHORT_UNITS[change.quantity.unit]}"


def sides(names: Sequence[str], facings: Sequence[str | None]) -> str:
    """Say that two photos show different sides; empty if they do not."""
    if None in facings or facings[0] == facings[1]:
        return ""
    return (
        f"{names[0]} faces {facings[0]}, {names[1]} faces {facings[1]}: "
        "take both photos from the same side."
    )


def changed(change: Change) -> str:
    """Return by how much a quantity changed, with its sign, for example ``"+5.2°"``."""
    if change.value is None:
        return ""
    return f"{round(change.value, 1) + 0.0:+.1f}{SHORT_UNITS[change.quantity.unit]}"


def cross_check(of_marks: Measurement, of_outline: Measurement) -> str:
    """Say what marked points and the outline each tell of one quantity."""
    words = label(of_marks.quantity)
    return (
        f"{words}: {short(of_marks)} by the points alone, {short(of_outline)} by the outline alone."
    )


def vertical(found: Vertical | None) -> str:
    """Say where the vertical comes from, in one sentence; empty for a photo without one."""
    if found is None:
        return ""
    if not found.found:
        return (
            "No upright lines were found: a tilted camera would tilt every angle to the vertical."
        )
    by = "the line that was drawn" if found.drawn else "upright lines in the room"
    turned = round(abs(found.lean_deg), 1)
    if not turned:
        return f"The photo is upright, by {by}."
    return f"The photo is turned by {turned} degrees: corrected by {by}."


def vertical_in_short(found: Vertical) -> tuple[str, str]:
    """Return what a vertical that leans in the photo is called, in two lines."""
    return "True vertical", f"photo turned {abs(found.lean_deg):.1f}°"


def pair(tilt: Measurement, curve: Measurement) -> str:
    """Return hips and low back together, as one sentence that describes and judges nothing."""
    pelvis, low_back = _known(tilt), _known(curve)
    if pelvis is None and low_back is None:
        return "Hips and low back are read together; neither was measured in this photo."
    if pelvis is None or low_back is None:
        missing = (tilt if pelvis is None else curve).quantity
        return (
            "Hips and low back are read together; "
            f"in this photo the {label(missing).lower()} was not measured."
        )
    halves = ((pelvis, _PELVIS, _PELVIS_EITHER), (low_back, _LOW_BACK, _LOW_BACK_EITHER))
    told = [_by_sign(known, says) for known, says, _ in halves if not _has_both_directions(known)]
    untold = [either for known, _, either in halves if _has_both_directions(known)]
    parts = [f"this photo does not tell whether {' and whether '.join(untold)}"] if untold else []
    if told:
        parts.append(" and ".join(told))
    return f"Hips and low back together: {'; '.join(parts)}."


@dataclass(frozen=True, slots=True)
class _Known:
    """The numbers of a measurement that is not refused."""

    value: float
    low: float
    high: float

    @property
    def half(self) -> float:
        return max(self.high - self.value, self.value - self.low)


def _known(measurement: Measurement) -> _Known | None:
    value, low, high = measurement.value, measurement.low, measurement.high
    if value is None or low is None or high is None:
        return None
    return _Known(value, low, high)


def _least(measurement: Measurement) -> str:
    """Return the smallest change that is more than noise, rounded up; empty if unknown."""
    noise = measurement.mdc95
    if noise is None:
        return ""
    per_unit = 1 if noise >= _WHOLE_FROM else 10
    # What only rounding in the computer adds does not count.
    up = math.ceil(noise * per_unit - 1e-6) / per_unit
    return f"{up:.{0 if per_unit == 1 else 1}f}"


def _number(value: float, known: _Known) -> str:
    decimals = 0 if known.half >= _WHOLE_FROM else 1
    # Adding 0.0 turns a rounded -0.0 into 0.0.
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


def _shown(value: float, known: _Known) -> float:
    """Return a number as it is shown, so that words and numbers agree about its sign."""
    return float(_number(value, known))


def _has_both_directions(known: _Known) -> bool:
    return _shown(known.low, known) < 0 < _shown(known.high, known)


def _by_sign(known: _Known, words: tuple[str, str, str]) -> str:
    """Return the word for above, below or at zero, as the value is shown."""
    shown = _shown(known.value, known)
    above, below, zero = words
    return above if shown > 0 else below if shown < 0 else zero


def _size(value: float, known: _Known, unit: str) -> str:
    number = _number(abs(value), known)
    return f"{number} degree" if (number, unit) == ("1", "deg") else f"{number} {UNIT_WORDS[unit]}"


def _between(known: _Known, words: Words, unit: str) -> str:
    low, high = _number(known.low, known), _number(known.high, known)
    if float(low) >= 0:
        return f"{low} and {_size(known.high, known, unit)}"
    size = _size(known.low, known, unit)
    if float(high) > 0:
        return f"{size} {words.down} and {_size(known.high, known, unit)} {words.up}"
    return f"{_number(abs(known.high), known)} and {size} {words.down}"
