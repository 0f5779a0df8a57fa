"""People log in at a provider of OpenID Connect, in a real browser; nothing leaves this machine."""

import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scripts.screenshots import ROOT

from . import browser as hands
from .login import App, Provider, app_with_login, is_near, listen, log_in, log_out, provider

PHOTO = ROOT / "samples" / "standing_striped_shirt.jpg"
COOKIE = "_streamlit_user"
IDLE_S = 15.0
ANNA = "anna@clinic.example"
BEN = "ben@clinic.example"

# What `door` lets in, without a page that has to be measured.
INSIDE = f"""
import streamlit as st
from app_pages import door
visitor = door.enter(lambda user: ["Clinic"] if user in {[ANNA, BEN]} else [])
if visitor is not None:
    st.write(f"user: {{visitor.user}}, name: {{visitor.name}}")
    st.button("Work")
"""


@pytest.fixture(scope="module")
def identities() -> Iterator[Provider]:
    """Run a provider who knows some people."""
    with provider() as known:
        known.knows("a1", email="Anna@Clinic.example", email_verified=True, name="Anna")
        known.knows("b2", email=BEN, email_verified=True, name="Ben")
        known.knows("c3", email=ANNA, email_verified=False, name="Carl")
        known.knows("d4", email=ANNA, email_verified="true", name="Dora")
        known.knows("e5", email=ANNA, name="Emil")
        known.knows(ANNA, name="Fay")
        yield known


