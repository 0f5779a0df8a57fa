"""Finds the true vertical in a photo by its upright lines, or says that the photo shows none.

Lines that are plumb in the room (door frames, edges of walls and furniture, a plumb line) meet in
one vanishing point of the photo. A camera that was rolled turns them all alike; one that was
pitched makes them lean towards or away from each other. Where they stand tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from posture.uprights import MOST_LEAN_DEG, SHORTEST, Uprights, find_uprights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.marking.marks import DrawnLine
    from posture.photo import Photo

    Array = NDArray[np.float64]

# How a camera is held: assumed, not measured. Roll and pitch are normal about 0; the focal length,
# as a share of the photo's diagonal, is that of a phone (26 mm of 43.3 mm).
_ROLL_SD_DEG: Final = 2.0
_PITCH_SD_DEG: Final = 4.0
_FOCAL_SHARE: Final = 0.60

# How uprights stray. On rendered pictures, above the floor, 68 % of the shortest segments were
# plumb and 99 % of the long ones; rooms are trusted less. Their scatter is either that of exact
# work or that of the uprights in one of the sample photos.
_UPRIGHT_CHANCE: Final = (0.4, 0.95)  # from the shortest to ...
_SURE_LENGTH: Final = 0.4
_PLUMB_SDS_DEG: Final = (0.1, 0.35)
_SAME_LINE: Final = 0.02  # segments as near as this, side by side, count as one line

_ROLLS: Final = np.radians(np.arange(-8.0, 8.01, 0.125))
_BENDS: Final = np.arange(-4.5, 4.51, 0.25)  # in standard deviations
_PEAK_DEG: Final = 1.0  # the peak of the posterior reaches so far: other peaks add to the SD alone

# What it takes to believe the lines: a crooked picture on the wall spans less than the first, and
# beyond the second the lines tell less than the assumption alone (its SD over the root of two).
_LEAST_REACH: Final = 0.33
# At least one line as long as a good part of a door frame: shorter ones may hang crooked. And no
# more lines than a room has: more are folds of a curtain or a pattern, which may wander. In 290
# rendered rooms all wrong finds but those of single lines were such.
_LEAST_LENGTH: Final = 0.30
_MOST_LINES: Final = 9
_MOST_SD_DEG: Final = 1.4
_LEAST_SD_DEG: Final = 0.1
# Of a line that is drawn: each end, and what is called vertical in a room; chosen.
_DRAWN_SD_PX: Final = 1.0
_TRUE_SD_DEG: Final = 0.3
# A line drawn so far from the photo's own up is taken for a mistake where lines or a person who
# stands upright tell the vertical as well, and where nothing does: it may then be level as well as
# plumb. Hand-held photos are rolled by a few degrees; chosen.
_MOST_OFF_DEG: Final = 15.0
_MOST_OFF_ALONE_DEG: Final = 45.0
_MOST_BEND: Final = 2.0  # of its standard deviations; more comes of lines that are not plumb


@dataclass(frozen=True, slots=True)
class Plumb:
    """The true vertical of a photo.

    Attributes
    ----------
    roll_deg : float
        Direction of true up in the photo's middle, from the photo's own up, in degrees; + = true
        up leans to the photo's right. To set the photo upright, turn it by this angle against the
        clock.
    sd_deg : float
        Standard deviation of ``roll_deg``.
    convergence_per_px : float
        Inverse distance of the uprights' vanishing point from the photo's middle, which is
        tan(camera pitch) / (focal length in pixels); + = the uprights meet above, since the camera
        looks up. 0 if they are parallel.
    convergence_sd_per_px : float
        Standard deviation of ``convergence_per_px``.
    correlation : float
        Between the errors of roll and convergence.
    middle_px : tuple of float
        The photo's middle.
    source : {"photo", "drawn", "assumed"}
        "photo" if lines in the photo show the vertical; "drawn" if a person drew it; "assumed" if
        the photo's own up is taken for it, with the standard deviation of hand-held photos.
    """

    roll_deg: float
    sd_deg: float
    convergence_per_px: float
    convergence_sd_per_px: float
    correlation: float
    middle_px: tuple[float, float]
    source: Literal["photo", "drawn", "assumed"]

    @property
    def found(self) -> bool:
        """Whether lines in the photo show the vertical, or one that was drawn."""
        return self.source != "assumed"

    def mirrored(self, width: int) -> Plumb:
        """Return the same of the mirrored photo."""
        return replace(
            self,
            roll_deg=-self.roll_deg,
            correlation=-self.correlation,
            middle_px=(width - self.middle_px[0], self.middle_px[1]),
        )

    def vertical_at(self, x_px: float, y_px: float) -> float:
        """Return the direction of true up at a place, from the photo's own up.

        Parameters
        ----------
        x_px, y_px : float
            The place, in pixels of the upright photo.

        Returns
        -------
        float
            Degrees in (-180, 180]; + = leaning to the photo's right. With u the direction of up in
            the middle, c the convergence and p the place from the middle, up points along u - c p,
            towards the vanishing point u / c.
        """
        right, up = self._up(x_px, y_px)
        return float(np.degrees(np.arctan2(right, up)))

    def sd_at(self, x_px: float, y_px: float) -> float:
        """Return the standard deviation of `vertical_at`, in degrees: least near the lines seen."""
        right, up = self._up(x_px, y_px)
        x, y, roll = x_px - self.middle_px[0], y_px - self.middle_px[1], np.radians(self.roll_deg)
        size = right**2 + up**2
        by_roll = (up * np.cos(roll) + right * np.sin(roll)) / size * np.radians(self.sd_deg)
        by_bend = -(up * x + right * y) / size * self.convergence_sd_per_px
        variance = by_roll**2 + by_bend**2 + 2 * self.correlation * by_roll * by_bend
        return float(np.degrees(np.sqrt(max(variance, 0.0))))

    def _up(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return how far true up goes to the right and up, at a place."""
        x, y = x_px - self.middle_px[0], y_px - self.middle_px[1]
        roll, bend = np.radians(self.roll_deg), self.convergence_per_px
        return float(np.sin(roll) - bend * x), float(np.cos(roll) + bend * y)


