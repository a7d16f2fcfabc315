"""What is left: pages no story came by, then the verdict over all that was looked at."""

import os
import re

import pytest

from birth import Desk
from browser import NARROW, WIDE
from conftest import ROOT

# Answers that are no pages: files, lists for scripts, redirects, machinery.
NO_PAGES = re.compile(
    r"^/(don-vi|assets|metrics|healthz|readyz|ngon-ngu|co-chu|verify/(keys\.json|root\.pem))"
    r"|/api/v1|/tep/|/tai-lieu/|/xuat\.csv|/bo-sung$|\.(docx|pdf|xlsx)$"
)


def test_the_other_pages_of_officers(world, browsers):
    page = browsers(width=WIDE)
    desk = Desk(page)
    desk.of("mot-cua")
    page.open("/tai-khoan")
    page.look("account-officer")
    page.open("/can-bo")
    views = [link.get_attribute("href").removeprefix(world.url) for link in page.all(".views a")]
    assert len(views) >= 7, views
    for view in views:
        page.open(view)
        assert page.heading and not page.title.startswith("Lỗi"), view
    page.look("worklist-all")
    page.open("/can-bo?xem=tat-ca&q=khong+co+ai")
    page.look("worklist-empty")
    page.press("?")
    page.wait(lambda: page.all("dialog[open]"), "the keys")
    page.look("worklist-keys")
    desk.of("ho-tich")
    for register in ("birth", "marriage", "death"):
        page.open(f"/can-bo/so/{register}")
        page.look(f"register-{register}")
    page.open("/can-bo/so/birth?q=anh")
    assert page.title.startswith("Lỗi: ") and page.all("#ly-do-error"), page.text()[:500]
    page.look("register-no-reason")
    page.open("/can-bo/ho-so/H20.158-261122-9999")
    assert page.heading == "Không tìm thấy", page.text()[:500]
    page.look("no-such-dossier")
    desk.of("kiem-tra")
    page.open("/can-bo/nhat-ky")
    page.look("audit")
    page.open("/can-bo/nhat-ky?tu=31/02/2026")
    page.look("audit-wrong-date")


def test_who_has_no_list_of_work_lands_where_there_is_something_to_do(world, browsers):
    desk = Desk(browsers(width=WIDE))
    page = desk.of("quan-tri-vien")
    assert page.path == "/tai-khoan", page.path
    page.says("Việc ông/bà làm được ở đây", "tuphap audit verify")
    page.look("account-administrator")
    page = desk.of("kiem-tra")
    assert page.path == "/can-bo/nhat-ky", page.path
    page.open("/can-bo/so/birth")
    assert page.heading == "Chưa được phép", page.text()[:500]
    page.look("forbidden-officer")


def test_officers_of_another_ward_are_refused(world, browsers):
    if not world.dossiers:
        pytest.skip("no story has been told")
    desk = Desk(browsers(width=WIDE))
    page = desk.of("mot-cua-sa-dec")
    page.open(f"/can-bo/ho-so/{world.dossiers[0]}")
    assert "Huỳnh" not in page.text(), page.text()[:500]
    page.look("other-ward")
    page = desk.of("mot-cua")
    page.open(f"/can-bo/ho-so/{world.dossiers[0]}/hanh-dong/accept")
    assert page.heading == "Nội dung vừa thay đổi", page.text()[:500]
    page.look("action-gone")
    page.follow("link", "Mở lại hồ sơ")
    assert page.path == f"/can-bo/ho-so/{world.dossiers[0]}", page.path


def test_axe_the_keyboard_and_the_browser_found_nothing(world):
    """All that was noted on the way, said once with the pages where it stands."""
    lines = [
        f"{kind}: {text}\n    on {', '.join(dict.fromkeys(pages[:4]))}"
        + (f" and {len(pages) - 4} more" if len(pages) > 4 else "")
        for (kind, text), pages in world.faults.items()
    ]
    assert not lines, f"{len(lines)} faults\n" + "\n".join(lines)


@pytest.mark.skipif(not os.environ.get("E2E_WHOLE"), reason="only some tests were run")
def test_every_page_was_looked_at(world):
    """Every page of the table of routes was seen, at both widths, with JavaScript."""
    table = (ROOT / "crates/web/src/routes.rs").read_text()
    missing = []
    for path in re.findall(r'"GET",\s*"(/[^"]*)"', table):
        if NO_PAGES.search(path):
            continue
        path = re.sub(r"\{\*[^/]*?\}", ".+", path)
        pattern = re.compile("^" + re.sub(r"\{[^/]*?\}", "[^/]+", path) + "$")
        for width in (WIDE, NARROW):
            if not any(script and w == width and pattern.match(p) for p, w, script in world.looked):
                missing.append(f"{path} at {width}")
    assert not missing, missing
