"""A person at a browser who uses only the keyboard.

Nothing here clicks. What is wanted is named as a screen reader would say it, role and name, and is
reached with Tab, so that a test that passes has also shown that a person without a mouse, or without
sight, gets there. The page's own JavaScript may be off: WebDriver reads pages all the same.
"""

import base64
import pathlib
import re
import shutil
import tempfile
import time
from contextlib import contextmanager

from selenium import webdriver
from selenium.common.exceptions import (
    StaleElementReferenceException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

WIDE, NARROW = 1280, 390
HEIGHT = {WIDE: 900, NARROW: 844}
PATIENCE = 20  # seconds until a wait is given up
ARGUMENTS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-dev-shm-usage --hide-scrollbars --lang=vi --force-prefers-reduced-motion"
).split()

# What has the focus: tag, type, its text, whether it can be seen, and whether a ring shows around it
# or around its label.
FOCUSED = """
const e = document.activeElement;
if (!e || e === document.body || e === document.documentElement) return null;
const ring = (x) => { const s = getComputedStyle(x);
  return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none'; };
const box = e.getBoundingClientRect();
return {
  tag: e.tagName.toLowerCase(), type: e.type ?? '', main: e.id === 'main',
  text: (e.labels?.[0] ?? e).textContent.slice(0, 80),
  seen: box.width > 1 && box.height > 1,
  inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  ring: ring(e) || [...(e.labels ?? [])].some(ring),
};
"""


# Elements that can have a role; any other need not be asked for its name.
ELEMENTS = {
    "button": ("button", "input"),
    "link": ("a",),
    "textbox": ("input", "textarea"),
    "searchbox": ("input",),
    "combobox": ("select",),
    "radio": ("input",),
    "checkbox": ("input",),
    "file": ("input",),
}


def plain(text):
    """Text with single spaces."""
    return re.sub(r"\s+", " ", text or "").strip()