def take(line: DrawnLine, found: Plumb, body_up: Array | None = None) -> Plumb:
    """Return the true vertical by a line that a person drew along something vertical or horizontal.

    Its error is that of its ends, and of what is called vertical in a room. How fast the vertical
    turns away from the line is taken from what was found in the photo.

    Parameters
    ----------
    line : DrawnLine
        What was drawn.
    found : Plumb
        What was found or assumed in the photo.
    body_up : ndarray, shape (2,), optional
        Which way a body in the photo rises, in pixels right and down: of the line's two ways the
        one nearer to it is up. If left out, the one nearer to the photo's own up.
    """
    right, down = line.x2 - line.x1, line.y2 - line.y1
    if line.along == "horizontal":
        right, down = down, -right
    towards = (0.0, -1.0) if body_up is None else body_up
    if right * towards[0] + down * towards[1] < 0:
        right, down = -right, -down
    ends = np.degrees(np.sqrt(2) * _DRAWN_SD_PX / max(line.length_px, 1.0))
    return Plumb(
        roll_deg=float(np.degrees(np.arctan2(right, -down))),
        sd_deg=float(np.hypot(ends, _TRUE_SD_DEG)),
        convergence_per_px=found.convergence_per_px,
        convergence_sd_per_px=found.convergence_sd_per_px,
        correlation=0.0,
        middle_px=((line.x1 + line.x2) / 2, (line.y1 + line.y2) / 2),
        source="drawn",
    )


def off_deg(line: DrawnLine, found: Plumb) -> float:
    """Return how far a drawn line turns the vertical from what was found there, in degrees."""
    drawn = take(line, found)
    return drawn.roll_deg - found.vertical_at(*drawn.middle_px)


def is_mistaken(line: DrawnLine, found: Plumb, *, stands: bool) -> bool:
    """Tell whether a drawn line cannot be what it is said to be.

    Parameters
    ----------
    line : DrawnLine
        What was drawn.
    found : Plumb
        What was found or assumed in the photo.
    stands : bool
        Whether a person stands upright in the photo.
    """
    told = stands or found.source == "photo"
    return abs(off_deg(line, found)) > (_MOST_OFF_DEG if told else _MOST_OFF_ALONE_DEG)


def take_by_body(line: DrawnLine, photo: Photo, found: Plumb, body_up: Array) -> Plumb:
    """Return the true vertical by a line that was drawn in a photo that may lie on its side.

    Lines that look upright in such a photo are not, so that nothing is taken from them.
    """
    drawn = take(line, found, body_up)
    if abs(_apart_deg(drawn.roll_deg, found.vertical_at(*drawn.middle_px))) <= _MOST_OFF_ALONE_DEG:
        return drawn
    unseen = replace(
        found, convergence_per_px=0.0, convergence_sd_per_px=_bend_sd(photo) / photo.height
    )
    return take(line, unseen, body_up)


def off_body_deg(drawn: Plumb, body_up: Array) -> float:
    """Return how far a body leans by a line that was drawn, in degrees."""
    return _apart_deg(float(np.degrees(np.arctan2(body_up[0], -body_up[1]))), drawn.roll_deg)


def lays_down(drawn: Plumb, body_up: Array) -> bool:
    """Tell whether a body would lie, and not stand or sit, by a line that was drawn."""
    return abs(off_body_deg(drawn, body_up)) > _MOST_OFF_ALONE_DEG


def lies(body_up: Array) -> bool:
    """Tell whether a body lies in the photo as it is."""
    return bool(abs(body_up[0]) > -body_up[1])


def _apart_deg(one_deg: float, other_deg: float) -> float:
    return (one_deg - other_deg + 180) % 360 - 180


