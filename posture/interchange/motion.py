"""Writes pelvic tilt as a motion file for OpenSim; it measures nothing.

The file has OpenSim's own header and one coordinate, ``pelvis_tilt``, in degrees. The lumbar curve
is left out: it is one of the skin, and no joint of such a model has it.

References
----------
.. [1] OpenSim documentation, "Motion (.mot) Files"; `Storage::parseHeaders` of OpenSim 4 reads
   ``version``, ``nRows``, ``nColumns`` and ``inDegrees``.
.. [2] The models gait2392 and Rajagopal 2016: ``pelvis_tilt`` turns about +z, which points to the
   right, while x points forward and y up; so + lifts the ASIS, which is posterior.
.. [3] PMC9255277 says so in words: in OpenSim posterior tilt is positive, anterior negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture.errors import InterchangeError
from posture.language import gettext as _
from posture.quantities import PELVIC_TILT

if TYPE_CHECKING:
    from posture.interchange.record import Record


def to_mot(record: Record, *, zero_deg: float = 0.0) -> str:
    """Return the pelvic tilt of a record as the text of a ``.mot`` file.

    Parameters
    ----------
    record : Record
        One or several photos.
    zero_deg : float
        How far the line from PSIS to ASIS of the model's own pelvis tilts where its ``pelvis_tilt``
        is 0, in degrees, + = anterior. By their markers it is 5.9 in Rajagopal 2016 and 3.2 in
        gait2392 (there to one on the sacrum) [2]_; a scaled model has its own.

    Returns
    -------
    str
        One row at time 0 of the mean where the photos were put together, or else a row for each
        photo whose tilt is known, at the time 0, 1, … of its place among the photos.
        ``pelvis_tilt`` is ``zero_deg`` less the pelvic tilt: its sign is the opposite.

    Raises
    ------
    InterchangeError
        If the pelvic tilt is refused in all of them.
    """
    rows = []
    for time, part in enumerate(record.results()):
        tilt = part.measurements.get(PELVIC_TILT.key)
        if tilt is not None and tilt.value is not None:
            rows.append(f"{time}\t{round(zero_deg - tilt.value, 2) + 0.0}\n")
    if not rows:
        raise InterchangeError(
            _("There is no pelvic tilt for OpenSim: it was not measured in any of the photos.")
        )
    header = (
        "posture",
        "version=1",
        f"nRows={len(rows)}",
        "nColumns=2",
        "inDegrees=yes",
        "",
        f"# {record.assessments[0].software}: each row is a photo, not a moment of a movement.",
        "# Here + is posterior. The model's line from PSIS to ASIS at pelvis_tilt 0 is taken to",
        f"# be anterior by {round(zero_deg, 2) + 0.0} degrees.",
        "endheader",
        "time\tpelvis_tilt",
    )
    return "\n".join(header) + "\n" + "".join(rows)
