"""What tests in a real browser share: hands on the point editor, and what axe-core finds."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from scripts.screenshots import CHROMIUM, TALLEST

# Two pages of the address bar would start with every window, unseen, and take a fifth of what the
# browser takes for a visit. Chromium obeys the last such list alone: it holds Playwright's own too.
LEFT_OUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
LEAN = (*CHROMIUM, f"--disable-features={','.join(LEFT_OUT)}")

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
GRAVE = ("serious", "critical")

# A dialog stops the page behind it from scrolling. axe-core then takes what lies outside the page's
# own box, which is empty, to be cut off, and judges no colour in the dialog.
WHOLE = "html { min-height: 100vh; }"


def faults(page: Page) -> list[str]:
    """Return what is gravely wrong with a page as it is shown now, a line for each place.

    Colours are judged only where they can be seen, so the screen is made as tall as the page.
    """
    screen = page.viewport_size
    assert screen is not None
    tall = page.get_by_test_id("stMain").evaluate_all("all => all.map(main => main.scrollHeight)")
    page.set_viewport_size(screen | {"height": min(max([screen["height"], *tall]) + 2, TALLEST)})
    page.add_style_tag(content=WHOLE)
    page.wait_for_timeout(500)
    rules = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    violations = Axe().run(page, options=rules).response["violations"]
    page.set_viewport_size(screen)
    return [
        f"{rule['id']}: {node['html']}: {' '.join(node['failureSummary'].split())}"
        for rule in violations
        for node in rule["nodes"]
        if node["impact"] in GRAVE
    ]


def handle(page: Page, name: str) -> Locator:
    """Return what is dragged to move a point."""
    return page.locator(f'.handle[data-point="{name}"]')


def middle(page: Page, name: str) -> tuple[float, float]:
    """Return where a point is on the screen."""
    box = handle(page, name).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def shown_deg(page: Page) -> float:
    """Return the angle drawn beside the pelvis."""
    page.wait_for_timeout(100)
    words = page.locator("text.angle").text_content()
    assert words is not None
    return float(words.rstrip("°").replace("\N{MINUS SIGN}", "-"))


def drag(page: Page, name: str, dx: float, dy: float, *, drop: bool = True) -> None:
    """Drag a point by mouse."""
    x, y = middle(page, name)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    if drop:
        page.mouse.up()


class Fingers:
    """Touches a screen as a hand does."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)

    def touch(self, kind: str, *places: tuple[float, float]) -> None:
        """Send where all fingers are now."""
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def stroke(self, start: tuple[float, float], by: tuple[float, float]) -> None:
        """Put one finger down, move it in steps and lift it."""
        self.touch("touchStart", start)
        for share in (0.1, 0.3, 0.6, 1.0):
            self.touch("touchMove", (start[0] + by[0] * share, start[1] + by[1] * share))
        self.touch("touchEnd")
