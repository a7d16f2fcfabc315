"""The main job as its people do it: the mother files, the officers examine, the chair signs.

One telling serves the pages with JavaScript and those without. Where a question depends on an answer,
the page brings it by itself with JavaScript, and by a button without.
"""

import datetime
import re
import subprocess
import sys
import time
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from selenium.webdriver import Keys

from browser import Browser, plain

PROCEDURE = "Đăng ký khai sinh"
WARD = "Phường Cao Lãnh"
PROVINCE = "Tỉnh Đồng Tháp"
VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
CODE = re.compile(r"^H20\.[\d.]+-\d{6}-\d{4,}$")


@dataclass
class Child:
    """The child of one story."""

    name: str
    sex: str
    born: str


def day(ago):
    """The date so many days ago, as people write it."""
    then = datetime.datetime.now(VIETNAM) - datetime.timedelta(days=ago)
    return then.strftime("%d/%m/%Y")


def photo(path, title):
    """A picture of a paper, as a telephone takes it."""
    picture = Image.new("RGB", (1600, 1130), "#d8d2c4")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((90, 70, 1510, 1060), fill="#fbfaf5", outline="#555555", width=3)
    draw.text((480, 130), title, fill="#222222", font_size=64)
    for height in range(260, 1000, 80):
        draw.line((170, height, 1430 - height % 300, height), fill="#666666", width=4)
    picture.rotate(1.5, fillcolor="#d8d2c4").filter(ImageFilter.GaussianBlur(0.8)).save(path)
    return path


# ---- signing in


def sign_in(page: Browser, login):
    """Name, password and, for officers, the one-time code that the demonstration shows."""
    assert page.heading == "Đăng nhập", page.text()[:500]
    page.skip()
    page.write("Tên đăng nhập", login)
    page.write("Mật khẩu", page.world.people[login]["password"])
    with page.next_page():
        page.press(Keys.ENTER)
    if page.world.people[login]["kind"] == "officer":
        give_code(page, login)
    assert page.heading not in ("Đăng nhập", "Mã xác thực một lần"), page.text()[:500]


def give_code(page: Browser, login):
    """Types the code. It counts once: when the one shown was used before, waits for the next."""
    used = page.world.codes
    for _ in range(70):
        assert page.heading == "Mã xác thực một lần", f"{page.path}: {page.text()[:500]}"
        code = page.text(".help .code")
        if code != used.get(login):
            break
        time.sleep(1)
        page.driver.refresh()
    used[login] = code
    page.skip()
    page.write("Mã sáu chữ số", code)
    with page.next_page():
        page.press(Keys.ENTER)


def sign_out(page: Browser):
    page.follow("button", "Đăng xuất")


# ---- the mother's form


def save(page: Browser):
    """Lưu và tiếp tục."""
    page.follow("button", "Lưu và tiếp tục")


def choose(page: Browser, question, option, *, brings=(), takes=()):
    """Answers a question that others depend on; they come and go."""
    page.mark(question, option)
    if not page.script:
        page.follow("button", f"Cập nhật câu hỏi: {question}")
    for label in brings:
        page.wait(lambda: page.shown(label), f"“{label}” to be asked")
    for label in takes:
        page.wait(lambda: not page.shown(label), f"“{label}” to be asked no more")


def address(page: Browser, question, province, commune, detail=""):
    """An address: province, then one of its communes."""
    page.pick("Tỉnh, thành phố", province, within=question)
    if not page.script:
        page.follow("button", f"Chọn tỉnh {question}")
    box = page.go("combobox", "Xã, phường, đặc khu", within=question)
    page.wait(lambda: commune in box.text, f"the communes of {province}")
    page.pick("Xã, phường, đặc khu", commune, within=question)
    if detail:
        page.write("Số nhà, đường", detail, within=question)


