"""What tests of several files share: assessed samples, a command that takes them, a browser."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

from app_pages import desk, room
from posture import Assessment, Corrections, Photo, assess, cli
from posture.records.access import Access, Records, open_records
from posture.records.vault import KEY_VARIABLE, Vault, new_key
from scripts.screenshots import SECONDS, serve

from . import database
from .browser import LEAN
from .command import ARM_HIDES_BACK, STANDING, WALKING

pytest.register_assert_rewrite("tests.scene")

# The files that take longest, in this order. With several workers they have to be begun first:
# whoever begins one of them last works on it alone, while the others have nothing left to do.
LONGEST = (
    "test_clinic_browser",
    "test_accessibility",
    "test_login",
    "test_correct_browser",
    "test_editor",
    "test_records_kills",
    "test_app",
    "test_browser",
    "test_clinic_isolation",
    "test_samples",
    "test_network",
    "test_serving",
    "test_language_app",
    "test_odd_files",
    "test_validation",
)

# How long anything takes is for the benchmarks to say.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Whoever runs the tests may speak another language; what tests start inherits this.
os.environ["LANGUAGE"] = "en"


class Here:
    """Does in this process what the app has done in another: to start one takes seconds.

    What stands between the two is tested in `test_room`.
    """

    def do(self, task: Callable[..., Any], *given: object, **_how: float) -> Any:
        """Do a task, for as long as it takes."""
        return task(*given)

    def stop(self) -> None:
        """Leave this process running."""


@pytest.fixture(autouse=True)
def room_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let pages that are run in this process have a line of their own before this process."""
    monkeypatch.setattr(room, "Apart", Here)
    yield
    room.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; all others, and the tests in each, keep their order."""
    turn = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turn.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session")
def known() -> dict[str, Assessment]:
    """Assess each sample used here once, with the real model."""
    return {path.name: assess(path) for path in (STANDING, WALKING, ARM_HIDES_BACK)}


@pytest.fixture
def quick(known: dict[str, Assessment], monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """Let the command take the known assessments, and give the statures it asked with."""
    statures: list[float | None] = []

    def quick_assess(
        photo: Photo, *, stature_cm: float | None, corrections: Corrections, markers: bool
    ) -> Assessment:
        assert not corrections
        assert not markers
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


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Start the app as `streamlit run app.py` does, on a free port; return its address."""
    with serve() as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Debian's chromium, for one file: its event loop must not outlast the tests in it."""
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(LEAN))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """Start one PostgreSQL server for a file of tests."""
    with database.server() as address:
        yield address


def new_database(address: str) -> str:
    """Make an empty database on the server and return its address."""
    name = f"posture_{uuid.uuid4().hex}"
    engine = sa.create_engine(
        address.replace("postgresql:", "postgresql+psycopg:") + "/postgres",
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{address}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def records(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Records]:
    """Open records with nothing in them."""
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("POSTURE_DATABASE_URL", raising=False)
    if request.param == "postgresql":
        address = new_database(request.getfixturevalue("postgresql"))
        monkeypatch.setenv("POSTURE_DATABASE_URL", address)
    opened = open_records(vault=Vault(bytes(range(32))))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def access(records: Records) -> Access:
    """Let in the one user of this computer."""
    return records.local()


@pytest.fixture
def app_access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Access]:
    """Let the app's pages keep their records in a folder of their own."""
    monkeypatch.chdir(Path(__file__).parents[1])
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv(KEY_VARIABLE, new_key())
    monkeypatch.delenv("POSTURE_DATABASE_URL", raising=False)
    desk.records.clear()
    yield desk.records().local()
    desk.records.clear()
