"""Computes from repeated photos of the same people how repeatable each measure is.

It reads measurements and measures no photo.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Final, Literal

from posture.quantities import QUANTITIES
from posture.study import agreement, figures, noise
from posture.study.figures import FEWEST_PEOPLE, Dot, LeftOut, Repeatability, Row, Study
from posture.study.plan import natural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from posture.quantities import Quantity, Tier
    from posture.study.figures import Agreement, Correlation, Noise, Taken
    from posture.study.reading import Reading

_TIERS: Final[tuple[Tier, ...]] = ("marked", "outline")
#: Results in files have so many decimals.
_DECIMALS: Final = 2


def study(readings: Sequence[Reading], left_out: Iterable[LeftOut] = ()) -> Study:
    """Tell how far apart photos of one person are if nothing changed.

    Parameters
    ----------
    readings : sequence of Reading
        What each photo says, and whom it shows.
    left_out : iterable of LeftOut
        Photos that could not be read.

    Returns
    -------
    Study
        A measure has figures if three people were photographed twice at least. Of each person the
        photos of one side are used, that of most; a photo whose numbers are all those of another
        one of the person is a copy and left out.

    Notes
    -----
    Nobody is compared with anybody else, other than for the correlations; a person may have any
    number of photos, sessions and raters.
    """
    unread = list(left_out)
    used, refused = _sorted_out(readings)
    rows = [row for reading in used for row in _rows(reading)]
    measures, kept = [], []
    for quantity in QUANTITIES:
        for tier in _tiers(quantity, rows):
            of_measure = [row for row in rows if row.key == quantity.key and row.tier == tier]
            measures.append(_measure(quantity, tier, of_measure, used))
            kept += of_measure
    return Study(
        tuple(measures),
        tuple(unread + refused),
        len(readings) + len(unread),
        tuple(kept),
        _made_with(readings),
    )


def _sorted_out(readings: Sequence[Reading]) -> tuple[list[Reading], list[LeftOut]]:
    """Return the photos that say something, and why others are left out."""
    kept, out = [], []
    seen: set[object] = set()
    sides = _sides(readings)
    for reading in readings:
        numbers = tuple(
            (key, round(m.value, _DECIMALS), m.relative and round(m.relative, _DECIMALS))
            for key, m in reading.measurements.items()
            if m.value is not None
        )
        same = (reading.taken.person, numbers)
        if reading.reasons or not numbers:
            each = (code for m in reading.measurements.values() for code in m.reasons)
            code = next(iter([*reading.reasons, *each]), figures.UNREADABLE)
            out.append(LeftOut(reading.photo, code))
        elif len(numbers) > 1 and same in seen:
            out.append(LeftOut(reading.photo, figures.COPY))
        elif reading.facing != sides[reading.taken.person]:
            out.append(LeftOut(reading.photo, figures.OTHER_SIDE))
        else:
            kept.append(reading)
        seen.add(same)
    return kept, out


def _sides(readings: Sequence[Reading]) -> dict[str, object]:
    """Return the side that most photos of each person show; of as many, the first."""
    sides: dict[str, Counter[object]] = defaultdict(Counter)
    for reading in readings:
        if not reading.reasons:
            sides[reading.taken.person][reading.facing] += 1
    return {person: max(count, key=count.__getitem__) for person, count in sides.items()}


def _rows(reading: Reading) -> list[Row]:
    return [
        Row(reading.photo, reading.taken, key, m.tier, m.value, m.relative)
        for key, m in reading.measurements.items()
        if m.value is not None
    ]


def _tiers(quantity: Quantity, rows: Sequence[Row]) -> Sequence[Tier]:
    there = {row.tier for row in rows if row.key == quantity.key}
    return [tier for tier in _TIERS if tier in there] or ["outline"]


def _measure(
    quantity: Quantity, tier: Tier, rows: Sequence[Row], readings: Sequence[Reading]
) -> Repeatability:
    count = Counter(row.taken.person for row in rows)
    used = [row for row in rows if count[row.taken.person] > 1]
    people = len({row.taken.person for row in used})
    out = _left_out(quantity.key, tier, readings, {row.photo for row in used})
    empty = Repeatability(quantity.key, tier, people, len(used), left_out=out)
    sessions = {person: len(cells) for person, cells in _cells(used, _value).items()}
    posed_anew = sum(number > 1 for number in sessions.values()) >= FEWEST_PEOPLE
    if people < FEWEST_PEOPLE:
        return empty
    known = all(row.relative is not None for row in used)
    return Repeatability(
        quantity.key,
        tier,
        people,
        len(used),
        _noise(used, _relative, posed_anew) if known else None,
        _noise(used, _value, posed_anew),
        posed_anew,
        _correlation(used),
        _agreements(used, _relative if known else _value),
        out,
    )


def _left_out(
    key: str, tier: Tier, readings: Sequence[Reading], used: set[str]
) -> tuple[LeftOut, ...]:
    out = []
    for reading in readings:
        measurement = reading.measurements.get(key)
        if reading.photo in used or measurement is None:
            continue
        if measurement.value is None:
            code = next(iter(measurement.reasons), figures.UNREADABLE)
        else:
            code = figures.SINGLE if measurement.tier == tier else figures.OTHER_TIER
        out.append(LeftOut(reading.photo, code))
    return tuple(out)


def _value(row: Row) -> float:
    return row.value


def _relative(row: Row) -> float:
    return row.value if row.relative is None else row.relative


def _cells(
    rows: Sequence[Row], number: Callable[[Row], float]
) -> Mapping[str, Mapping[tuple[str, str], list[float]]]:
    """Return the numbers of each person, of each session of each rater."""
    cells: dict[str, dict[tuple[str, str], list[float]]] = {}
    for row in rows:
        of_person = cells.setdefault(row.taken.person, {})
        of_person.setdefault((row.taken.rater, row.taken.session), []).append(number(row))
    return cells


def _noise(rows: Sequence[Row], number: Callable[[Row], float], posed_anew: bool) -> Noise | None:
    people = [list(cells.values()) for cells in _cells(rows, number).values()]
    found = noise.of_sessions(people) if posed_anew else noise.of_photos(people)
    return found if found.sem.value > 0 else None


def _correlation(rows: Sequence[Row]) -> Correlation | None:
    """Correlate the occasions that give most numbers, of people photographed on each of them."""
    cells = _cells(rows, _value)
    often = Counter(occasion for of_person in cells.values() for occasion in of_person)
    occasions = [occasion for occasion, _ in often.most_common()]
    best: list[list[float]] = []
    for number in range(2, len(occasions) + 1):
        table = [
            [of_person[occasion][0] for occasion in occasions[:number]]
            for of_person in cells.values()
            if all(occasion in of_person for occasion in occasions[:number])
        ]
        if len(table) >= FEWEST_PEOPLE and len(table) * number > sum(map(len, best)):
            best = table
    return agreement.correlation(best) if best else None


def _agreements(rows: Sequence[Row], number: Callable[[Row], float]) -> tuple[Agreement, ...]:
    found = []
    for between in ("raters", "sessions"):
        labels = sorted({_side(row.taken, between)[0] for row in rows}, key=natural)
        for first, second in combinations(labels, 2):
            dots = _dots(rows, number, between, (first, second))
            if len(dots) >= FEWEST_PEOPLE:
                found.append(agreement.bland_altman(between, first, second, dots))
    return tuple(found)


def _dots(
    rows: Sequence[Row],
    number: Callable[[Row], float],
    between: Literal["raters", "sessions"],
    pair: tuple[str, str],
) -> list[Dot]:
    """Pair the first photos of each person that differ in what is compared alone."""
    firsts: dict[str, dict[str, dict[str, Row]]] = {}  # by person, by the other label, by label
    for row in rows:
        label, other = _side(row.taken, between)
        others = firsts.setdefault(row.taken.person, {}).setdefault(other, {})
        others.setdefault(label, row)
    dots = []
    for person, sets in firsts.items():
        both = [o for o in sorted(sets, key=natural) if all(label in sets[o] for label in pair)]
        if both:
            one, two = (sets[both[0]][label] for label in pair)
            dots.append(Dot(person, (one.value + two.value) / 2, number(two) - number(one)))
    return dots


def _side(taken: Taken, between: Literal["raters", "sessions"]) -> tuple[str, str]:
    """Return the label that is compared, and the one that has to be the same."""
    pair = (taken.rater, taken.session)
    return pair if between == "raters" else (pair[1], pair[0])


def _made_with(readings: Sequence[Reading]) -> dict[str, str]:
    from importlib.metadata import version

    measured = {
        "software": ", ".join(sorted({reading.software for reading in readings} - {""})),
        "model": ", ".join(sorted({reading.model for reading in readings} - {""})),
    }
    return measured | {name: version(name) for name in ("numpy", "scipy", "pingouin")}
