"""Keeps what MediaPipe writes about itself out of standard error."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# As MediaPipe, absl and TensorFlow Lite begin their lines.
_NATIVE_LOG: Final = re.compile(
    rb"[IWE]\d{4} \d\d:\d\d:"
    rb"|WARNING: (?:All log messages|Logging) before"
    rb"|INFO: Created TensorFlow Lite"
)
_STDERR_LOCK: Final = threading.RLock()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Take MediaPipe's own log lines out of standard error: they frighten people.

    What others write there meanwhile appears afterwards.
    """
    from tempfile import TemporaryFile

    with _STDERR_LOCK, TemporaryFile() as caught:
        try:
            saved = os.dup(2)
        except OSError:  # closed already: nothing to keep quiet
            yield
            return
        try:
            os.dup2(caught.fileno(), 2)
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            caught.seek(0)
            for line in caught:
                if not _NATIVE_LOG.match(line):
                    os.write(2, line)
