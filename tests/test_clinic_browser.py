"""The story of a clinic, in a real browser: two visits of one person, what changed, and a report.

The photos are of rendered people whose angles are known.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from posture import Assessment, assess
from posture.records import people, vault, visits
from posture.records.access import open_records
from posture.records.kept import Facts, KeptPhoto, Visit
from posture.study import kept, repeatability
from scripts.screenshots import SECONDS, serve
from tests.browser import faults
from tests.study_set import Truth, make_readings

TOLD = re.compile(
    r"Pelvic tilt: (?P<verdict>[a-z ]+) "
    r"\((?P<size>[\d.]+) degrees more (?P<way>\w+), least change (?P<least>[\d.]+)\)\."
)
STORY = Path(__file__).parent / "story"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app with records of its own, and return its address."""
    told = {
        "POSTURE_DATA": str(tmp_path_factory.mktemp("records")),
        vault.KEY_VARIABLE: vault.new_key(),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        patch.delenv("POSTURE_DATABASE_URL", raising=False)
        assert os.environ["POSTURE_DATA"]
        with serve() as address:
            yield address


@pytest.fixture
def page(clinic: str, browser: Browser) -> Iterator[Page]:
    """Open the app on a phone's screen."""
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(SECONDS * 1000)
    page.goto(clinic)
    yield page
    page.close()


def rest(page: Page) -> None:
    """Wait until the page has done what it was asked for."""
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")


def measure(page: Page, clinic: str, photo: Path) -> None:
    """Measure a photo in a window that knows nothing of others."""
    page.goto(clinic)
    upload(page, photo)


def upload(page: Page, photo: Path) -> None:
    """Measure a photo."""
    expect(page.get_by_test_id("stMetric")).to_have_count(2)
    page.get_by_role("button", name="Measure a photo").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("stFileUploader").locator("button").click()
    chooser.value.set_files(photo)
    expect(page.get_by_role("img", name=photo.name)).to_be_visible()
    rest(page)


def begin(page: Page, name: str, *, new: bool) -> None:
    """Choose whose visit it is: the second and third click after the photo is measured."""
    page.get_by_role("button", name="Save as a visit").click()
    page.get_by_label("Who is it? Name or number").fill(name)
    label = f"New person: {name}" if new else name
    button = page.get_by_role("dialog").get_by_role("button", name=label, exact=new)
    button.first.click()
    expect(page.get_by_role("button", name="Save the visit").first).to_be_visible()
    rest(page)


def write(page: Page, field: str, text: str) -> None:
    """Write into a field, and wait until it is kept."""
    page.get_by_label(field).fill(text)
    page.wait_for_timeout(1000)
    rest(page)


def save(page: Page, name: str) -> None:
    """Save the draft that is shown."""
    page.get_by_role("button", name="Save the visit").first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    rest(page)


@cache
def measured() -> Assessment:
    """Return what came of the first photo of the story."""
    return assess(STORY / "00.jpg")


def already_there(name: str) -> str:
    """Keep a person with one visit, where it is not its saving that is tested; return their id."""
    opened = open_records()  # those of the app, as `clinic` has set
    access = opened.local()
    person = people.add(access, Facts(name))
    photo = KeptPhoto(visits.new_id(), measured())
    visits.save(access, Visit(visits.new_id(), person, datetime.now(UTC), (photo,)))
    opened.engine.dispose()
    return person


def fits(page: Page) -> bool:
    """Tell whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth") <= 360)


def look_at_both(page: Page) -> None:
    """Compare the first visit with the last, in numbers and in all pictures."""
    page.get_by_role("link", name="Compare the pictures").click()
    page.get_by_label("Before").click()
    of_last_two = page.get_by_text("Pelvic tilt:").inner_text()
    page.get_by_role("option").first.click()
    expect(page.get_by_text("Pelvic tilt:")).not_to_have_text(of_last_two)
    rest(page)
    expect(page.get_by_text("All measures")).to_be_visible()
    whole = TOLD.search(page.get_by_text("Pelvic tilt:").inner_text())
    assert whole is not None
    assert whole["verdict"] == "changed"
    assert 9 < float(whole["size"]) < 15  # the truth is 11.1
    assert fits(page)
    page.get_by_text("Wipe", exact=True).click()
    slider = page.get_by_role("slider", name="Move the edge between both pictures")
    slider.focus()
    page.keyboard.press("Home")
    edge = page.locator(".stage").evaluate("e => e.style.getPropertyValue('--edge')")
    assert edge == "0%"
    page.get_by_text("Outlines", exact=True).click()
    expect(page.get_by_role("img", name="The contours of the back")).to_be_visible()
    rest(page)
    assert faults(page) == []


def hand_over(page: Page, name: str) -> str:
    """Return the text of the report about the last visit."""
    page.get_by_role("button", name="All people").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name="Visits", exact=True)).to_be_visible()
    page.get_by_role("button", name="Pelvic tilt").first.click()
    expect(page.get_by_role("button", name="Report (PDF)")).to_be_visible()
    rest(page)
    assert fits(page)
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (PDF)").click()
    report = PdfReader(BytesIO(Path(download.value.path()).read_bytes()))
    return " ".join(" ".join(part.extract_text() for part in report.pages).split())


def test_what_changed_is_told_from_noise_and_handed_over(page: Page, clinic: str) -> None:
    """Three degrees are not told from noise, twelve are, each with the least change shown."""
    name = "Ada Rossi"
    measure(page, clinic, STORY / "00.jpg")
    begin(page, name, new=True)
    page.get_by_text("Clasped in front").click()
    page.get_by_label("Your notes").fill("Low back sore after sitting.")
    page.wait_for_timeout(1000)
    rest(page)
    save(page, name)
    said = {}
    for degrees in ("03", "12"):
        measure(page, clinic, STORY / f"{degrees}.jpg")
        begin(page, name, new=False)
        page.get_by_text("Clasped in front").click()
        page.get_by_text("Keep the photo too").click()
        rest(page)
        save(page, name)
        said[degrees] = page.get_by_text("Pelvic tilt:").inner_text()
        assert fits(page)
    # The second visit against the first; the third one against the second, nine degrees later.
    small, large = (TOLD.search(said[degrees]) for degrees in ("03", "12"))
    assert small is not None
    assert large is not None
    assert small["verdict"] == "not distinguishable from measurement noise"
    assert float(small["size"]) <= float(small["least"])
    assert large["verdict"] == "changed"
    assert large["way"] == "anterior"
    assert float(large["size"]) > float(large["least"])
    assert page.get_by_test_id("stVegaLiteChart").count() == 2
    assert faults(page) == []

    look_at_both(page)
    report = hand_over(page, name)
    for told in (name, "changed", "clasped", "least change"):
        assert told.lower() in report.lower()


def test_a_closed_browser_loses_no_draft(page: Page, clinic: str, browser: Browser) -> None:
    """What was written a second ago is there in another browser, until it is saved or discarded."""
    measure(page, clinic, STORY / "00.jpg")
    begin(page, "Bo Draft", new=True)
    page.get_by_label("Your plan").fill("Exercise at home.")
    page.get_by_text("Crossed", exact=True).click()
    page.wait_for_timeout(1000)
    rest(page)
    page.close()
    other = browser.new_page(viewport={"width": 360, "height": 800})
    other.set_default_timeout(SECONDS * 1000)
    other.goto(f"{clinic}/people")
    expect(other.get_by_text("is not saved yet")).to_be_visible()
    other.get_by_role("button", name="Go on").click()
    expect(other.get_by_label("Your plan")).to_have_value("Exercise at home.")
    expect(other.get_by_role("radio", name="Crossed")).to_be_checked()
    assert faults(other) == []
    other.get_by_role("button", name="Discard this draft").click()
    other.get_by_role("button", name="Discard", exact=True).click()
    expect(other.get_by_text("The draft is discarded.")).to_be_visible()
    expect(other.get_by_text("There is no visit yet")).to_be_visible()
    other.goto(f"{clinic}/people")
    expect(other.get_by_role("heading", name="People")).to_be_visible()
    rest(other)
    expect(other.get_by_text("is not saved yet")).to_have_count(0)
    other.close()


def test_a_clinic_heads_its_reports_and_compares_by_its_own_noise(
    page: Page, clinic: str, tmp_path: Path
) -> None:
    """Twelve degrees are no more than noise for a clinic whose own noise is so large."""
    noisy = tmp_path / "study.json"
    noisy.write_text(kept.to_json(repeatability.study(make_readings(Truth(sem=7.0), 1))), "utf-8")
    page.goto(f"{clinic}/study")
    page.locator("input[type=file]").first.set_input_files(noisy)
    page.get_by_role("button", name="Compare visits with these least changes").click()
    expect(page.get_by_text("Visits are compared with them from now on.")).to_be_visible()
    page.goto(f"{clinic}/people")
    page.get_by_text("Your clinic, for reports").click()
    page.get_by_label("Name that heads your reports").fill("Green Practice")
    page.get_by_text("US Letter").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert faults(page) == []

    name = "Noa Noise"
    already_there(name)
    measure(page, clinic, STORY / "12.jpg")
    begin(page, name, new=False)
    save(page, name)
    told = TOLD.search(page.get_by_text("Pelvic tilt:").inner_text())
    assert told is not None
    assert told["verdict"] == "not distinguishable from measurement noise"
    assert float(told["least"]) > 20
    report = hand_over(page, name)
    assert "Green Practice" in report
    page.goto(f"{clinic}/people")
    page.get_by_text("Your clinic, for reports").click()
    page.get_by_text("Compare with posture's own least changes again").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_text(": changed (").first).to_be_visible()


def test_a_person_is_reached_from_the_list_and_stays(page: Page, clinic: str) -> None:
    """Whatever is pressed, typed or reloaded there belongs to whom was opened."""
    name = "Di List"
    already_there(name)
    page.goto(f"{clinic}/people")
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    rest(page)
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    rest(page)
    page.get_by_role("button", name="Pelvic tilt").first.click()
    expect(page.get_by_role("button", name="Report (PDF)")).to_be_visible()
    rest(page)
    lines = page.get_by_role("img", name="The photo with what was found").bounding_box()
    assert lines is not None
    assert min(lines["width"], lines["height"]) > 200, "lines without their photo are seen"
    assert fits(page)
    write(page, "Your notes", "Kept.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (PDF)").click()
    assert "Kept." in PdfReader(download.value.path()).pages[0].extract_text()
    page.reload()
    expect(page.get_by_label("Your notes")).to_have_value("Kept.")
    page.go_back()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    rest(page)
    page.get_by_text("Name, number and height").click()
    page.get_by_label("Number (optional)").fill("P-17")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("P-17", exact=True)).to_be_visible()
    rest(page)
    page.get_by_text("Export or erase").click()
    page.get_by_text("I want to erase everything about this person.").click()
    expect(page.get_by_role("button", name="Erase", exact=True)).to_be_enabled(timeout=15_000)
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    rest(page)
    expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_the_next_visit_is_of_the_person_from_whom_it_was_begun(page: Page, clinic: str) -> None:
    """'New visit' leads to the camera, and back to the same person."""
    name = "Ed Again"
    page.goto(f"{clinic}/people?person={already_there(name)}")
    page.get_by_role("button", name="New visit").click()
    expect(page.get_by_text(f"The next photo is of {name}.")).to_be_visible()
    upload(page, STORY / "12.jpg")
    expect(page.get_by_text(f"The new photo is of {name}.")).to_be_visible()
    page.get_by_role("button", name="Save as a visit").click()
    first = page.get_by_role("dialog").locator("[class*='st-key-file_'] button").first
    expect(first).to_contain_text(name)
    expect(first).to_have_attribute("data-testid", "stBaseButton-primary")
    first.click()
    expect(page.get_by_role("button", name="Save the visit").first).to_be_visible()
    rest(page)
    save(page, name)
    expect(page.get_by_text("The visit is saved.")).to_be_visible()
    saved = page.locator("[class*='st-key-row_']").filter(has_text="Pelvic tilt")
    expect(saved).to_have_count(2)


def test_windows_do_not_undo_each_other(page: Page, clinic: str, browser: Browser) -> None:
    """What one wrote or switched stays, while another looks on; where both wrote, one is asked."""
    measure(page, clinic, STORY / "00.jpg")
    begin(page, "Cy Twice", new=True)
    other = browser.new_page(viewport={"width": 360, "height": 800})
    other.set_default_timeout(SECONDS * 1000)
    other.goto(page.url)
    expect(other.get_by_label("Your plan")).to_be_visible()
    rest(other)

    page.get_by_text("Keep the photo too").click()
    expect(page.get_by_text("Blur the face in it")).to_be_visible()
    write(page, "Your notes", "Sore.")
    write(other, "Your plan", "Exercise.")  # runs the other window, which shows what is new
    expect(other.get_by_label("Your notes")).to_have_value("Sore.")
    expect(other.get_by_text("Blur the face in it")).to_be_visible()
    page.get_by_text("Crossed", exact=True).click()
    page.wait_for_timeout(1000)
    rest(page)
    expect(page.get_by_label("Your plan")).to_have_value("Exercise.")
    expect(page.get_by_label("Keep the photo too")).to_be_checked()

    write(page, "Your plan", "Exercise at home.")
    write(other, "Your plan", "Massage.")
    expect(other.get_by_text("changed in another window too")).to_be_visible()
    expect(other.get_by_text("Exercise at home.")).to_be_visible()
    assert faults(other) == []
    other.get_by_role("button", name="Save the visit").first.click()
    expect(other.get_by_text("Choose first which of the words are to stay")).to_be_visible()
    rest(other)
    other.get_by_role("button", name="Keep mine").click()
    expect(other.get_by_text("changed in another window too")).to_have_count(0)
    rest(other)
    other.reload()
    expect(other.get_by_label("Your plan")).to_have_value("Massage.")
    expect(other.get_by_label("Your notes")).to_have_value("Sore.")

    write(page, "Your plan", "Nothing.")
    page.get_by_role("button", name="Take those").click()
    page.wait_for_timeout(1000)
    rest(page)
    expect(page.get_by_label("Your plan")).to_have_value("Massage.")
    save(page, "Cy Twice")
    other.close()


def test_an_erased_person_is_gone_and_comes_back_from_the_file(page: Page, clinic: str) -> None:
    """Exported, erased after a second thought, and brought back by uploading the file."""
    name = "Zoë Back"
    page.goto(f"{clinic}/people?person={already_there(name)}")
    page.get_by_text("Export or erase").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Everything about this person (ZIP)").click()
    file = Path(download.value.path()).read_bytes()
    with ZipFile(BytesIO(file)) as parts:
        (report,) = (part for part in parts.namelist() if part.endswith(".pdf"))
        assert name in PdfReader(BytesIO(parts.read(report))).pages[0].extract_text()
    expect(page.get_by_role("button", name="Erase", exact=True)).to_be_disabled()
    page.get_by_text("I want to erase everything about this person.").click()
    page.get_by_role("button", name="Erase", exact=True).click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    rest(page)
    expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_text("Add a person, or bring one back").click()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "person.zip", "mimeType": "application/zip", "buffer": file}
    )
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Pelvic tilt").first).to_be_visible()


def test_what_is_not_there_is_told(page: Page, clinic: str) -> None:
    """An address of nobody, or of another's visit, shows one sentence and a way on."""
    for address in ("people?person=x", "people?visit=x", "compare?before=x&after=y"):
        page.goto(f"{clinic}/{address}")
        expect(page.get_by_text("There is no such")).to_be_visible()
        expect(page.get_by_role("button", name="All people")).to_be_visible()