def _bend_sd(photo: Photo) -> float:
    """Return how unsure the convergence is before the photo is seen, per photo height."""
    diagonal = np.hypot(1, photo.width / photo.height)
    return float(np.tan(np.radians(_PITCH_SD_DEG)) / (_FOCAL_SHARE * diagonal))


def find_vertical(
    photo: Photo, body: NDArray[np.float32] | None = None, *, mirrored: bool = False
) -> Plumb:
    """Find the true vertical by the upright lines around a person.

    Parameters
    ----------
    photo : Photo
        An upright photo.
    body : ndarray, shape (h, w), optional
        Soft mask of the person over the whole photo, of any size: lines on the body do not count.
    mirrored : bool
        Whether the photo's mirror image is looked at, whose vertical and mask then count.

    Returns
    -------
    Plumb
        With source "assumed" where the photo shows too few, too short or contradicting lines, or
        lines that converge as from a camera pitched by more than 8 degrees.

    Notes
    -----
    Roll and convergence are the mean of their posterior's peak on a grid. Before the photo is seen
    both are normal about 0. Each segment is either plumb, and then normal about the direction to
    the vanishing point, or anything, and then uniform over all leans that are looked at. Segments
    of one line share one vote. Other peaks widen the standard deviations.
    """
    bend_sd = _bend_sd(photo)
    mean, covariance = np.zeros(2), np.diag([np.radians(_ROLL_SD_DEG), bend_sd]) ** 2
    fitted = _fit(find_uprights(photo, body, mirrored=mirrored), bend_sd)
    if fitted is not None:
        mean, covariance = fitted
    sds = np.sqrt(np.diag(covariance))
    return Plumb(
        roll_deg=float(np.degrees(mean[0])),
        sd_deg=float(np.degrees(sds[0])),
        convergence_per_px=float(mean[1] / photo.height),
        convergence_sd_per_px=float(sds[1] / photo.height),
        correlation=float(covariance[0, 1] / sds.prod()),
        middle_px=(photo.width / 2, photo.height / 2),
        source="assumed" if fitted is None else "photo",
    )


def _fit(seen: Uprights, bend_sd: float) -> tuple[Array, Array] | None:
    """Return mean and covariance of roll (radians) and convergence (per photo height)."""
    foot = seen.x + seen.y * np.tan(seen.lean)
    same = np.abs(foot[:, None] - foot) < _SAME_LINE
    chance = np.interp(same @ seen.length, [SHORTEST, _SURE_LENGTH], _UPRIGHT_CHANCE)
    right, up = np.sin(seen.lean), np.cos(seen.lean)
    places = np.array([up, right, seen.x * up + seen.y * right])
    roll, bend = (g.ravel() for g in np.meshgrid(_ROLLS, _BENDS * bend_sd, indexing="ij"))
    ways = np.column_stack([np.sin(roll), -np.cos(roll), -bend]).astype(np.float32)

    before = -0.5 * ((roll / np.radians(_ROLL_SD_DEG)) ** 2 + (bend / bend_sd) ** 2)
    logs, best = [], []
    for plumb_sd in np.radians(_PLUMB_SDS_DEG):
        sd = np.hypot(plumb_sd, seen.end_sd / seen.length)
        # Sine of the angle from each vanishing point's direction to each segment's.
        off = ways @ (places / sd).astype(np.float32)
        odds = chance / (1 - chance) * np.radians(2 * MOST_LEAN_DEG) / (np.sqrt(2 * np.pi) * sd)
        plumb = np.exp(-0.5 * off**2) * odds.astype(np.float32)
        logs.append(before + np.log1p(plumb) @ (1 / same.sum(axis=1)))
        best.append(plumb[logs[-1].argmax()] > 1)

    weight = np.exp(np.array(logs) - np.max(logs))
    upright = best[int(weight.max(axis=1).argmax())]
    weight = weight.sum(axis=0) / weight.sum()
    near = weight * (np.abs(roll - roll[weight.argmax()]) <= np.radians(_PEAK_DEG))
    states = np.column_stack([roll, bend])
    mean = near @ states / near.sum()
    covariance = (states - mean).T @ ((states - mean) * weight[:, None])
    covariance[0, 0] += np.radians(_LEAST_SD_DEG) ** 2
    top, bottom = (seen.y + side * seen.length / 2 for side in (-1, 1))
    reach = np.max(bottom[upright], initial=-1.0) - np.min(top[upright], initial=1.0)
    lines = round(float((1 / same.sum(axis=1)).sum()))
    longest = float(np.max(seen.length[upright], initial=0.0))
    if longest < _LEAST_LENGTH or lines > _MOST_LINES:
        return None
    unsure = covariance[0, 0] > np.radians(_MOST_SD_DEG) ** 2
    if unsure or reach < _LEAST_REACH or abs(mean[1]) > _MOST_BEND * bend_sd:
        return None
    return mean, covariance
