"""The corpus of broken files: what once broke something is refused in a sentence, or read."""

from pathlib import Path

import pytest

from fuzz import targets

CORPUS = Path(__file__).parent / "broken"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file())
TARGETS = targets.IMPORTS | {"photo": targets.photo}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_once_broke_something_does_so_no_more(file: Path) -> None:
    """Each file goes to what its folder is named for."""
    TARGETS[file.parent.name](file.read_bytes())


def test_the_corpus_is_there() -> None:
    """The test above is not vacuous."""
    assert {file.parent.name for file in FILES} <= TARGETS.keys()
    assert len(FILES) >= 4
