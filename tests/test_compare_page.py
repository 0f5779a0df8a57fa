"""The page that compares two visits: which are chosen, and what stays chosen beside them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages import desk
from posture.records import people, vault, visits
from posture.records.kept import Facts
from tests.kept import make_visit

ROOT = Path(__file__).parents[1]


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Keep three visits of one person in records of their own."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv("POSTURE_RECORDS_KEY", vault.new_key())
    desk.records.clear()
    access = desk.records().local()
    person = people.add(access, Facts("Ann", "7", 171.0))
    shown = [make_visit(person, number, tilt_deg=9.0 + 12 * number) for number in (0, 1, 2)]
    for visit in shown:
        visits.save(access, visit)
    yield [visit.id for visit in shown]
    desk.records.clear()


def compared(before: str, after: str) -> AppTest:
    """Return the page on which two visits are compared."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=90)
    app.switch_page("app_pages/compare.py")
    app.query_params.update({"before": before, "after": after})
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> tuple[str, str, str]:
    """Return which two visits the address names, as the choices do too, and how they are drawn."""
    chosen = {}
    for key in ("before", "after"):
        asked = app.query_params[key]
        chosen[key] = asked if isinstance(asked, str) else asked[0]
        assert app.selectbox(key=f"visit_{key}").value == chosen[key]
    return chosen["before"], chosen["after"], str(app.button_group[0].value)


def test_another_visit_and_another_picture_are_chosen_at_once(three: list[str]) -> None:
    """Whoever presses while the page is built anew loses nothing, and nothing is set back."""
    app = compared(three[1], three[2])
    app.selectbox(key="visit_before").set_value(three[0])
    app.button_group[0].set_value("outlines")
    app.run()
    assert not app.exception
    assert shown(app) == (three[0], three[2], "outlines")
    app.selectbox(key="visit_after").set_value(three[1]).run()
    assert shown(app) == (three[0], three[1], "outlines")


def test_the_address_goes_before_what_was_chosen(three: list[str]) -> None:
    """Going back in the browser shows what the address says."""
    app = compared(three[1], three[2])
    app.selectbox(key="visit_before").set_value(three[0]).run()
    app.query_params["before"] = three[1]
    app.run()
    assert app.selectbox(key="visit_before").value == three[1]


def test_a_visit_compared_with_itself_is_no_fault(three: list[str]) -> None:
    """An address made by hand."""
    app = compared(three[1], three[1])
    assert app.selectbox(key="visit_before").value == three[1]
