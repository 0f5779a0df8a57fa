"""Where the app may be started, and what is said where it may not."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from posture import serving
from posture.serving import Service
from scripts.screenshots import ROOT, wait_until_healthy

from .command import run
from .login import free_port

AUTH = {
    "redirect_uri": "https://posture.example.org/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "posture",
    "client_secret": "secret",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}


def secrets(folder: Path, auth: dict[str, str]) -> Path:
    """Write a secrets file."""
    file = folder / "secrets.toml"
    file.write_text("[auth]\n" + "".join(f'{key} = "{value}"\n' for key, value in auth.items()))
    return file


def test_this_machine_alone_needs_no_login() -> None:
    """By default, and on any address of the loopback, the app can be started."""
    for address in ("127.0.0.1", "localhost", "127.0.0.2"):
        assert serving.fault(Service(address=address)) is None


def test_an_installation_without_the_app_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app is no part of the package: only an editable installation finds it in its folder."""
    monkeypatch.setattr(serving, "_APP", tmp_path / "app.py")
    assert serving.fault(Service()) == (
        "The app is not part of this installation: run `pip install -e '.[app]'` in a copy of the"
        " repository."
    )


@pytest.mark.parametrize(
    "service",
    [
        Service(address="0.0.0.0"),
        Service(address="::"),
        Service(address="192.0.2.7"),
        Service(hosts=("posture.example.org",)),  # as behind a reverse proxy
        Service(hosts=("*",)),
    ],
)
def test_nobody_else_is_let_in_without_a_login(service: Service) -> None:
    """An address or a name by which others come needs a login, and the sentence says so."""
    said = serving.fault(service)
    assert said is not None
    assert said.startswith(f"Others could open the app at {(*service.hosts, service.address)[0]} ")
    assert "--allow-without-login" in said


def test_others_are_let_in_with_a_login_or_if_told_so(tmp_path: Path) -> None:
    """A complete login, or the word of whoever starts the app, opens any address."""
    file = secrets(tmp_path, AUTH)
    assert serving.fault(Service(address="0.0.0.0", secrets=file)) is None
    assert serving.fault(Service(address="0.0.0.0", allow_without_login=True)) is None


@pytest.mark.parametrize("key", list(AUTH))
def test_each_part_of_a_login_that_is_missing_is_named(key: str, tmp_path: Path) -> None:
    """A login without one of its parts, or with an empty one, is refused before the start."""
    sentence = f"The login is not complete: {key} is missing in [auth] of secrets.toml."
    rest = {name: value for name, value in AUTH.items() if name != key}
    assert serving.fault(Service(secrets=secrets(tmp_path, rest))) == sentence
    assert serving.auth_fault(AUTH | {key: ""}) == sentence
    assert serving.auth_fault(AUTH | {key: 7}) == sentence


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("redirect_uri", "https://posture.example.org/", "has to end in /oauth2callback"),
        ("redirect_uri", "http://posture.example.org/oauth2callback", "begin with https://"),
        ("redirect_uri", "posture.example.org/oauth2callback", "begin with https://"),
        ("server_metadata_url", "http://login.example.org/x", "begin with https://"),
        ("cookie_secret", "short", "is too short: give it 32 random characters or more"),
    ],
)
def test_what_is_wrong_with_a_login_is_said(key: str, value: str, sentence: str) -> None:
    """One sentence names the part and what it has to be."""
    said = serving.auth_fault(AUTH | {key: value})
    assert said is not None
    assert key in said
    assert sentence in said
    assert said.count(".") == 1 + said.count("posture.example")


def test_a_login_of_this_machine_may_do_without_https() -> None:
    """To try a login out on one machine needs no certificate."""
    assert (
        serving.auth_fault(AUTH | {"redirect_uri": "http://localhost:{port}/oauth2callback"})
        is None
    )


@pytest.mark.parametrize("text", ["[auth", "\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused(text: str, tmp_path: Path) -> None:
    """A login that cannot be read is never taken for none."""
    file = tmp_path / "secrets.toml"
    file.write_bytes(text.encode("latin-1"))
    said = serving.fault(Service(secrets=file))
    assert said == f"The file {file} is not written as TOML: correct it, or remove it."


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Whoever names a file means it."""
    file = tmp_path / "none.toml"
    result = run("app", "--secrets", str(file))
    assert result.exit_code == 1
    assert result.stderr == (
        f"The file {file} cannot be read: look at its name and its permissions.\n"
    )


def test_an_address_of_another_machine_is_refused() -> None:
    """An address on which this machine cannot answer is told apart from a taken port."""
    result = run("app", "--address", "192.0.2.7", "--allow-without-login")
    assert result.exit_code == 1
    assert result.stderr == (
        "192.0.2.7 is no address of this machine: give one with --address, or leave it out.\n"
    )


def test_the_command_refuses_in_one_sentence() -> None:
    """`posture app --address 0.0.0.0` ends with status 1 and says what to do."""
    result = run("app", "--address", "0.0.0.0")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Others could open the app at 0.0.0.0 ")


@contextmanager
def started(command: list[str], port: int) -> Iterator[str]:
    """Start a server and yield its address."""
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL
    ) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address)
            yield address
        finally:
            server.terminate()


def test_streamlit_itself_on_every_address_shows_one_sentence(browser: Browser) -> None:
    """Who starts the app past the command, for all to see, gets a refusal on every page."""
    port = free_port()
    command = [
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.address=0.0.0.0",
        f"--server.port={port}",
    ]
    with started([*command, "--server.headless=true"], port) as address:
        page = browser.new_page()
        for path in ("", "/how_it_works"):
            page.goto(address + path)
            expect(page.get_by_test_id("stAlert")).to_contain_text("Others could open the app at")
            expect(page.locator("button:not(.st-key-language *)")).to_have_count(0)
            expect(page.get_by_test_id("stMetric")).to_have_count(0)
        page.close()


def test_the_command_lets_others_in_if_told_so(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --allow-without-login the app is there for the names given, and only for these."""
    monkeypatch.setenv("STREAMLIT_SERVER_HEADLESS", "true")
    port = free_port()
    command = ["-c", "from posture.cli import main; main()", "app", "--address", "0.0.0.0"]
    command += ["--port", str(port), "--host", "*.example", "--allow-without-login"]
    with started(command, port) as address:
        page = browser.new_page()
        page.goto(f"{address}/how_it_works")
        expect(page.get_by_role("heading", name="Privacy")).to_be_visible()
        page.close()
        for host, status in (("clinic.example", b"200"), ("clinic.example.org", b"400")):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as asking:
                asking.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
                assert asking.recv(100).split()[1] == status
    with pytest.raises(ConnectionRefusedError):  # stopped as a service is, it is gone
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
