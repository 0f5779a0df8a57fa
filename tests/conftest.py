"""What tests of several files share: assessed samples, a command that takes them, a browser."""

import shutil
from dataclasses import replace

import pytest

from posture import Assessment, Photo, assess, cli

from .command import ARM_HIDES_BACK, STANDING, WALKING

pytest.register_assert_rewrite("tests.scene")


@pytest.fixture(scope="session")
def known() -> dict[str, Assessment]:
    """Assess each sample used here once, with the real model."""
    return {path.name: assess(path) for path in (STANDING, WALKING, ARM_HIDES_BACK)}


@pytest.fixture
def quick(known: dict[str, Assessment], monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """Let the command take the known assessments, and give the statures it asked with."""
    statures: list[float | None] = []

    def quick_assess(photo: Photo, *, stature_cm: float | None) -> Assessment:
        statures.append(stature_cm)
        return replace(known.get(photo.name, known[STANDING.name]), photo_name=photo.name)

    monkeypatch.setattr(cli, "assess", quick_assess)
    return statures


@pytest.fixture(scope="session")
def chromium() -> str:
    """Find Debian's chromium, without which nothing is seen in a browser."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("chromium is not installed: run `make test`, or `apt-get install chromium`.")
    return found
