"""Broken and odd files through the command line: an answer or one sentence, and little memory."""

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

from .odd_files import odd_files

SAMPLE = Path(__file__).parents[1] / "samples" / "standing_striped_shirt.jpg"
MOST_KILOBYTES = 1_500_000
MEASURED_RUN = """
import pathlib, re, sys
from posture.cli import main
try:
    main()
finally:
    status = pathlib.Path("/proc/self/status").read_text()
    print(re.search(r"VmHWM:\\s*(\\d+) kB", status)[1], file=sys.stderr)
"""


def test_every_odd_file_is_answered(tmp_path: Path) -> None:
    """Each file gives one JSON object or one sentence; none stops the others or fills memory."""
    with Image.open(SAMPLE) as image:
        files = odd_files(tmp_path, image.convert("RGB"))
    assert len(files) >= 60
    paths = [str(file.path) for file in files]
    command = [sys.executable, "-c", MEASURED_RUN, "analyze", "--json", "-", *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    *sentences, peak = done.stderr.splitlines()
    assert len(answers) + len(sentences) == len(files)
    assert all(sentence.endswith(".") for sentence in sentences)
    assert sum(answer["status"] == "measured" for answer in answers) > 10
    assert len(sentences) > 10
    assert int(peak) < MOST_KILOBYTES
