"""The session ends in the middle of a form: nothing that was typed is lost."""

import birth
from browser import NARROW, WIDE
from selenium.webdriver import Keys


def begin(page):
    """The husband begins a form and stands on its second page."""
    page.open("/dang-nhap?next=/thu-tuc/birth-registration")
    birth.sign_in(page, "chong")
    page.pick("Nơi giải quyết", birth.WARD)
    page.follow("button", "Bắt đầu")
    page.pick("Quan hệ với trẻ", "Cha")
    page.write("Số điện thoại liên hệ", "0912 345 678")
    birth.save(page)
    assert page.heading == "Thông tin của trẻ", page.text()[:1500]


def end_session(page, *, keep_cookie=False, begin_another=False):
    """Signs out in a second tab; the cookie of the dead session may stay, as when time ran out, or
    the person signs in again there."""
    first = page.driver.current_window_handle
    cookie = page.driver.get_cookie("phien")
    page.driver.switch_to.new_window("tab")
    page.resize(page.width)
    page.open("/ho-so")
    birth.sign_out(page)
    if begin_another:
        page.open("/dang-nhap")
        birth.sign_in(page, "chong")
    page.driver.close()
    page.driver.switch_to.window(first)
    if keep_cookie:
        page.driver.add_cookie(cookie)


def test_with_script_the_page_says_so_and_leads_back(world, browsers):
    page = browsers(width=WIDE)
    begin(page)
    page.mark("Trường hợp khai sinh", "Trẻ có mẹ sinh ra, đã biết mẹ")
    page.wait(lambda: "Đã lưu" in page.text(".progress"), "the first save")
    end_session(page, keep_cookie=True)
    page.write("Họ, chữ đệm, tên của trẻ", "Huỳnh Gia Hân")
    page.write("Ngày, tháng, năm sinh", "31/02/2026")
    page.tab()
    page.wait(lambda: "Phiên làm việc đã hết" in page.text(".session"), "the warning")
    page.look("session-over")
    page.follow("button", "Đăng nhập lại")
    finish(page)
    sections_kept(page)


def test_with_script_signed_in_elsewhere_one_button_goes_on(world, browsers):
    page = browsers(width=NARROW)
    begin(page)
    end_session(page, begin_another=True)
    page.write("Họ, chữ đệm, tên của trẻ", "Huỳnh Gia Hân")
    page.write("Ngày, tháng, năm sinh", "31/02/2026")
    page.tab()
    page.wait(lambda: "đăng nhập lại ở một trang khác" in page.text(".session"), "the warning")
    page.says("vẫn còn nguyên", where=".session")
    page.look("session-elsewhere")
    page.follow("button", "Lưu lại", exact=True)
    assert page.heading == "Ông/bà đã đăng nhập lại", page.text()[:1000]
    page.follow("button", "Gửi tiếp")
    sections_kept(page)


def test_without_script_the_form_is_carried_along(world, browsers):
    page = browsers(width=NARROW, script=False)
    begin(page)
    end_session(page)
    page.write("Họ, chữ đệm, tên của trẻ", "Huỳnh Gia Hân")
    page.write("Ngày, tháng, năm sinh", "31/02/2026")
    birth.save(page)
    finish(page)
    sections_kept(page)

    # Signed in again in the other tab meanwhile: one button sends what stands in the first.
    end_session(page, begin_another=True)
    page.write("Ngày, tháng, năm sinh", "30/02/2026")
    birth.save(page)
    assert page.heading == "Ông/bà đã đăng nhập lại", page.text()[:1000]
    page.follow("button", "Gửi tiếp")
    sections_kept(page, day="30/02/2026")


def finish(page):
    """Signs in again and sends what was carried along."""
    assert page.heading == "Đăng nhập", f"{page.path}: {page.text()[:1000]}"
    page.says("giữ nguyên")
    page.look("sign-in-again")
    birth.sign_in(page, "chong")
    assert page.heading == "Ông/bà đã đăng nhập lại", page.text()[:1000]
    page.look("resume")
    page.follow("button", "Gửi tiếp")


def sections_kept(page, day="31/02/2026"):
    """All that was typed stands there, the wrong date too."""
    assert page.heading == "Thông tin của trẻ", page.text()[:1500]
    assert page.all("#child_name")[0].get_attribute("value") == "Huỳnh Gia Hân"
    assert page.all("#child_birth_date")[0].get_attribute("value") == day
