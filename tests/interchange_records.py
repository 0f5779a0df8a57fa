"""Records made by hand, and ones that hypothesis makes, for tests of what other programs read."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from posture.assessment import Assessment
from posture.interchange.record import Record
from posture.quantities import OFFSETS_CM, QUANTITIES, Measurement, Quantity
from posture.visit import ARMS, CLOTHES, Conditions, together

from .factory import make_assessment, make_refused

AT = datetime(2026, 3, 4, 10, 30, tzinfo=timezone(timedelta(hours=1)))
LONG_AGO = datetime(1880, 1, 1, tzinfo=timezone(timedelta(seconds=3208)))


def visit(*assessments: Assessment) -> Record:
    """Return a visit of photos that are of one stance."""
    told = Conditions("clasped", "tight")
    return Record(assessments, together(assessments, told), person="P7", visit="V1", at=AT)


_NUMBER = st.floats(-1e6, 1e6)
_REASONS = st.lists(st.sampled_from(("back_hidden", "loose_clothing", "head_not_seen")), max_size=2)


@st.composite
def _measurements(draw: st.DrawFn, quantity: Quantity) -> Measurement:
    reasons = tuple(draw(_REASONS))
    if draw(st.booleans()):
        return Measurement.refused(quantity, *reasons)
    low, value, high = sorted(draw(st.tuples(_NUMBER, _NUMBER, _NUMBER)))
    noise = draw(st.none() | st.floats(0, 1e3))
    tier = draw(st.sampled_from(("marked", "outline")))
    relative = draw(st.none() | _NUMBER)
    return Measurement(quantity, value, low, high, tier, (), reasons, noise, relative)


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    """Make an assessment of any numbers, some of them refused, or refused as a whole."""
    if draw(st.integers(0, 4)) == 0:
        return make_refused()
    name = draw(st.text(st.characters(categories=["L", "P", "N"]), max_size=8))
    one = make_assessment(photo_name=name, facing=draw(st.sampled_from(("left", "right"))))
    quantities = [*QUANTITIES, *OFFSETS_CM]
    return replace(one, measurements={q.key: draw(_measurements(q)) for q in quantities})


_NAMES = st.text(max_size=12).map(str.strip).filter(str.isprintable)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Make a record of one to three photos, put together or not, with or without who and when."""
    photos = tuple(draw(st.lists(assessments(), min_size=1, max_size=3)))
    told = Conditions(
        draw(st.none() | st.sampled_from(ARMS)), draw(st.none() | st.sampled_from(CLOTHES))
    )
    offset = timezone(timedelta(minutes=draw(st.integers(-12 * 60, 14 * 60))))
    return Record(
        photos,
        together(photos, told) if draw(st.booleans()) else None,
        person=draw(_NAMES),
        visit=draw(_NAMES),
        name=draw(_NAMES),
        at=draw(st.none() | st.datetimes().map(lambda at: at.replace(tzinfo=offset))),
        conditions=draw(st.none() | st.just(told)),
    )
