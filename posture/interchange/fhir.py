"""Writes measurements as FHIR R4 resources, the form that clinic software takes; measures nothing.

It is checked by R4B's models. R4B differs from R4 in other resources, about medicines, evidence and
subscriptions (HL7, "FHIR R4B: explanation"); Bundle, Device and Observation are the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from posture.errors import InterchangeError
from posture.interchange.record import UNITS, identifier, rounded
from posture.language import current
from posture.language import gettext as _
from posture.language import mark as N_
from posture.reasons import explain
from posture.wording import label, tier_words

if TYPE_CHECKING:
    from posture.interchange.record import Part, Record
    from posture.quantities import Measurement, Quantity

#: Names posture's own codes, which docs/interchange.md lists. A URI that needs no domain's owner.
CODES: Final = "urn:uuid:9335e7f2-c69e-443f-9ef3-ef182a2505f8"

_UCUM: Final = "http://unitsofmeasure.org"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_URI: Final = "urn:ietf:rfc:3986"  # names URIs, such as UUIDs, as a system of identifiers
_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_SITES: Final[Mapping[str, str]] = {
    "pelvic_tilt": N_("Pelvis"),
    "lumbar_curve": N_("Low back"),
    "thoracic_curve": N_("Upper back"),
    "sacral_inclination": N_("Sacrum"),
    "trunk_lean": N_("Trunk"),
    "knee_angle": N_("Knee"),
    "ear_offset": N_("Ear"),
    "shoulder_offset": N_("Shoulder"),
    "hip_offset": N_("Hip"),
    "knee_offset": N_("Knee"),
}
_WORDS: Final[Mapping[str, str]] = {
    "left": N_("left"),
    "right": N_("right"),
    "hanging": N_("hanging"),
    "clasped": N_("clasped loosely in front"),
    "forward": N_("lifted forward"),
    "crossed": N_("crossed"),
    "other": N_("otherwise"),
    "bare": N_("nothing"),
    "tight": N_("tight clothes"),
    "loose": N_("loose clothes"),
}
_LOW: Final = N_("Lower end of the 95 % interval")
_HIGH: Final = N_("Upper end of the 95 % interval")
_LEAST: Final = N_("Least change between two photos that is more than noise")
_RELATIVE: Final = N_(
    "What the change between two photos is the difference of; alone it says nothing"
)
_PHOTOS: Final = N_("Number of photos of which this is the mean")
_FACING: Final = N_("Where the person looks in the photo")
_ARMS: Final = N_("How the arms are held")
_CLOTHES: Final = N_("What is worn over the back")


def lacking() -> str | None:
    """Say in one sentence what FHIR needs and this installation lacks, or None."""
    if find_spec("fhir") is None or find_spec("fhir.resources") is None:
        return _(
            "FHIR needs fhir.resources: run `pip install -e '.[fhir]'` in a copy of the repository."
        )
    return None


def to_fhir(record: Record) -> str:
    """Return a record as a FHIR R4 Bundle, in JSON.

    Parameters
    ----------
    record : Record
        One or several photos.

    Returns
    -------
    str
        A collection of one Device, posture itself, and of an Observation for each measurement: of
        the mean where the photos were put together, or else of each photo. The ends of the 95 %
        interval and the least change are components: FHIR's reference ranges say what is usual,
        which they do not. A refused measurement has a ``dataAbsentReason`` in place of a value.
        Names of photos, which often are a person's, are not written; the subject is what the
        record identifies. Texts are in the language in use, codes in none. The same record gives
        the same text, identifiers included.

    Raises
    ------
    InterchangeError
        If what checks it is not installed.
    """
    if fault := lacking():
        raise InterchangeError(fault)
    from fhir.resources.R4B.bundle import Bundle

    bundle = to_dict(record)
    Bundle.model_validate(bundle)
    return json.dumps(bundle, ensure_ascii=False, allow_nan=False)


def to_dict(record: Record) -> dict[str, Any]:
    """Return what `to_fhir` writes, made of dicts, lists, numbers and text, unchecked."""
    device = _device(record)
    resources = [device]
    for part in record.results():
        resources += [
            _observation(record, part, key, f"urn:uuid:{device['id']}") for key in part.measurements
        ]
    return {
        "resourceType": "Bundle",
        "id": str(record.identity(None, "bundle")),
        "language": current(),
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }


def _device(record: Record) -> dict[str, Any]:
    first = record.assessments[0]
    name, _gap, version = first.software.partition(" ")
    return {
        "resourceType": "Device",
        "id": str(identifier(["device", first.software, first.model])),
        "deviceName": [{"name": name, "type": "model-name"}],
        "type": {"text": _("Software that measures posture in photos")},
        "version": [
            {"type": {"text": _("Software")}, "value": version},
            {"type": {"text": _("Pose model")}, "value": first.model},
        ],
    }


def _observation(record: Record, part: Part, key: str, device: str) -> dict[str, Any]:
    one = part.measurements[key]
    reasons = [explain(code) for code in one.reasons]
    observation: dict[str, Any] = {
        "resourceType": "Observation",
        "id": str(record.identity(part, "observation", key)),
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": "exam"}]}],
        "code": _concept(key, _titled(one.quantity)),
    }
    if record.person or record.name:
        observation["subject"] = _identified("Patient", record.person, record.name)
    if record.visit:
        observation["encounter"] = _identified("Encounter", record.visit)
    if record.at_text:
        observation["effectiveDateTime"] = record.at_text
    if one.value is None:
        observation["dataAbsentReason"] = {
            "coding": [
                {"system": _ABSENT, "code": "unknown"},
                *({"system": CODES, "code": f"reason.{reason.code}"} for reason in reasons),
            ],
            "text": " ".join(f"{_(reason.message)} {_(reason.advice)}" for reason in reasons)
            or tier_words("refused"),
        }
    else:
        observation["valueQuantity"] = _quantity(one.value, one.quantity)
        observation["method"] = _concept(f"tier.{one.tier}", tier_words(one.tier))
        if reasons:
            said = [f"{_(reason.message)} {_(reason.advice)}" for reason in reasons]
            observation["note"] = [{"text": text} for text in said]
    observation["bodySite"] = {"text": _(_SITES[one.quantity.name])}
    observation["device"] = {"reference": device}
    if components := _components(record, part, one):
        observation["component"] = components
    return observation


def _components(record: Record, part: Part, one: Measurement) -> list[dict[str, Any]]:
    numbers = (
        ("interval_low", _LOW, one.low),
        ("interval_high", _HIGH, one.high),
        ("least_change", _LEAST, one.mdc95),
        ("relative", _RELATIVE, one.relative),
    )
    found: list[dict[str, Any]] = [
        {"code": _concept(code, _(text)), "valueQuantity": _quantity(number, one.quantity)}
        for code, text, number in numbers
        if number is not None
    ]
    if part.counts is not None:
        count = part.count(one.quantity.key)
        found.append({"code": _concept("photos", _(_PHOTOS)), "valueInteger": count})
    told = (
        ("facing", _FACING, part.facing),
        ("arms", _ARMS, record.taken.arms),
        ("clothes", _CLOTHES, record.taken.clothes),
    )
    found += [
        {
            "code": _concept(code, _(text)),
            "valueCodeableConcept": _concept(f"{code}.{value}", _(_WORDS[value])),
        }
        for code, text, value in told
        if value is not None
    ]
    return found


def _titled(quantity: Quantity) -> str:
    """Return the name of a quantity, with what its signs mean."""
    if not quantity.positive:
        return label(quantity)
    return _("{label}, + is {positive} and - is {negative}").format(
        label=label(quantity), positive=_(quantity.positive), negative=_(quantity.negative)
    )


def _quantity(value: float, quantity: Quantity) -> dict[str, Any]:
    unit = UNITS[quantity.unit]
    return {"value": rounded(value), "unit": unit, "system": _UCUM, "code": unit}


def _concept(code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": CODES, "code": code}], "text": text}


def _identified(kind: str, identifier: str, name: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {"type": kind}
    if identifier:
        told["identifier"] = _identifier(identifier)
    if name:
        told["display"] = name
    return told


def _identifier(text: str) -> dict[str, Any]:
    """Return an identifier, with its system if it is a UUID, as those of the app are."""
    try:
        is_uuid = str(UUID(text)) == text
    except ValueError:
        is_uuid = False
    return {"system": _URI, "value": f"urn:uuid:{text}"} if is_uuid else {"value": text}
