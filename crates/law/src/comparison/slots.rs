//! Small word tables: papers, steps, conditions, opposites.

use super::words::{Word, stands, weight};

/// Words with which a paper's name begins.
const PAPERS: &[&str] = &[
    "biên lai",
    "chứng nhận",
    "bản tường trình",
    "học bạ",
    "giấy",
    "tờ khai",
    "bản sao",
    "bản chính",
    "bản cam kết",
    "sổ",
    "hộ chiếu",
    "thẻ",
    "văn bản",
    "biên bản",
    "hợp đồng",
    "phiếu",
    "chứng minh",
    "lý lịch",
    "ảnh",
    "hóa đơn",
    "chứng chỉ",
    "danh sách",
    "chứng từ",
    "bản vẽ",
    "sơ đồ",
    "tờ trình",
    "bản kê",
    "bảng kê",
    "phương án",
    "đề án",
    "thuyết minh",
    "hình ảnh",
    "tài liệu",
    "trích lục",
    "bản xác nhận",
    "bản tự",
    "bản khai",
    "dự toán",
    "bản dịch",
    "chữ ký",
    "đơn đề nghị",
    "đơn xin",
    "đơn yêu cầu",
    "đơn đăng ký",
    "đơn khởi kiện",
    "văn bằng",
    "bằng tốt nghiệp",
    "bản báo cáo",
    "bản quyết định",
    "giấy xác nhận",
];

/// Words that show that papers are asked for.
const PAPER_CONTEXT: &[&str] =
    &["hồ sơ", "nộp", "xuất trình", "kèm theo", "thành phần", "tài liệu sau", "cung cấp"];

/// Words that make a step of a procedure, or a duty.
const STEPS: &[&str] = &[
    "có ý kiến",
    "ý kiến",
    "xác nhận",
    "chấp thuận",
    "thẩm định",
    "lấy ý kiến",
    "niêm yết",
    "phê duyệt",
    "thông qua",
    "họp",
    "kiểm tra",
    "xác minh",
    "khảo sát",
    "phỏng vấn",
    "tham vấn",
    "báo cáo",
    "đăng ký",
    "công chứng",
    "chứng thực",
    "nộp",
    "xin phép",
    "thông báo",
    "cam kết",
    "bình xét",
    "thẩm tra",
    "đồng ý",
    "tham gia",
    "giấy phép",
    "được sự",
    "trình",
    "xuất trình",
    "ký quỹ",
    "đặt cọc",
    "đóng",
    "mua",
    "tập huấn",
    "sát hạch",
    "công khai",
    "thỏa thuận",
    "gửi",
    "hộ khẩu",
    "thường trú",
];

const CONDITIONS: &[&str] = &[
    "trừ trường hợp",
    "trừ",
    "với điều kiện",
    "chỉ khi",
    "chỉ áp dụng",
    "chỉ được",
    "kể cả",
    "không bao gồm",
    "phải đáp ứng",
    "đủ điều kiện",
    "chỉ",
];

/// Words that stand against each other when one takes the other's place.
const OPPOSITES: &[(&str, &str)] = &[
    ("xin phép", "thông báo"),
    ("cấp phép", "thông báo"),
    ("xin phép", "đăng ký"),
    ("tăng", "giảm"),
    ("trước", "sau"),
    ("trong", "ngoài"),
    ("trên", "dưới"),
    ("bắt buộc", "tự nguyện"),
    ("bắt buộc", "khuyến khích"),
    ("thu", "miễn"),
    ("miễn", "nộp"),
    ("trừ", "kể cả"),
    ("trừ", "bao gồm"),
    ("công khai", "bí mật"),
    ("cao", "thấp"),
    ("đầu", "cuối"),
    ("sớm", "muộn"),
    ("tối đa", "tối thiểu"),
    ("cho phép", "cấm"),
    ("cho phép", "từ chối"),
    ("chấp thuận", "từ chối"),
    ("đồng ý", "từ chối"),
    ("có", "không"),
    ("một trong", "đủ"),
    ("một trong", "tất cả"),
    ("một trong", "đồng thời"),
    ("trực tiếp", "gián tiếp"),
    ("ít nhất", "nhiều nhất"),
    ("không quá", "ít nhất"),
    ("được", "bị"),
    ("đủ", "chưa đủ"),
    ("công khai", "kín"),
    ("hỗ trợ", "thu"),
    ("tạm thời", "vĩnh viễn"),
    ("định kỳ", "đột xuất"),
    ("từ ngày", "trước ngày"),
    ("khuyến khích", "phải"),
    ("khuyến khích", "cấm"),
    ("khuyến khích", "hạn chế"),
    ("ưu tiên", "hạn chế"),
    ("tối thiểu", "không quá"),
    ("hoàn trả", "không hoàn trả"),
];

