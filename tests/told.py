"""A person whose photo is measured with what somebody told of it, for tests."""

from posture import Assessment, assess
from posture.marking.marks import Corrections, Mark
from posture.pose import Pose

from .people import FakeDetector, back_contour, photo, pose, soft_mask

MASK = soft_mask(back_contour(25, -18))
PHOTO = photo()
STANDING = pose(mask=MASK)
PELVIS = {"asis": Mark(360, 470), "psis": Mark(285, 455)}


def assessed(told: Corrections, *found: Pose, stature_cm: float | None = None) -> Assessment:
    """Assess a photo in which these people are found, or else one who stands."""
    people = found or (STANDING,)
    detector = FakeDetector(people)
    return assess(PHOTO, detector=detector, corrections=told, stature_cm=stature_cm)


def own_points(result: Assessment, names: tuple[str, ...]) -> dict[str, Mark]:
    """Return the program's own points as if placed there."""
    return {n: Mark(result.points[n].x, result.points[n].y) for n in names}
