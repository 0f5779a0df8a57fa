"""Which photos a batch takes: from folders, patterns, tables as spreadsheets write them, URLs."""

import os
from pathlib import Path

import fsspec
import pytest

from posture.batch.entries import Entry
from posture.batch.sources import source
from posture.errors import BatchError


def listed(text: str | Path) -> list[Entry]:
    """Return what a source names."""
    return list(source(str(text)).entries())


def names(text: str | Path) -> set[str]:
    """Return the last parts of what a source names."""
    return {entry.location.rpartition("/")[2] for entry in listed(text)}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Make a folder of photos and of much else."""
    for name in (
        *("a.jpg", "B.JPEG", "c.HEIC", "sub/d.png", "sub/deep/e.webp", "sub/[f].tif"),
        *(".hidden.jpg", ".trash/g.jpg", "notes.txt", "moving.gif", "raw.dng", "jpg"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "sub" / "a.overlay.png").touch()
    (tmp_path / "sub" / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "linked.jpg").symlink_to(tmp_path / "a.jpg")
    return tmp_path


def test_a_folder_gives_the_photos_in_it_and_below(photos: Path) -> None:
    """Nothing hidden, drawn by posture or of another kind, nor what linked folders hold."""
    found = {"a.jpg", "B.JPEG", "c.HEIC", "d.png", "e.webp", "[f].tif", "linked.jpg"}
    assert names(photos) == found
    assert len(listed(photos)) == len(found)


def test_a_pattern_gives_the_photos_that_match(photos: Path) -> None:
    """Two stars are any folders; a file may be named itself, whatever is in its name."""
    assert names(photos / "*") == {"a.jpg", "B.JPEG", "c.HEIC", "linked.jpg"}
    assert names(photos / "**" / "*.png") == {"d.png"}
    assert names(photos / "sub" / "[f].tif") == {"[f].tif"}
    assert names(photos / "*.txt") == set()


def test_any_folders_are_not_those_behind_links(photos: Path) -> None:
    """Each photo is there once, however often links lead back to it; nothing hidden is."""
    (photos / "sub" / "again").symlink_to(photos, target_is_directory=True)
    for pattern in ("**", "**/*", "**/**", "s**/../**/*"):
        assert names(photos / pattern) == names(photos)
        assert len(listed(photos / pattern)) == len(listed(photos))
    assert names(photos / "**" / "deep" / "*") == {"e.webp"}
    assert names(photos / "s**" / "*") == {"d.png", "[f].tif"}


def test_a_pattern_names_what_is_hidden_or_linked_itself(photos: Path) -> None:
    """What its stars leave out may be named; two stars may stand at several places, or in vain."""
    assert names(photos / "*" / "*.jpg") == set()
    assert names(photos / ".tr*" / "*") == {"g.jpg"}
    assert names(photos / "**" / ".trash" / "*.jpg") == {"g.jpg"}
    assert names(photos / "sub" / "r*" / "?.jpg") == {"a.jpg"}
    assert names(photos / "**" / "deep" / "**" / "*.webp") == {"e.webp"}
    assert len(listed(photos / "**" / "sub" / "**" / "**" / "*")) == 3
    assert names(photos / "nowhere" / "**" / "*.jpg") == set()
    assert names(photos / "a.jpg" / "*.jpg") == set()


def test_links_that_lead_nowhere_are_photos_that_cannot_be_read(photos: Path) -> None:
    """To the batch they are rows that say so; none of them ends the listing."""
    (photos / "loop.jpg").symlink_to(photos / "loop.jpg")
    (photos / "gone.jpg").symlink_to(photos / "nowhere.jpg")
    (photos / "round.jpg").symlink_to(photos, target_is_directory=True)
    for source_ in (photos, photos / "**" / "*.*", photos / "*.jpg"):
        assert names(source_) & {"loop.jpg", "gone.jpg", "round.jpg"} == {"loop.jpg", "gone.jpg"}


@pytest.mark.parametrize("pattern", ["", "**", "**/*.jpg", "*/*.jpg", "s*/**/*.jpg", "s*/d*/*.jpg"])
def test_a_folder_that_cannot_be_read_is_said(
    photos: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    """Whatever names it: photos that are passed over would be missed by nobody."""
    scan = os.scandir

    def refuse(folder: str) -> object:
        if Path(folder).name == "deep" or (pattern == "*/*.jpg" and Path(folder).name == "sub"):
            raise PermissionError(13, "Permission denied", folder)
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(BatchError, match=r"^The folder .* cannot be read: Permission denied\.$"):
        listed(photos / pattern)


def test_urls_without_fsspec_are_one_sentence(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether they stand in a table or are the source, and not for each photo."""
    (photos / "list.csv").write_text("photo\ns3://x/a.jpg\ns3://x/b.jpg\n")
    monkeypatch.setattr("posture.batch.sources.find_spec", lambda _: None)
    for text in (photos / "list.csv", "s3://x"):
        with pytest.raises(BatchError, match="Photos from URLs need more than is installed"):
            listed(text)


