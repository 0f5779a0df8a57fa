"""Which logins the server still takes, by a clock made by hand."""

import pytest

from app_pages import logins
from app_pages.logins import Limits, Logins

MINUTE = 60.0
HOUR = 3600.0


class Clock:
    """Shows the time that it is set to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def known(clock: Clock) -> Logins:
    """Return logins that hold for 30 minutes unused, and for 12 hours."""
    return Logins(lambda: Limits(30 * MINUTE, 12 * HOUR), clock)


def test_a_login_holds_while_it_is_used(known: Logins, clock: Clock) -> None:
    """Every use starts the 30 minutes anew; one minute too many ends it for good."""
    issued = clock.now
    for _ in range(5):
        assert known.use("anna", issued)
        clock.now += 29 * MINUTE
        assert known.is_open("anna")
    assert known.use("anna", issued)
    clock.now += 31 * MINUTE
    assert not known.is_open("anna")
    assert not known.use("anna", issued)


def test_looking_is_no_use(known: Logins, clock: Clock) -> None:
    """That a screen looks whether it is to be cleared keeps no login open."""
    assert known.use("anna", clock.now)
    for _ in range(31):
        clock.now += MINUTE
        known.is_open("anna")
    assert not known.is_open("anna")


def test_nobody_works_for_longer_than_a_day(known: Logins, clock: Clock) -> None:
    """After 12 hours a login ends, however often it was used."""
    issued = clock.now
    for _ in range(12 * 6):
        assert known.use("anna", issued)
        clock.now += 10 * MINUTE
    assert known.use("anna", issued)
    clock.now += MINUTE
    assert not known.use("anna", issued)


def test_a_cookie_from_before_a_restart_holds_as_if_used_when_it_was_issued(
    known: Logins, clock: Clock
) -> None:
    """A server that has just started takes a cookie of 29 minutes, and none of 31."""
    assert known.use("young", clock.now - 29 * MINUTE)
    assert not known.use("old", clock.now - 31 * MINUTE)
    assert not known.is_open("old")


@pytest.mark.parametrize("way", [1, -1])
def test_a_clock_that_was_moved_by_a_year_ends_logins(
    known: Logins, clock: Clock, way: int
) -> None:
    """Forward or back: whoever is there logs in again, rather than stay in for a year."""
    issued = clock.now
    assert known.use("anna", issued)
    clock.now += way * 365 * 24 * HOUR
    assert not known.is_open("anna")
    assert not known.use("anna", issued)
    assert known.use("anna again", clock.now)


def test_whoever_leaves_is_not_let_in_by_the_same_cookie(known: Logins, clock: Clock) -> None:
    """A log-out ends the login at once, in every tab and for a copy of the cookie."""
    issued = clock.now
    assert known.use("anna", issued)
    known.leave("anna")
    assert not known.is_open("anna")
    assert not known.use("anna", issued)
    clock.now += 13 * HOUR  # when what was left is forgotten, its age refuses it
    assert known.use("ben", clock.now)
    assert not known.use("anna", issued)


def test_a_login_is_known_by_all_of_its_cookies() -> None:
    """Streamlit splits a long cookie; its parts count, other cookies do not."""
    one = {"_streamlit_user": "chunks-2", "_streamlit_user_1": "a", "_streamlit_user_2": "b"}
    assert logins.key(one) == logins.key({**one, "_streamlit_xsrf": "x"})
    assert logins.key(one) != logins.key({**one, "_streamlit_user_2": "c"})
    assert logins.key({"_streamlit_xsrf": "x"}) is None


@pytest.mark.parametrize("value", ["0", "-1", "nan", "half an hour", ""])
def test_a_time_out_that_is_none_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No mistake in the environment lets a login hold for ever."""
    monkeypatch.setenv("POSTURE_IDLE_MINUTES", value)
    with pytest.raises(ValueError, match=r".+"):
        Limits.from_environment()


def test_without_a_word_it_is_half_an_hour_and_half_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The defaults are 30 minutes and 12 hours."""
    monkeypatch.delenv("POSTURE_IDLE_MINUTES", raising=False)
    monkeypatch.delenv("POSTURE_LOGIN_HOURS", raising=False)
    assert Limits.from_environment() == Limits(30 * MINUTE, 12 * HOUR)
