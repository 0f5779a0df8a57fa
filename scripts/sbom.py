"""Write the list of what is inside (SBOM), as CycloneDX, from the lock of the app.

    python scripts/sbom.py

It is the same each time: it names neither the time nor the machine, nor where anything was
downloaded from. The pose model, which is in no lock, is in it too.
"""

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement

from posture.model_file import MODEL_NAME, MODEL_SHA256
from posture.version import VERSION

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "app.lock"
SBOM = ROOT / "docs" / "sbom.cdx.json"
SPECIFICATION = "1.6"
_APACHE = [{"license": {"id": "Apache-2.0"}}]


def made() -> str:
    """Return the list as JSON."""
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(LOCK), "--short-PURLs"]
    command += ["--output-reproducible", "--sv", SPECIFICATION]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    listed = json.loads(done.stdout)
    packages = [_package(one) for one in listed["components"]]
    root = f"pkg:generic/posture@{VERSION}"
    model = {
        "bom-ref": f"pkg:generic/{MODEL_NAME}",
        "type": "machine-learning-model",
        "name": MODEL_NAME,
        "description": "Finds a person in a photo; see posture/models/README.md.",
        "supplier": {"name": "Google"},
        "licenses": _APACHE,
        "hashes": [{"alg": "SHA-256", "content": MODEL_SHA256}],
    }
    components = sorted([*packages, model], key=lambda one: str(one["bom-ref"]))
    sbom = {
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": root,
                "type": "application",
                "name": "posture",
                "version": VERSION,
                "licenses": _APACHE,
            }
        },
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": [one["bom-ref"] for one in components]}],
    }
    text = json.dumps(sbom, indent=1) + "\n"
    with warnings.catch_warnings(action="ignore"):  # its own libraries' deprecations
        faults = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if faults is not None:
        raise ValueError(faults)
    return text


def _package(listed: dict[str, Any]) -> dict[str, Any]:
    """Return a package without where it would come from; the sums of its files are in the lock."""
    line = listed["description"].partition(": ")[2].partition(" --hash")[0]
    marker = Requirement(line).marker
    package: dict[str, Any] = {
        "bom-ref": listed["purl"],
        "type": "library",
        "name": listed["name"],
        "version": listed["version"],
        "purl": listed["purl"],
    }
    if marker is not None:
        package["properties"] = [{"name": "posture:installed-if", "value": str(marker)}]
    return package


if __name__ == "__main__":
    SBOM.write_text(made(), "utf-8")
    print(f"{SBOM.relative_to(ROOT)} is written.")
