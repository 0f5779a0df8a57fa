"""Records that cannot be written while a visit is being saved: a sentence, and nothing lost."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from app_pages import one_visit
from posture.records import drafts, people, visits
from posture.records.access import Access
from posture.records.drafts import Draft
from posture.records.kept import Facts
from tests.kept import make_visit
from tests.paging import open_page

YEAR = timedelta(days=365)


@contextmanager
def settings_of(access: Access, *settings: str) -> Iterator[None]:
    """Have SQLite itself find its file in this state."""

    def settle(raw: Any, _record: Any) -> None:
        for setting in settings:
            raw.execute(setting)

    sa.event.listen(access.engine, "connect", settle)
    access.engine.dispose()
    try:
        yield
    finally:
        sa.event.remove(access.engine, "connect", settle)
        access.engine.dispose()


@contextmanager
def locked(access: Access) -> Iterator[None]:
    """Have another program write into the records."""
    with settings_of(access, "PRAGMA busy_timeout = 200"):
        file = str(access.engine.url.database)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")


@contextmanager
def full(access: Access) -> Iterator[None]:
    """Have no room for files of more than a few pages, whoever in this process writes them."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    access.engine.dispose()
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 15, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        access.engine.dispose()


def read_only(access: Access) -> Any:
    """Have the file take nothing."""
    return settings_of(access, "PRAGMA query_only = ON")


def begun(access: Access, *, at: datetime | None = None) -> Draft:
    """Begin a visit that is to be saved."""
    person = people.add(access, Facts("Ada"))
    visit = make_visit(person, photos=1)
    draft = Draft(visit if at is None else replace(visit, at=at), blurs_faces=False)
    drafts.begin(access, draft)
    return draft


def press_save(app: AppTest) -> None:
    """Save the visit."""
    app.button(key="save_below").click().run()
    assert not app.exception


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (locked, "in use by another program"),
        (full, "see that it is not full"),
        (read_only, "The records cannot be written"),
    ],
    ids=["locked", "full", "read-only"],
)
def test_a_visit_that_cannot_be_saved_stays_a_draft(
    fault: Callable[[Access], Any], said: str, app_access: Access
) -> None:
    """With what was chosen meanwhile; as soon as it can be, it is saved so."""
    draft = begun(app_access)
    app = open_page("people", visit=draft.visit.id)
    with fault(app_access):
        app.toggle(key=f"keep_{draft.visit.id}").set_value(False)
        press_save(app)
        assert said in app.error[0].value
    assert [one.id for one in drafts.mine(app_access)] == [draft.visit.id]
    assert visits.of_person(app_access, draft.visit.person_id) == []
    press_save(app)
    assert not app.error
    saved = visits.get(app_access, draft.visit.id, pictures=True)
    assert [photo.picture for photo in saved.photos] == [None]
    assert drafts.mine(app_access) == []


@pytest.mark.parametrize("moved", [YEAR, -YEAR], ids=["forward", "back"])
def test_a_draft_can_be_saved_after_the_clock_was_moved(
    moved: timedelta, app_access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the day on which it was begun, be that in the future; visits stay in their order."""
    began = datetime.now(UTC)
    draft = begun(app_access, at=began)

    class Moved(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + moved

    monkeypatch.setattr(one_visit, "datetime", Moved)
    app = open_page("people", visit=draft.visit.id)
    press_save(app)
    assert not app.error
    assert visits.get(app_access, draft.visit.id).at == began
    later = replace(make_visit(draft.visit.person_id, 1), at=began + moved)
    visits.save(app_access, later)
    order = [one.id for one in visits.of_person(app_access, draft.visit.person_id)]
    assert order == (
        [draft.visit.id, later.id] if moved > timedelta() else [later.id, draft.visit.id]
    )


def test_the_draft_is_kept_where_it_says(app_access: Access, tmp_path: Path) -> None:
    """The faults above are of the file that the pages write."""
    assert Path(str(app_access.engine.url.database)).parent == tmp_path
