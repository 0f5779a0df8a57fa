"""Says measurements in plain words, for app, command line and overlay; measures nothing.

It describes. It judges nothing, names no disorder and gives no advice. It speaks the language in
use, in sentences that are translated whole: fragments cannot be put together alike in each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from posture.language import gettext as _
from posture.language import mark as N_
from posture.language import ngettext, number
from posture.vocabulary import SHORT_UNITS, TIERS, WORDS, Words

if TYPE_CHECKING:
    from posture.quantities import Measurement, Quantity, Tier
    from posture.tilt import Vertical

# Digits beyond what the interval can carry are noise: no decimals from this half width on.
_WHOLE_FROM: Final = 2.0
# Half of the interval that pelves of other shapes alone make: 1.96 times 5 degrees (Preece 2008,
# PMC2565125). It adds to other errors in squares, so beyond this it is no longer most of the whole.
_MOSTLY_SHAPE: Final = 1.96 * 5.0 * math.sqrt(2)

#: What ± stands for where many numbers are shown; to be translated there.
INTERVALS: Final = N_(
    "Of 100 values, 95 true ones lie within the ±; much of that of a pelvic tilt from the outline "
    "is because pelves differ in shape, which no photo shows."
)

_UNCERTAIN: Final = N_("direction uncertain")
_PELVIS: Final = (
    N_("the pelvis tips forward"),
    N_("the pelvis tips backward"),
    N_("the pelvis is about level"),
)
_LOW_BACK: Final = (
    N_("the low back hollows inward"),
    N_("the low back rounds outward"),
    N_("the low back is about straight"),
)
# These end a sentence that begins with "this photo does not tell for certain whether".
_PELVIS_EITHER: Final = N_("the pelvis tips forward or backward")
_LOW_BACK_EITHER: Final = N_("the low back hollows inward or rounds outward")


def label(quantity: Quantity) -> str:
    """Return the name of a quantity for people, for example ``"Pelvic tilt"``."""
    return _(WORDS[quantity.name].label)


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
        return _(TIERS["refused"])
    unit = SHORT_UNITS[measurement.quantity.unit]
    return f"{_number(known.value, known)}{unit} ± {_number(known.half, known)}"


def interval(measurement: Measurement) -> str:
    """Return the 95 % interval, for example ``"-5 to 23°"``; ``"not measured"`` if refused."""
    known = _known(measurement)
    if known is None:
        return _(TIERS["refused"])
    return _("{low} to {high}{unit}").format(
        low=_number(known.low, known),
        high=_number(known.high, known),
        unit=SHORT_UNITS[measurement.quantity.unit],
    )


def direction(measurement: Measurement) -> str:
    """Return what the value's sign is called, for example ``"anterior"``.

    Returns
    -------
    str
        ``"direction uncertain"`` where the interval includes both directions; empty where the sign
        has no name, where the value rounds to 0, and if refused.
    """
    if _is_uncertain(measurement):
        return _(_UNCERTAIN)
    return _(_direction(measurement))


def amount(measurement: Measurement) -> str:
    """Return value and interval to stand beside `direction`, for example ``"5° ± 3"``.

    It is `short` without the minus where `direction` says it; both would read as a double negative.
    """
    text = short(measurement)
    says_sign = _direction(measurement) and not _is_uncertain(measurement)
    return text.removeprefix("-") if says_sign else text


def directed(measurement: Measurement) -> str:
    """Return value, interval and direction, for example ``"5° ± 3 posterior"``."""
    name = direction(measurement)
    gap = ", " if _is_uncertain(measurement) else " " if name else ""
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
    negative, positive = _(quantity.negative), _(quantity.positive)
    if _is_either(known):
        return _("{low}{unit} {negative} to {high}{unit} {positive}").format(
            low=low, high=high, unit=unit, negative=negative, positive=positive
        )
    name = positive
    if _shown(known.low, known) < 0:
        low, high, name = high, low, negative
    return _("{low} to {high}{unit} {direction}").format(
        low=low, high=high, unit=unit, direction=name
    )


def tier_words(tier: Tier) -> str:
    """Return where a number comes from, in two words, for example ``"outline estimate"``."""
    return _(TIERS[tier])


def sentence(measurement: Measurement) -> str:
    """Return a measurement in plain sentences: its value, and where the true value lies."""
    words = WORDS[measurement.quantity.name]
    known = _known(measurement)
    if known is None:
        return _("{name} was not measured in this photo.").format(name=_(words.label))
    unit = measurement.quantity.unit
    says = _by_sign(known, (words.above, words.below, words.zero))
    said = _(says).format(n=_size(known.value, known, unit))
    if measurement.quantity.positive and _is_either(known):
        said = _("{said}, by a best guess: this photo does not tell for certain").format(said=said)
    by_shape = measurement.quantity.name == "pelvic_tilt" and measurement.tier == "outline"
    if by_shape and known.half < _MOSTLY_SHAPE:
        lies = _(
            "The true value lies between {between}, 95 times in 100; most of that width is because "
            "pelves differ in shape, which no photo shows."
        )
    else:
        lies = _("The true value lies between {between}, 95 times in 100.")
    return f"{said}. {lies.format(between=_between(known, words, unit))}"


def least_change(measurement: Measurement) -> str:
    """Return the smallest change that is more than noise, for example ``"6°"``; empty if unknown.

    Returns
    -------
    str
        Rounded up: whole numbers from 2 on, else one decimal.
    """
    least = _least(measurement)
    return least and f"{least}{SHORT_UNITS[measurement.quantity.unit]}"


def change(*measurements: Measurement) -> str:
    """Say which change within one person is more than noise; empty if that is not known.

    Parameters
    ----------
    *measurements : Measurement
        Of one quantity; of several photos the coarsest counts.
    """
    size = _coarsest(measurements)
    return size and _(
        "Between two photos of the same person, only a change of more than {size} "
        "is more than noise: compare the photos, do not subtract the values."
    ).format(size=size)


def change_named(*measurements: Measurement) -> str:
    """Say the same and, first, of what; empty if it is not known."""
    size = _coarsest(measurements)
    return size and _(
        "{name}: between two photos of the same person, only a change of more than {size} "
        "is more than noise: compare the photos, do not subtract the values."
    ).format(name=label(measurements[0].quantity), size=size)


def cross_check(of_marks: Measurement, of_outline: Measurement) -> str:
    """Say what marked points and the outline each tell of one quantity."""
    return _("{name}: {marked} by the points alone, {outline} by the outline alone.").format(
        name=label(of_marks.quantity), marked=short(of_marks), outline=short(of_outline)
    )


def vertical(found: Vertical | None) -> str:
    """Say where the vertical comes from, in one sentence; empty for a photo without one."""
    if found is None:
        return ""
    if not found.found:
        return _(
            "No upright lines were found: a tilted camera would tilt every angle to the vertical."
        )
    turned = number(abs(found.lean_deg))
    if turned == number(0.0):
        if found.drawn:
            return _("The photo is upright, by the line that was drawn.")
        return _("The photo is upright, by upright lines in the room.")
    if found.drawn:
        said = _("The photo is turned by {angle} degrees: corrected by the line that was drawn.")
    else:
        said = _("The photo is turned by {angle} degrees: corrected by upright lines in the room.")
    return said.format(angle=turned)


def vertical_in_short(found: Vertical) -> tuple[str, str]:
    """Return what a vertical that leans in the photo is called, in two lines."""
    angle = number(abs(found.lean_deg))
    return _("True vertical"), _("photo turned {angle}°").format(angle=angle)


def pair(tilt: Measurement, curve: Measurement) -> str:
    """Return hips and low back together, as one sentence that describes and judges nothing."""
    pelvis, low_back = _known(tilt), _known(curve)
    if pelvis is None and low_back is None:
        return _("Hips and low back are read together; neither was measured in this photo.")
    if pelvis is None:
        return _(
            "Hips and low back are read together; in this photo the pelvic tilt was not measured."
        )
    if low_back is None:
        return _(
            "Hips and low back are read together; in this photo the lumbar curve was not measured."
        )
    halves = ((pelvis, _PELVIS, _PELVIS_EITHER), (low_back, _LOW_BACK, _LOW_BACK_EITHER))
    told = [_(_by_sign(known, says)) for known, says, _either in halves if not _is_either(known)]
    untold = [_(either) for known, _says, either in halves if _is_either(known)]
    if not untold:
        said = _("Hips and low back together: {pelvis} and {low_back}.")
        return said.format(pelvis=told[0], low_back=told[1])
    if not told:
        said = _(
            "Hips and low back together: this photo does not tell for certain whether {pelvis} and "
            "whether {low_back}."
        )
        return said.format(pelvis=untold[0], low_back=untold[1])
    said = _(
        "Hips and low back together: this photo does not tell for certain whether {untold}; {told}."
    )
    return said.format(untold=untold[0], told=told[0])


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
    return number(up, 0 if per_unit == 1 else 1)


def _coarsest(measurements: Sequence[Measurement]) -> str:
    """Return the coarsest of some least changes, with its unit; empty if none is known."""
    known = [m for m in measurements if m.mdc95 is not None]
    if not known:
        return ""
    coarsest = max(known, key=lambda m: m.mdc95 or 0.0)
    return _with_unit(_least(coarsest), coarsest.quantity.unit)


def _direction(measurement: Measurement) -> str:
    """Return the name of the value's sign in English, also where that is not certain."""
    known, quantity = _known(measurement), measurement.quantity
    return "" if known is None else _by_sign(known, (quantity.positive, quantity.negative, ""))


