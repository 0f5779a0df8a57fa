"""How far a batch is, where there is no terminal to draw a bar in."""

import pytest

from posture.batch import progress


class Clock:
    """Stands in for the module `time`; it stands still unless it is put on."""

    now = 100.0

    def monotonic(self) -> float:
        """Return its seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give the clock by which progress is told."""
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_without_a_terminal_a_line_comes_now_and_then(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice a minute: what is done, how quickly, how long the rest will take."""
    with progress.shown_progress(100, 1000) as advance:
        for _photo in range(200):
            clock.now += 0.5
            advance()
    assert capsys.readouterr().err.splitlines() == [
        "160 of 1000 photos, 2.00 a second, about 0:07:00 left (h:mm:ss).",
        "220 of 1000 photos, 2.00 a second, about 0:06:30 left (h:mm:ss).",
        "280 of 1000 photos, 2.00 a second, about 0:06:00 left (h:mm:ss).",
    ]


def test_what_takes_days_is_told_in_hours(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """In every language alike."""
    with progress.shown_progress(0, 1_000_001) as advance:
        clock.now += 40
        advance()
    assert "about 11111:06:40 left" in capsys.readouterr().err


def test_a_quick_batch_says_nothing_of_its_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """It is over before that is of use."""
    with progress.shown_progress(0, 3) as advance:
        for _photo in range(3):
            advance()
    assert capsys.readouterr().err == ""
