"""The picture of what is shown is drawn once, in the language in use."""

import pytest

from app_pages import pictures
from posture import overlay
from posture.language import using

from .factory import make_assessment, make_photo


def test_a_picture_is_drawn_once_for_each_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are words on it."""
    monkeypatch.setattr(pictures.st, "session_state", {})
    drawn: list[bytes] = []

    def draw(*_: object, **__: object) -> bytes:
        drawn.append(bytes([len(drawn)]))
        return drawn[-1]

    monkeypatch.setattr(overlay, "to_screen", draw)
    photo, assessment = make_photo(), make_assessment()
    assert pictures.drawn(photo, assessment) == pictures.drawn(photo, assessment) == b"\0"
    with using("de"):
        assert pictures.drawn(photo, assessment) == b"\1"
    assert pictures.drawn(photo, make_assessment()) == b"\2"
    pictures.keep(assessment, b"elsewhere")
    assert pictures.drawn(photo, assessment) == b"elsewhere"
    pictures.forget()
    assert pictures.drawn(photo, assessment) == b"\3"
