"""Looks whether an installation is whole, and says how to mend it; it changes nothing."""

from __future__ import annotations

import ctypes
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from posture.errors import ModelError, SealError
from posture.landmarks import MediaPipeDetector
from posture.language import gettext as _
from posture.model_file import MODEL_PATH, MODEL_VARIABLE, PREVIEW_PATH, model_path, verify_model

_OLDEST_PYTHON: Final = (3, 11)
_CV2_OWNER: Final = "opencv-contrib-python"

#: Libraries of the system that MediaPipe and OpenCV load, and Debian's packages that hold them.
SYSTEM_LIBRARIES: Final[Mapping[str, str]] = {
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libGL.so.1": "libgl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
        What was looked at.
    ok : bool
        Whether it is as posture needs it to measure.
    found : str
        What was found.
    mend : str
        What to do; empty if all is well, and not if something is lacking that not all need.
    """

    name: str
    ok: bool
    found: str
    mend: str = ""


def examine() -> tuple[Finding, ...]:
    """Look at everything that posture needs from its surroundings.

    Returns
    -------
    tuple of Finding
        In the order in which they are best mended.
    """
    model = check_model()
    return (
        check_python(),
        check_posture(),
        *(check_package(name) for name in ("mediapipe", _CV2_OWNER, "pillow-heif", "streamlit")),
        check_cv2_owner(),
        *check_libraries(),
        model,
        check_detector() if model.ok else _untried(),
        check_model(PREVIEW_PATH),
        *(check_writable(folder) for folder in (Path.cwd(), Path(tempfile.gettempdir()))),
        check_key(),
    )


def _untried() -> Finding:
    """Return a finding without a try: without its model the detector says the same words again."""
    mend = _("Mend the pose model first, then run this again.")
    return Finding(_("detector"), ok=False, found=_("not tried"), mend=mend)


def check_python(version: Sequence[int] = sys.version_info[:3]) -> Finding:
    """Compare Python's version with the oldest that posture runs on."""
    ok = tuple(version) >= _OLDEST_PYTHON
    oldest = ".".join(map(str, _OLDEST_PYTHON))
    found = ".".join(map(str, version))
    mend = _("Install Python {version} or later.").format(version=oldest)
    return Finding("Python", ok, found, "" if ok else mend)


def check_posture(version_of: Callable[[str], str] = metadata.version) -> Finding:
    """Look whether posture itself is installed, for its metadata say what it needs."""
    try:
        return Finding("posture", ok=True, found=version_of("posture"))
    except metadata.PackageNotFoundError:
        mend = _("Run `pip install -e .` in your copy of the repository.")
        return Finding("posture", ok=False, found=_("not installed"), mend=mend)


def check_package(
    name: str,
    *,
    version_of: Callable[[str], str] = metadata.version,
    requirements: Sequence[str] | None = None,
) -> Finding:
    """Compare an installed package with what posture asks for.

    A package that only an extra asks for may be missing.

    Parameters
    ----------
    name : str
        As posture's own metadata names it.
    version_of : callable
        Gives the version of an installed package or raises `PackageNotFoundError`.
    requirements : sequence of str, optional
        What posture asks for; the default is its own metadata.
    """
    if requirements is None:
        requirements = _requirements()
    # What several extras ask for stands there several times; without metadata it stands nowhere.
    asked = next((r for r in map(Requirement, requirements) if r.name == name), Requirement(name))
    mend = _("Run `{command}`.").format(command=f"pip install '{name}{asked.specifier}'")
    try:
        version = version_of(name)
    except metadata.PackageNotFoundError:
        if asked.marker is not None and "extra" in str(asked.marker):
            return Finding(name, ok=True, found=_("not installed (only the app needs it)"))
        return Finding(name, ok=False, found=_("not installed"), mend=mend)
    ok = asked.specifier.contains(version, prereleases=True)
    return Finding(name, ok, version, "" if ok else mend)


def _requirements() -> Sequence[str]:
    try:
        return metadata.requires("posture") or ()
    except metadata.PackageNotFoundError:
        return ()


def check_cv2_owner(
    owners: Mapping[str, Sequence[str]] | None = None,
) -> Finding:
    """Look whether just one package holds the module cv2: two overwrite each other's files."""
    owners = metadata.packages_distributions() if owners is None else owners
    # A package that lists its files twice is named twice.
    found = sorted(set(owners.get("cv2", ())))
    ok = found == [_CV2_OWNER]
    remove = " ".join([name for name in found if name != _CV2_OWNER] + [_CV2_OWNER])
    mend = _("Run `{first}`, then `{second}`.").format(
        first=f"pip uninstall {remove}", second=f"pip install {_CV2_OWNER}"
    )
    return Finding(_("one OpenCV"), ok, ", ".join(found) or _("none"), "" if ok else mend)


def check_libraries(
    libraries: Mapping[str, str] = SYSTEM_LIBRARIES,
    *,
    load: Callable[[str], object] = ctypes.CDLL,
    platform: str = sys.platform,
) -> tuple[Finding, ...]:
    """Load each of the system's libraries; none is needed beside the packages' own but on Linux.

    Parameters
    ----------
    libraries : mapping of str to str
        The Debian package that holds each.
    load : callable
        Loads a library by its name or raises `OSError`.
    platform : str
        As in `sys.platform`.
    """
    if platform != "linux":
        return ()
    findings = []
    for library, package in libraries.items():
        try:
            load(library)
        except OSError:
            mend = _("Install it: `{command}` on Debian or Ubuntu.").format(
                command=f"apt-get install {package}"
            )
            findings.append(Finding(library, ok=False, found=_("missing"), mend=mend))
        else:
            findings.append(Finding(library, ok=True, found=_("loads")))
    return tuple(findings)


def check_model(path: Path | None = None) -> Finding:
    """Look whether the pose model is there and whole."""
    path = path or model_path()
    try:
        verify_model(path)
    except ModelError as error:
        if path in (MODEL_PATH, PREVIEW_PATH):
            return Finding(_("pose model"), ok=False, found=_("not usable"), mend=str(error))
        found = _("not usable") if path.is_file() else _("missing")
        mend = _("Unset {variable}, or correct it: it names {file}.")
        mend = mend.format(variable=MODEL_VARIABLE, file=path)
        return Finding(_("pose model"), ok=False, found=found, mend=mend)
    return Finding(_("pose model"), ok=True, found=path.name)


def check_detector(start: Callable[[], object] = MediaPipeDetector) -> Finding:
    """Start the detector, for what only shows when it runs."""
    try:
        start()
    except ModelError as error:
        return Finding(_("detector"), ok=False, found=_("does not start"), mend=str(error))
    return Finding(_("detector"), ok=True, found=_("starts"))


def check_writable(folder: Path) -> Finding:
    """Write a file into a folder, and take it away again."""
    name = _("folder {folder}").format(folder=folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        mend = _("Work in a folder that you may write to, on a disk that is not full.")
        return Finding(name, ok=False, found=error.strerror or str(error), mend=mend)
    return Finding(name, ok=True, found=_("can be written"))


def check_key() -> Finding:
    """Look whether there is a place for the key to people and visits; not all keep those."""
    from posture.records import vault

    name = _("key to the records")
    try:
        in_variable = vault.key_is_in_variable()
    except SealError as error:
        found = _("cannot be kept (only visits need it)")
        return Finding(name, ok=True, found=found, mend=str(error))
    found = _("in {variable}").format(variable=vault.KEY_VARIABLE)
    return Finding(name, ok=True, found=found if in_variable else _("in the system's keyring"))
