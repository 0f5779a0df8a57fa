"""Holds what the accuracy page says of its tables, whatever the numbers."""

from __future__ import annotations

from typing import Final

ERRORS: Final = """\
Read less true. MAE is the mean absolute error; R2 below 0 would be worse than saying the mean;
"MAE of the mean" is the error of saying the mean of these very people, always. In brackets the
95 % interval, by drawing whole people anew. Refused photos are left out. Groups are of all clothes,
as far as they were read; "turned by" is degrees from profile, "build" the thirds of the body
model's weight.
"""
COVERAGE: Final = """\
How often the 95 % interval holds the truth (Wilson's interval in brackets, as if photos were of
different people; a few are not). For pelvic tilt the truth is moved by a random N(0, 5) degrees,
200 draws by a fixed seed averaged: this stands for the shape of real pelves, which the interval
includes and the generator lacks. The half width is half the interval.
"""
CHANGE: Final = """\
People photographed again after they stood anew, with the camera put up anew, both photos compared
as posture compares them; beside it, the one value less the other. The least change
(minimal detectable change, MDC95) is what the readings of two photos of an unchanged person differ
by less than in 95 of 100 cases. The mean true change, whatever its direction, is also the error of
saying "no change", always. A slope of 1 tells change fully. "Noise within": read less true change
is within the least change (95 % expected). "Told": changes read beyond the least change, and
whether their direction is right. "Real, told": true changes beyond it that were told. "Small, not
told": true changes below it that were not.
"""
COPIES: Final = """\
Each photo as it is, compressed, darker, brighter, smaller, larger, cropped a little, turned and
turned back, mirrored. SD over the photo and its copies, in degrees. The intervals are by drawing
photos anew.
"""
VERTICAL: Final = """\
Degrees. In rooms without verticals, whatever is found is found falsely, though it may be near.
"Within its own 95 %": within 1.96 of the standard deviation that it states. A camera's roll turns
the photo, which a vertical that is found makes up for. "The photo's own up taken": the same photos
read as if they had shown no upright line.
"""
LESS: Final = """\
On the same photos. Linear fits (ridge, penalty by generalised cross-validation) learned from the
accepted photos of the calibrate split: fewer people than posture's networks learned from, so
compare them with each other first. "Landmarks alone": places and directions of ear, shoulder, hip,
knee and ankle, as the pose model finds them, made upright. "Tangents": the steepest ones at the
seat and below the chest, with a linear fit, and as they are. "The photo's own up": posture, all
photos read as if they showed no upright line.
"""
#: What is drawn at random, and how.
SAMPLER: Final = (
    (
        "body",
        "sex even; adults of any age; muscle, weight, height, proportions, descent, and 16 dials "
        "of soft tissue and proportion, normal about the body model's middle",
    ),
    ("pelvis", "turned by N(0, 7) degrees from the model's rest, within 19"),
    ("thorax", "flexed by N(3, 8) degrees; the heights of both curves' apices vary"),
    ("balance", "C7 moved by N(0, 3) cm; legs lean by N(0, 2) degrees; knees flexed by N(-5, 3.5)"),
    ("arms", "hanging 35 %, clasped 30 %, flexed 20 %, crossed 15 %"),
    ("clothes", "bare 34 %, tight 34 %, normal 16 %, loose 16 %"),
    ("hair", "short, bald, bun, ponytail, long, cap"),
    (
        "camera",
        "2.2 to 4.6 m away, 0.7 to 1.5 m high; turned from profile by N(0, 5) degrees within 15; "
        "roll and pitch N(0, 2), roll within 5",
    ),
    ("room", "60 % with edges that are truly upright"),
    ("photo", "480 x 720 pixels; brightness, contrast, blur, noise and JPEG quality vary"),
    (
        "the second time",
        "pelvis moved by up to 9 degrees, thorax by N(0, 4), C7 by N(0, 1.5) cm, camera turned by "
        "N(0, 2); clothes, arms and room stay",
    ),
)
DEFINITIONS: Final = """\
True values come from the rendered body in its true upright frame (`validation/people/truth.py`).

- Pelvic tilt: line from the middle of both PSIS to the middle of both ASIS, to the horizontal, + =
  anterior.
- The back's curves are those of the skin over the spine, smoothed with a Gaussian of 1.5 % of
  stature. Sacral inclination is its steepest forward lean between seat and L3; the lumbar curve is
  that less its steepest backward lean between L3 and the middle of the thorax; the thoracic curve
  is the steepest forward lean above, up to C7, less the same.
- Trunk lean: line from hip to shoulder joint of the near side, to the vertical. Knee angle: 180 is
  straight, more is hyperextension. Offsets: how far each point lies before the ankle, in percent of
  stature.
"""
