"""The page that compares two visits: which are chosen, and what stays chosen beside them."""

import pytest
from streamlit.testing.v1 import AppTest

from posture.records import people, visits
from posture.records.access import Access
from posture.records.kept import Facts
from tests.kept import make_visit
from tests.paging import open_page


@pytest.fixture
def three(app_access: Access) -> list[str]:
    """Keep three visits of one person."""
    person = people.add(app_access, Facts("Ann", "7", 171.0))
    kept = [make_visit(person, number, tilt_deg=9.0 + 12 * number) for number in (0, 1, 2)]
    for visit in kept:
        visits.save(app_access, visit)
    return [visit.id for visit in kept]


def compared(before: str, after: str) -> AppTest:
    """Return the page on which two visits are compared."""
    return open_page("compare", before=before, after=after)


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
