"""What clinic software reads: valid, complete, and about nobody who was not named."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given

from posture import InterchangeError, language
from posture.interchange import fhir
from posture.interchange.fhir import CODES, to_fhir
from posture.interchange.record import Record, rounded
from posture.quantities import OFFSETS_CM, QUANTITIES, Measurement
from posture.visit import together

from .factory import make_assessment, make_refused
from .interchange_records import AT, records, visit

# Of those that FHIR R4 (4.0.1) lists for each.
R4 = {
    "Bundle": {"resourceType", "id", "language", "type", "entry"},
    "Device": {"resourceType", "id", "deviceName", "type", "version"},
    "Observation": {
        *(
            "resourceType",
            "id",
            "status",
            "category",
            "code",
            "subject",
            "encounter",
            "effectiveDateTime",
        ),
        *("valueQuantity", "dataAbsentReason", "note", "bodySite", "method", "device"),
        "component",
    },
}


def written(record: Record) -> dict[str, Any]:
    """Read a bundle again."""
    read: dict[str, Any] = json.loads(to_fhir(record))
    return read


def observations(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the observations by their code; of several photos those of the last."""
    resources = [entry["resource"] for entry in bundle["entry"]]
    found = (one for one in resources if one["resourceType"] == "Observation")
    return {one["code"]["coding"][0]["code"]: one for one in found}


def components(observation: dict[str, Any]) -> dict[str, Any]:
    """Return the components by their code, each with what it says."""
    return {
        one["code"]["coding"][0]["code"]: one.get("valueQuantity", {}).get("value")
        or one.get("valueInteger")
        or one.get("valueCodeableConcept", {}).get("coding", [{}])[0].get("code")
        for one in observation.get("component", [])
    }


