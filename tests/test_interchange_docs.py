"""The page for other programs' authors lists what is written."""

import json
import re
from pathlib import Path

import pytest

from posture import reasons
from posture.interchange.fhir import CODES, to_fhir
from posture.interchange.table import COLUMNS
from posture.quantities import OFFSETS_CM, QUANTITIES
from posture.visit import ARMS, CLOTHES

from .factory import make_assessment
from .interchange_records import visit

PAGE = (Path(__file__).parents[1] / "docs" / "interchange.md").read_text("utf-8")


@pytest.mark.parametrize(
    "word", [*COLUMNS, *ARMS, *CLOTHES, CODES, *(q.key for q in (*QUANTITIES, *OFFSETS_CM))]
)
def test_every_column_key_and_word_is_listed(word: str) -> None:
    """As it is written."""
    assert f"`{word}`" in PAGE


def test_every_reason_is_listed_and_no_other() -> None:
    """By its code."""
    listed = re.findall(r"`(\w+)`", PAGE.partition("Reasons:")[2].partition("##")[0])
    assert listed == list(reasons._REASONS)


def test_every_code_of_a_component_is_listed() -> None:
    """Of a visit that has all of them but what only real photos have."""
    bundle = json.loads(to_fhir(visit(make_assessment())))
    tilt = bundle["entry"][1]["resource"]
    codes = {one["code"]["coding"][0]["code"] for one in tilt["component"]}
    assert len(codes) >= 7
    for code in codes:
        assert f"`{code}`" in PAGE
