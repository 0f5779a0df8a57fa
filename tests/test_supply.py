"""The lists of what is inside are those of the locks, and an audit not made is not called one."""

import json
import re
from pathlib import Path

import pytest

from posture.model_file import MODEL_NAME, MODEL_SHA256
from scripts import audit, sbom

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def pinned(lock: str) -> set[tuple[str, ...]]:
    """Return the names and versions of a lock."""
    return set(PINNED.findall((ROOT / "requirements" / lock).read_text("utf-8")))


def test_the_list_of_what_is_inside_is_up_to_date() -> None:
    """Made anew it is the same; otherwise run `make sbom`."""
    assert sbom.made() == sbom.SBOM.read_text("utf-8"), "run `make sbom`"


def test_the_list_names_everything_and_no_place() -> None:
    """All of the lock and the model with its licence; no address, no time, no serial number."""
    text = sbom.SBOM.read_text("utf-8")
    told = json.loads(text)
    packages = {(c["name"], c["version"]) for c in told["components"] if c["type"] == "library"}
    assert packages == pinned("app.lock")
    (model,) = (c for c in told["components"] if c["name"] == MODEL_NAME)
    assert model["hashes"][0]["content"] == MODEL_SHA256
    assert model["licenses"][0]["license"]["id"] == "Apache-2.0"
    assert not re.search(r"https?:|serialNumber|timestamp|/home/|/tmp/", text)


def test_a_server_runs_what_was_tested() -> None:
    """What its lock names is in the lock of the tests, in the same versions."""
    assert pinned("server.lock") - pinned("app.lock")
    assert pinned("app.lock") < pinned("server.lock") < pinned("dev.lock")


def answer(*packages: dict[str, object]) -> str:
    """Return what pip-audit writes."""
    return json.dumps({"dependencies": list(packages), "fixes": []})


FAULT = {"id": "PYSEC-2026-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}
SOUND = {"name": "sound", "version": "1.0", "vulns": []}
FAULTY = {"name": "faulty", "version": "1.0", "vulns": [FAULT]}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("written", "status", "said"),
    [
        (answer(SOUND), audit.CLEAN, "1 packages, 0 known faults"),
        (answer(SOUND, FAULTY), audit.FAULTY, "faulty 1.0: PYSEC-2026-1, mended in 1.1"),
        (answer(SOUND, UNKNOWN), audit.NOT_AUDITED, "of 1 packages nothing could be asked"),
        (answer(UNKNOWN, FAULTY), audit.FAULTY, "faulty 1.0"),
        ("", audit.NOT_AUDITED, "was not audited: no list of known faults can be reached"),
    ],
)
def test_an_audit_says_what_it_did(
    written: str, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What nobody could be asked about is never called clean."""
    assert audit.report([("app.lock", audit.read(written))]) == status
    assert said in capsys.readouterr().out


def test_an_audit_that_looked_at_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mirror that answers for no package is asked no further; the next service is."""
    asked = []

    class Done:
        stdout = answer(UNKNOWN)

    def run(command: list[str], **_: object) -> Done:
        asked.append(command[-1])
        return Done()

    monkeypatch.setattr(audit.subprocess, "run", run)
    assert audit.audit(audit.LOCKS[0]) is None
    assert asked == ["--service=pypi", "--service=osv"]
