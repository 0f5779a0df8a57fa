"""A batch's journal: one batch at a time, sound or refused, full or not without loss."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from posture.batch import journal, journal_file
from posture.batch.entries import LATER, Entry, Outcome
from posture.batch.journal import Counts, opened
from posture.batch.row import MEASURED, with_told
from posture.batch.sources import Source
from posture.errors import BatchError

CELLS = ["" for _ in MEASURED]
OPTIONS: dict[str, Any] = {"markers": False}


def of(*entries: Entry, in_order: bool = False) -> Source:
    """Return a source of these."""
    return Source(lambda: iter(entries), in_order=in_order)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Begin a journal in which one of two photos is measured."""
    path = tmp_path / "out.csv.journal"
    with opened(path, OPTIONS) as kept:
        kept.plan(of(Entry("/b.jpg", "b.jpg", "1"), Entry("/a.jpg", "a.jpg", "1")), pictures=False)
        kept.keep(Entry("/a.jpg", "a.jpg", "1"), Outcome(3, CELLS))
    return path


def refused(path: Path, options: dict[str, Any]) -> str:
    """Return why a journal is not opened."""
    with pytest.raises(BatchError) as error, opened(path, options):
        pass
    return str(error.value)


def test_only_one_batch_at_a_time_has_it(path: Path) -> None:
    """Another one is told so, and nothing is changed."""
    with opened(path, OPTIONS) as kept:
        assert refused(path, OPTIONS).startswith("Another batch is writing this table")
        assert kept.counts() == Counts(refused=1)
    with opened(path, OPTIONS) as kept:
        assert [entry.shown for entry in kept.waiting()] == ["b.jpg"]


def test_of_two_that_begin_at_once_one_has_it(tmp_path: Path) -> None:
    """The other one, which saw none before it tried, does not remove it."""
    path = tmp_path / "new.journal"
    with opened(path, OPTIONS) as kept:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "exists", lambda _: False)
            assert refused(path, OPTIONS).startswith("Another batch is writing this table")
        assert path.is_file()
        assert kept.is_empty()


def test_it_tells_whether_a_batch_has_it(path: Path, tmp_path: Path) -> None:
    """And changes nothing."""
    before = path.read_bytes()
    assert not journal_file.in_use(path)
    with opened(path, OPTIONS):
        assert journal_file.in_use(path)
    assert not journal_file.in_use(path)
    assert path.read_bytes() == before
    (tmp_path / "text.journal").write_text("no journal")
    assert not journal_file.in_use(tmp_path / "text.journal")


def test_what_cannot_be_read_for_now_is_tried_by_other_runs(path: Path) -> None:
    """A few times; then it is a row, and nothing is before."""
    away = Entry("/b.jpg", "b.jpg", "1")
    for number in range(journal.MOST_TRIES):
        with opened(path, OPTIONS) as kept:
            kept.plan(of(away), pictures=False)
            assert list(kept.waiting()) == [away], number
            assert kept.counts() == Counts()
            kept.keep(away, Outcome(LATER, CELLS))
            assert not kept.is_empty()
    with opened(path, OPTIONS) as kept:
        assert list(kept.waiting()) == []
        assert kept.counts() == Counts(unreadable=1)


def test_what_was_measured_stays_when_its_file_is_gone(path: Path) -> None:
    """Its disk may be away; there and changed, it is measured anew."""
    with opened(path, OPTIONS) as kept:
        kept.plan(of(Entry("/a.jpg", "a.jpg", "")), pictures=False)
        assert list(kept.waiting()) == []
        assert kept.counts() == Counts(refused=1)
        kept.plan(of(Entry("/a.jpg", "a.jpg", "", 170.0)), pictures=False)
        assert len(list(kept.waiting())) == 1
        kept.plan(of(Entry("/a.jpg", "a.jpg", "2")), pictures=False)
        assert len(list(kept.waiting())) == 1


def test_other_options_are_refused(path: Path) -> None:
    """Its rows would not be of one kind."""
    assert "begun with other photos, other options" in refused(path, {"markers": True})


def test_what_is_no_sound_journal_is_refused_and_left(path: Path, tmp_path: Path) -> None:
    """Damaged, another program's, or no database at all."""
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 4096 + whole[12288:])
    assert "is damaged or no journal of a batch: remove it" in refused(path, OPTIONS)
    text, other = tmp_path / "text.journal", tmp_path / "other.journal"
    text.write_text("not a database " * 100)
    with sqlite3.connect(other) as foreign:
        foreign.execute("CREATE TABLE about (options TEXT)")
    foreign.close()
    for wrong in (text, other):
        assert "is damaged or no journal of a batch: remove it" in refused(wrong, OPTIONS)
    with sqlite3.connect(other) as foreign:
        assert foreign.execute("SELECT count(*) FROM about").fetchone() == (0,)
    foreign.close()


