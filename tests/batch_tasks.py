"""What tests have a batch's workers do instead of measuring; it is small, since each imports it."""

import os
import signal
import time
from pathlib import Path

from posture.batch import row
from posture.batch.entries import LATER, Entry, Outcome, Way

#: In the words of a photo's file: what happens to a worker that reads it.
DIE, DIE_ONCE, HANG, SLOW, AWAY = "die", "die once", "hang", "slow", "away"


def fake(entry: Entry, way: Way) -> Outcome:
    """Return the number in a file as its pelvic tilt, or do what the file says."""
    path = Path(entry.location)
    words = path.read_text()
    if words == HANG:
        time.sleep(600)
    if words == DIE or (words == DIE_ONCE and not path.with_suffix(".died").exists()):
        path.with_suffix(".died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if words == AWAY:
        return Outcome(LATER, row.of_error("The store is away."))
    if words == SLOW:
        time.sleep(0.2)
    time.sleep(0.002)
    number = float(words) if words[:1].isdigit() else 0.0
    known = dict(zip(row.MEASURED, row.of_error(""), strict=True))
    known |= {"status": "measured", "pelvic_tilt_deg": number, "pelvic_tilt_deg_tier": "outline"}
    picture = f"picture of {path.name}".encode() if way.overlays else None
    return Outcome(0, list(known.values()), picture)
