"""The review of a draft, by the officer of the province: brought in, laid beside the law, decided; the lists."""

import pytest

from birth import Desk
from browser import NARROW, WIDE

DRAFT = """ỦY BAN NHÂN DÂN
TỈNH SÔNG LAM
Số:      /2026/QĐ-UBND
Sông Lam, ngày      tháng 11 năm 2026

QUYẾT ĐỊNH
Quy định về trình tự chi trả thù lao hòa giải viên ở cơ sở

Căn cứ Quyết định số 12/2026/QĐ-UBND của Ủy ban nhân dân tỉnh Sông Lam;

Điều 1. Trình tự chi trả thù lao
Trong thời hạn 20 ngày làm việc, kể từ ngày nhận hồ sơ, Ủy ban nhân dân cấp xã chi trả thù lao cho hòa giải viên.

Điều 2. Viện dẫn
Việc chi trả thực hiện theo khoản 9 Điều 99 Quyết định số 12/2026/QĐ-UBND.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_draft_is_laid_beside_the_law(world, browsers, tmp_path, width):
    page = Desk(browsers(width=width)).of("van-ban")
    page.open("/can-bo/law-reviews")
    page.look("law-reviews")
    draft = tmp_path / f"du-thao-{width}.txt"
    draft.write_text(DRAFT)
    page.attach("Tệp dự thảo", draft)
    page.follow("button", "Rà soát")
    assert page.path.startswith("/can-bo/law-reviews/"), page.path
    page.says("Quyết định số 12/2026/QĐ-UBND")
    page.look("law-review")
    page.open("/can-bo/law-lists")
    page.look("law-lists")
