"""Whom a photo shows, by its name, its folders or a table; and what is said if nobody knows."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from posture.errors import StudyError
from posture.study import plan
from posture.study.figures import Taken
from posture.study.folder import sources

from .study_set import Truth, write_results


@pytest.mark.parametrize(
    ("name", "person", "rater", "session"),
    [
        ("anna_r1_s2.jpg", "anna", "r1", "s2"),
        ("Anna_R01_S2.JPG", "anna", "r1", "s2"),
        ("anna_s2_r1.heic", "anna", "r1", "s2"),
        ("anna-r1-s2-again.jpg", "anna", "r1", "s2"),
        ("anna r1 s10 (2).jpg", "anna", "r1", "s10"),
        ("anna_maria_rater2_session3.jpg", "anna maria", "r2", "s3"),
        ("anna_s2.jpg", "anna", "r1", "s2"),
        ("anna_r2.jpg", "anna", "r2", "s1"),
        ("anna/r2/s1/IMG_0001.jpg", "anna", "r2", "s1"),
        ("anna\\r2_s1.jpg", "anna", "r2", "s1"),
        ("week 1/anna_r1_s1.jpg", "anna", "r1", "s1"),
        (unicodedata.normalize("NFD", "Ánna_r1_s1.jpg"), "ánna", "r1", "s1"),
    ],
)
def test_names_say_it(name: str, person: str, rater: str, session: str) -> None:
    """Forgiving of capitals, order, separators, zeros and remarks; a file's own name goes first."""
    assert plan.guess(name) == Taken(person, rater, session)


@pytest.mark.parametrize(
    "name",
    ["IMG_0001.jpg", "PXL_20240101_120000.jpg", "anna.jpg", "r1_s1.jpg", "anna_maria_s2.jpg"],
)
def test_names_that_say_too_little_are_not_guessed_at(name: str) -> None:
    """A camera's names are of nobody; of two words without a rater, one could be the rater."""
    assert plan.guess(name) is None
    with pytest.raises(StudyError, match=f"The name of {name} does not say whom it shows: name it"):
        plan.whose(name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_says_it_however_a_spreadsheet_saves_it(delimiter: str) -> None:
    """Any usual separator, capitals, a mark at the start; an empty rater is the same for all."""
    rows = ("\ufeffPhoto,Person,Rater,Session", "IMG_1.JPG,Anna ,Ben,Monday", "", "img_2.jpg,Eve,,")
    table = plan.read_table("\r\n".join(rows).replace(",", delimiter).encode(), "t.csv")
    assert plan.whose("img_1.jpg", table=table) == Taken("anna", "ben", "monday")
    assert plan.whose("x/img_2.jpg", "img_2.jpg", table=table) == Taken("eve", "r1", "s1")
    with pytest.raises(StudyError, match=r"The table says nothing of anna_r1_s1.jpg: add a row"):
        plan.whose("anna_r1_s1.jpg", table=table)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "t.csv has no column photo: its first line has to be"),
        (b"photo,rater\na.jpg,r1", "t.csv has no column person: its first line has to be"),
        (b"photo,person\na.jpg,", "Row 2 of t.csv has no photo or no person: fill it in."),
        (b"photo,person\n\na.jpg,b\n,c", "Row 4 of t.csv has no photo or no person: fill it in."),
        (b"photo,person\na.jpg,b\nA.jpg,c", "t.csv has A.jpg twice: leave out one of both rows."),
        (b"photo,person\n\xff\xfe,b", "t.csv cannot be read as a table: save it as CSV in UTF-8."),
        (b'photo,person\n"a.jpg,b', "t.csv cannot be read as a table: save it as CSV in UTF-8."),
    ],
)
def test_a_table_that_is_none_says_where_and_what_to_do(data: bytes, sentence: str) -> None:
    """One sentence with the file and the row."""
    with pytest.raises(StudyError) as error:
        plan.read_table(data, "t.csv")
    assert str(error.value).startswith(sentence)


def test_a_folder_holds_photos_and_saved_results(tmp_path: Path) -> None:
    """Results go before photos beside them; drawings, hidden files and others are no photos."""
    write_results(tmp_path, Truth(people=1, raters=1, sessions=2), 1)
    for name in (
        *(
            "p0_r1_s1_0.jpg",
            "IMG_0001.jpg",
            "anna/r1/s1/IMG_0001.jpg",
            "anna_r1_s1.overlay.png",
            "notes.txt",
        ),
        *(".anna_r1_s1.jpg", "anna_r1_s1.png"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "study.json").write_text('{"schema": "posture-study/1"}')
    found = {source.name: source.reading is not None for source in sources(tmp_path)}
    assert found == {
        "p0_r1_s1_0.json": True,
        "p0_r1_s2_1.json": True,
        "anna/r1/s1/IMG_0001.jpg": False,
        "anna_r1_s1.png": False,
    }


def test_results_of_many_photos_in_a_file_go_by_the_names_of_the_photos(tmp_path: Path) -> None:
    """What `--json all.jsonl` wrote of a folder is enough for a study."""
    write_results(tmp_path, Truth(people=1, raters=1, sessions=2), 1)
    lines = [path.read_text("utf-8") for path in sorted(tmp_path.glob("*.json"))]
    for path in tmp_path.glob("*.json"):
        path.unlink()
    text = "".join(lines).replace("IMG_0000.jpg", "a_s1.jpg").replace("IMG_0001.jpg", "a_s2.jpg")
    (tmp_path / "all.jsonl").write_text(text, "utf-8")
    assert [source.name for source in sources(tmp_path)] == ["a_s1.jpg", "a_s2.jpg"]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "There are no photos in "),
        ({"IMG_1.jpg": ""}, "The name of IMG_1.jpg does not say whom it shows"),
        ({"a_s1.json": "{}"}, "a_s1.json holds no results that `posture analyze --json` wrote"),
        ({"a_s1.json": "[1]"}, "a_s1.json holds no results that `posture analyze --json` wrote"),
        ({"a_s1.json": "["}, "a_s1.json holds no results that `posture analyze --json` wrote"),
    ],
)
def test_a_folder_of_which_no_study_can_be_made(
    tmp_path: Path, files: dict[str, str], sentence: str
) -> None:
    """The sentence names the file."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(StudyError) as error:
        sources(tmp_path)
    assert str(error.value).startswith(sentence)


def test_a_table_of_other_photos_is_refused(tmp_path: Path) -> None:
    """A row of a photo that is not there may be a typing error."""
    (tmp_path / "a.jpg").write_bytes(b"")
    table = plan.read_table(b"photo,person\na.jpg,anna\nb.jpg,anna", "t.csv")
    with pytest.raises(StudyError, match=r"The table names b.jpg, which is not in "):
        sources(tmp_path, table)
