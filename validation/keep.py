"""Keeps a fixed set of the test split's pictures in the repository, for the tests to measure.

python -m validation.keep FOLDER
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any, Final

from validation import records
from validation.sets import EXPECTED

KEPT: Final = Path(__file__).parents[1] / "tests" / "people"
_STANDING: Final = 32
_OF_EACH_KIND: Final = 2
_TRUTHS: Final = ("name", "kind", "expected", "truth", "facing", "stature_cm", "cover", "points")


def main(arguments: list[str] | None = None) -> None:
    """Copy the first people of the test split, and the first of each kind to be refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    KEPT.mkdir(parents=True, exist_ok=True)
    for kind, count in (("standing", _STANDING), *((kind, _OF_EACH_KIND) for kind in EXPECTED)):
        pictures = [r for r in records.read("test", folder, kind) if r.visit == 0]
        for record in pictures[:count]:
            name = Path(record.name).name
            shutil.copyfile((folder / record.name).with_suffix(".jpg"), KEPT / f"{name}.jpg")
            kept: dict[str, Any] = {key: record.made[key] for key in _TRUTHS if key in record.made}
            kept["fit"] = record.made["subject"]["wear"]["fit"]
            text = json.dumps(kept, indent=1)
            (KEPT / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