def test_another_time_or_size_is_another_stamp(photos: Path) -> None:
    """What is measured already is known by them."""
    (before,) = listed(photos / "a.jpg")
    os.utime(photos / "a.jpg", ns=(1, 1))
    (touched,) = listed(photos / "a.jpg")
    (photos / "a.jpg").write_text("longer than before")
    (longer,) = listed(photos / "a.jpg")
    assert len({before.stamp, touched.stamp, longer.stamp}) == 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("photo,stature_cm,person\na.jpg,172.5,Zoë\nsub/d.png,,\n", "utf-8"),
        ("Person;Photo;Stature_cm\nZoë;a.jpg;172,5\n;sub/d.png;\n\n", "utf-8-sig"),
        ("sep=;\r\nphoto;other;stature_cm;person\r\na.jpg;;172,5;Zoë\r\nsub/d.png\r\n", "cp1252"),
        ("photo\tstature_cm\tperson\na.jpg\t172,5\tZoë\nsub/d.png\t\t\n", "utf-16"),
    ],
    ids=["commas", "semicolons", "told by Excel", "tabs"],
)
def test_a_table_is_read_as_spreadsheets_write_it(photos: Path, text: str, encoding: str) -> None:
    """Paths are those beside the table, rows keep their order."""
    table = photos / "list.csv"
    table.write_bytes(text.encode(encoding))
    first, second = listed(table)
    assert (first.location, first.shown) == (str(photos / "a.jpg"), "a.jpg")
    assert (first.stature_cm, first.person, first.fault) == (172.5, "Zoë", "")
    assert (second.location, second.stature_cm) == (str(photos / "sub" / "d.png"), None)
    assert first.stamp == listed(photos / "a.jpg")[0].stamp


def test_a_bad_row_says_so_and_the_others_stand(photos: Path) -> None:
    """With its line, what is wrong and what to do."""
    table = photos / "list.csv"
    huge = "x" * 200_000
    table.write_text(
        f"photo,stature_cm,person\n,170,anna\na.jpg,1.72,\na.jpg,tall,\n{huge},,\n"
        "B.JPEG,nan,\ns3://bucket/x.jpg,180,\n\0.jpg,,\n"
    )
    faults = [entry.fault for entry in listed(table)]
    assert faults[:3] == [
        "Line 2 names no photo: fill in the column photo.",
        "Line 3: '1.72' is no standing height: give 50 to 250 centimetres.",
        "Line 4: 'tall' is no standing height: give 50 to 250 centimetres.",
    ]
    assert faults[3].startswith("Line 5 of list.csv cannot be read: ")
    assert faults[4].startswith("Line 6: 'nan' is no")
    assert listed(table)[5] == Entry("s3://bucket/x.jpg", "s3://bucket/x.jpg", "", 180.0)
    assert listed(table)[0].person == "anna"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column photo"),
        ("path,person\na.jpg,anna\n", "has no column photo: its first line names the columns"),
        ("photo,photo\na.jpg,b.jpg\n", "has two columns photo"),
    ],
    ids=["empty", "other columns", "twice"],
)
def test_a_table_that_cannot_be_understood_is_a_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    """What is wrong with its first line."""
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(BatchError, match=said):
        listed(tmp_path / "list.csv")


@pytest.mark.parametrize("text", ["nowhere", "nowhere.csv"])
def test_what_is_not_there_is_a_sentence(tmp_path: Path, text: str) -> None:
    """A folder, table or photo that does not exist."""
    with pytest.raises(BatchError, match="is no folder, CSV file or pattern"):
        source(str(tmp_path / text))


def test_urls_are_listed_through_fsspec() -> None:
    """A folder in a store, a pattern, one photo, and a store that does not exist."""
    store = fsspec.filesystem("memory")
    for name in ("a.jpg", "sub/b.png", ".hidden/c.jpg", "notes.txt"):
        store.pipe(f"/clinic/{name}", name.encode())
    folder = listed("memory://clinic")
    assert {entry.location for entry in folder} == {
        "memory:///clinic/a.jpg",
        "memory:///clinic/sub/b.png",
    }
    assert all(entry.stamp for entry in folder)
    assert names("memory://clinic/*.jpg") == {"a.jpg"}
    assert names("memory://clinic/a.jpg") == {"a.jpg"}
    for wrong in ("memory://clinic/nothing", "xyz://a"):
        with pytest.raises(BatchError, match=f"^{wrong} cannot be listed: "):
            listed(wrong)
    store.rm("/clinic", recursive=True)