def _is_uncertain(measurement: Measurement) -> bool:
    """Tell whether the interval includes both of the directions that have names."""
    known = _known(measurement)
    return known is not None and bool(_direction(measurement)) and _is_either(known)


def _decimals(known: _Known) -> int:
    return 0 if known.half >= _WHOLE_FROM else 1


def _number(value: float, known: _Known) -> str:
    return number(value, _decimals(known))


def _shown(value: float, known: _Known) -> float:
    """Return a number as it is shown, so that words and numbers agree about its sign."""
    return round(value, _decimals(known))


def _is_either(known: _Known) -> bool:
    """Tell whether the interval includes both directions."""
    return _shown(known.low, known) < 0 < _shown(known.high, known)


def _by_sign(known: _Known, words: tuple[str, str, str]) -> str:
    """Return the word for above, below or at zero, as the value is shown."""
    shown = _shown(known.value, known)
    above, below, zero = words
    return above if shown > 0 else below if shown < 0 else zero


def _size(value: float, known: _Known, unit: str) -> str:
    return _with_unit(_number(abs(value), known), unit)


def _with_unit(size: str, unit: str) -> str:
    if unit == "deg":
        return ngettext("{n} degree", "{n} degrees", 1 if size == "1" else 2).format(n=size)
    if unit == "pct":
        return _("{n} % of stature").format(n=size)
    return _("{n} cm").format(n=size)


def _between(known: _Known, words: Words, unit: str) -> str:
    if _shown(known.low, known) >= 0:
        low, high = _number(known.low, known), _size(known.high, known, unit)
    elif _is_either(known):
        low = f"{_size(known.low, known, unit)} {_(words.down)}"
        high = f"{_size(known.high, known, unit)} {_(words.up)}"
    else:
        low = _number(abs(known.high), known)
        high = f"{_size(known.low, known, unit)} {_(words.down)}"
    return _("{low} and {high}").format(low=low, high=high)
