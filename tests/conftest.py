"""Pins the BLAS threads, so that sums are reproducible from run to run; opens pages in a browser."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

HERE = Path(__file__).parent
AXE = HERE / "node" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PHONE, DESK, PAPER = 375, 1280, 718  # px; the last is the text width of an A4 page with margins of 1 cm


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, started once."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed")
    sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@dataclass(frozen=True)
class Shown:
    """A page that is open in the browser, with every fold unfolded."""

    page: Any

    def faults(self) -> list[str]:
        """What leaves the page, is cut, or lies on other text (tests/page_checks.js)."""
        found: list[str] = self.page.evaluate((HERE / "page_checks.js").read_text("utf-8"))
        return found

    def violations(self, *, colours: bool = True, others: bool = True) -> list[str]:
        """What axe-core finds against WCAG 2.2 A and AA, rule and first element. ``colours`` is the rule of contrast,
        which takes most of the time and hangs on the colour scheme alone; ``others`` are all others."""
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: npm ci in tests/node")
        self.page.evaluate(AXE.read_text("utf-8"))
        rules = list(WCAG) if others else ["color-contrast"]
        options: dict[str, Any] = {"runOnly": rules, "resultTypes": ["violations"]}
        options |= {} if colours else {"rules": {"color-contrast": {"enabled": False}}}
        found = self.page.evaluate(f"axe.run(document, {json.dumps(options)})")["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Shown]]:
    """Opens the bytes of an HTML file: ``show(content, width=..., dark=..., scripts=..., printed=...)``."""
    opened = []

    def one(content: bytes, *, width: int = DESK, dark: bool = False, scripts: bool = True, printed: bool = False):
        place = tmp_path / "page.html"
        place.write_bytes(content)
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", reduced_motion="reduce",
            java_script_enabled=scripts,
        )  # fmt: skip
        opened.append(page)
        page.goto(place.as_uri())
        if printed:
            page.emulate_media(media="print")
        else:
            page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        return Shown(page)

    yield one
    for page in opened:
        page.close()
