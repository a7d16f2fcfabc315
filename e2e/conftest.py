"""What all browser tests share: the program under test, the people in it, and what was seen of it."""

import os
import pathlib
import re
import tomllib

import axe_playwright_python
import pytest

from browser import NARROW, WIDE, Browser

ROOT = pathlib.Path(__file__).resolve().parent.parent
AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# All rules of axe that are on by default, good practice among them, and the size of targets.
ASK_AXE = """
const done = arguments[arguments.length - 1];
const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
if (arguments[0]) options.runOnly = { type: 'rule', values: arguments[0] };
axe.run(document, options).then((result) => done(result.violations.map((rule) => ({
  id: rule.id, help: rule.help, nodes: rule.nodes.map((node) => ({
    target: node.target.flat().join(' '), html: node.html.slice(0, 300),
    why: [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; '),
  })),
})))).catch((error) => done([{ id: 'axe', help: String(error), nodes: [] }]));
"""


class World:
    """The program that runs, its people, and everything that was seen."""

    def __init__(self):
        self.url = os.environ["TUPHAP_URL"]
        self.program, self.data = os.environ["TUPHAP_PROGRAM"], os.environ["TUPHAP_DATA"]
        self.out = ROOT / "e2e" / "out"
        accounts = tomllib.loads((ROOT / "content/demo/accounts.toml").read_text())["account"]
        self.people = {account["login"]: account for account in accounts}
        self.faults = {}  # what axe, the keyboard and the browser found wrong → where
        self.looked = set()  # (path, width, with script) of every page that axe was asked about
        self.codes = {}  # one-time codes already used, by login
        self.dossiers = []  # codes of dossiers that the stories finished
        self.pictures = 0
        self.mirror = None

    def fault(self, browser, kind, text):
        """Notes something wrong, once for all pages that share it."""
        self.faults.setdefault((kind, text), []).append(f"{browser.path} at {browser.width}")

    def look(self, browser, name):
        """Pictures and axe, at both widths; the workbench also in the dark."""
        self.pictures += 1
        off = "" if browser.script else "-no-script"
        file = f"{self.pictures:03}-{name}{off}.png"
        own = browser.width
        for width in (own, NARROW if own == WIDE else WIDE):
            browser.width = width
            browser.resize(width)
            browser.picture(self.out / str(width) / file)
            self.ask_axe(browser)
            wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
            if wide > width:
                self.fault(browser, "too wide", f"the page is {wide} px wide at {width} px")
            self.looked.add((browser.path, width, browser.script))
        browser.width = own
        browser.resize(own)
        if browser.script and browser.all("body.bench"):
            self.in_the_dark(browser, file)
        for complaint in browser.complaints():
            self.fault(browser, "console", complaint)

    def in_the_dark(self, browser, file):
        dark = [{"name": "prefers-color-scheme", "value": "dark"}]
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": dark})
        browser.picture(self.out / "dark" / file)
        self.ask_axe(browser, ["color-contrast"], "in the dark")
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def mirrored(self, page):
        """The page of a browser whose JavaScript is off, in one where axe can run but the page's own
        scripts cannot."""
        if self.mirror is None:
            self.mirror = Browser(self, label="mirror")
            self.mirror.driver.execute_cdp_cmd("Network.enable", {})
            self.mirror.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*.js*"]})
            self.mirror.open("/tro-giup")
        driver = self.mirror.driver
        frame = driver.execute_cdp_cmd("Page.getFrameTree", {})["frameTree"]["frame"]["id"]
        html = page.driver.page_source
        driver.execute_cdp_cmd("Page.setDocumentContent", {"frameId": frame, "html": html})
        self.mirror.width = page.width
        self.mirror.resize(page.width)
        loaded = "return [...document.styleSheets].length > 0 && document.readyState === 'complete'"
        self.mirror.wait(lambda: driver.execute_script(loaded), "the stylesheet")
        return self.mirror

    def ask_axe(self, page, rules=None, where=""):
        browser = page if page.script else self.mirrored(page)
        if not browser.driver.execute_script("return typeof axe === 'object'"):
            browser.driver.execute_script(AXE)
        for rule in browser.driver.execute_async_script(ASK_AXE, rules):
            for node in rule["nodes"] or [{"target": "", "html": "", "why": ""}]:
                html = re.sub(r'(value|id|for|href|aria-\w+)="[^"]*\d[^"]*"', r'\1="…"', node["html"])
                text = f"{rule['id']} {where}: {rule['help']}\n    {html}\n    {node['why']}"
                self.fault(page, "axe", text)

    def close(self):
        if self.mirror:
            self.mirror.close()


@pytest.fixture(scope="session")
def world():
    made = World()
    yield made
    made.close()


@pytest.fixture
def browsers(world, request):
    """Opens browsers; they are closed after the test, and pictured if it failed."""
    opened = []

    def start(**more):
        opened.append(Browser(world, **more))
        return opened[-1]

    yield start
    for number, browser in enumerate(opened):
        try:
            if getattr(request.node, "failed", False):
                name = f"{request.node.name}-{number}-{browser.label or 'browser'}"
                browser.picture(world.out / "failed" / f"{name}.png")
                (world.out / "failed" / f"{name}.html").write_text(
                    f"<!-- {browser.driver.current_url} -->\n{browser.driver.page_source}"
                )
            for complaint in browser.complaints():
                world.fault(browser, "console", complaint)
        finally:
            browser.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if call.when == "call" and outcome.get_result().failed:
        item.failed = True
