"""Says in plain words what changed between two visits of one person; it compares nothing.

It says whether a change is more than noise. It never says whether one is good or bad.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from posture import wording
from posture.language import gettext as _
from posture.language import localised, ngettext, number
from posture.language import mark as N_
from posture.vocabulary import SHORT_UNITS

if TYPE_CHECKING:
    from posture.change import Change, Hindrance, Verdict

#: What changes are told from; to be translated where it is shown.
CHANGES: Final = N_(
    "If nothing had changed, 95 of 100 pairs of photos would differ by less than the least change. "
    "Only photos of the same person, in the same clothes and with the arms held alike can be "
    "compared. Read from the outline, a change of pelvic tilt, lumbar curve or sacral inclination "
    "is not the difference of the two values, which are drawn towards the usual; it is approximate "
    "too: pelvic tilt and lumbar curve mostly changed a little more than is shown."
)

_VERDICTS: Final[Mapping[Verdict, str]] = {
    "changed": N_("changed"),
    "not distinguishable": N_("not distinguishable from measurement noise"),
    "not comparable": N_("cannot be compared"),
}

_HINDRANCES: Final[Mapping[Hindrance, str]] = {
    "not_measured": N_("it was not measured at both visits"),
    "other_side": N_("the visits show different sides of the body"),
    "other_arms": N_("the arms were held differently"),
    "other_tier": N_("one comes from marked points and the other from the outline"),
    "other_height": N_("different heights were given"),
    "noise_unknown": N_("its measurement noise is not known"),
}

# More and less of each quantity; {n} is the size of the change with its unit.
_MORE_LESS: Final[Mapping[str, tuple[str, str]]] = {
    "pelvic_tilt": (N_("{n} more anterior"), N_("{n} more posterior")),
    "lumbar_curve": (N_("{n} more hollow"), N_("{n} more rounded")),
    "thoracic_curve": (N_("{n} more rounded"), N_("{n} more hollow")),
    "knee_angle": (N_("{n} larger"), N_("{n} smaller")),
}
_FORWARD: Final = (N_("{n} further forward"), N_("{n} further backward"))

_MOST_DECIMALS: Final = 3


def verdict(change: Change) -> str:
    """Return whether a change is more than noise, for example ``"changed"``.

    Returns
    -------
    str
        ``"changed"``, ``"not distinguishable from measurement noise"`` or ``"cannot be
        compared"``, in the language in use.
    """
    return _(_VERDICTS[change.verdict])


def hindrance(change: Change) -> str:
    """Return why a change cannot be told, as the end of a sentence; empty if it can."""
    return "" if change.hindrance is None else _(_HINDRANCES[change.hindrance])


def difference(change: Change) -> str:
    """Return how much a quantity changed and to where, for example ``"5.2 degrees more anterior"``.

    Returns
    -------
    str
        ``"no difference"`` where it rounds to nothing; empty if it cannot be compared.
    """
    if change.value is None:
        return ""
    decimals = _decimals(change)
    if not round(change.value, decimals):
        return _("no difference")
    more, less = _MORE_LESS.get(change.quantity.name, _FORWARD)
    return _(more if change.value > 0 else less).format(
        n=_with_unit(change, _shown(abs(change.value), decimals))
    )


def least(change: Change) -> str:
    """Return what a change has to exceed to be more than noise, for example ``"4.1"``.

    Returns
    -------
    str
        In the unit of the quantity, rounded up; empty if it cannot be compared.
    """
    decimals = _decimals(change)
    return "" if change.mdc95 is None else _shown(_up(change.mdc95, decimals), decimals)


def sentence(change: Change) -> str:
    """Return one quantity's change as a sentence.

    Returns
    -------
    str
        For example ``"Pelvic tilt: changed (5.2 degrees more anterior, least change 4.1)."`` or
        ``"Pelvic tilt: cannot be compared, since the arms were held differently."``
    """
    name = wording.label(change.quantity)
    if change.value is None:
        why = hindrance(change)
        if not why:
            return _("{name}: {verdict}.").format(name=name, verdict=verdict(change))
        return _("{name}: {verdict}, since {why}.").format(
            name=name, verdict=verdict(change), why=why
        )
    return _("{name}: {verdict} ({difference}, least change {least}).").format(
        name=name, verdict=verdict(change), difference=difference(change), least=least(change)
    )


def changed(change: Change) -> str:
    """Return by how much a quantity changed, with its sign, for example ``"+5.2°"``."""
    if change.value is None:
        return ""
    signed = localised(f"{round(change.value, 1) + 0.0:+.1f}")
    return f"{signed}{SHORT_UNITS[change.quantity.unit]}"


def beyond(change: Change) -> str:
    """Return what a change has to exceed, rounded up to one decimal; empty if not known."""
    if change.mdc95 is None:
        return ""
    up = math.ceil(change.mdc95 * 10 - 1e-6) / 10
    return f"{number(up)}{SHORT_UNITS[change.quantity.unit]}"


def sides(names: Sequence[str], facings: Sequence[str | None]) -> str:
    """Say that two photos show different sides; empty if they do not."""
    if None in facings or facings[0] == facings[1]:
        return ""
    if facings[0] == "left":
        said = _("{first} faces left, {second} faces right: take both photos from the same side.")
    else:
        said = _("{first} faces right, {second} faces left: take both photos from the same side.")
    return said.format(first=names[0], second=names[1])


def _decimals(change: Change) -> int:
    """Return with how many decimals change and least change agree with the verdict."""
    if change.value is None or change.mdc95 is None:
        return 1
    for decimals in range(1, _MOST_DECIMALS):
        beyond = round(abs(change.value), decimals) > _up(change.mdc95, decimals)
        if beyond == (change.verdict == "changed"):
            return decimals
    return _MOST_DECIMALS


def _up(noise: float, decimals: int) -> float:
    # What only rounding in the computer adds does not count.
    per_unit = 10.0**decimals
    return math.ceil(noise * per_unit - 1e-6) / per_unit


def _shown(value: float, decimals: int) -> str:
    """Return a number for a sentence, in which 12.0 reads 12."""
    return number(value, 0 if round(float(value), decimals).is_integer() else decimals)


def _with_unit(change: Change, size: str) -> str:
    if change.quantity.unit == "deg":
        return ngettext("{n} degree", "{n} degrees", 1 if size == "1" else 2).format(n=size)
    if change.quantity.unit == "pct":
        return _("{n} % of stature").format(n=size)
    return _("{n} cm").format(n=size)
