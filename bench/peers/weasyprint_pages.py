#!/usr/bin/env python3
"""Pages a second of a one-page birth certificate with a QR code, made by WeasyPrint and segno.

    weasyprint_pages.py [--count 100] [--rows bench/out/rows.jsonl] [--keep page.pdf]

The page says the same as the certificate of the national pack, each with other data and another code,
in the same typeface, in one process. It is not signed: that favours WeasyPrint.
"""

import argparse
import html
import json
import pathlib
import random
import string
import time

import segno
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

FONTS = pathlib.Path(__file__).resolve().parents[2] / "content/national/fonts"
GIVEN = ["Minh Khuê", "Gia Bảo", "Thảo Nguyên", "Đức Thịnh", "Ngọc Ánh", "Quốc Việt", "Thùy Dương"]
STYLE = """
@font-face { font-family: Serif; src: url(file://%(fonts)s/LiberationSerif-Regular.ttf); }
@font-face { font-family: Serif; font-weight: bold; src: url(file://%(fonts)s/LiberationSerif-Bold.ttf); }
@font-face { font-family: Serif; font-style: italic; src: url(file://%(fonts)s/LiberationSerif-Italic.ttf); }
@page { size: A4; margin: 12mm; border: 1.5pt double #a33; padding: 5mm; }
body { font: 12.5pt/1.45 Serif; }
h1 { text-align: center; font-size: 22pt; margin: 6mm 0 4mm; }
.head, .foot, .three { display: grid; }
.head { grid-template-columns: 1fr 1.4fr; text-align: center; }
.three { grid-template-columns: 1fr 1fr 1.4fr; }
.foot { grid-template-columns: 1fr 1.35fr; margin-top: 8mm; text-align: center; }
p { margin: 0 0 1.4mm; }
.foot svg { width: 42mm; }
""" % {"fonts": FONTS}


def item(label, text):
    return f"<p>{label}: <b>{html.escape(text)}</b></p>"


def page(number):
    """HTML of one certificate."""
    generator = random.Random(number)
    letters = string.ascii_letters + string.digits + "-_"
    link = "https://mau.example.vn/verify#" + "".join(generator.choices(letters, k=220))
    code = segno.make(link, error="m").svg_inline(scale=1, border=0)
    home = "Số 12, Ấp 3, xã Mỹ Thọ, tỉnh Đồng Tháp"
    parents = "".join(
        item(f"Họ, chữ đệm, tên người {title}", name)
        + f'<div class="three">{item("Năm sinh", year)}{item("Dân tộc", "Kinh")}'
        + f'{item("Quốc tịch", "Việt Nam")}</div>'
        + item("Nơi cư trú", home)
        for title, name, year in (("mẹ", "Lê Thị Mẫu Đơn", "1998"), ("cha", "Nguyễn Văn Mẫu", "1996"))
    )
    return f"""<!doctype html><html lang="vi"><title>Giấy khai sinh</title>
<div class="head"><div>ỦY BAN NHÂN DÂN<br><b>XÃ MỸ THỌ</b><br>Số: {number}/2026</div>
<div><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</b></div></div>
<h1>GIẤY KHAI SINH</h1>
{item("Họ, chữ đệm, tên", "NGUYỄN " + GIVEN[number % len(GIVEN)].upper())}
{item("Ngày, tháng, năm sinh", "05/11/2026")}{item("Giới tính", "Nữ" if number % 2 else "Nam")}
<p>Ghi bằng chữ: <i>Ngày năm, tháng mười một, năm hai nghìn không trăm hai mươi sáu</i></p>
{item("Nơi sinh", "Bệnh viện Đa khoa Mẫu, phường Cao Lãnh, tỉnh Đồng Tháp")}
{item("Dân tộc", "Kinh")}{item("Quốc tịch", "Việt Nam")}
{item("Quê quán", "xã Mỹ Thọ, tỉnh Đồng Tháp")}
{item("Số định danh cá nhân", f"0873260{number:05}")}
{parents}
{item("Họ, chữ đệm, tên người đi khai sinh", "Nguyễn Văn Mẫu")}
{item("Giấy tờ tùy thân", "Căn cước số 087096000001")}
{item("Nơi đăng ký khai sinh", "Ủy ban nhân dân xã Mỹ Thọ, tỉnh Đồng Tháp")}
{item("Ngày, tháng, năm đăng ký", "05/11/2026")}
<div class="foot"><div>{code}<br><small>Quét mã để kiểm tra</small></div>
<div><b>NGƯỜI KÝ GIẤY KHAI SINH<br>PHÓ CHỦ TỊCH</b><br><br><br><br>Trần Thị Mẫu Đơn</div></div></html>"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rows", type=pathlib.Path)
    parser.add_argument("--keep", type=pathlib.Path)
    arguments = parser.parse_args()
    fonts = FontConfiguration()
    style = CSS(string=STYLE, font_config=fonts)

    def make(number):
        return HTML(string=page(number)).write_pdf(stylesheets=[style], font_config=fonts)

    # The first one loads fonts and is not counted.
    first = make(0)
    if arguments.keep:
        arguments.keep.write_bytes(first)
    started, cpu = time.perf_counter(), time.process_time()
    for number in range(1, arguments.count + 1):
        make(number)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    rate, own = arguments.count / seconds, arguments.count / cpu
    print(f"weasyprint: {rate:.1f} pages/s, {own:.1f} a CPU second")
    if arguments.rows:
        with arguments.rows.open("a") as rows:
            for fact, value in (("pages_per_second", rate), ("pages_per_cpu_second", own)):
                row = {"target": "weasyprint", "engine": "weasyprint", "fact": fact}
                rows.write(json.dumps(row | {"value": round(value, 2)}) + "\n")


main()
