"""A user of one clinic gets nothing of another, by any page, address, search or file."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Page, expect

from posture.records import archive, drafts, people, vault, visits
from posture.records.access import open_records
from posture.records.drafts import Draft
from posture.records.kept import Facts, Visit
from scripts.screenshots import SECONDS
from tests.kept import make_visit
from tests.login import App, app_with_login, log_in, provider

ANNA, BEN = "anna@clinic.example", "ben@clinic.example"
SECRET = "Wilhelmina"


@dataclass(frozen=True)
class Kept:
    """What the clinic North keeps, and one visit of South's own."""

    person: str
    visits: tuple[str, str]
    draft: str
    file: bytes
    own_person: str
    own_visit: str


def bare(visit: Visit) -> Visit:
    """Return a visit whose pictures, which are none that can be shown, are not kept."""
    return replace(visit, photos=tuple(replace(one, picture=None) for one in visit.photos))


@pytest.fixture(scope="module")
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, Kept]]:
    """Run the app for two clinics, each of which keeps a person."""
    folder = tmp_path_factory.mktemp("clinics")
    told = {"POSTURE_DATA": str(folder), vault.KEY_VARIABLE: vault.new_key()}
    with provider() as known:
        known.knows("a1", email=ANNA, email_verified=True, name="Anna")
        known.knows("b2", email=BEN, email_verified=True, name="Ben")
        members = {ANNA: "North", BEN: "South"}
        with app_with_login(known, folder, members=members, environment=told) as app:
            with patch.dict(os.environ, told):
                records = open_records()
            anna, ben = records.enter(ANNA), records.enter(BEN)
            person = people.add(anna, Facts(SECRET, "4711"))
            saved = [make_visit(person, number, photos=1) for number in range(2)]
            for visit in saved:
                visits.save(anna, bare(visit))
            draft = bare(make_visit(person, 3, photos=1))
            drafts.begin(anna, Draft(draft))
            own = people.add(ben, Facts("Bo Own"))
            own_visit = bare(make_visit(own, photos=1))
            visits.save(ben, own_visit)
            file = archive.export(anna, person)
            records.engine.dispose()
            first, second = saved
            kept = Kept(person, (first.id, second.id), draft.id, file, own, own_visit.id)
            yield app, kept


@pytest.fixture(scope="module")
def ben(north: tuple[App, Kept], browser: Browser) -> Iterator[Page]:
    """Log in as a user of the other clinic."""
    page = browser.new_page()
    page.set_default_timeout(SECONDS * 1000)
    log_in(page, north[0].address, "b2")
    yield page
    page.close()


def addresses(kept: Kept) -> list[str]:
    """Return every address by which a page could be asked for what is North's."""
    first, second = kept.visits
    asked = [f"people?person={kept.person}", f"compare?before={first}&after={second}"]
    asked += [f"people?visit={visit}" for visit in (first, second, kept.draft)]
    for one, other in ((first, kept.own_visit), (kept.own_visit, first)):
        asked.append(f"compare?before={one}&after={other}")
    return [*asked, f"people?person={kept.own_person}&visit={first}"]


def test_its_own_clinic_sees_it(north: tuple[App, Kept], browser: Browser) -> None:
    """So that what follows is not true of everybody."""
    app, kept = north
    page = browser.new_page()
    page.set_default_timeout(SECONDS * 1000)
    log_in(page, app.address, "a1")
    page.goto(f"{app.address}/people")
    expect(page.get_by_role("button", name=SECRET)).to_be_visible()
    expect(page.get_by_text("is not saved yet")).to_be_visible()
    page.goto(f"{app.address}/people?visit={kept.visits[1]}")
    expect(page.get_by_role("heading", name=SECRET)).to_be_visible()
    page.goto(f"{app.address}/compare?before={kept.visits[0]}&after={kept.visits[1]}")
    expect(page.get_by_role("heading", name=SECRET)).to_be_visible()
    page.close()


def test_no_address_shows_anything_of_another_clinic(north: tuple[App, Kept], ben: Page) -> None:
    """It is told what is told of nobody, and nothing can be saved from there."""
    app, kept = north
    for asked in addresses(kept):
        ben.goto(f"{app.address}/{asked}")
        expect(ben.get_by_text("There is no such")).to_be_visible()
        ben.wait_for_selector("[data-test-script-state=notRunning]", state="attached")
        assert SECRET not in ben.content()
        assert "sore" not in ben.content()
        assert ben.get_by_test_id("stDownloadButton").count() == 0


def test_lists_and_searches_hold_its_own_people_alone(north: tuple[App, Kept], ben: Page) -> None:
    """Neither the list, nor the drafts, nor a search by name or number."""
    app, _ = north
    ben.goto(f"{app.address}/people")
    expect(ben.get_by_role("button", name="Bo Own")).to_be_visible()
    expect(ben.get_by_text("is not saved yet")).to_have_count(0)
    assert SECRET not in ben.content()
    for sought in (SECRET, "4711"):
        ben.get_by_label("Search by name or number").fill(sought)
        expect(ben.get_by_text("Nobody goes by that name or number.")).to_be_visible()


def test_anothers_file_neither_shows_nor_replaces_anybody(
    north: tuple[App, Kept], ben: Page, tmp_path: Path
) -> None:
    """A file of somebody whom the other clinic keeps is not taken in."""
    app, kept = north
    file = tmp_path / "person.zip"
    file.write_bytes(kept.file)
    ben.goto(f"{app.address}/people")
    ben.get_by_text("Add a person, or bring one back").click()
    ben.locator("input[type=file]").first.set_input_files(file)
    ben.get_by_role("button", name="Bring back").click()
    expect(ben.get_by_text("This person is kept already")).to_be_visible()
    ben.goto(f"{app.address}/people?person={kept.person}")
    expect(ben.get_by_text("There is no such")).to_be_visible()