def fill_registrant(page: Browser):
    assert page.heading == "Người đi đăng ký khai sinh", page.heading
    # The population data know her already.
    page.says("Lấy từ Cơ sở dữ liệu quốc gia về dân cư")
    assert "Trần Thị Ngọc Diễm" in everything_on(page)
    assert not page.shown("Văn bản ủy quyền")
    page.pick("Quan hệ với trẻ", "Người được ủy quyền")
    if page.script:
        page.wait(lambda: page.shown("Văn bản ủy quyền"), "the authorisation to be asked for")
    page.pick("Quan hệ với trẻ", "Mẹ")
    page.wait(lambda: not page.shown("Văn bản ủy quyền"), "the authorisation not to be asked for")
    page.write("Số điện thoại liên hệ", "0912 345 678")


def fill_child(page: Browser, child: Child):
    assert page.heading == "Thông tin của trẻ", page.heading
    assert not page.shown("Số giấy chứng sinh") and not page.shown("Tên cơ sở y tế")
    choose(page, "Trường hợp khai sinh", "Trẻ có mẹ sinh ra, đã biết mẹ",
           brings=["Giấy tờ chứng minh việc sinh"])
    page.write("Họ, chữ đệm, tên của trẻ", child.name)
    page.mark("Giới tính", child.sex)
    page.write("Ngày, tháng, năm sinh", child.born)
    choose(page, "Giấy tờ chứng minh việc sinh", "Không có người làm chứng, tự cam đoan",
           takes=["Số giấy chứng sinh"])
    choose(page, "Giấy tờ chứng minh việc sinh", "Có giấy chứng sinh của cơ sở y tế",
           brings=["Số giấy chứng sinh"])
    choose(page, "Trẻ sinh ở đâu?", "Tại cơ sở y tế", brings=["Tên cơ sở y tế"])
    page.write("Tên cơ sở y tế", "Bệnh viện Đa khoa Đồng Tháp")
    address(page, "Địa chỉ nơi sinh", PROVINCE, WARD)
    address(page, "Quê quán", PROVINCE, "Xã Phong Mỹ")
    page.pick("Dân tộc", "Kinh")
    page.pick("Quốc tịch", "Việt Nam")


def everything_on(page: Browser):
    """The text of the page and what stands in its boxes."""
    boxes = page.driver.execute_script(
        "return [...document.querySelectorAll('main input:not([type=hidden]),main textarea')]"
        ".map((box) => box.value).join(' ')"
    )
    return page.text() + " " + plain(boxes)


def fill_father(page: Browser):
    assert page.heading == "Người cha", page.heading
    question = "Cha, mẹ của trẻ có đăng ký kết hôn không?"
    choose(page, question, "Không", brings=["Phần người cha"], takes=["Thông tin người cha"])
    choose(page, question, "Có", brings=["Thông tin người cha"], takes=["Phần người cha"])
    assert "Huỳnh Minh Khoa" in everything_on(page)


def attach_paper(page: Browser, file):
    page.attach("Giấy chứng sinh", file)
    if page.script:
        page.wait(lambda: file.name in page.text(".files"), "the file to be there")
    else:
        page.follow("button", "Tải lên: Giấy chứng sinh")
        assert file.name in page.text(".files"), page.text()


def fill_result(page: Browser, *, copies):
    assert page.heading == "Nhận kết quả và cam đoan", page.heading
    assert not page.shown("Lý do đăng ký sau 60 ngày")
    page.write("Số bản sao Giấy khai sinh", copies)
    question = "Ông/bà nhận bản giấy bằng cách nào?"
    choose(page, question, "Nhận qua bưu chính công ích", brings=["Địa chỉ nhận qua bưu chính"])
    choose(page, question, "Chỉ cần bản điện tử", takes=["Địa chỉ nhận qua bưu chính"])
    page.mark("Tôi cam đoan những nội dung khai trên", "Có")


def sent(page: Browser):
    """The page after sending: the code, and the due moment with how it was counted."""
    assert page.heading == "Đã nộp hồ sơ", page.text()[:1500]
    code = page.text(".big-code")
    assert CODE.match(code), code
    assert re.search(r"\d\d giờ \d\d .*\d\d/\d\d/\d{4}", page.text(".due-moment")), page.text(".due")
    lines = [plain(line.text) for line in page.all(".derivation li")]
    assert len(lines) >= 2 and all(lines), lines
    return code


