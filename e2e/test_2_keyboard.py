"""A birth by keyboard alone, with JavaScript, at 1280 px: filed, examined, signed, checked."""

import urllib.request

import birth
from birth import Child, Desk
from browser import WIDE
from selenium.webdriver import Keys


def test_a_birth_by_keyboard(world, browsers, tmp_path):
    child = Child("Huỳnh Ngọc Bảo Anh", "Nữ", birth.day(5))
    mother = browsers(width=WIDE, label="mother")

    # She finds it without tones, reads, and begins.
    mother.open("/")
    mother.look("home")
    mother.write("Ông/bà cần làm việc gì?", "khai sanh", wanted="searchbox")
    with mother.next_page():
        mother.press(Keys.ENTER)
    mother.look("search")
    mother.follow("link", birth.PROCEDURE, exact=True)
    assert mother.heading == birth.PROCEDURE
    mother.says("Ai được nộp", "Cần chuẩn bị", "Giấy chứng sinh", "Không cần mang theo", "Chi phí", "Ở đâu")
    mother.look("procedure")
    mother.pick("Nơi giải quyết", birth.WARD)
    mother.follow("button", "Bắt đầu")
    mother.look("sign-in-to-begin")
    birth.sign_in(mother, "me")
    if mother.heading == "Ông/bà đã đăng nhập lại":
        mother.look("resume")
        mother.follow("button", "Gửi tiếp")

    # Six pages, then all answers on one.
    mother.look("form-1-registrant")
    mother.follow("link", "Đổi nơi giải quyết")
    assert mother.heading == "Nơi giải quyết", mother.heading
    mother.look("form-0-office")
    birth.save(mother)
    birth.fill_registrant(mother)
    birth.save(mother)
    mother.look("form-2-child-empty")
    birth.fill_child(mother, child)
    mother.wait(
        lambda: "Bệnh viện Đa khoa Đồng Tháp, " in mother.text("[data-computed=child_birth_place]"),
        "the place of birth to be put together",
    )
    mother.look("form-2-child")
    birth.save(mother)
    assert mother.heading == "Người mẹ", mother.text()[:2000]
    assert "Trần Thị Ngọc Diễm" in birth.everything_on(mother)
    mother.look("form-3-mother")
    birth.save(mother)
    birth.fill_father(mother)
    mother.look("form-4-father")
    birth.save(mother)
    mother.says("Giấy chứng sinh")
    birth.attach_paper(mother, birth.photo(tmp_path / "giay-chung-sinh.jpg", "GIAY CHUNG SINH"))
    mother.look("form-5-papers")
    birth.save(mother)
    birth.fill_result(mother, copies="1")
    mother.look("form-6-result")
    birth.save(mother)
    mother.says("Kiểm tra lại trước khi nộp", child.name, child.born, "giay-chung-sinh.jpg", "8.000 đồng",
                "Bệnh viện Đa khoa Đồng Tháp, phường Cao Lãnh")
    mother.look("form-7-check")
    mother.follow("button", "Nộp hồ sơ")
    code = birth.sent(mother)
    mother.look("sent")
    mother.wait(lambda: mother.all(".sent a.button") or mother.driver.refresh(), "the receipt")
    birth.download(mother, "link", "Tải giấy tiếp nhận")

    # The desk asks once for what is missing; the clock stands; she answers.
    desk = Desk(browsers(width=WIDE, label="desk"))
    page = desk.of("mot-cua")
    page.look("worklist")
    page.press("j")
    with page.next_page():
        page.press(Keys.ENTER)
    assert page.path == f"/can-bo/ho-so/{code}", page.path
    page.says(child.name, "Đối chiếu", "giay-chung-sinh.jpg")
    page.look("desk-dossier")
    page.press("u")
    page.wait(lambda: page.path == "/can-bo", "the list")
    page = desk.act("mot-cua", code, "Yêu cầu bổ sung", birth.ask_for_photo, look="desk-ask")
    page.says("Chờ người nộp bổ sung")
    mother.open("/")
    mother.look("home-waiting")
    mother.open("/ho-so")
    mother.look("my-dossiers-waiting")
    mother.follow("link", birth.PROCEDURE)
    mother.says("Cần bổ sung", "Ảnh mờ, chưa đọc được họ tên mẹ", "tạm dừng")
    mother.look("dossier-waiting")
    birth.download(mother, "link", "Xem phiếu yêu cầu")
    mother.follow("link", "Bổ sung hồ sơ")
    mother.look("supplement")
    answer_supplement(mother, birth.photo(tmp_path / "chung-sinh-ro.jpg", "GIAY CHUNG SINH"))
    mother.says("Đã nộp bổ sung", code)
    mother.look("supplement-sent")

    # A refusal without a reason is sent back; nothing has happened.
    page = desk.open("mot-cua", code)
    page.follow("link", "Từ chối tiếp nhận")
    page.look("desk-refuse")
    page.follow("button", "Từ chối tiếp nhận")
    assert page.title.startswith("Lỗi: ") and page.all("#faults"), page.text()[:1000]
    page.look("desk-refuse-faults")
    page.follow("link", "Thôi, quay lại")
    page.says("Kiểm tra, tiếp nhận")

    # Accepted; the number is asked for; the entry prepared; the chair compares and signs.
    desk.act("mot-cua", code, "Chuyển công chức hộ tịch", look="desk-accept")
    page = desk.open("ho-tich", code)
    page.says("Việc kết hôn của cha, mẹ", "Người mẹ trong dữ liệu dân cư", "Khớp")
    page.look("examine")
    desk.act("ho-tich", code, "Lấy số định danh cá nhân", look="ask-number")
    birth.wait_for_number(page)
    page.look("examine-number")
    desk.act("ho-tich", code, "Trình ký", look="submit")
    page = desk.open("chu-tich", code)
    page.says("Dự thảo", child.name)
    page.look("sign-dossier")
    page = desk.act("chu-tich", code, "Ký Giấy khai sinh", look="sign")
    page.says("Đã có kết quả")
    page.look("signed")

    # The entry stands in the register, found without tones and in any order.
    page = desk.of("ho-tich")
    page.follow("link", "Sổ hộ tịch")
    page.look("register")
    page.write("Số đăng ký, số định danh hoặc họ tên", "anh ngoc huynh bao", wanted="searchbox")
    page.pick("Mục đích xem", "Giải quyết hồ sơ")
    page.write("Hồ sơ hoặc lý do cụ thể", code)
    page.follow("button", "Tìm", exact=True)
    page.look("register-found")
    page.follow("link", child.name)
    page.says("Sổ đăng ký khai sinh", "Bản", "Giấy tờ đã cấp")
    page.look("register-entry")

    # She gets the certificate; two other programs find its signature good.
    mother.open(f"/ho-so/{code}")
    mother.says("Đã có kết quả")
    mother.look("dossier-done")
    certificate = birth.download(mother, "link", "Tải về: Giấy khai sinh")
    root = tmp_path / "root.pem"
    root.write_bytes(urllib.request.urlopen(f"{world.url}/verify/root.pem").read())
    birth.check_signature(world, certificate, root)

    # The code on the paper: checked in the browser with the network cut, then by the register.
    text = birth.read_code(certificate, tmp_path)
    payload = text.split("#")[-1]
    mother.open("/verify")
    mother.look("verify")
    cut(mother, True)
    mother.write("Nội dung mã QR", payload)
    mother.wait(lambda: "Chữ ký đúng" in mother.text("#local"), "the check on this device")
    mother.says(child.name, child.born, where="#local")
    mother.look("verify-offline")
    forged = payload[:90] + ("A" if payload[90] != "A" else "B") + payload[91:]
    mother.write("Nội dung mã QR", forged)
    mother.wait(lambda: "Chưa xác nhận được" in mother.text("#local"), "the forgery to be found")
    cut(mother, False)
    mother.write("Nội dung mã QR", text)
    mother.follow("button", "Kiểm tra", exact=True)
    mother.says(child.name)
    assert "done" in mother.all("section.inset")[0].get_attribute("class"), mother.text()
    mother.look("verify-register")

    # She rates the service and sees who looked at her data.
    mother.open(f"/ho-so/{code}")
    mother.mark("Mức hài lòng", "5 – Rất hài lòng")
    mother.write("Góp ý", "Nhanh, dễ hiểu.")
    mother.follow("button", "Gửi đánh giá")
    mother.says("5/5")
    mother.look("rated")
    mother.follow("link", "Ai đã xem dữ liệu của tôi")
    mother.says("Phan Ngọc Trâm", "Lý Hoàng Sang", "Võ Thanh Lâm", code)
    mother.look("who-looked")
    mother.open(f"/theo-doi?ma={code}")
    mother.says(birth.PROCEDURE, "Đã có kết quả")
    assert child.name not in mother.text(), "tracking shows personal data to anybody"
    mother.look("track-found")
    world.dossiers.append(code)


def answer_supplement(page, file):
    """Goes through the form again to the papers, adds the new photo, and sends."""
    for _ in range(8):
        if page.all("input[type=file]") and page.shown("Giấy chứng sinh"):
            birth.attach_paper(page, file)
        if page.heading == "Kiểm tra lại trước khi nộp":
            break
        birth.save(page)
    page.says(file.name, "Cơ quan đề nghị bổ sung")
    page.follow("button", "Nộp bổ sung")


def cut(page, off):
    """Cuts the network, or mends it."""
    page.driver.execute_cdp_cmd("Network.enable", {})
    page.driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    reaches = page.driver.execute_async_script(
        "const done = arguments[0]; fetch('/readyz').then(() => done(true), () => done(false))"
    )
    assert reaches != off