@pytest.fixture(scope="module")
def app(identities: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Run the app itself behind a login."""
    members = {ANNA: "North", BEN: "South"}
    with app_with_login(identities, tmp_path_factory.mktemp("app"), members=members) as app:
        yield app


def run_inside(
    provider: Provider, folder: Path, environment: dict[str, str] | None = None
) -> AbstractContextManager[App]:
    """Run an app that says who is there, and measures nothing."""
    script = folder / "inside.py"
    script.write_text(INSIDE)
    return app_with_login(provider, folder, environment=environment, script=script)


@pytest.fixture(scope="module")
def inside(identities: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Run an app that says who is there."""
    with run_inside(identities, tmp_path_factory.mktemp("inside")) as app:
        yield app


@pytest.fixture
def brief(identities: Provider, tmp_path: Path) -> Iterator[App]:
    """Run an app that says who is there, until they do nothing for a few seconds."""
    with run_inside(identities, tmp_path, {"POSTURE_IDLE_MINUTES": str(IDLE_S / 60)}) as app:
        yield app


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser of one person, whose pages ask for nothing outside this machine."""
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context
    context.close()
    assert asked
    assert [url for url in asked if not is_near(url)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Open a page."""
    return context.new_page()


def only_the_door(page: Page) -> None:
    """Hold that a page shows the way in and nothing else but the choice of a language."""
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")
    expect(page.locator(":is(button, [role=button]):not(.st-key-language *)")).to_have_count(1)
    expect(page.get_by_test_id("stMetric")).to_have_count(0)
    expect(page.get_by_test_id("stTopNavLink")).to_have_count(0)
    expect(page.locator("img[src*='/media/']:not([data-testid=stHeaderLogo])")).to_have_count(0)


def picture(page: Page) -> str:
    """Return the address of the picture that is shown of a photo."""
    shown = page.get_by_role("img", name="with what was found drawn on it")
    expect(shown).to_be_visible()
    return str(shown.evaluate("image => image.src"))


def signed(secret: str, **claims: Any) -> str:
    """Return a cookie as Streamlit signs it."""
    return str(URLSafeTimedSerializer(secret, salt=COOKIE).dumps(json.dumps(claims)))


@pytest.mark.parametrize("path", ["", "/analyse", "/people", "/compare", "/no_such_page"])
def test_whoever_has_not_logged_in_sees_the_door_alone(app: App, page: Page, path: str) -> None:
    """At every address there is the way in and nothing else."""
    asked = listen(page)
    page.goto(app.address + path)
    only_the_door(page)
    assert all(is_near(url) for url in asked)


def test_the_door_shuts_nobody_out(app: App, page: Page) -> None:
    """Whoever reads by ear or keyboard finds the way in."""
    page.goto(app.address)
    only_the_door(page)
    assert hands.faults(page) == []


def test_one_logs_in_works_and_leaves_nothing_behind(
    app: App, context: BrowserContext, page: Page
) -> None:
    """The photo of one person is neither shown nor served to the next at the same browser."""
    with page.expect_request("**/oauth2/authorize*") as authorize:
        log_in(page, app.address, "a1")
    wanted = parse_qs(urlsplit(authorize.value.url).query)
    assert wanted["prompt"] == ["login"]
    assert {"nonce", "state", "client_id"} <= wanted.keys()
    expect(page.get_by_text("Anna", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(2)
    assert hands.faults(page) == []

    page.get_by_role("button", name="Measure a photo").click()
    page.locator("input[type=file]").set_input_files(PHOTO)
    mine = page.get_by_role("img", name=f"{PHOTO.name}, with what was found drawn on it")
    expect(mine).to_be_visible()
    url = picture(page)
    assert context.request.get(url).status == 200

    log_out(page)
    only_the_door(page)
    assert context.request.get(url).status == 403
    page.go_back()
    page.goto(f"{app.address}/analyse")
    only_the_door(page)

    log_in(page, app.address, "b2")
    expect(page.get_by_text("Ben", exact=True)).to_be_visible()
    assert picture(page) != url
    expect(mine).to_have_count(0)
    assert context.request.get(url).status == 404


def test_pictures_and_uploads_need_the_login_and_the_right_name(
    app: App, context: BrowserContext, page: Page
) -> None:
    """What a page shows, lets save and takes in is refused to strangers and foreign names."""
    log_in(page, app.address, "a1")
    shown = urlsplit(picture(page)).path
    with page.expect_request("**/media/*.json*") as request, page.expect_download():
        page.get_by_role("button", name="Numbers (JSON)").click()
    saved = urlsplit(request.value.url).path
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in context.cookies(app.address))
    here = urlsplit(app.address).netloc

    def ask(method: str, path: str, host: str, cookie: str) -> tuple[int, bytes]:
        with closing(HTTPConnection(here, timeout=10)) as connection:
            connection.request(method, path, headers={"Host": host, "Cookie": cookie})
            answer = connection.getresponse()
            return answer.status, answer.read()

    for path in (shown, saved):
        assert ask("GET", path, here, cookies)[0] == 200
        assert ask("GET", path, here, "")[0] == 403
        assert ask("GET", path, "elsewhere.example", cookies)[0] == 400
    upload = "/_stcore/upload_file/session/file"
    for method in ("PUT", "DELETE"):
        assert b"XSRF" in ask(method, upload, here, cookies)[1]
        assert ask(method, upload, here, "") == (403, b"Log in first.")
        assert ask(method, upload, "elsewhere.example", cookies)[0] == 400
    for path in ("/", "/_stcore/health", "/auth/login", "/oauth2callback"):
        assert ask("GET", path, "elsewhere.example", cookies)[0] == 400
    assert ask("GET", "/_stcore/metrics", here, "")[0] == 403


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        (None, None, 101),
        ("elsewhere.example", "http://elsewhere.example", 403),
        (None, "http://elsewhere.example", 403),
        (None, "null", 403),
    ],
)
def test_pages_of_others_get_no_connection(
    app: App, host: str | None, origin: str | None, status: int
) -> None:
    """A foreign name or a foreign page is refused, and nobody outside is asked about it."""
    here = urlsplit(app.address).netloc
    handshake = {
        "Host": host or here,
        "Origin": origin or app.address,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    with closing(HTTPConnection(here, timeout=10)) as connection:
        connection.request("GET", "/_stcore/stream", headers=handshake)
        with closing(connection.getresponse()) as answer:
            assert answer.status == status
    assert "external IP" not in app.log.read_text()


def test_two_browsers_are_two_visitors(inside: App, browser: Browser) -> None:
    """Each sees their own name, also after the other came; one leaves, the other stays."""
    first, second = browser.new_context(), browser.new_context()
    anna, ben = first.new_page(), second.new_page()
    log_in(anna, inside.address, "a1")
    log_in(ben, inside.address, "b2")
    anna.get_by_role("button", name="Work").click()
    expect(anna.get_by_text(f"user: {ANNA}, name: Anna")).to_be_visible()
    expect(ben.get_by_text(f"user: {BEN}, name: Ben")).to_be_visible()
    log_out(anna)
    ben.get_by_role("button", name="Work").click()
    expect(ben.get_by_text(f"user: {BEN}, name: Ben")).to_be_visible()
    first.close()
    second.close()


@pytest.mark.parametrize("subject", ["c3", "d4", "e5", ANNA])
def test_an_address_that_is_not_verified_is_nobody(
    inside: App, identities: Provider, page: Page, subject: str
) -> None:
    """Neither a claimed address nor a name like one opens Anna's clinic; a sentence says why."""
    log_in(page, inside.address, subject)
    expect(page.get_by_test_id("stAlert")).to_contain_text(
        f"You are logged in as {identities.address}#{subject}, who belongs to no clinic here: "
        "ask whoever runs this server to add you to yours."
    )
    expect(page.get_by_text("user:")).to_have_count(0)


def test_a_log_out_clears_every_tab_and_copies_of_the_cookie(
    inside: App, browser: Browser, context: BrowserContext, page: Page
) -> None:
    """Another tab goes blank by itself; who copied the cookie before is not let in by it."""
    log_in(page, inside.address, "a1")
    copied = context.cookies()
    other = context.new_page()
    other.goto(inside.address)
    expect(other.get_by_text(f"user: {ANNA}")).to_be_visible()

    log_out(page)
    expect(other.get_by_text("Your login has ended: log in again.")).to_be_visible()
    expect(other.get_by_text("user:")).to_have_count(0)

    thief = browser.new_context()
    thief.add_cookies(copied)  # type: ignore[arg-type]
    theirs = thief.new_page()
    theirs.goto(inside.address)
    only_the_door(theirs)
    thief.close()


def test_whoever_goes_away_is_logged_out(brief: App, context: BrowserContext, page: Page) -> None:
    """Who works stays; the screen of who does not goes blank, also when opened anew."""
    log_in(page, brief.address, "a1")
    end = time.monotonic() + 1.5 * IDLE_S
    while time.monotonic() < end:
        page.get_by_role("button", name="Work").click()
        page.wait_for_timeout(1000)
    expect(page.get_by_text(f"user: {ANNA}")).to_be_visible()

    expect(page.get_by_text("Your login has ended: log in again.")).to_be_visible()
    only_the_door(page)
    again = context.new_page()
    again.goto(brief.address)
    only_the_door(again)
    assert COOKIE in {cookie["name"] for cookie in context.cookies()}  # it is there, and not taken
    log_in(again, brief.address, "a1")
    expect(again.get_by_text(f"user: {ANNA}")).to_be_visible()


@pytest.mark.parametrize(
    ("secret", "age_s", "let_in"),
    [
        ("the server's", 0, True),  # such a cookie is let in, so that what follows says something
        ("the server's", 31 * 60, False),
        ("the server's", 20 * 24 * 3600, False),
        ("another", 0, False),
    ],
)
def test_a_forged_or_old_cookie_opens_nothing(
    inside: App, context: BrowserContext, page: Page, secret: str, age_s: float, let_in: bool
) -> None:
    """A cookie counts if the server signed it and the login is fresh."""
    key = inside.cookie_secret if secret == "the server's" else "x" * 43
    claims = {
        "iss": "https://provider.example",
        "sub": f"{secret} {age_s}",
        "email": ANNA,
        "email_verified": True,
        "iat": time.time() - age_s,
        "is_logged_in": True,
        "origin": inside.address,
        "provider": "default",
    }
    context.add_cookies([{"name": COOKIE, "value": signed(key, **claims), "url": inside.address}])
    page.goto(inside.address)
    if let_in:
        expect(page.get_by_text(f"user: {ANNA}")).to_be_visible()
    else:
        only_the_door(page)


def test_a_time_out_that_is_none_lets_nobody_in(
    identities: Provider, browser: Browser, tmp_path: Path
) -> None:
    """A mistake in the environment shuts the door, and a sentence says which."""
    with run_inside(identities, tmp_path, {"POSTURE_IDLE_MINUTES": "never"}) as app:
        page = browser.new_page()
        page.goto(app.address)
        expect(page.get_by_test_id("stAlert")).to_contain_text("have to be numbers above zero")
        expect(page.get_by_role("button")).to_have_count(0)
        page.close()