def download(page: Browser, wanted, name):
    """Presses a link that downloads a paper; gives the file, and keeps a picture of it."""
    before = set(page.downloads.iterdir())
    page.go(wanted, name)
    page.press(Keys.ENTER)

    def arrived():
        new = [file for file in set(page.downloads.iterdir()) - before if file.suffix == ".pdf"]
        return new and new[0].stat().st_size > 0 and new[0]

    file = page.wait(arrived, f"the file of “{name}”")
    assert file.read_bytes().startswith(b"%PDF"), file
    pictures = page.world.out / "papers"
    pictures.mkdir(parents=True, exist_ok=True)
    subprocess.run(["pdftoppm", "-r", "80", "-png", file, pictures / file.stem], check=True)
    return file


# ---- the officers


class Desk:
    """The officers' browser. Each officer signs in once; after that their session is taken up again,
    as if each had a machine of their own."""

    def __init__(self, page: Browser):
        self.page = page
        self.sessions = {}

    def of(self, login):
        """Sits down as this officer, at their list of work."""
        page = self.page
        page.open("/dang-nhap")
        page.driver.delete_all_cookies()
        if login in self.sessions:
            for cookie in self.sessions[login]:
                page.driver.add_cookie(cookie)
        else:
            page.open("/dang-nhap")
            sign_in(page, login)
            self.sessions[login] = page.driver.get_cookies()
        page.open("/can-bo")
        return page

    def open(self, login, code):
        """Finds a dossier by its code and opens it."""
        page = self.of(login)
        if page.script:
            page.press("/")
            page.wait(lambda: page.focus.get_attribute("type") == "search", "the search box")
        else:
            page.go("searchbox", "Tìm hồ sơ")
        page.type(code)
        with page.next_page():
            page.press(Keys.ENTER)
        # A whole code opens its dossier at once; otherwise it is in the list.
        if page.path == "/can-bo":
            page.follow("link", "Trần Thị Ngọc Diễm")
        assert page.path == f"/can-bo/ho-so/{code}", page.path
        return page

    def act(self, login, code, label, prepare=None, look=None):
        """Opens a dossier and does one thing with it; `prepare` fills the page of the action."""
        page = self.open(login, code)
        page.follow("link", label)
        assert page.heading == label, page.heading
        if prepare:
            prepare(page)
        if look:
            page.look(look)
        page.follow("button", label)
        assert page.path == f"/can-bo/ho-so/{code}", page.text()[:2000]
        return page


def ask_for_photo(page: Browser):
    """One point of a request: the paper, and what is wrong with it."""
    page.pick("Mục 1", "Giấy tờ kèm theo: Giấy chứng sinh")
    page.write("Cần bổ sung gì ở mục 1", "Ảnh mờ, chưa đọc được họ tên mẹ. Xin chụp lại đủ sáng, đủ bốn góc.")
    page.write("Hướng dẫn thêm", "Ông/bà gửi lại trong hệ thống, không cần đến trực tiếp.")


def wait_for_number(page: Browser):
    """The population database answers a moment later; the page is loaded again until it has."""

    def ready():
        links = [plain(link.text) for link in page.all(".actions a")]
        if "Trình ký" in links:
            return True
        time.sleep(0.3)
        page.driver.refresh()
        return False

    page.wait(ready, "the personal number", seconds=40)


# ---- the paper


def check_signature(world, pdf, root):
    """Two readers that are not ours find the signature valid and over the whole file."""
    said = subprocess.run(["pdfsig", pdf], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said and "Total document signed" in said, said
    checker = world.out.parent / "check_signature.py"
    found = subprocess.run(
        [sys.executable, checker, pdf, root], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


def read_code(pdf, folder):
    """What the QR code on the printed page says."""
    subprocess.run(["pdftoppm", "-r", "200", "-png", pdf, folder / "page"], check=True)
    found = []
    for picture in sorted(folder.glob("page*.png")):
        found += zxingcpp.read_barcodes(Image.open(picture), formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(found) == 1, [code.text for code in found]
    return found[0].text