def test_a_full_disk_is_a_sentence_and_loses_nothing(path: Path) -> None:
    """What was kept before stays."""
    with opened(path, OPTIONS) as kept:
        pages = kept._sql.execute("PRAGMA page_count").fetchone()[0]
        kept._sql.execute(f"PRAGMA max_page_count = {pages}")
        large = Outcome(0, ["x" * 1_000_000])
        with pytest.raises(BatchError, match=r"cannot be written .*full.*--resume"):
            kept.keep(Entry("/b.jpg", "b.jpg", "1"), large)
        assert kept.counts() == Counts(refused=1)
    with opened(path, OPTIONS) as kept:
        assert kept.counts() == Counts(refused=1)


def test_rows_stand_in_the_order_of_their_table_with_bad_ones(tmp_path: Path) -> None:
    """The same photo twice, or a row that names none, is a row that says so."""
    rows = (
        Entry("/b.jpg", "b.jpg", person="bea"),
        Entry("", "", fault="Line 3 names no photo."),
        Entry("/a.jpg", "a.jpg", stature_cm=170.0),
        Entry("/b.jpg", "./b.jpg"),
    )
    with opened(tmp_path / "x.journal", OPTIONS) as kept:
        assert kept.plan(of(*rows, in_order=True), pictures=False) == 4
        assert [entry.location for entry in kept.waiting()] == ["/b.jpg", "/a.jpg"]
        for entry in kept.waiting():
            kept.keep(entry, Outcome(0, CELLS))
        assert kept.counts() == Counts(measured=2, unreadable=2)
        found = [(row[0], row[2], row[3], row[4 + MEASURED.index("error")]) for row in kept.rows()]
    assert found == [
        ("b.jpg", "bea", None, ""),
        ("", "", None, "Line 3 names no photo."),
        ("a.jpg", "", 170.0, ""),
        ("./b.jpg", "", None, "./b.jpg is listed twice: this row was left out."),
    ]


def test_another_stature_is_measured_again(tmp_path: Path) -> None:
    """Another person is not: that changes nothing in what is measured."""
    path = tmp_path / "x.journal"
    with opened(path, OPTIONS) as kept:
        kept.plan(of(Entry("/a.jpg", "a"), Entry("/b.jpg", "b")), pictures=False)
        for entry in kept.waiting():
            kept.keep(entry, Outcome(0, CELLS))
    told = (Entry("/a.jpg", "a", stature_cm=170.0), Entry("/b.jpg", "b", person="bea"))
    with opened(path, OPTIONS) as kept:
        kept.plan(of(*told), pictures=False)
        assert list(kept.waiting()) == [told[0]]


def test_what_is_measured_in_part_is_counted_as_the_table_has_it(tmp_path: Path) -> None:
    """Its row says measured: it is not one of those that are refused as a whole."""
    whole, part, nothing = (Entry(f"/{name}.jpg", f"{name}.jpg") for name in "abc")
    with opened(tmp_path / "x.journal", OPTIONS) as kept:
        kept.plan(of(whole, part, nothing), pictures=False)
        for entry, kind, status in (
            (whole, 0, "measured"),
            (part, 3, "measured"),
            (nothing, 3, "refused"),
        ):
            kept.keep(entry, Outcome(kind, with_told(CELLS, status=status)))
        counts = kept.counts()
        assert counts == Counts(measured=1, partly=1, refused=1)
        assert (counts.all, counts.status) == (3, 3)
    assert Counts(partly=1).status == 3


def test_names_that_are_no_text_are_kept(tmp_path: Path) -> None:
    """On Linux a file's name is bytes."""
    odd = Entry("/\udcff.jpg", "?.jpg")
    with opened(tmp_path / "x.journal", OPTIONS) as kept:
        kept.plan(of(odd), pictures=True)
        assert list(kept.waiting()) == [odd]
        assert kept.picture_of(odd) == "?.overlay.png"
        kept.keep(odd, Outcome(0, CELLS))
        assert [row[:2] for row in kept.rows()] == [["?.jpg", "?.jpg"]]


def test_it_goes_without_a_trace(path: Path) -> None:
    """Once nothing depends on it."""
    with opened(path, OPTIONS) as kept:
        kept.remove()
    assert list(path.parent.iterdir()) == []
    assert path.suffix == journal_file.ENDING