/// Words that make another case of the same subject: no conflict when each side speaks of its own.
const OTHER_CASES: &[(&str, &str)] = &[
    ("mới", "lại"),
    ("mới", "đổi"),
    ("lại", "đổi"),
    ("cá nhân", "tổ chức"),
    ("cấp mới", "cấp lại"),
    ("cấp lần đầu", "cấp lại"),
    ("cấp mới", "cấp đổi"),
    ("cấp lại", "cấp đổi"),
    ("cấp", "gia hạn"),
    ("trong nước", "nước ngoài"),
    ("nam", "nữ"),
    ("đô thị", "nông thôn"),
    ("công lập", "tư thục"),
    ("công lập", "ngoài công lập"),
    ("trực tiếp", "trực tuyến"),
    ("kết hôn", "khai sinh"),
    ("khai sinh", "khai tử"),
    ("lần đầu", "lần hai"),
    ("lần đầu", "tiếp theo"),
    ("tạm trú", "thường trú"),
    ("doanh nghiệp", "hợp tác xã"),
    ("đất ở", "đất nông nghiệp"),
    ("phường", "xã"),
    ("mầm non", "tiểu học"),
    ("đại học", "cao đẳng"),
    ("thành lập", "giải thể"),
    ("sơ thẩm", "phúc thẩm"),
    ("hộ nghèo", "hộ cận nghèo"),
];

/// Steps that local rules like to add.
const ADDED_STEPS: &[&str] = &[
    "ý kiến",
    "xác nhận",
    "chấp thuận",
    "thẩm định",
    "niêm yết",
    "họp",
    "bình xét",
    "cam kết",
    "đồng ý",
    "ký quỹ",
    "đặt cọc",
    "hộ khẩu",
    "thường trú",
    "công chứng",
    "chứng thực",
    "xin phép",
    "phê duyệt",
    "khảo sát",
    "xác minh",
    "tập huấn",
    "sát hạch",
    "thông qua",
];

/// A step of the kind that local rules like to add.
pub(super) fn names_added_step(words: &[Word]) -> bool {
    has(words, ADDED_STEPS)
}

/// Cases that exclude each other: who speaks of one does not speak of another.
const CASES: &[&[&[&str]]] = &[
    &[
        &["cấp mới", "lần đầu"],
        &["cấp lại"],
        &["cấp đổi"],
        &["gia hạn"],
        &["lần hai", "lần thứ hai"],
    ],
    &[&["cá nhân"], &["tổ chức"]],
    &[&["thường trú"], &["tạm trú"]],
    &[&["đô thị"], &["nông thôn"]],
    &[&["trong nước"], &["nước ngoài"]],
    &[&["sơ thẩm"], &["phúc thẩm"], &["giám đốc thẩm"]],
    &[&["khai sinh"], &["khai tử"], &["kết hôn"], &["ly hôn"], &["giám hộ"]],
    &[&["mầm non"], &["tiểu học"], &["trung học"], &["đại học"], &["cao đẳng"], &["trung cấp"]],
    &[&["tạm giữ"], &["tạm giam"]],
    &[&["công lập"], &["tư thục", "ngoài công lập"]],
    &[&["hằng năm"], &["lâu năm"]],
];

/// Each of the sentences names a case that excludes the other's.
pub(super) fn names_other_case(a: &[Word], b: &[Word]) -> bool {
    CASES.iter().any(|cases| {
        let of = |words: &[Word]| -> Vec<usize> {
            cases
                .iter()
                .enumerate()
                .filter(|(_, case)| has(words, case))
                .map(|(index, _)| index)
                .collect()
        };
        matches!((of(a).as_slice(), of(b).as_slice()), ([x], [y]) if x != y)
    })
}

/// Holds one of the phrases.
pub(super) fn has(words: &[Word], phrases: &[&str]) -> bool {
    (0..words.len())
        .any(|place| phrases.iter().any(|phrase| stands(words, place, phrase).is_some()))
}

/// The name of a paper begins somewhere in it.
pub(super) fn names_paper(words: &[Word]) -> bool {
    has(words, PAPERS)
}

/// It begins with the name of a paper.
pub(super) fn begins_with_paper(words: &[Word]) -> bool {
    PAPERS.iter().any(|phrase| stands(words, 0, phrase).is_some())
}

/// Papers are asked for.
pub(super) fn asks_for_papers(words: &[Word]) -> bool {
    has(words, PAPER_CONTEXT)
}

/// A step or a duty.
pub(super) fn names_step(words: &[Word]) -> bool {
    has(words, STEPS)
}

/// A condition or an exception.
pub(super) fn names_condition(words: &[Word]) -> bool {
    has(words, CONDITIONS)
}

/// One word took the place of its opposite.
pub(super) fn is_opposite(a: &[Word], b: &[Word]) -> bool {
    faces(a, b, OPPOSITES)
}

/// Each side speaks of another case.
pub(super) fn is_other_case(a: &[Word], b: &[Word]) -> bool {
    faces(a, b, OTHER_CASES)
}

fn faces(a: &[Word], b: &[Word], table: &[(&str, &str)]) -> bool {
    table
        .iter()
        .any(|(x, y)| (is_phrase(a, x) && is_phrase(b, y)) || (is_phrase(a, y) && is_phrase(b, x)))
}

/// The words are just this phrase.
fn is_phrase(words: &[Word], phrase: &str) -> bool {
    stands(words, 0, phrase) == Some(words.len())
}

/// Number of words that tell of a subject.
pub(super) fn telling(words: &[Word]) -> usize {
    words
        .iter()
        .filter(|word| word.kind == super::words::WordKind::Letters && weight(&word.norm) >= 0.3)
        .count()
}
