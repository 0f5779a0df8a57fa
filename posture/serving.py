"""Starts the app that is beside the package, and refuses where strangers could reach it.

It shows nothing itself. Who is let in is for `app_pages.door` to say; it asks here what is wrong.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from posture.language import gettext as _

#: This machine alone, as in .streamlit/config.toml.
HERE: Final = "127.0.0.1"

#: Set to 1 to let in whoever reaches the app; `streamlit run` knows no option of ours.
ALLOWED: Final = "POSTURE_ALLOW_WITHOUT_LOGIN"

_APP: Final = Path(__file__).resolve().parents[1] / "app.py"
_SECRETS: Final = _APP.parent / ".streamlit" / "secrets.toml"
_KEYS: Final = (
    "redirect_uri",
    "cookie_secret",
    "client_id",
    "client_secret",
    "server_metadata_url",
)
_SHORTEST_SECRET: Final = 32  # characters: as many bytes as the signature's own key has at best
_CALLBACK: Final = "/oauth2callback"


@dataclass(frozen=True, slots=True)
class Service:
    """Where the app answers, and to whom.

    Attributes
    ----------
    port : int or None
        None lets Streamlit choose one.
    address : str
        The address of this machine on which it answers.
    hosts : tuple of str
        Names by which browsers may ask for it, besides this machine's own and that of the login.
    secrets : Path or None
        The file with the login; None for ``.streamlit/secrets.toml`` beside the app.
    allow_without_login : bool
        Whether everybody may come in who can reach it.
    """

    port: int | None = None
    address: str = HERE
    hosts: tuple[str, ...] = ()
    secrets: Path | None = None
    allow_without_login: bool = False


def fault(service: Service) -> str | None:
    """Say in one sentence why the app cannot be started so, or None if it can."""
    if not _APP.is_file():
        return _(
            "The app is not part of this installation: run `pip install -e '.[app]'` in a copy of"
            " the repository."
        )
    if find_spec("streamlit") is None:
        return _(
            "The app needs Streamlit: run `pip install -e '.[app]'` in a copy of the repository."
        )
    try:
        auth = _read_auth(service.secrets)
    except OSError:
        return _("The file {file} cannot be read: look at its name and its permissions.").format(
            file=service.secrets or _SECRETS
        )
    except ValueError:
        return _("The file {file} is not written as TOML: correct it, or remove it.").format(
            file=service.secrets or _SECRETS
        )
    known = auth_fault(auth) if auth is not None else None
    return (
        known
        or reach_fault(
            service.address,
            service.hosts,
            guarded=auth is not None or service.allow_without_login,
        )
        or _socket_fault(service)
    )


def reach_fault(address: str | None, hosts: Iterable[str], *, guarded: bool) -> str | None:
    """Say in one sentence that strangers could reach the app, or None if they cannot.

    Parameters
    ----------
    address : str or None
        Where it answers; None is everywhere.
    hosts : iterable of str
        By which names it may be asked for. Others than this machine's own mean that something in
        front of it, such as a reverse proxy, lets others in.
    guarded : bool
        Whether there is a login, or it was told to do without.
    """
    if guarded:
        return None
    afar = [name for name in (address or "0.0.0.0", *hosts) if not is_loopback(name)]
    if not afar:
        return None
    return _(
        "Others could open the app at {address} and see what is in it: set up a login"
        " (docs/server.md), or allow it with --allow-without-login."
    ).format(address=afar[0])


def is_loopback(name: str) -> bool:
    """Tell whether an address or a name means this machine alone."""
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def auth_fault(auth: Mapping[str, object]) -> str | None:
    """Say in one sentence what is wrong with a login as it is set up, or None if nothing is.

    Parameters
    ----------
    auth : mapping
        The section ``[auth]`` of secrets.toml, as Streamlit's ``st.login`` takes it.
    """
    for key in _KEYS:
        if not isinstance(auth.get(key), str) or not auth[key]:
            return _(
                "The login is not complete: {key} is missing in [auth] of secrets.toml."
            ).format(key=key)
    if not str(auth["redirect_uri"]).endswith(_CALLBACK):
        return _("The redirect_uri in [auth] has to end in {end}.").format(end=_CALLBACK)
    for key in ("redirect_uri", "server_metadata_url"):
        if not _is_private(str(auth[key])):
            return _("The {key} in [auth] has to begin with https://.").format(key=key)
    if len(str(auth["cookie_secret"])) < _SHORTEST_SECRET:
        return _(
            "The cookie_secret in [auth] is too short: give it {count} random characters or more."
        ).format(count=_SHORTEST_SECRET)
    if find_spec("authlib") is None:
        return _(
            "The login needs Authlib: run `pip install -e '.[server]'` in a copy of the repository."
        )
    return None


def serve(service: Service) -> int:
    """Run the app until it is stopped, and return its exit status; 0 if stopped by Ctrl-C."""
    hosts = _hosts(service)
    options = {
        "server.address": [service.address],
        "server.port": [str(service.port)] if service.port is not None else [],
        "server.allowedHosts": hosts,
        # Streamlit would ask a server elsewhere for this machine's address, to show it.
        "browser.serverAddress": [hosts[0]],
        "secrets.files": [str((service.secrets or _SECRETS).resolve())],
    }
    command = [sys.executable, "-m", "streamlit", "run", str(_APP)]
    command += [f"--{name}={value}" for name, values in options.items() for value in values]
    environment = dict(os.environ)
    environment.pop(ALLOWED, None)
    if service.allow_without_login:
        environment[ALLOWED] = "1"
    # Streamlit reads .streamlit/config.toml in the folder in which it is started.
    server = subprocess.Popen(command, cwd=_APP.parent, env=environment)
    # What keeps services stops this process alone; without it the app would go on answering.
    signal.signal(signal.SIGTERM, lambda _number, _frame: server.terminate())
    try:
        return server.wait()
    except KeyboardInterrupt:  # the way to stop it, which reaches the server too
        server.wait()
        return 0


def _hosts(service: Service) -> list[str]:
    """Return by which names the app may be asked for; the one to show comes first."""
    names = list(service.hosts)
    auth = _read_auth(service.secrets)
    if auth is not None:
        names.append(urlsplit(str(auth["redirect_uri"])).hostname or "")
    if service.address not in ("0.0.0.0", "::"):
        names.append(service.address)
    return list(dict.fromkeys([*names, HERE, "localhost"]))


def _read_auth(file: Path | None) -> Mapping[str, object] | None:
    """Return the login that a file sets up, None if it does not or is only looked for in vain."""
    if file is None and not _SECRETS.is_file():
        return None
    auth = tomllib.loads((file or _SECRETS).read_text(encoding="utf-8")).get("auth")
    return auth if isinstance(auth, dict) else None


def _is_private(url: str) -> bool:
    """Tell whether what goes to an address can be read by nobody on the way."""
    parts = urlsplit(url.replace("{port}", "0"))  # Streamlit's own placeholder
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


def _socket_fault(service: Service) -> str | None:
    if not _is_free(service.address, 0):
        return _(
            "{address} is no address of this machine: give one with --address, or leave it out."
        ).format(address=service.address)
    if service.port is not None and not _is_free(service.address, service.port):
        return _(
            "Port {port} is taken or not allowed: choose another one, or leave out --port."
        ).format(port=service.port)
    return None


def _is_free(address: str, port: int) -> bool:
    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # a port that was in use a moment ago is free all the same
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError:
        return False
    return True
