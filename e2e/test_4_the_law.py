"""The law, by keyboard: found, read beside the list, cited down to the clause, asked."""

import pytest

from browser import NARROW, WIDE

DECISION = "Quyết định số 12/2026/QĐ-UBND"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_provision_is_found_read_and_cited(world, browsers, width):
    page = browsers(width=width)
    page.open("/")
    page.follow("link", "Pháp luật")
    page.look("law-start")
    page.write("Từ cần tìm", "thu lao hoa giai vien", wanted="searchbox")
    page.follow("button", "Tìm")
    page.says("Kết quả 1–", "Đang có hiệu lực")
    assert page.all("mark"), "no word is marked"
    page.look("law-found")
    page.follow("link", "Điều 4. Trình tự chi trả thù lao")
    page.says("10 ngày làm việc", "Về danh sách kết quả")
    page.look("law-beside")
    page.follow("link", "Mở trang của điều này")
    assert page.path == "/law/12-2026-qd-ubnd/dieu-4", page.path
    page.says("Đang có hiệu lực, đã sửa đổi", "Điều 4 " + DECISION)
    page.follow("link", "2.")
    assert page.path == "/law/12-2026-qd-ubnd/dieu-4/khoan-2", page.path
    page.says("khoản 2 Điều 4 " + DECISION)
    assert len(page.all(".asked")) == 1
    page.look("law-clause")
    page.follow("link", "Quyết định số 31/2026/QĐ-UBND")
    page.look("law-document")
    page.follow("link", "khoản 2 Điều 4 của " + DECISION)
    assert page.path == "/law/12-2026-qd-ubnd/dieu-4/khoan-2", page.path


def test_a_question_is_answered_or_not(world, browsers):
    page = browsers(width=NARROW)
    page.open("/law/ask")
    page.look("law-ask")
    page.write("Câu hỏi", "Thù lao của hòa giải viên là bao nhiêu?", wanted="searchbox")
    page.follow("button", "Hỏi")
    page.says("Pháp luật quy định", "400.000 đồng")
    page.look("law-answer")
    page.write("Câu hỏi", "Con mèo bay cao mấy mét?", wanted="searchbox")
    page.follow("button", "Hỏi")
    page.says("Chưa trả lời được")
    page.look("law-no-answer")
    page.open("/law/khong-co-van-ban-nay")
    assert page.heading == "Không tìm thấy"
    page.look("law-not-found")


def test_the_law_is_read_without_script(world, browsers):
    page = browsers(width=NARROW, script=False)
    page.open("/law?q=zzzz+qqqq")
    page.says("Chưa tìm thấy")
    page.look("law-nothing")
    page.open("/law/8-2025-nq-hdnd/dieu-5/khoan-2/diem-b?at=2025-12-31")
    page.says("Chưa có hiệu lực, từ 01/01/2026", "200.000 đồng")
    page.look("law-point")
