"""Says what a study tells, in plain words and in figures for a table; it computes nothing.

It says how far apart photos are. It never says whether a clinic works well or badly.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Final

from posture import wording
from posture.language import gettext as _
from posture.language import mark as N_
from posture.language import ngettext, number
from posture.quantities import QUANTITIES
from posture.reasons import explain
from posture.study import figures
from posture.study.figures import FEWEST_PEOPLE
from posture.vocabulary import SHORT_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from posture.change import OwnNoise
    from posture.quantities import Quantity, Tier
    from posture.study.figures import Agreement, Figure, LeftOut, Repeatability, Study

_WHY: Final[Mapping[str, str]] = {
    figures.UNREADABLE: N_("It is no photo that can be read."),
    figures.COPY: N_("Its numbers are those of another photo of the person: it is a copy."),
    figures.OTHER_SIDE: N_("It shows another side than most photos of the person."),
    figures.OTHER_TIER: N_("Marked points and the outline are not mixed."),
    figures.SINGLE: N_("It is the only one of its person: take another one."),
}

_BETWEEN: Final = {
    "raters": N_("{second} less {first}, raters"),
    "sessions": N_("{second} less {first}, sessions"),
}

#: How to make a study.
HOW: Final = (
    N_("Ask 10 people or more. With fewer, the result is too unsure to be used."),
    N_(
        "Photograph each at least twice, on different days if you can, as you always do: "
        "same side, same clothes, same arms. In between, let the person walk away, and set up the "
        "camera anew."
    ),
    N_("If several of you take photos, let each photograph everybody."),
    N_(
        "Name each photo as in anna_r1_s2.jpg: the person, r and a number for who took it, "
        "s and a number for the session. A word of your own for the person will do."
    ),
)


def plain(one: Repeatability) -> str:
    """Return what a measure's figures mean, as one sentence.

    Returns
    -------
    str
        For example ``"Pelvic tilt: two photos of one person, taken by you, differ by less than 4.2
        degrees 95 times of 100 if nothing changed."``, or why there is no figure.
    """
    name = wording.label(one.quantity)
    if one.noise is None:
        if one.people < FEWEST_PEOPLE:
            return ngettext(
                "{name}: {n} person has two photos that can be used, and {needed} are needed: "
                "photograph more people twice.",
                "{name}: {n} people have two photos that can be used, and {needed} are needed: "
                "photograph more people twice.",
                one.people,
            ).format(name=name, n=one.people, needed=FEWEST_PEOPLE)
        return _(
            "{name}: all photos of a person give the same number, so they seem to be copies: "
            "take new ones."
        ).format(name=name)
    least = _with_unit(one.quantity, one.noise.mdc95.value)
    if one.too_wide:
        return _(
            "{name}: too few photos to say how far apart two of one person are if nothing changed: "
            "{least} by these, but it could as well be {high}."
        ).format(name=name, least=least, high=_with_unit(one.quantity, one.noise.mdc95.high))
    return _(
        "{name}: two photos of one person, taken by you, differ by less than {least} 95 times of "
        "100 if nothing changed."
    ).format(name=name, least=least)


def sureness(study: Study) -> Iterator[str]:
    """Yield which least changes are not known well, and how large they could be."""
    wide = [one for one in study.measures if one.wide]
    for too_wide, says in (
        (
            True,
            _(
                "With so few photos, some least changes are so unsure that they are not used to "
                "compare. They could as well be: {which}. Photograph more people, or each more "
                "often."
            ),
        ),
        (
            False,
            _(
                "With so few photos, some least changes are unsure. They could as well be: "
                "{which}. Photograph more people, or each more often."
            ),
        ),
    ):
        which = [
            f"{wording.label(one.quantity)} {_with_unit(one.quantity, one.noise.mdc95.high)}"
            for one in wide
            if one.noise is not None and one.too_wide == too_wide
        ]
        if which:
            yield says.format(which=", ".join(which))


def bias(one: Repeatability, agreement: Agreement) -> str:
    """Say that two raters or sessions differ by more than chance explains; empty if they do not."""
    if not agreement.biased:
        return ""
    more = agreement.bias.value > 0
    says = {
        "raters": _(
            "{name}: photos taken by {more} read {size} more than those by {less}, which chance "
            "explains less than 5 times in 100."
        ),
        "sessions": _(
            "{name}: photos of session {more} read {size} more than those of {less}, which chance "
            "explains less than 5 times in 100."
        ),
    }
    return says[agreement.between].format(
        name=wording.label(one.quantity),
        more=agreement.second if more else agreement.first,
        less=agreement.first if more else agreement.second,
        size=_with_unit(one.quantity, abs(agreement.bias.value)),
    )


def limits(study: Study) -> Iterator[str]:
    """Yield what the figures of a whole study do not hold."""
    measured = [one for one in study.measures if one.noise is not None]
    if any(not one.posed_anew for one in measured):
        yield _(
            "All photos of a person are of one session and rater, so what posing and setting up "
            "the camera anew adds is in no figure: visits are not compared with these least "
            "changes."
        )
    elif measured and study.sessions == 1:
        yield _(
            "There was one session, so what differs from day to day is in no figure: repeat it on "
            "another day."
        )


def everything(study: Study) -> Iterator[str]:
    """Yield all there is to know beside the figures, each once."""
    yield used(study)
    yield from map(plain, (one for one in study.measures if one.noise is None and one.people))
    yield from sureness(study)
    yield from limits(study)
    for one in study.measures:
        yield from filter(None, (bias(one, agreement) for agreement in one.agreements))
    yield from map(left_out, study.left_out)
    yield from left_out_of_measures(study)


def used(study: Study) -> str:
    """Say how many photos the study was given and how many it uses."""
    count = len({row.photo for row in study.rows})
    return _("{used} of {given} photos of {people} are used, by {raters} in {sessions}.").format(
        used=count,
        given=study.photos,
        people=ngettext("{n} person", "{n} people", study.people).format(n=study.people),
        raters=ngettext("{n} rater", "{n} raters", study.raters).format(n=study.raters),
        sessions=ngettext("{n} session", "{n} sessions", study.sessions).format(n=study.sessions),
    )


def left_out(out: LeftOut) -> str:
    """Say of one photo why it was left out."""
    return _("{photo} was left out. {why}").format(photo=out.photo, why=_why(out.code))


def left_out_of_measures(study: Study) -> Iterator[str]:
    """Yield which measures could not use how many of the photos that others use, and why."""
    names: dict[tuple[str, int], list[str]] = {}
    for one in study.measures:
        for why in Counter(out.code for out in one.left_out).items():
            names.setdefault(why, []).append(wording.label(one.quantity))
    for (code, count), measures in names.items():
        yield ngettext(
            "{names}: {n} photo was left out. {why}",
            "{names}: {n} photos were left out. Of each: {why}",
            count,
        ).format(names=", ".join(measures), n=count, why=_why(code))


def compared(own: OwnNoise, keys: Iterable[tuple[str, Tier]]) -> str:
    """Say whose least changes a comparison uses."""
    names = {quantity.key: wording.label(quantity) for quantity in QUANTITIES}
    there = [names[key] for key, tier in keys if (key, tier) in own]
    if not there:
        return _("Your study tells no least change of these measures: posture's own are used.")
    return _("From your study: the least change of {names}.").format(names=", ".join(there))


def made_otherwise(study: Study, software: str, model: str) -> str:
    """Say that a study was measured by another version than these; empty if it was not."""
    theirs = [study.made_with.get(name, "") for name in ("software", "model")]
    if theirs == [software, model]:
        return ""
    return _(
        "The study was measured with {theirs} and this with {ours}, whose noise may differ: "
        "make the study again."
    ).format(theirs=", ".join(filter(None, theirs)), ours=f"{software}, {model}")


def between(agreement: Agreement) -> str:
    """Return what is compared, for example ``"r2 less r1, raters"``."""
    return _(_BETWEEN[agreement.between]).format(first=agreement.first, second=agreement.second)


def figure(one: Figure, quantity: Quantity) -> str:
    """Return a figure with its interval, for example ``"1.2° (0.9 to 1.8)"``."""
    return _interval(one, number, SHORT_UNITS[quantity.unit])


def least_change(one: Figure, quantity: Quantity) -> str:
    """Return a least change with its interval, rounded up as where it is compared with."""
    return _interval(one, _up, SHORT_UNITS[quantity.unit])


def correlation(one: Figure) -> str:
    """Return a correlation with its interval, for example ``"0.91 (0.80 to 0.97)"``."""
    return _interval(one, partial(number, decimals=2))


def _interval(one: Figure, shown: Callable[[float], str], unit: str = "") -> str:
    value, low, high = map(shown, (one.value, one.low, one.high))
    return _("{value}{unit} ({low} to {high})").format(value=value, unit=unit, low=low, high=high)


def _up(size: float) -> str:
    # What only rounding in the computer adds does not count.
    return number(math.ceil(size * 10 - 1e-6) / 10)


def _why(code: str) -> str:
    if code in _WHY:
        return _(_WHY[code])
    try:
        return _(explain(code).message)
    except KeyError:  # of another version
        return _("It was refused.")


def _with_unit(quantity: Quantity, size: float) -> str:
    if quantity.unit == "deg":
        return _("{n} degrees").format(n=_up(size))
    return _("{n} % of stature").format(n=_up(size))
