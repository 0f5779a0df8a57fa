"""The list of people and what leads from it, as the page is drawn again and again."""

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from app_pages import desk
from posture.records import drafts, people, visits
from posture.records.access import Access
from posture.records.drafts import Draft
from posture.records.kept import Facts
from posture.records.tables import VisitRow
from posture.records.vault import KEY_VARIABLE, new_key
from tests.kept import make_visit
from tests.paging import open_page


def names(app: AppTest) -> list[str]:
    """Return who is listed."""
    return [button.label for button in app.button if "visit" in button.label]


def test_nobody_is_added_without_a_name_and_the_list_stays(app_access: Access) -> None:
    """What is wrong stands where it was written."""
    people.add(app_access, Facts("Ada"))
    app = open_page("people")
    add = next(button for button in app.button if button.label == "Add")
    add.click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert len(names(app)) == 1
    app.text_input(key="people_sought").set_value("Nobody").run()
    assert names(app) == []


def test_the_last_page_shows_somebody_after_its_last_one_has_gone(app_access: Access) -> None:
    """Twenty are on a page; the twenty-first is erased while the second page is open."""
    ids = [people.add(app_access, Facts(f"Person {number:02}")) for number in range(21)]
    app = open_page("people")
    next(button for button in app.button if button.label == "Next").click().run()
    (last,) = names(app)
    assert last.startswith("**Person 20**")
    people.erase(app_access, ids[20])
    app.run()
    assert len(names(app)) == 20


def test_a_damaged_draft_can_be_discarded_where_it_is_listed(app_access: Access) -> None:
    """It takes nothing else of the page away."""
    person = people.add(app_access, Facts("Ada"))
    draft = Draft(make_visit(person))
    drafts.begin(app_access, draft)
    saved = make_visit(person, 1)
    visits.save(app_access, saved)
    with app_access.writing() as session:
        broken = sa.update(VisitRow).where(VisitRow.id == draft.visit.id)
        session.execute(broken.values(facts=b"\x01damaged", stance=b"\x02damaged"))
    app = open_page("people")
    assert not app.error
    assert len(names(app)) == 1
    assert not open_page("people", visit=saved.id).error
    app = open_page("people", visit=draft.visit.id)
    assert "restore a backup" in app.error[0].value
    assert not app.info, "nobody is told to set a key that is set"
    app.button(key=f"discard_{draft.visit.id}").click().run()
    assert drafts.mine(app_access) == []


def test_a_look_that_failed_is_noted_when_it_succeeds(app_access: Access) -> None:
    """Once in each window, however often its page is drawn."""
    person = people.add(app_access, Facts("Ada"))
    visit = make_visit(person)
    visits.save(app_access, visit)

    def looks() -> int:
        noted = [action for _at, _user, action in people.audit(app_access, person)]
        return noted.count("view")

    app = open_page("people", visit=visit.id)
    app.run()
    assert looks() == 1
    with app_access.writing() as session:
        row = session.get_one(VisitRow, visit.id)
        whole, row.facts = row.facts, b"\x01damaged"
    app = open_page("people", visit=visit.id)
    assert app.error
    with app_access.writing() as session:
        session.get_one(VisitRow, visit.id).facts = whole
    app.run()
    assert not app.error
    assert looks() == 2


def test_without_the_key_photos_are_what_leads_on(
    app_access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of people would only say the same again."""
    people.add(app_access, Facts("Ada"))
    monkeypatch.setenv(KEY_VARIABLE, new_key())
    desk.records.clear()
    app = open_page("people")
    assert "another key" in app.error[0].value
    assert [link.proto.label for link in app.get("page_link")] == ["Measure a photo"]
    assert all(button.label != "All people" for button in app.button)
