"""A birth without JavaScript: the mother on a telephone, the officers at their desks."""

import urllib.request

import birth
from birth import Child, Desk
from browser import NARROW, WIDE
from selenium.webdriver import Keys


def test_a_birth_without_script(world, browsers, tmp_path):
    child = Child("Huỳnh Minh Đăng", "Nam", birth.day(12))
    mother = browsers(width=NARROW, script=False, label="mother")
    mother.open("/tim?q=dang+ky+khai+sinh")
    mother.follow("link", birth.PROCEDURE, exact=True)
    mother.follow("link", "Đăng nhập", exact=True)
    birth.sign_in(mother, "me")
    mother.open("/thu-tuc/birth-registration")
    mother.pick("Nơi giải quyết", birth.WARD)
    mother.follow("button", "Bắt đầu")
    mother.look("form-1-registrant")
    birth.fill_registrant(mother)
    birth.save(mother)

    # A page sent with faults: each is said above, with a link, and beside its field.
    mother.write("Họ, chữ đệm, tên của trẻ", "Minh Đăng 2")
    mother.write("Ngày, tháng, năm sinh", f"31/02/{child.born[-4:]}")
    birth.save(mother)
    assert mother.heading == "Thông tin của trẻ" and mother.title.startswith("Lỗi: "), mother.title
    mother.says(f"tháng 2 năm {child.born[-4:]} không có ngày 31", where="#faults")
    links = mother.all("#faults a")
    assert len(links) >= 6, mother.text("#faults")
    for link in links:
        target = link.get_attribute("href").split("#")[1]
        box = mother.all(f"[id='{target}']")
        assert len(box) == 1, f"“{link.text}” leads nowhere: {target}"
    assert mother.all("#child_birth_date")[0].get_attribute("value").startswith("31/02/")
    assert "tháng 2" in mother.text("#child_birth_date-error")
    mother.look("form-2-faults")
    mother.go("link", fault(mother, "tháng 2"))
    mother.press(Keys.ENTER)
    mother.wait(lambda: mother.driver.current_url.endswith("#child_birth_date"), "the field")
    mother.write("Ngày, tháng, năm sinh", child.born)
    birth.fill_child(mother, child)
    mother.look("form-2-child")
    birth.save(mother)
    birth.save(mother)
    birth.fill_father(mother)
    birth.save(mother)

    # A program that calls itself a PDF is refused; a photo is taken.
    fake = tmp_path / "giay-chung-sinh.pdf"
    fake.write_bytes(b"MZ\x90\x00" + bytes(2000))
    mother.attach("Giấy chứng sinh", fake)
    mother.follow("button", "Tải lên: Giấy chứng sinh")
    assert mother.all("#faults, .error:not([hidden])"), mother.text()
    assert not mother.all(".files li")
    mother.look("form-5-refused")
    birth.attach_paper(mother, birth.photo(tmp_path / "giay-chung-sinh.png", "GIAY CHUNG SINH"))
    birth.save(mother)
    birth.fill_result(mother, copies="0")
    birth.save(mother)
    mother.says("Kiểm tra lại trước khi nộp", child.name, child.born, "giay-chung-sinh.png")
    mother.look("form-7-check")
    mother.follow("button", "Nộp hồ sơ")
    code = birth.sent(mother)
    mother.look("sent")

    # The officers; the chair returns it once with a reason.
    desk = Desk(browsers(width=WIDE, script=False, label="desk"))
    desk.act("mot-cua", code, "Chuyển công chức hộ tịch", look="desk-accept")
    page = desk.act("ho-tich", code, "Lấy số định danh cá nhân")
    birth.wait_for_number(page)
    desk.act("ho-tich", code, "Trình ký", look="submit")
    desk.act("chu-tich", code, "Trả lại", lambda page: page.write("Lý do trả lại", "Xin xem lại nơi sinh."),
             look="return")
    page = desk.open("ho-tich", code)
    page.says("Xin xem lại nơi sinh.")
    page.look("returned")
    desk.act("ho-tich", code, "Trình ký")
    page = desk.act("chu-tich", code, "Ký Giấy khai sinh", look="sign")
    page.says("Đã có kết quả")
    desk.act("mot-cua", code, "Trả kết quả", look="deliver")

    mother.open(f"/ho-so/{code}")
    mother.look("dossier-delivered")
    certificate = birth.download(mother, "link", "Tải về: Giấy khai sinh")
    root = tmp_path / "root.pem"
    root.write_bytes(urllib.request.urlopen(f"{world.url}/verify/root.pem").read())
    birth.check_signature(world, certificate, root)

    # On the server: the code, then the whole file.
    mother.open("/verify")
    mother.write("Nội dung mã QR", birth.read_code(certificate, tmp_path))
    mother.follow("button", "Kiểm tra", exact=True)
    mother.says(child.name, child.born)
    mother.look("verify-register")
    mother.open("/verify")
    mother.attach("Hoặc tệp PDF", certificate)
    mother.follow("button", "Kiểm tra", exact=True)
    assert "done" in mother.all("section.inset")[0].get_attribute("class"), mother.text()
    mother.look("verify-file")
    world.dossiers.append(code)


def fault(page, words):
    """The text of the link in the summary that holds these words."""
    return next(link.text for link in page.all("#faults a") if words in link.text)
