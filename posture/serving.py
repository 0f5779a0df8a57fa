"""Starts the app that is beside the package, for this machine alone; it shows nothing itself."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_APP: Final = Path(__file__).resolve().parents[1] / "app.py"
_ADDRESS: Final = "127.0.0.1"  # as in .streamlit/config.toml


def fault(port: int | None) -> str | None:
    """Say in one sentence why the app cannot be started on a port, or None if it can."""
    if not _APP.is_file():
        return "The app is not part of this installation: run this from a copy of the repository."
    if find_spec("streamlit") is None:
        return "The app needs Streamlit: install it with `pip install 'posture[app]'`."
    if port is not None and not _is_free(port):
        return f"Port {port} is taken or not allowed: choose another one, or leave out --port."
    return None


def serve(port: int | None) -> int:
    """Run the app until it is stopped, and return its exit status; 0 if stopped by Ctrl-C.

    Parameters
    ----------
    port : int or None
        None lets Streamlit choose one.
    """
    command = [sys.executable, "-m", "streamlit", "run", str(_APP)]
    if port is not None:
        command += ["--server.port", str(port)]
    # Streamlit reads .streamlit/config.toml in the folder in which it is started.
    server = subprocess.Popen(command, cwd=_APP.parent)
    try:
        return server.wait()
    except KeyboardInterrupt:  # the way to stop it, which reaches the server too
        server.wait()
        return 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # a port that was in use a moment ago is free all the same
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_ADDRESS, port))
        except OSError:
            return False
    return True
