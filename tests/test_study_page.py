"""The page on which a clinic makes its study, without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages import measuring
from app_pages.measuring import Result
from app_pages.photos import Upload
from posture.export import to_json
from posture.study import kept

from .study_set import Truth, make_photos

PAGE = Path(__file__).parents[1] / "app_pages" / "study.py"
TRUTH = Truth(people=12, raters=1, sessions=2)


@pytest.fixture
def page() -> AppTest:
    """Return the page as opened for the first time."""
    return AppTest.from_file(str(PAGE), default_timeout=60).run()


def texts(page: AppTest) -> str:
    """Return everything that the page says, one text a line."""
    assert not page.exception
    shown = (page.markdown, page.caption, page.warning, page.error, page.info)
    return "\n".join(element.value for kind in shown for element in kind)


def upload(page: AppTest, files: Sequence[tuple[str, bytes]]) -> AppTest:
    """Add files as a visitor does."""
    page.file_uploader[0].set_value([(name, data, "") for name, data in files])
    return page.run()


def measure(page: AppTest) -> AppTest:
    """Press the button that measures."""
    return next(button for button in page.button if button.label == "Measure").click().run()


def saved() -> list[tuple[str, bytes]]:
    """Return files of results, named as the page asks for."""
    return [
        (f"{taken.person}_{taken.rater}_{taken.session}.json", to_json(assessment).encode())
        for taken, assessment in make_photos(TRUTH, 1)
    ]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let photos be known by their names instead of measuring them, and give which were asked."""
    known = {
        f"{taken.person}_{taken.session}.jpg": assessment
        for taken, assessment in make_photos(TRUTH, 1)
    }
    asked: list[str] = []

    def quickly(wanted: Sequence[Upload], *, patient: bool) -> list[Result]:
        assert patient, "a study waits for as long as it takes"
        asked.extend(one.name for one in wanted)
        return [Result(one, known.get(one.name), f"{one.name} is broken.") for one in wanted]

    monkeypatch.setattr(measuring, "measure", quickly)
    return asked


def test_it_teaches_how_to_do_it(page: AppTest) -> None:
    """Before there are photos: how many people and photos, how named, and no empty result."""
    said = texts(page)
    assert "Ask 10 people or more." in said
    assert "Photograph each at least twice" in said
    assert "anna_r1_s2.jpg" in said
    assert not page.button


def test_photos_become_plain_words_a_table_and_files(page: AppTest, quick: list[str]) -> None:
    """Whom they show is guessed; each is measured once; the words come first."""
    files = [
        (f"p{person}_s{session}.jpg", b"%d %d" % (person, session))
        for person in range(12)
        for session in (1, 2)
    ]
    upload(page, [*files, ("p9_s3.jpg", b"no photo")])
    assert "Your own measurement error" not in texts(page)
    measure(page)
    said = texts(page)
    assert page.subheader[1].value == "Your own measurement error"
    assert "**Pelvic tilt: two photos of one person, taken by you, differ by less than" in said
    assert "24 of 25 photos of 12 people are used, by 1 rater in 2 sessions." in said
    assert "p9\\_s3\\.jpg was left out\\. It is no photo that can be read\\." in said
    (table,) = page.table
    assert list(table.value["Measure"]) == ["Pelvic tilt", "Lumbar curve"]
    assert sorted(quick) == sorted([*(name for name, _data in files), "p9_s3.jpg"])
    measure(page)
    assert len(quick) == 25


def test_results_in_files_need_no_measuring(page: AppTest, quick: list[str]) -> None:
    """What `posture analyze --json` wrote is enough."""
    measure(upload(page, saved()))
    assert "24 of 24 photos of 12 people" in texts(page)
    assert quick == []


def test_a_photo_of_nobody_asks_for_a_word(page: AppTest) -> None:
    """A camera's name says nothing: the page says which photo, and measures nothing yet."""
    upload(page, [*saved()[1:], ("IMG_0001.jpg", b"1")])
    assert "say whom IMG\\_0001\\.jpg shows" in texts(page)
    assert not page.button


def test_a_table_says_whom_photos_show(page: AppTest, quick: list[str]) -> None:
    """Uploaded among the photos; names then say nothing."""
    del quick
    table = "photo,person,session\np0_s1.jpg,Anna,1\np0_s2.jpg,Anna,2\n"
    upload(page, [("p0_s1.jpg", b"1"), ("p0_s2.jpg", b"2"), ("who.csv", table.encode())])
    measure(page)
    assert "Pelvic tilt: 1 person has two photos that can be used, and 3 are needed" in texts(page)
    upload(page, [("p0_s1.jpg", b"1"), ("who.csv", b"photo\n")])
    assert page.error[0].value.startswith("who\\.csv has no column person")


def test_a_study_that_was_saved_is_shown_again(page: AppTest) -> None:
    """`study.json` is enough, and a damaged one says so."""
    measure(upload(page, saved()))
    made = page.session_state["study_made"][1]
    before = [element.value for element in page.markdown if "two photos of one" in element.value]
    again = AppTest.from_file(str(PAGE), default_timeout=60).run()
    upload(again, [("study.json", kept.to_json(made).encode())])
    assert before[0] in texts(again)
    upload(again, [("study.json", kept.to_json(made).replace('"photos"', '"x"').encode())])
    assert again.error[0].value.startswith("study\\.json is damaged")


def test_a_result_of_other_photos_is_not_shown(page: AppTest) -> None:
    """With a photo less, the figures are not those of what is there."""
    measure(upload(page, saved()))
    upload(page, saved()[2:])
    assert "two photos of one person" not in texts(page)


def test_a_study_stays_until_it_is_forgotten(page: AppTest) -> None:
    """Coming back to the page shows it; the button forgets it."""
    measure(upload(page, saved()))
    back = AppTest.from_file(str(PAGE), default_timeout=60)
    back.session_state["study_made"] = page.session_state["study_made"]
    assert "two photos of one person" in texts(back.run())
    next(button for button in back.button if button.label == "Forget this study").click().run()
    assert "Ask 10 people or more." in texts(back)
