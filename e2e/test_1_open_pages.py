"""The pages that anybody may open, what they weigh, and what a person meets who goes astray."""

import json
import re
import subprocess
import urllib.request

import pytest
from selenium.webdriver import Keys

import birth
from browser import NARROW, WIDE


def fetch(world, path):
    with urllib.request.urlopen(world.url + path) as answer:
        return answer.read()


def test_the_first_page_is_light(world):
    page = fetch(world, "/")
    parts = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.decode())
    sizes = {re.sub(r"\?.*", "", part): len(fetch(world, part)) for part in set(parts)}
    whole = len(page) + sum(sizes.values())
    print(f"first page: {len(page)} + {sizes} = {whole} bytes")
    assert whole <= 60_000, sizes
    every = fetch(world, "/verify").decode()
    scripts = set(re.findall(r'src="(/assets/[^"]+)"', every + page.decode()))
    assert sum(len(fetch(world, script)) for script in scripts) <= 30_000
    assert sum(size for name, size in sizes.items() if name.endswith(".css")) <= 20_000


@pytest.mark.parametrize("words", ["khai sinh", "khai sanh", "dang ky khai sinh"])
def test_a_mother_finds_it_by_her_own_words(world, words):
    found = fetch(world, "/tim?q=" + words.replace(" ", "+")).decode()
    first = re.search(r'<ul class="hits">.*?<a href="([^"]+)">([^<]+)</a>', found, re.S)
    assert first and first.groups() == ("/thu-tuc/birth-registration", birth.PROCEDURE), first


def test_open_pages(world, browsers):
    page = browsers(width=NARROW)
    for name, path in [
        ("home", "/"),
        ("help", "/tro-giup"),
        ("accessibility", "/tiep-can"),
        ("track", "/theo-doi"),
        ("track-not-found", "/theo-doi?ma=H20.15-261122-9999"),
        ("search-nothing", "/tim?q=xyzzy"),
        ("procedure-marriage", "/thu-tuc/marriage-registration"),
        ("procedure-death", "/thu-tuc/death-registration"),
        ("api", "/api/docs"),
        ("not-found", "/khong-co-trang-nay"),
    ]:
        page.open(path)
        assert page.heading, path
        page.look(name)


def test_english_and_larger_text(world, browsers):
    page = browsers(width=NARROW)
    page.open("/thu-tuc/birth-registration")
    page.follow("link", "English")
    assert page.path == "/thu-tuc/birth-registration" and page.heading == "Birth registration"
    page.look("procedure-english")
    before = page.driver.execute_script("return parseFloat(getComputedStyle(document.body).fontSize)")
    page.go("link", "Larger text")
    page.press(Keys.ENTER)
    size = "return parseFloat(getComputedStyle(document.body).fontSize)"
    page.wait(lambda: page.driver.execute_script(size) > before, "larger text")
    page.open("/")
    assert page.driver.execute_script(size) > before, "the next page has forgotten it"
    page.look("home-english-large")
    page.open("/dang-nhap")
    page.look("sign-in-english")


def test_a_wrong_password_and_a_wrong_code_say_what_to_do(world, browsers):
    page = browsers(width=WIDE)
    page.open("/dang-nhap")
    page.look("sign-in")
    page.write("Tên đăng nhập", "quan-tri-vien")
    page.write("Mật khẩu", "khong phai mat khau")
    with page.next_page():
        page.press(Keys.ENTER)
    assert page.title.startswith("Lỗi: ") and page.all("#faults")
    page.look("sign-in-wrong")
    page.write("Mật khẩu", world.people["quan-tri-vien"]["password"])
    with page.next_page():
        page.press(Keys.ENTER)
    page.look("code")
    page.write("Mã sáu chữ số", "000000")
    with page.next_page():
        page.press(Keys.ENTER)
    assert page.title.startswith("Lỗi: ") and page.heading == "Mã xác thực một lần"
    page.look("code-wrong")


def test_a_password_given_by_somebody_else_is_changed_first(world, browsers):
    command = [world.program, "account", "add", "--data", world.data, "--login", "nguoi-moi"]
    made = subprocess.run(
        [*command, "--name", "Người Mới", "--json"], capture_output=True, text=True, check=True
    )
    page = browsers(width=NARROW)
    page.open("/dang-nhap?next=/tai-khoan")
    page.write("Tên đăng nhập", "nguoi-moi")
    page.write("Mật khẩu", json.loads(made.stdout)["password"])
    with page.next_page():
        page.press(Keys.ENTER)
    assert page.heading == "Đặt mật khẩu mới", page.text()[:500]
    page.look("password-due")
    page.write("Mật khẩu mới", "ngan")
    page.write("Nhập lại mật khẩu mới", "ngan hon")
    page.follow("button", "Đổi mật khẩu và tiếp tục")
    assert page.title.startswith("Lỗi: ") and page.all("#faults"), page.text()[:500]
    page.look("password-due-wrong")
    page.write("Mật khẩu mới", "Hoa-sung-trang-ao-lang-3!")
    page.write("Nhập lại mật khẩu mới", "Hoa-sung-trang-ao-lang-3!")
    page.follow("button", "Đổi mật khẩu và tiếp tục")
    assert page.heading == "Tài khoản", page.text()[:500]


def test_a_citizen_has_no_workbench(world, browsers):
    page = browsers(width=WIDE)
    page.open("/can-bo")
    birth.sign_in(page, "chong")
    page.says("Trang này dành cho cán bộ")
    page.look("forbidden")
    page.open("/ho-so")
    page.look("my-dossiers-none")
    page.open("/tai-khoan")
    page.look("account")
    birth.sign_out(page)
    page.open("/ho-so")
    assert page.heading == "Đăng nhập"
