"""Finds free room in a picture for boxes of text; it knows neither bodies nor angles.

The frame is divided into cells that each cost something to cover. Every position of a box is
weighed at once: what it covers, how far it lies from what it names, and on which side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

#: Cost of a cell that must not be covered.
FORBIDDEN: Final = 1e6

_WRONG_SIDE: Final = 4.0


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle: its left, top, width and height in photo pixels."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        """Tell whether two boxes share any area."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in the box."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


class Room:
    """What is still free in a frame of ``width`` by ``height`` pixels.

    Parameters
    ----------
    width, height : float
        Size of the frame in pixels.
    cell : float
        Side of a cell in pixels; a third of a line of text is fine enough.
    """

    def __init__(self, width: float, height: float, cell: float) -> None:
        self._cell = cell
        shape = (max(int(height / cell), 1), max(int(width / cell), 1))
        self._cost = np.zeros(shape)

    @property
    def centres(self) -> tuple[Array, Array]:
        """x, shape (columns,), and y, shape (rows,), of the middles of the cells."""
        rows, columns = self._cost.shape
        x = self._cell * (np.arange(columns, dtype=np.float64) + 0.5)
        y = self._cell * (np.arange(rows, dtype=np.float64) + 0.5)
        return x, y

    def occupy(self, cells: NDArray[np.bool_], cost: float) -> None:
        """Raise the cost of cells, a mask of shape (rows, columns), to at least ``cost``."""
        self._cost[cells] = np.maximum(self._cost[cells], cost)

    def occupy_line(self, points: Array, cost: float) -> None:
        """Raise the cost of the cells that a line through points, shape (n, 2), passes."""
        rows, columns = self._cost.shape
        starts, steps = points[:-1], np.diff(points, axis=0)
        begin, end = _within(starts, steps, self._cell * np.array([columns, rows]))
        longest = float((np.hypot(*steps.T) * (end - begin)).max(initial=0))
        shares = np.linspace(0, 1, int(2 * longest / self._cell) + 2)[:, None]
        passed = starts + (begin + shares * (end - begin))[..., None] * steps
        cells = np.floor(np.concatenate([points, passed.reshape(-1, 2)]) / self._cell)
        inside = np.asarray(((cells >= 0) & (cells < (columns, rows))).all(axis=1))
        cells = np.where(inside[:, None], cells, 0).astype(int)
        self._cost[cells[inside, 1], cells[inside, 0]] = np.maximum(
            self._cost[cells[inside, 1], cells[inside, 0]], cost
        )

    def take(self, width: float, height: float, anchor: Array, to_left: bool) -> Box:
        """Find the best place for a box, with a margin of one cell around it, and occupy it.

        Parameters
        ----------
        width, height : float
            Size of the box in pixels.
        anchor : ndarray, shape (2,)
            What the box should be near.
        to_left : bool
            Whether it had better lie to the left of the anchor than to its right.

        Returns
        -------
        Box
            Within the frame, if it fits into the frame at all.
        """
        rows, columns = self._cost.shape
        tall = min(int(np.ceil(height / self._cell)) + 2, rows)
        wide = min(int(np.ceil(width / self._cell)) + 2, columns)
        sums = np.pad(self._cost, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
        covered = (
            sums[tall:, wide:] - sums[:-tall, wide:] - sums[tall:, :-wide] + sums[:-tall, :-wide]
        )
        left = np.arange(columns - wide + 1) * self._cell
        top = np.arange(rows - tall + 1)[:, None] * self._cell
        right = left + wide * self._cell
        beside = np.maximum(np.maximum(left - anchor[0], anchor[0] - right), 0)
        above = top + tall * self._cell / 2 - anchor[1]
        away = np.hypot(beside, above) / self._cell
        middle = (left + right) / 2
        wrong = (middle > anchor[0]) if to_left else (middle < anchor[0])
        cost = covered + away + _WRONG_SIDE * wrong
        row, column = np.unravel_index(np.argmin(cost), cost.shape)
        self._cost[row : row + tall, column : column + wide] = FORBIDDEN
        spare_x = (wide * self._cell - width) / 2
        spare_y = (tall * self._cell - height) / 2
        return Box(
            float(column * self._cell + spare_x), float(row * self._cell + spare_y), width, height
        )


def _within(starts: Array, steps: Array, size: Array) -> tuple[Array, Array]:
    """Return which part of each step, as shares of it, lies within a frame; none is an empty one.

    Points may lie so far outside that cells could not be counted all the way.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        edges = np.stack([-starts, size - starts]) / steps
    # Along an edge of the frame a step crosses none, and is let pass.
    enters = np.nan_to_num(edges.min(axis=0), nan=-np.inf, neginf=-np.inf).max(axis=1)
    leaves = np.nan_to_num(edges.max(axis=0), nan=np.inf, posinf=np.inf).min(axis=1)
    begin = np.clip(enters, 0, 1)
    return begin, np.maximum(np.clip(leaves, 0, 1), begin)
