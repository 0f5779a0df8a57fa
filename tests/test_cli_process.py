"""The program as the system runs it: its streams, its signals and its exit status."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from .command import STANDING


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start the program itself."""
    command = [sys.executable, "-c", "from posture.cli import main; main()", *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, **options)


def test_the_program_itself_with_the_real_model() -> None:
    """The whole program writes one JSON object and nothing on standard error."""
    with start("analyze", STANDING, "--json", "-", stdout=subprocess.PIPE) as program:
        out, err = program.communicate(timeout=120)
    assert err == b""
    assert program.returncode == 0
    assert json.loads(out)["measurements"]["pelvic_tilt_deg"]["tier"] == "outline"


def test_output_that_knows_no_plus_minus_is_no_failure() -> None:
    """In a terminal of plain ASCII, signs are replaced."""
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    with start("analyze", STANDING, stdout=subprocess.PIPE, env=ascii_only) as program:
        out, err = program.communicate(timeout=120)
    assert (program.returncode, err) == (0, b"")
    assert b"Pelvic tilt" in out


def test_closed_pipe_ends_quietly() -> None:
    """Whoever reads may leave early: no word about it."""
    reading, writing = os.pipe()
    os.close(reading)
    with start("analyze", "--json", "-", STANDING, stdout=writing) as program:
        os.close(writing)
        _, err = program.communicate(timeout=120)
    assert err == b""
    assert program.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("arguments", [["--json", "-"], []], ids=["json", "table"])
def test_full_standard_output_is_one_sentence(arguments: list[str]) -> None:
    """Output that cannot be written is said, with status 1."""
    with (
        Path("/dev/full").open("wb") as full,
        start("analyze", STANDING, *arguments, stdout=full) as program,
    ):
        _, err = program.communicate(timeout=120)
    assert err.decode() == "The results cannot be written: No space left on device.\n"
    assert program.returncode == 1


def test_interrupt_ends_quietly_with_130() -> None:
    """Ctrl-C amid many photos stops without a traceback, wherever the tests themselves run."""
    many = [STANDING] * 200
    # What runs in the background ignores it, and so would whatever that starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        program = start("analyze", "--json", "-", *many, stdout=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGINT, before)
    with program:
        assert program.stdout is not None
        program.stdout.readline()
        time.sleep(0.2)
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=60)
    assert err == b""
    assert program.returncode == 130
