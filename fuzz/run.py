"""Runs one fuzzer in this process: ``python -m fuzz.run photos|imports [flags of libFuzzer]``."""

from __future__ import annotations

import hashlib
import sys
import warnings
from pathlib import Path

import atheris  # type: ignore[import-untyped]

# What decoders import when they are first used would not be watched.
with atheris.instrument_imports(include=["posture", "PIL", "pillow_heif"]):
    import PIL.AvifImagePlugin
    import PIL.BmpImagePlugin
    import PIL.JpegImagePlugin
    import PIL.MpoImagePlugin
    import PIL.PngImagePlugin
    import PIL.TiffImagePlugin
    import PIL.WebPImagePlugin  # noqa: F401

    from fuzz import targets
    from posture import photo  # noqa: F401 - to be watched from the start
    from posture.marking import reopen  # noqa: F401
    from posture.records import unpack  # noqa: F401
    from posture.report import logo  # noqa: F401
    from posture.study import kept, plan, reading, repeatability, words  # noqa: F401

from fuzz import mutate

name = sys.argv.pop(1)
prefix = next((a.partition("=")[2] for a in sys.argv if a.startswith("-artifact_prefix=")), "")
damage = getattr(mutate, {"photos": "photo", "imports": "imported"}[name])


def once(data: bytes) -> int:
    """Try one input; -1 if it is not worth keeping. What it fails on is kept."""
    try:
        if name == "photos":
            targets.photo(data)
            return 0
        return 0 if targets.imported(data) else -1
    except Exception:
        # libFuzzer keeps only what a process dies of.
        Path(f"{prefix}crash-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)
        raise


def changed(data: bytes, most: int, seed: int) -> bytes:
    """Return another input."""
    result: bytes = damage(data, most, seed, atheris.Mutate)
    return result


warnings.simplefilter("ignore")
atheris.Setup(sys.argv, once, custom_mutator=changed)
atheris.Fuzz()
