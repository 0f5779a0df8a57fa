"""What tests of the login share: a provider, the app behind it, and people who log in."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlsplit

from playwright.sync_api import Page, expect

from posture.records import vault
from posture.records.access import open_records
from scripts.screenshots import ROOT, SECONDS, wait_until_healthy


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID Connect provider that answers at an address."""

    address: str

    @property
    def metadata_url(self) -> str:
        """Where it says how it is to be used."""
        return f"{self.address}/.well-known/openid-configuration"

    def knows(self, subject: str, **claims: Any) -> str:
        """Let it know a person, with claims such as ``email``; return the subject."""
        self._send("PUT", f"/users/{quote(subject, safe='')}", claims)
        return subject

    def register(self, redirect_uri: str) -> tuple[str, str]:
        """Register a client; return its id and secret."""
        body = {
            "redirect_uris": [redirect_uri],
            "token_endpoint_auth_method": "client_secret_basic",
        }
        client = json.loads(self._send("POST", "/oauth2/clients", body))
        return client["client_id"], client["client_secret"]

    def _send(self, method: str, path: str, body: Mapping[str, Any]) -> bytes:
        request = urllib.request.Request(
            self.address + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bytes(answer.read())


@dataclass(frozen=True, slots=True)
class App:
    """The app behind a login."""

    address: str
    cookie_secret: str
    log: Path


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider on a free port."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.login_provider", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"{address}/.well-known/openid-configuration")
            yield Provider(address)
        finally:
            server.terminate()


@contextmanager
def app_with_login(
    provider: Provider,
    folder: Path,
    *,
    members: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    options: tuple[str, ...] = (),
    script: Path = ROOT / "app.py",
) -> Iterator[App]:
    """Run the app behind a provider, by `streamlit run`, with a secrets file in a folder.

    Parameters
    ----------
    provider : Provider
        Who says who people are.
    folder : Path
        Where the secrets file, what the server says and its records are written.
    members : mapping, optional
        The clinic of each user who belongs to one, by what `door.Visitor.user` is.
    environment : mapping, optional
        Variables for the server, such as ``POSTURE_IDLE_MINUTES`` or ``POSTURE_DATABASE_URL``.
    options : tuple of str
        More options of Streamlit.
    script : Path
        Another app to run.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    cookie_secret = secrets.token_urlsafe(32)
    file = write_secrets(provider, address, cookie_secret, folder / "secrets.toml")
    own = {"POSTURE_DATA": str(folder), "POSTURE_RECORDS_KEY": vault.new_key()}
    told = own | dict(environment or {})
    with patch.dict(os.environ, told):
        records = open_records()
    for user, clinic in (members or {}).items():
        records.add_member(clinic, user)
    records.engine.dispose()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += ["--server.headless=true", f"--secrets.files={file}", *options]
    log = folder / "server.log"
    with (
        log.open("w") as said,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=said,
            stderr=said,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | told,
        ) as server,
    ):
        try:
            wait_until_healthy(address)
            yield App(address, cookie_secret, log)
        finally:
            server.terminate()


def write_secrets(provider: Provider, address: str, cookie_secret: str, file: Path) -> Path:
    """Register the app with a provider and write its secrets file."""
    redirect_uri = f"{address}/oauth2callback"
    client_id, client_secret = provider.register(redirect_uri)
    auth = {
        "redirect_uri": redirect_uri,
        "cookie_secret": cookie_secret,
        "client_id": client_id,
        "client_secret": client_secret,
        "server_metadata_url": provider.metadata_url,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in auth.items()]
    file.write_text("\n".join(["[auth]", *lines, 'client_kwargs = { prompt = "login" }', ""]))
    file.chmod(0o600)
    return file


def log_in(page: Page, address: str, subject: str) -> None:
    """Open the app and log in as a person does; return when the app knows who it is."""
    page.goto(address)
    page.get_by_role("button", name="Log in").click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def log_out(page: Page) -> None:
    """Log out, also of the provider; return when the app asks who it is."""
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="End session").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def listen(page: Page) -> list[str]:
    """Return the list into which every address that a page asks for will be written."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    return asked


def is_near(url: str) -> bool:
    """Tell whether an address is of this machine."""
    return url.startswith(("data:", "blob:")) or urlsplit(url).hostname == "127.0.0.1"


def free_port() -> int:
    """Return a port on which nothing answers."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
