"""What was fitted: networks against sums by hand, and the files that come with posture."""

import math

import numpy as np
import pytest

from posture import estimator, tilt
from posture.estimator import Error, Network
from posture.model_file import MODEL_SHA256
from posture.quantities import ON_THE_BACK, QUANTITIES, Quantity
from posture.shape import Shape

from .people import Array, shape

#: Two voters: the first adds the rectified inputs, ten of the second to one of the first, and 3.
NETWORK = Network(
    ("sum", "constant"),
    np.array([1.0, 2.0]),
    np.array([2.0, 4.0]),
    (
        (
            (np.eye(2), np.zeros(2)),
            (np.array([[1.0, 0.0], [10.0, 0.0]]), np.array([3.0, 5.0])),
        ),
        ((np.zeros((2, 2)), np.array([8.0, 7.0])),),
    ),
)
#: What `posture.assess` and `posture.tilt` may say of a photo.
CIRCUMSTANCES = {"turned", "hidden", "flat", "cropped", "cloth", "arm", "hair", "strange"}
JOINT_QUANTITIES = [quantity for quantity in QUANTITIES if quantity not in ON_THE_BACK]


@pytest.mark.parametrize(
    ("numbers", "first_vote"),
    [
        ((1.0, 2.0), 3),
        ((3.0, 2.0), 4),
        ((1.0, 6.0), 13),
        ((3.0, -2.0), 4),
        ((-1.0, -2.0), 3),
        ((1000.0, 2.0), 7),
        ((1.0, 1000.0), 43),
    ],
    ids=["usual", "first", "second", "rectified", "both rectified", "far", "second far"],
)
def test_a_network_by_hand(numbers: tuple[float, float], first_vote: float) -> None:
    """Inputs are scaled, taken as 4 spreads off at most and rectified; the mean vote counts."""
    assert NETWORK(np.array(numbers)) == {"sum": (first_vote + 8) / 2, "constant": 6}


def test_strangeness_by_hand() -> None:
    """0 for the mean of all people, 1 where every number is one spread off, and 4 at most."""
    for numbers, strange in (((1, 2), 0.0), ((3, -2), 1.0), ((3, 2), 0.5**0.5), ((401, 802), 4)):
        assert NETWORK.strangeness(np.array(numbers, float)) == pytest.approx(strange)


def test_an_interval_widens_with_circumstances() -> None:
    """Each by its own factor, in proportion on the logarithm; others do nothing."""
    error = Error(10.0, {"turned": math.log(4), "cropped": math.log(3)}, 5.0)
    assert error.half_in({}) == 10
    assert error.half_in({"turned": 1.0}) == pytest.approx(40)
    assert error.half_in({"turned": 0.5}) == pytest.approx(20)
    assert error.half_in({"turned": 0.5, "cropped": 1.0, "cloth": 1.0}) == pytest.approx(60)


def test_every_quantity_has_an_error() -> None:
    """A width, what changes show, and factors for circumstances that exist and never narrow."""
    for quantity in QUANTITIES:
        error = estimator.error(quantity.name)
        assert 0 < error.half < 60
        assert 0 < error.mdc95 < 60
        assert set(error.widened_by) <= CIRCUMSTANCES
        assert all(0 <= factor < 5 for factor in error.widened_by.values())


@pytest.mark.parametrize("quantity", JOINT_QUANTITIES, ids=lambda quantity: quantity.name)
def test_what_is_read_off_the_joints_has_a_correction(quantity: Quantity) -> None:
    """It mends what the model sees wrong: some degrees or percent, not more."""
    assert abs(estimator.correction(quantity.name)) < 15


@pytest.mark.parametrize("quantity", ON_THE_BACK, ids=lambda quantity: quantity.name)
def test_what_the_networks_read_has_a_small_correction(quantity: Quantity) -> None:
    """They have learned what there was to mend: less than the interval is wide."""
    correction = estimator.correction(quantity.name)
    assert abs(correction) < min(5, estimator.error(quantity.name).half)


def test_the_limit_of_cloth_is_one_of_clothes() -> None:
    """In centimetres off the skin."""
    assert 0.5 < estimator.limit("cloth_cm") < 10


@pytest.mark.parametrize("name", ["arm_share", "hair_share"])
def test_the_limits_of_arms_and_hair_are_shares(name: str) -> None:
    """More than nothing and less than the whole back."""
    assert 0.05 < estimator.limit(name) < 0.8


def test_angles_follow_the_vertical_in_part() -> None:
    """Tilt and sacrum lean with it, the curve is between two parts of the back."""
    for name in ("pelvic_tilt", "sacral_inclination"):
        assert 0.3 < estimator.per_degree(name)[0] < 1
    assert estimator.per_degree("lumbar_curve")[0] < 0.3
    assert estimator.per_degree("knee_angle") == (0, 0)


def test_changed_files_are_read_again() -> None:
    """Until told to forget, what was read is kept."""
    for read, name in ((estimator.network, "back"), (estimator.error, "pelvic_tilt")):
        before = read(name)
        assert read(name) is before
        estimator.reread()
        assert read(name) is not before
    facts = estimator._facts()
    estimator.reread()
    assert estimator._facts() is not facts
    assert estimator._facts() == facts


def inputs(name: str, of: Shape) -> Array:
    """Return what a network is given."""
    back = tilt.inputs(of.numbers(), 0.5)
    return {
        "back": back,
        "change": tilt.inputs_of_change(of.numbers()),
        "neck": np.append(back, of.neck_deg / 5),
        "cover": of.numbers(),
    }[name]


@pytest.mark.parametrize(
    ("name", "outputs"),
    [
        ("back", ("pelvic_tilt", "lumbar_curve", "sacral_inclination")),
        ("change", ("pelvic_tilt", "lumbar_curve", "sacral_inclination")),
        ("neck", ("thoracic_curve",)),
        ("cover", ("cloth_cm", "arm_share", "hair_share")),
    ],
)
def test_the_networks_that_come_with_posture(name: str, outputs: tuple[str, ...]) -> None:
    """They take the numbers of a shape, name what they give, and are finite throughout."""
    network = estimator.network(name)
    numbers = inputs(name, shape())
    assert network.names == outputs
    assert network.mean.shape == network.spread.shape == numbers.shape
    assert (network.spread > 0).all()
    for array in (network.mean, network.spread, *(a for v in network.layers for w in v for a in w)):
        assert np.isfinite(array).all()
    for strange in (numbers, network.mean, numbers * 1e6, -numbers * 1e6):
        assert np.isfinite(list(network(strange).values())).all()


@pytest.mark.parametrize("network", ["back", "change"])
def test_a_deeper_hollow_gives_more_lordosis_and_tilt(network: str) -> None:
    """Among people who differ in the sacrum alone, and for one whose sacrum changes."""
    people = [shape(sacral, -15) for sacral in (5, 20, 35)]
    votes = [estimator.network(network)(inputs(network, person)) for person in people]
    for name in ("pelvic_tilt", "lumbar_curve", "sacral_inclination"):
        flat, usual, hollow = (vote[name] for vote in votes)
        assert flat + 3 < usual < hollow - 3, name


def test_the_estimator_was_fitted_with_the_model_in_use() -> None:
    """Another model finds other points: its corrections would be wrong."""
    assert estimator._facts()["model_sha256"] == MODEL_SHA256
