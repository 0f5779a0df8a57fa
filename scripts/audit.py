"""Look for known faults in what is inside: whatever the locks name, in the registries' own lists.

    python scripts/audit.py

Ends with 0 if none is known, with 1 if there are some, and with 2 if the lists could not be
reached: then nothing was looked at, and nothing is said of it.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = tuple(ROOT / "requirements" / name for name in ("app.lock", "server.lock", "dev.lock"))
SERVICES = ("pypi", "osv")
CLEAN, FAULTY, NOT_AUDITED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Audit:
    """What one service says of one lock.

    Attributes
    ----------
    looked_at, passed_over : int
        How many packages it knows, and how many it does not.
    faults : tuple of str
        Package, version, name of the fault, and the version that mends it.
    """

    looked_at: int
    passed_over: int
    faults: tuple[str, ...]


def audit(lock: Path) -> Audit | None:
    """Return what is known of a lock by the first service that answers; None if none does."""
    for service in SERVICES:
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--format=json"]
        # What is locked is whole: nothing is resolved anew, nothing installed.
        command += ["--no-deps", "--disable-pip", "--progress-spinner=off", f"--service={service}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = read(done.stdout)
        if found is not None and found.looked_at:
            return found
    return None


def read(text: str) -> Audit | None:
    """Return what pip-audit wrote; None if it could not do its work."""
    try:
        packages = json.loads(text)["dependencies"]
    except (ValueError, KeyError):
        return None
    looked_at = [one for one in packages if "skip_reason" not in one]
    faults = tuple(
        f"{one['name']} {one['version']}: {fault['id']}, mended in "
        + (", ".join(fault["fix_versions"]) or "no version yet")
        for one in looked_at
        for fault in one["vulns"]
    )
    return Audit(len(looked_at), len(packages) - len(looked_at), faults)


def report(audits: Iterable[tuple[str, Audit | None]]) -> int:
    """Print what was found, and return the status to end with."""
    status = CLEAN
    for name, found in audits:
        if found is None:
            print(f"{name} was not audited: no list of known faults can be reached from here.")
            status = status or NOT_AUDITED
            continue
        print(f"{name}: {found.looked_at} packages, {len(found.faults)} known faults.")
        if found.passed_over:
            print(f"{name}: of {found.passed_over} packages nothing could be asked.")
            status = status or NOT_AUDITED
        for fault in found.faults:
            print(f"  {fault}")
            status = FAULTY
    return status


if __name__ == "__main__":
    sys.exit(report((lock.name, audit(lock)) for lock in LOCKS))
