"""Starts a real PostgreSQL server on this machine's loopback, for the tests of one session."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scripts.system_packages import SERVERS

USER = "postgres"  # as Debian's package makes it: the server refuses to run as root


@contextmanager
def server() -> Iterator[str]:
    """Start a server with nothing in it, and yield its address without a database's name."""
    found = sorted(SERVERS.glob("*/bin/initdb"))
    if not found:
        raise AssertionError("PostgreSQL is not installed: run `make test`.")
    tools = found[-1].parent
    root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="posture-postgresql-"))
    if root:
        entry = pwd.getpwnam(USER)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    by = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if root else []
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    subprocess.run(
        [*by, tools / "initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories="
    control = [*by, tools / "pg_ctl", "-D", data, "-w", "-t", "60"]
    log = folder / "log"
    try:
        subprocess.run(
            [*control, "-l", log, "-o", options, "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        yield f"postgresql://{USER}@127.0.0.1:{port}"
    finally:
        subprocess.run(
            [*control, "-m", "immediate", "stop"],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        shutil.rmtree(folder, ignore_errors=True)
