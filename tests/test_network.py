"""Nothing leaves the machine: the system calls of a run, watched with strace."""

import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from scripts.fake_camera import FakeCamera, person
from scripts.screenshots import wait_until_healthy

ROOT = Path(__file__).parents[1]
PHOTO = ROOT / "samples" / "standing_tank_top.jpg"
ADDRESS = re.compile(r'inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"')

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")


def outside_traffic(trace: str) -> list[str]:
    """Return the lines of a trace in which something is sent beyond this machine.

    An internet address that cannot be read in its line counts as outside.
    """
    found = []
    for line in trace.splitlines():
        if "AF_INET" not in line:
            continue
        addresses = [a or b for a, b in ADDRESS.findall(line)]
        if not addresses or not all(ip_address(a).is_loopback for a in addresses):
            found.append(line)
    return found


@pytest.fixture
def traced(tmp_path: Path) -> list[str]:
    """Give the command that runs another and writes down what it sends, to tmp_path/trace."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.fail("strace is not installed: run `make test`, or `apt-get install strace`.")
    calls = "trace=connect,sendto,sendmsg,sendmmsg"
    return [strace, "-f", "--seccomp-bpf", "-qq", "-e", calls, "-o", str(tmp_path / "trace")]


@pytest.mark.parametrize(
    "line",
    [
        '7 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.1")}, 16)'
        " = 0",
        "7 connect(5, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 EINPROGRESS',
        '9 sendto(4, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), '
        'sin_addr=inet_addr("10.0.0.2")}, 16 <unfinished ...>',
        "9 sendmmsg(4, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(53), "
        'sin_addr=inet_addr("127.0.0.1")}}}, {msg_hdr={msg_name={sa_family=AF_INET, '
        'sin_port=htons(53), sin_addr=inet_addr("198.51.100.7")}}}], 2, 0) = 2',
        "9 connect(4, {sa_family=AF_INET, ...}, 16) = 0",
    ],
    ids=["IPv4", "IPv6", "unfinished", "second of two", "unreadable"],
)
def test_the_watch_sees_what_goes_outside(line: str) -> None:
    """A look-up or a connection to any other machine is seen."""
    assert outside_traffic(line) == [line]


@pytest.mark.parametrize(
    "line",
    [
        '7 connect(3, {sa_family=AF_INET, sin_port=htons(8501), sin_addr=inet_addr("127.0.0.1")},'
        " 16) = 0",
        "7 connect(3, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
        '7 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT',
        '7 sendto(5, "HTTP/1.1 200 OK", 15, 0, NULL, 0) = 15',
    ],
    ids=["IPv4 loopback", "IPv6 loopback", "within the system", "an answer"],
)
def test_the_watch_lets_this_machine_talk_to_itself(line: str) -> None:
    """Loopback, sockets of the system and answers on open connections are not outside."""
    assert outside_traffic(line) == []


def test_the_watch_sees_a_real_connection(traced: list[str], tmp_path: Path) -> None:
    """Strace writes down what a process started by a process does, loopback as it is."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect = f"import socket; socket.create_connection(('127.0.0.1', {port}))"
        code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {connect!r}])"
        subprocess.run([*traced, sys.executable, "-c", code], check=True, timeout=60)
    trace = (tmp_path / "trace").read_text()
    assert f"htons({port})" in trace
    assert outside_traffic(trace) == []
    assert outside_traffic(trace.replace("127.0.0.1", "192.0.2.1")) != []


def test_analysis_sends_nothing(traced: list[str], tmp_path: Path) -> None:
    """Measuring a photo, with its picture and its JSON, makes no internet connection at all."""
    analyze = ["analyze", str(PHOTO), "--json", "-", "--overlay", str(tmp_path)]
    program = [sys.executable, "-c", "from posture.cli import main; main()", *analyze]
    done = subprocess.run(
        [*traced, *program], check=True, capture_output=True, timeout=180, cwd=ROOT
    )
    assert json.loads(done.stdout)["status"] == "measured"
    assert "AF_INET" not in (tmp_path / "trace").read_text()


def test_a_detector_that_is_dropped_sends_nothing(traced: list[str], tmp_path: Path) -> None:
    """MediaPipe contacts its maker when a landmarker is closed: posture never closes one."""
    code = (
        "import gc; from posture.landmarks import MediaPipeDetector; "
        "found = MediaPipeDetector(); del found; gc.collect()"
    )
    subprocess.run([*traced, sys.executable, "-c", code], check=True, timeout=180, cwd=ROOT)
    assert "AF_INET" not in (tmp_path / "trace").read_text()


@pytest.fixture
def server(traced: list[str]) -> Iterator[str]:
    """Run the app's server, watched, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    streamlit = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = ["--server.headless", "true", "--server.port", str(port)]
    # With -D it is the server that is started here and can be ended, not strace.
    with subprocess.Popen(
        [*traced, "-D", *streamlit, *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_app_sends_nothing(server: str, chromium: str, tmp_path: Path) -> None:
    """The server and the pages in a browser's visit make no connection beyond this machine.

    Nor does the live camera: its pictures go over the page's own connection.
    """
    from playwright.sync_api import sync_playwright

    wait_until_healthy(server)
    asked = []
    camera = FakeCamera(tmp_path / "camera.y4m")
    camera.show(person())
    with sync_playwright() as playwright:
        args = ["--no-sandbox", *camera.arguments]
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(server)
        page.get_by_text("Pelvic tilt").first.wait_for(timeout=30_000)
        page.goto(f"{server}/workshop")
        page.locator(".number").first.wait_for(timeout=60_000)
        browser.close()
    assert [url for url in asked if not url.startswith((server, "data:", "blob:"))] == []
    assert outside_traffic((tmp_path / "trace").read_text()) == []