def codings(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every coding, however deep."""
    if isinstance(node, dict):
        yield from node.get("coding", [])
        for value in node.values():
            yield from codings(value)
    elif isinstance(node, list):
        for value in node:
            yield from codings(value)


def test_a_measurement_is_an_observation() -> None:
    """Value and unit by UCUM, interval and least change as components, method, site and device."""
    bundle = written(visit(make_assessment(tilt_deg=8.0), make_assessment(tilt_deg=11.0)))
    found = observations(bundle)
    assert list(found) == [q.key for q in QUANTITIES]
    tilt = found["pelvic_tilt_deg"]
    assert tilt["status"] == "final"
    assert tilt["category"] == [
        {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                    "code": "exam",
                }
            ]
        }
    ]
    assert tilt["valueQuantity"] == {
        "value": 9.5,
        "unit": "deg",
        "system": "http://unitsofmeasure.org",
        "code": "deg",
    }
    assert tilt["method"]["coding"] == [{"system": CODES, "code": "tier.outline"}]
    assert tilt["bodySite"] == {"text": "Pelvis"}
    assert tilt["effectiveDateTime"] == "2026-03-04T10:30:00+01:00"
    assert tilt["subject"] == {"type": "Patient", "identifier": {"value": "P7"}}
    assert tilt["encounter"] == {"type": "Encounter", "identifier": {"value": "V1"}}
    assert "+ is anterior" in tilt["code"]["text"]
    known = components(tilt)
    # Both ends follow from what `posture.visit.together` says, which has its own tests.
    both = (make_assessment(tilt_deg=8.0), make_assessment(tilt_deg=11.0))
    mean = together(both).measurements["pelvic_tilt_deg"]
    assert known == {
        "interval_low": rounded(mean.low),
        "interval_high": rounded(mean.high),
        "least_change": rounded(mean.mdc95),
        "photos": 2,
        "facing": "facing.right",
        "arms": "arms.clasped",
        "clothes": "clothes.tight",
    }
    (device,) = (e for e in bundle["entry"] if e["resource"]["resourceType"] == "Device")
    assert tilt["device"] == {"reference": device["fullUrl"]}


def test_an_interval_is_no_range_of_what_is_usual() -> None:
    """Nothing is judged: neither reference ranges nor an interpretation."""
    for one in observations(written(Record((make_assessment(),)))).values():
        assert one.keys() & {"referenceRange", "interpretation"} == set()


def test_a_refused_measurement_says_why_it_is_absent() -> None:
    """It has no value, no interval and no method, but its reasons in codes and words."""
    for one in observations(written(Record((make_refused(),)))).values():
        absent = one["dataAbsentReason"]
        assert [coding["code"] for coding in absent["coding"]] == [
            "unknown",
            "reason.not_side_view",
        ]
        assert absent["text"].startswith("The person is not seen from the side.")
        assert one.keys() & {"valueQuantity", "method"} == set()
        assert components(one) == {}


def test_what_limits_a_number_is_a_note() -> None:
    """In words."""
    one = make_assessment()
    tilt = replace(one.pelvic_tilt, reasons=("marks_disagree",))
    one = replace(one, measurements={tilt.quantity.key: tilt})
    (found,) = observations(written(Record((one,)))).values()
    assert "contradict each other" in found["note"][0]["text"]


@pytest.mark.parametrize("quantity", [*QUANTITIES, *OFFSETS_CM], ids=lambda q: q.key)
def test_every_quantity_has_a_unit_and_a_site(quantity: Any) -> None:
    """By UCUM's codes."""
    one = replace(
        make_assessment(),
        measurements={quantity.key: Measurement(quantity, 1.0, 0.0, 2.0, "outline")},
    )
    (found,) = observations(written(Record((one,)))).values()
    unit = {"deg": "deg", "pct": "%", "cm": "cm"}[quantity.unit]
    assert found["valueQuantity"]["code"] == unit
    assert found["bodySite"]["text"]


def test_nobody_is_named_who_was_not() -> None:
    """A file's name is often a person's and stays out; a name is written only where it is given."""
    one = make_assessment(photo_name="Erika Mustermann.jpg")
    assert "Mustermann" not in to_fhir(Record((one,), person="P7"))
    named = written(Record((one,), person="P7", name="Erika Mustermann"))
    subject = {"type": "Patient", "identifier": {"value": "P7"}, "display": "Erika Mustermann"}
    assert observations(named)["pelvic_tilt_deg"]["subject"] == subject
    unknown = observations(written(Record((one,))))["pelvic_tilt_deg"]
    assert unknown.keys() & {"subject", "encounter", "effectiveDateTime"} == set()


@pytest.mark.parametrize(
    ("given", "written_as"),
    [
        (
            "0e1f7a52-3f0c-4f0e-9d5e-2b6a3c4d5e6f",
            {
                "system": "urn:ietf:rfc:3986",
                "value": "urn:uuid:0e1f7a52-3f0c-4f0e-9d5e-2b6a3c4d5e6f",
            },
        ),
        # What is only like one stays as whoever gave it writes it.
        *(
            (given, {"value": given})
            for given in (
                "0E1F7A52-3F0C-4F0E-9D5E-2B6A3C4D5E6F",
                "0e1f7a523f0c4f0e9d5e2b6a3c4d5e6f",
                "12345678901234567890123456789012",
                "urn:uuid:0e1f7a52-3f0c-4f0e-9d5e-2b6a3c4d5e6f",
            )
        ),
    ],
)
def test_an_identifier_of_the_app_says_what_it_is(given: str, written_as: dict[str, str]) -> None:
    """A UUID is nobody else's; of any other identifier the system was not told."""
    found = observations(written(Record((make_assessment(),), person=given, visit=given)))
    tilt = found["pelvic_tilt_deg"]
    assert tilt["subject"]["identifier"] == tilt["encounter"]["identifier"] == written_as


def test_the_same_visit_is_the_same_twice() -> None:
    """Byte for byte; in another language with the same identifiers; another visit has others."""

    def again(**given: Any) -> Record:
        return replace(visit(make_assessment(), make_refused()), **given)

    def ids(record: Record) -> list[str]:
        return [entry["fullUrl"] for entry in written(record)["entry"]]

    first = to_fhir(again())
    assert to_fhir(again()) == first
    with language.using("de"):
        assert ids(again()) == ids(again())
        german = ids(again())
        assert written(again())["language"] == "de"
    assert german == ids(again())
    for other in (again(person="P8"), again(visit="V2"), again(at=AT.replace(year=2027))):
        # The program is the same device.
        assert set(ids(other)) & set(german) == {german[0]}


def test_without_what_checks_it_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install."""
    monkeypatch.setattr(fhir, "find_spec", lambda _name: None)
    with pytest.raises(InterchangeError, match=r"pip install -e '\.\[fhir\]'"):
        to_fhir(visit(make_assessment()))


@given(records())
def test_any_record_is_valid(record: Record) -> None:
    """By R4B's models and R4's rules: every reference is there, nothing has a value and none."""
    text = to_fhir(record)
    Bundle.model_validate_json(text)
    bundle = json.loads(text, parse_constant=pytest.fail)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    assert bundle.keys() <= R4["Bundle"]
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert resource.keys() <= R4[resource["resourceType"]]
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        if resource["resourceType"] == "Observation":
            assert resource["device"]["reference"] in urls
            assert ("valueQuantity" in resource) != ("dataAbsentReason" in resource)
            assert resource.get("component") != []
    for coding in codings(bundle):
        assert coding["system"] in (
            CODES,
            "http://terminology.hl7.org/CodeSystem/data-absent-reason",
            "http://terminology.hl7.org/CodeSystem/observation-category",
        )
    numbers = sum(len(part.measurements) for part in record.results())
    assert len(urls) == numbers + 1
