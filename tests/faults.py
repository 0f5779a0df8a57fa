"""Runs the program where something is amiss with the machine: its disk, its streams, its folders.

Each is real: a small file system of its own, in a namespace that ends with the program.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

QUICK = (sys.executable, "-m", "tests.quick_cli")
ROOT = Path(__file__).parents[1]
_UNSHARED = ("unshare", "--map-root-user", "--mount", "sh", "-c")


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it left in the folder, as names and sizes."""

    status: int
    out: str
    err: str
    left: dict[str, int]


def can_unshare() -> bool:
    """Tell whether this machine lets a program have file systems of its own."""
    try:
        done = subprocess.run(
            [*_UNSHARED, "mount -t tmpfs tmpfs /mnt"], capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def run(*arguments: str | Path, stdout: str = "", **environment: str) -> Ended:
    """Run the program on an ordinary machine; ``stdout`` says where to, as a shell has it."""
    return _ended(f'"$@" {stdout}', Path(os.devnull), arguments, environment, ("sh", "-c"))


def run_on_small_disk(folder: Path, size: str, *arguments: str | Path, **env: str) -> Ended:
    """Run the program while a folder is a disk of this size, such as ``4k``."""
    script = f'mount -t tmpfs -o size={size} tmpfs "$FOLDER" && "$@"'
    return _ended(script, folder, arguments, env, _UNSHARED)


def run_read_only(folder: Path, *arguments: str | Path, **env: str) -> Ended:
    """Run the program while a folder, with what is in it, cannot be written."""
    script = 'mount --bind "$FOLDER" "$FOLDER" && mount -o remount,bind,ro "$FOLDER" && "$@"'
    return _ended(script, folder, arguments, env, _UNSHARED)


def _ended(
    script: str,
    folder: Path,
    arguments: tuple[str | Path, ...],
    environment: dict[str, str],
    shell: tuple[str, ...],
) -> Ended:
    listed = 'status=$?; find "$FOLDER" -type f -printf "%P %s\\n" >"$LISTED"; exit $status'
    with NamedTemporaryFile("r", encoding="utf-8") as left:
        done = subprocess.run(
            [*shell, f"{script}; {listed}", "_", *QUICK, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "FOLDER": str(folder), "LISTED": left.name, **environment},
            check=False,
        )
        sizes = dict(line.rsplit(" ", 1) for line in left.read().splitlines())
    return Ended(
        done.returncode,
        done.stdout,
        done.stderr,
        {name: int(size) for name, size in sizes.items()},
    )
