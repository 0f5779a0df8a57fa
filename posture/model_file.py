"""Knows the files of the pose models that come with posture, and checks the one in use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from posture.errors import ModelError
from posture.language import gettext as _

MODEL_NAME: Final = "pose_landmarker_heavy"
MODEL_PATH: Final = Path(__file__).parent / "models" / f"{MODEL_NAME}.task"
MODEL_SHA256: Final = "b141f7e3977831e83af94ef7b18a9ea7a0bbfa923a8ca8400c3c8cc4782a513a"
MODEL_VARIABLE: Final = "POSTURE_MODEL"
#: A model a fifth as large and several times as quick, for live pictures. What is estimated was
#: fitted to what the first one finds, so that what this one finds is a preview.
PREVIEW_PATH: Final = MODEL_PATH.with_name("pose_landmarker_lite.task")
PREVIEW_SHA256: Final = "4b78208348d063509ab8610a4f70b86b71260690bc6c87deaeaf2c314109d289"


def model_path() -> Path:
    """Return the ``.task`` file in use: ``POSTURE_MODEL`` if set, or else the embedded one."""
    chosen = os.environ.get(MODEL_VARIABLE)
    return Path(chosen) if chosen else MODEL_PATH


def verify_model(path: Path) -> None:
    """Check that a model file is there and whole.

    Parameters
    ----------
    path : Path
        The ``.task`` file; the embedded ones must have the pinned checksums.

    Raises
    ------
    ModelError
        If it is missing, not a ``.task``, or not the file that posture was built with.
    """
    import zipfile

    pinned = {MODEL_PATH: MODEL_SHA256, PREVIEW_PATH: PREVIEW_SHA256}.get(path)
    mend = (
        _("reinstall posture.")
        if pinned
        else _("correct {variable}, or unset it to use the embedded model.").format(
            variable=MODEL_VARIABLE
        )
    )
    if not path.is_file():
        said = _("The pose model {file} is missing: {mend}")
        raise ModelError(said.format(file=path.name, mend=mend))
    if not os.access(path, os.R_OK):
        said = _("The pose model {file} cannot be read: give yourself the right to, or {mend}")
        raise ModelError(said.format(file=path.name, mend=mend))
    if not zipfile.is_zipfile(path):
        said = _("The pose model {file} is damaged or not a .task file: {mend}")
        raise ModelError(said.format(file=path.name, mend=mend))
    if pinned and _sha256(path) != pinned:
        said = _("The pose model {file} is not the file that posture was built with: {mend}")
        raise ModelError(said.format(file=path.name, mend=mend))


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