class Browser:
    """One browser with a profile of its own."""

    def __init__(self, world, *, width=WIDE, script=True, label=""):
        self.world = world
        self.width = width
        self.script = script
        self.label = label
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tuphap-browser."))
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir()
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in ARGUMENTS:
            options.add_argument(argument)
        options.add_argument(f"--user-data-dir={self.folder / 'profile'}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        preferences = {
            "download.default_directory": str(self.downloads),
            "download.prompt_for_download": False,
            "plugins.always_open_pdf_externally": True,
            "credentials_enable_service": False,
            "profile.password_manager_leak_detection": False,
        }
        if not script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        self.driver = webdriver.Chrome(
            options=options, service=Service(shutil.which("chromedriver"))
        )
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(30)
        self.resize(width)

    def close(self):
        try:
            self.driver.quit()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---- the page

    def resize(self, width):
        """The size of the page, as on a desk or on a telephone."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": width,
                "height": HEIGHT[width],
                "deviceScaleFactor": 1,
                "mobile": width == NARROW,
            },
        )

    def open(self, path):
        """Types an address."""
        self.driver.get(self.world.url + path)

    @property
    def path(self):
        """Where we are, without host and query."""
        return re.sub(r"^https?://[^/]+|[?#].*$", "", self.driver.current_url)

    @property
    def title(self):
        return self.driver.title

    @property
    def heading(self):
        return self.text("h1")

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self, css="main"):
        """What can be read there; empty if there is no such place."""
        found = self.all(css)
        return plain(found[0].text) if found else ""

    def says(self, *texts, where="main"):
        """All this stands on the page."""
        shown = self.text(where)
        for text in texts:
            assert text in shown, f"“{text}” is not on {self.path}:\n{shown[:3000]}"

    def wait(self, condition, what, seconds=PATIENCE):
        """Waits until something holds and gives it back."""
        try:
            return WebDriverWait(
                self, seconds, poll_frequency=0.05, ignored_exceptions=[StaleElementReferenceException]
            ).until(lambda _: condition())
        except TimeoutException:
            raise AssertionError(
                f"waited {seconds} s for {what} on {self.path}:\n{self.text('body')[:2000]}"
            ) from None

    @contextmanager
    def next_page(self):
        """What is done inside leads to another page, which is then there."""
        self.driver.execute_script("window.wasHere = true")
        yield

        def arrived():
            try:
                return self.driver.execute_script(
                    "return !window.wasHere && document.readyState === 'complete'"
                )
            except WebDriverException:  # asked between two pages
                return False

        self.wait(arrived, "another page")

    # ---- the keyboard

    def press(self, *keys):
        actions = ActionChains(self.driver)
        for key in keys:
            actions = actions.send_keys(key)
        actions.perform()

    def tab(self, back=False):
        actions = ActionChains(self.driver)
        if back:
            actions.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        else:
            actions.send_keys(Keys.TAB).perform()

    @property
    def focus(self):
        """The element that has the focus."""
        return self.driver.switch_to.active_element

    def name(self, element=None):
        """What a screen reader calls an element."""
        return plain((element or self.focus).accessible_name).replace(" :", ":")

    def skip(self):
        """From the top of a page to its content, by the link that is there for it."""
        self.tab()
        if self.name() in ("Đến nội dung chính", "Skip to main content"):
            self.press(Keys.ENTER)

    def go(self, wanted, name, *, within=None, exact=False, limit=300):
        """Tab until an element of that role and name has the focus. `wanted` is a role of ARIA, or
        `file` for a file box; the name may be its beginning; `within` is a legend around it."""
        rounds = 0
        passed = []
        for steps in range(limit):
            found = self._matches(wanted, name, within, exact, passed, tabbed=steps > 0)
            if found is not None:
                return found
            self.tab()
            if self.driver.execute_script("return document.activeElement === document.body"):
                rounds += 1
                if rounds == 2:
                    break
        raise AssertionError(
            f"Tab does not reach {wanted} “{name}”"
            + (f" in “{within}”" if within else "")
            + f" on {self.path}; it passes:\n"
            + "\n".join(dict.fromkeys(passed))
        )

    def _matches(self, wanted, name, within, exact, passed, tabbed):
        seen = self.driver.execute_script(FOCUSED)
        if seen is None or seen["main"]:
            return None
        text = f"{seen['tag']} “{plain(seen['text'])}”"
        if tabbed and not (seen["seen"] and seen["inside"]):
            self.world.fault(self, "focus", f"{text} has the focus but cannot be seen")
        elif tabbed and not seen["ring"]:
            self.world.fault(self, "focus", f"{text} has the focus but shows no ring")
        passed.append(f"  {text}")
        if seen["tag"] not in ELEMENTS[wanted] or (seen["type"] == "file") != (wanted == "file"):
            return None
        element = self.focus
        called = self.label_of(element) if wanted == "file" else self.name(element)
        passed[-1] = f"  {text}, called “{called}”"
        if called != name if exact else not called.startswith(name):
            return None
        if wanted != "file" and element.aria_role.lower() != wanted:
            return None
        if within and not any(legend.startswith(within) for legend in self.legends(element)):
            return None
        return element

    def label_of(self, element):
        """The text of an element's own label."""
        labels = self.all(f"label[for='{element.get_attribute('id')}']")
        return plain(labels[0].text) if labels else ""

    def legends(self, element):
        """The legends of the groups around an element, the nearest first."""
        found = element.find_elements(By.XPATH, "./ancestor::fieldset/legend")
        return [plain(legend.text) for legend in reversed(found)]

    def follow(self, wanted, name, **more):
        """Goes to a link or button and presses Enter; another page comes."""
        self.go(wanted, name, **more)
        with self.next_page():
            self.press(Keys.ENTER)

    def type(self, text):
        """Writes over what is in the box."""
        actions = ActionChains(self.driver)
        actions.key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL)
        actions.send_keys(text or Keys.DELETE).perform()

    def write(self, name, text, *, wanted="textbox", **more):
        """Goes to a box and writes into it."""
        self.go(wanted, name, **more)
        self.type(text)

    def pick(self, name, option, **more):
        """Goes to a drop-down list and chooses by typing, else by the arrow."""
        box = self.go("combobox", name, **more)
        chosen = lambda: plain(
            self.driver.execute_script("return arguments[0].selectedOptions[0]?.text ?? ''", box)
        )
        if chosen() != option:
            self.press(option)
            time.sleep(0.05)
        if chosen() != option:
            self.press(Keys.HOME)
            for _ in box.find_elements(By.TAG_NAME, "option"):
                if chosen() == option:
                    break
                self.press(Keys.ARROW_DOWN)
        assert chosen() == option, f"“{name}” has no “{option}” but “{chosen()}”"

    def mark(self, group, option):
        """Chooses a radio button: Tab into the group, arrows to the option, Space."""
        for _ in range(40):
            self.go("radio", "", within=group)
            if self.name() == option:
                break
            self.press(Keys.ARROW_DOWN)
        assert self.name() == option, f"“{group}” has no “{option}”"
        if not self.focus.is_selected():
            self.press(Keys.SPACE)
        assert self.focus.is_selected()

    def attach(self, name, file):
        """Chooses a file. The window of the system that Enter opens is not there in a test, so the
        path is typed into the box, as WebDriver does it."""
        self.go("file", name).send_keys(str(file))

    def shown(self, label):
        """Is a question with this label or legend on the page, to be seen?"""
        quoted = label.replace('"', "”")
        xpath = (
            f'//main//*[self::label or self::legend or contains(@class, "label")]'
            f'[starts-with(normalize-space(.), "{quoted}")]'
        )
        return any(element.is_displayed() for element in self.driver.find_elements(By.XPATH, xpath))

    # ---- looking

    def look(self, name):
        """Takes pictures of the page at both widths and asks axe about it."""
        self.world.look(self, name)

    def picture(self, path):
        """The whole page as a picture."""
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        answer = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {
                "captureBeyondViewport": True,
                "optimizeForSpeed": True,
                "clip": {
                    "x": 0,
                    "y": 0,
                    "width": size["width"],
                    "height": min(size["height"], 12000),
                    "scale": 1,
                },
            },
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(answer["data"]))

    def complaints(self):
        """What the browser complained of: refused by the content policy, or an error of a script."""
        words = ("Content Security Policy", "Refused", "Uncaught", "Permissions policy")
        return [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if any(word in entry["message"] for word in words)
        ]
