"""Writes the table of many photos, CSV or Parquet, whole or not at all, a part at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from posture import targets
from posture.batch.row import COLUMNS, NUMERIC
from posture.interchange import cells
from posture.language import gettext as _

if TYPE_CHECKING:
    from posture.batch.entries import Cell

CSV: Final = ".csv"
PARQUET: Final = ".parquet"
_ROWS_AT_A_TIME: Final = 1000


def fault(file: Path) -> str | None:
    """Say why no table can be written under this name, or None if it can."""
    ending = file.suffix.lower()
    if ending not in (CSV, PARQUET):
        return _("{file} must end in .csv or .parquet: give it such a name.").format(file=file)
    if ending == PARQUET and not find_spec("pyarrow"):
        return _(
            "Parquet needs more than is installed: run pip install -e '.[batch]' in a copy of the"
            " repository."
        )
    return None


def write(file: Path, rows: Iterable[list[Cell]]) -> None:
    """Write rows of `posture.batch.row.COLUMNS`; however many, few are held at once.

    In Parquet an empty cell of text is "" and one of a number is null.

    Raises
    ------
    OSError
        If it cannot be written; then the file is not there.
    """
    with targets.whole(file) as target:
        if file.suffix.lower() == PARQUET:
            _write_parquet(target, rows)
            return
        for part in _parts(chain([list(COLUMNS)], rows)):
            target.write(cells.lines(part).encode())


def _parts(rows: Iterable[list[Cell]]) -> Iterator[list[list[Cell]]]:
    left = iter(rows)
    while part := list(islice(left, _ROWS_AT_A_TIME)):
        yield part


def _write_parquet(target: IO[bytes], rows: Iterable[list[Cell]]) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    kinds: dict[bool, Any] = {True: pa.float64(), False: pa.string()}
    schema = pa.schema([(name, kinds[name in NUMERIC]) for name in COLUMNS])
    with pq.ParquetWriter(target, schema) as writer:
        for part in _parts(rows):
            columns = [
                pa.array(column, type=field.type)
                for column, field in zip(zip(*part, strict=True), schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=schema))
