"""The corpus of broken files: what once broke something is refused in a sentence, or read."""

from pathlib import Path

import pytest

from fuzz import campaign, report, targets

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


LOG = """INFO: Using built-in libfuzzer
#20\tpulse  cov: 5 ft: 5 corp: 3/9b exec/s: 0 rss: 26Mb
#32\tINITED cov: 30 ft: 41 corp: 7/20b exec/s: 0 rss: 26Mb
#90\tNEW    cov: 34 ft: 45 corp: 8/24b exec/s: 0 rss: 26Mb
 === Uncaught Python exception: ===
INFO: Using built-in libfuzzer
#40\tINITED cov: 34 ft: 45 corp: 8/24b exec/s: 0 rss: 26Mb
#2000\tDONE   cov: 40 ft: 45 corp: 8/24b exec/s: 0 rss: 26Mb
Done 2000 runs in 61 second(s)
"""


def test_the_report_counts_what_the_logs_say(tmp_path: Path) -> None:
    """Runs that crashed count as crashes and not as time without one."""
    assert report.runs(LOG) == [
        report.Run(0, 90, 30, 34, crashed=True),
        report.Run(61, 2000, 34, 40, crashed=False),
    ]
    for target in ("photos", "imports"):
        (tmp_path / f"{target}.log").write_text(LOG, "utf-8")
    for row in report.table(tmp_path).splitlines()[2:]:
        assert row.endswith("| 61 | 2090 | 1 | 30, 40 |")


def test_a_fuzzer_that_cannot_start_is_a_crash_and_not_tried_for_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails at once does so again and again."""
    monkeypatch.setattr(campaign.sys, "executable", "/bin/false")
    assert campaign.run("photos", 3600, tmp_path) == 1
    dead = report.runs("INFO: Using built-in libfuzzer\n === Uncaught Python exception: ===\n")
    assert dead == [report.Run(0, 0, 0, 0, crashed=True)]
