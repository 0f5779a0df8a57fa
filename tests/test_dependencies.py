"""What pyproject.toml asks for is what the package imports, in versions that can do it."""

import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .test_imports import PACKAGE, packages

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
#: The extras of each folder that does not do with what everybody installs.
FOLDERS = {
    "records": ("records",),
    "report": ("report",),
    "study": ("study",),
    "interchange": ("fhir", "dicom"),
    "batch": ("batch", "cluster"),
}


def asked(*extras: str) -> dict[str, Requirement]:
    """Return what is installed with some extras, by name."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


def folder_of(path: Path) -> str:
    """Return which of those folders a module is in; empty if it is in none."""
    first = path.relative_to(ROOT / "posture").parts[0]
    return first if first in FOLDERS else ""


@pytest.mark.parametrize("folder", ["", *FOLDERS])
def test_what_a_folder_imports_is_asked_for_by_its_extra(folder: str) -> None:
    """By name, not by the luck that something else asks for it."""
    files = [path for path in PACKAGE if folder_of(path) == folder]
    assert files
    tops = set().union(*map(packages, files)) - sys.stdlib_module_names - {"posture"}
    owners = metadata.packages_distributions()
    known = asked(*FOLDERS.get(folder, ()))
    lacking = {
        top for top in tops if not {canonicalize_name(name) for name in owners[top]} & known.keys()
    }
    assert lacking == set()


@pytest.mark.parametrize(
    ("extra", "name", "version"),
    [
        ("study", "pingouin", "0.6.0"),  # calls the correlations otherwise
        ("report", "typst", "0.14.9"),  # takes no time of making
        ("dicom", "highdicom", "0.27.0"),  # takes no character set
    ],
)
def test_versions_that_cannot_do_it_are_not_asked_for(extra: str, name: str, version: str) -> None:
    """Each was tried."""
    assert not asked(extra)[name].specifier.contains(version)


def test_the_app_brings_the_time_zones_of_its_browsers() -> None:
    """Windows, and small containers, have none of their own."""
    assert "tzdata" in asked("app")
