"""How spots are named by where they lie and what they look like, and how that is fitted."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.marking.bony import Guess
from posture.marking.naming import Named, Scales, choices_of, fitted, name_stickers
from posture.marking.spots import KINDS, Spot
from validation import fit_naming
from validation.fit_naming import Example
from validation.records import Record

# Where points are expected, with one pixel a millimetre.
PLACES = {
    "c7": (200.0, 120.0),
    "t12": (190.0, 430.0),
    "l1": (190.0, 480.0),
    "l3": (195.0, 580.0),
    "s1": (160.0, 680.0),
    "psis": (175.0, 720.0),
    "asis": (380.0, 740.0),
}
SPINE = ("c7", "t12", "l1", "l3", "s1")
SD = 15.0
SCALES = Scales(
    slope=1.0, offset=dict.fromkeys(KINDS, 0.0), busy=0.5, wider=1.25, enough=2.0, off=1.0
)
SURE = 4.6


def where(sd: float = SD) -> dict[str, Guess]:
    """Return where the points are expected."""
    return {n: Guess(x, y, np.eye(2) * sd**2) for n, (x, y) in PLACES.items()}


def spot(at: tuple[float, float], *kinds: str, sure: float = SURE) -> Spot:
    """Return a spot that looks like a sticker of some kinds, or of every kind."""
    return Spot(*at, 0.5, 12.0, dict.fromkeys(kinds or KINDS, sure))


def named(*spots: Spot, sd: float = SD) -> list[Named]:
    """Return what spots are named."""
    return name_stickers(sorted(spots, key=lambda s: s.y), where(sd), 1.0, SCALES)[0]


def names(*at: tuple[float, float], sd: float = SD) -> list[tuple[str, ...]]:
    """Return the names of spots that surely are stickers."""
    return [one.names for one in named(*map(spot, at), sd=sd)]


def test_names_of_all_stickers() -> None:
    """Each where it is expected, however far it is from there within reason."""
    assert named(*map(spot, PLACES.values())) == [Named((name,), sure=True) for name in PLACES]
    assert names((395.0, 760.0)) == [("asis",)]
    assert names((300.0, 300.0)) == [()]


def test_what_it_looks_like_tells_points_apart() -> None:
    """A spot half way between PSIS and S1 is the one it looks like."""
    between = (167.0, 700.0)
    for kind, name in (("psis", "psis"), ("spine", "s1")):
        (one, _) = named(spot(between, kind), spot(PLACES["asis"]))
        assert one.names[0] == name


OTHERS = [spot(PLACES[name]) for name in ("l3", "s1", "psis", "asis")]


def test_t12_or_l1_stays_open() -> None:
    """One sticker between the two may be either; of two the upper is T12."""
    either = named(spot((190.0, 455.0)), *OTHERS)[0]
    assert set(either.names) == {"t12", "l1"}
    assert not either.sure
    upper, lower = named(spot((190.0, 440.0)), spot((190.0, 470.0)), *OTHERS)[:2]
    assert (upper.names, lower.names) == (("t12",), ("l1",))


def test_the_order_along_the_back_decides() -> None:
    """Even if both lie nearer to one place."""
    upper, lower = named(spot((190.0, 457.0)), spot((190.0, 495.0)), *OTHERS, sd=25.0)[:2]
    assert (upper.names, lower.names) == (("t12",), ("l1",))


def test_rivals_for_one_name_are_both_asked_about() -> None:
    """Two spots alike at one place: neither is surely the one, and none is dropped."""
    two = spot((378.0, 738.0), "asis"), spot((382.0, 742.0), "asis")
    psis, *rivals = named(spot(PLACES["psis"]), *two)
    assert psis == Named(("psis",), sure=True)
    assert rivals == [Named(("asis",), sure=False)] * 2


def test_a_spot_that_may_as_well_be_none_is_not_sure() -> None:
    """It is asked about if it is rather a sticker; what hardly looks like one is none."""
    psis = spot(PLACES["psis"])
    _, likely = named(psis, spot(PLACES["asis"], "asis", sure=-4.5))
    _, doubtful = named(psis, spot(PLACES["asis"], "asis", sure=-9.0))
    assert likely == Named(("asis",), sure=False)
    assert doubtful == Named((), sure=False)


def test_two_stickers_seen_as_one_are_asked_about() -> None:
    """Where the spine is taped and nothing else can be the PSIS, the spot on both may be both."""
    spine = [spot(PLACES[name], "spine") for name in ("c7", "l1", "l3")]
    meeting = (167.0, 700.0)
    *_, both, asis = named(*spine, spot(meeting, "spine"), spot(PLACES["asis"]))
    assert (set(both.names), both.sure) == ({"s1", "psis"}, False)
    assert asis == Named(("asis",), sure=True)
    *_, upper, lower, _ = named(
        *spine, spot(PLACES["s1"], "spine"), spot(PLACES["psis"], "psis"), spot(PLACES["asis"])
    )
    assert (upper.names, lower.names) == (("s1",), ("psis",))


def test_among_many_such_answers_one_tells_less() -> None:
    """Spots all over busy clothes make each of them less likely a sticker."""
    asis = spot(PLACES["asis"], "asis", sure=0.0)
    clutter = [spot((20.0, 40.0 * i), "asis", sure=-0.5) for i in range(12)]
    _, alone = name_stickers([asis], where(), 1.0, SCALES)
    _, among = name_stickers([*clutter, asis], where(), 1.0, SCALES)
    assert alone > among + 1


def test_nothing_seen_is_rather_nobody_taped() -> None:
    """Without spots none is named, and that nothing is worn becomes likelier."""
    assert name_stickers([], where(), 1.0, SCALES)[0] == []
    nothing, something = (
        name_stickers(spots, where(), 1.0, SCALES)[1]
        for spots in ([], [spot(PLACES["asis"]), spot(PLACES["psis"])])
    )
    assert nothing < 0 < SCALES.enough < something


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 1000)), max_size=12))
def test_names_are_known_and_in_order(at: list[tuple[float, float]]) -> None:
    """Whatever is seen: sure names appear once, and those of the spine from the neck down."""
    sure = [one.names[0] for one in named(*map(spot, at), sd=60.0) if one.sure]
    assert set(sure) <= set(PLACES)
    assert len(set(sure)) == len(sure)
    spine = [n for n in sure if n in SPINE]
    assert spine == sorted(spine, key=list(PLACES).index)


def seen(
    rng: np.random.Generator, worn: Mapping[str, tuple[float, float]], sd: float = SD
) -> Example:
    """Return what is seen of somebody: stickers look like ones, other spots do not."""
    true: list[tuple[Spot, tuple[str, ...]]] = []
    for name, at in worn.items():
        x, y = rng.normal(at, sd)
        kind = "spine" if name in SPINE else name
        true.append((spot((x, y), kind, sure=rng.normal(0, 1.5)), (name,)))
    other: list[tuple[Spot, tuple[str, ...]]] = []
    for _ in range(10):
        x, y = rng.uniform(0, (500, 900))
        other.append((spot((x, y), str(rng.choice(KINDS)), sure=rng.normal(-2, 1.5)), ()))
    both = sorted([*true, *other], key=lambda each: each[0].y)
    return Example([s for s, _ in both], where(sd), 1.0, tuple(n for _, n in both), (0.5, -1.96))


def test_scales_are_fitted_to_what_was_seen() -> None:
    """The true names become likelier; hardly anybody without stickers has enough evidence."""
    rng = np.random.default_rng(5)
    pelvis = {name: PLACES[name] for name in ("asis", "psis")}
    examples = [seen(rng, worn) for worn in (pelvis, PLACES, {}, {}) * 6]
    scales = fit_naming.fit(examples)
    evidence = [
        (name_stickers(one.spots, one.expected, 1.0, scales)[1], any(one.names)) for one in examples
    ]
    assert sum(told > scales.enough for told, worn in evidence if not worn) <= 1
    assert sum(told > scales.enough for told, worn in evidence if worn) >= 10
    assert scales.off == pytest.approx(1.0, abs=0.01)

    def share(by: Scales) -> float:
        return float(np.mean([fit_naming.log_share_of(one, by) for one in examples]))

    assert share(scales) > share(SCALES) + 0.1


def test_what_a_spot_truly_marks() -> None:
    """The nearest spot within a sticker's radius is it; two stickers can be one spot."""
    stickers = {
        "asis": {"xy": [380.0, 740.0], "diameter_mm": 16.0},
        "psis": {"xy": [175.0, 720.0], "diameter_mm": 16.0},
        "s1": {"xy": [174.0, 716.0], "diameter_mm": 16.0},
        "c7": {"xy": [200.0, 120.0], "diameter_mm": 16.0},
    }
    record = Record("test/x", "taped", 1, 0, {"stickers": stickers}, {})
    spots = [spot((200.0, 130.0)), spot((175.0, 719.0)), spot((381.0, 740.0)), spot((386.0, 741.0))]
    told = fit_naming.told(record, spots, where(), 1.0)
    assert told.names == ((), ("psis", "s1"), ("asis",), ())
    assert ("psis", "s1") in choices_of(where())
    assert told.off == pytest.approx((2.0, 0.0, 0.0, -2.0))


def test_what_is_delivered_is_sound() -> None:
    """Surer answers count for more, and points lie off at least as far as guessed."""
    scales = fitted()
    assert scales.slope > 0
    assert scales.busy >= 0
    assert 0.5 < scales.wider < 3
    assert 0.5 < scales.off < 3
    assert set(scales.offset) == set(KINDS)
