"""Turns assessments and stances into JSON and back, whole; it keeps nothing.

Where `posture.export` writes what other programs read, rounded and in words, this is what the
records hold. What the estimator saw (`Assessment.evidence`) is left out: nothing shows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from cattrs import Converter
from numpy.typing import NDArray

from posture.assessment import Assessment
from posture.back import Back, Inflection
from posture.errors import RecordsError
from posture.language import gettext as _
from posture.markers import Sticker
from posture.marking.marks import Corrections, DrawnLine, KnownDistance, Mark
from posture.outline import Outline
from posture.pose import Point
from posture.quality import View
from posture.quantities import Measurement, Quantity, Tier
from posture.reasons import Reason
from posture.shape import Facing
from posture.tilt import Vertical
from posture.visit import Arms, Clothes, Conditions, Stance

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_CLASSES: Final = (
    *(Quantity, Measurement, Reason, Point, Inflection, Back, Outline, Vertical),
    *(Mark, DrawnLine, KnownDistance, Corrections, Sticker),
    *(Conditions, Stance, Assessment),
)
# Names that the classes use in their annotations alone.
_NAMES: Final[dict[str, Any]] = {
    **{one.__name__: one for one in _CLASSES},
    **{"View": View, "Facing": Facing, "Tier": Tier, "Arms": Arms, "Clothes": Clothes},
    **{"Evidence": object, "Array": NDArray[np.float64], "NDArray": NDArray, "np": np},
    "Mapping": Mapping,
}


def to_json(one: Assessment | Stance) -> bytes:
    """Return an assessment or a stance as JSON; NaN in arrays becomes null."""
    if isinstance(one, Assessment):
        one = replace(one, evidence=None)
    return json.dumps(asdict(one), allow_nan=False, default=_from_array).encode()


def from_json(text: bytes, kind: type[T]) -> T:
    """Return what `to_json` wrote.

    Parameters
    ----------
    text : bytes
        The JSON.
    kind : type
        `Assessment` or `Stance`.

    Raises
    ------
    RecordsError
        If it is none, for example of a later version.
    """
    try:
        return _converter().structure(json.loads(text), kind)
    except Exception as error:  # cattrs raises groups of whatever each part raises
        raise RecordsError(
            _("This was kept by another version of posture and cannot be read: update posture.")
        ) from error


@cache
def _converter() -> Converter:
    converter = Converter()
    converter.register_structure_hook_func(_is_array, _to_array)
    for one in _CLASSES:
        converter.register_structure_hook(one, _reader(converter, one))
    return converter


def _reader(converter: Converter, one: Any) -> Callable[[Any, Any], Any]:  # noqa: ANN401
    """Return what reads a class whose annotations cattrs cannot look up by itself."""
    hints = get_type_hints(one, localns=_NAMES)

    def read(value: Mapping[str, Any], _kind: Any) -> Any:  # noqa: ANN401
        return one(**{name: converter.structure(part, hints[name]) for name, part in value.items()})

    return read


def _is_array(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) is np.ndarray


def _from_array(array: NDArray[Any]) -> list[Any]:
    if array.dtype == bool:
        return list(array.tolist())
    known = np.where(np.isfinite(array), array, np.array(None))
    return list(known.tolist())


def _to_array(value: list[Any], kind: Any) -> NDArray[Any]:  # noqa: ANN401
    dtype = get_args(get_args(kind)[1])[0]
    return np.array(value, dtype=dtype)
