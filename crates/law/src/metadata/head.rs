//! The head: issuer, number, place and day, kind, title, and where the preamble begins.

use jiff::civil::Date;

use super::{date, issuer, name, named};
use crate::outline::line::{Line, is_capitals, is_clause};

/// What the head says.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub kind: Option<String>,
    pub number: Option<String>,
    pub title: Option<String>,
    pub issuer: Option<String>,
    pub place: Option<String>,
    pub issued_on: Option<Date>,
    pub is_number_blank: bool,
    pub is_date_blank: bool,
    /// A letter names its subject ("V/v …") where other documents have kind and title.
    pub is_letter: bool,
    pub preamble: Vec<String>,
}

/// Longest head, in lines: what stands behind is preamble whatever it looks like.
const LONGEST: usize = 60;

/// Reads the lines before the first unit.
pub(super) fn read(lines: &[Line]) -> Head {
    let mut pieces: Vec<String> = Vec::new();
    for line in lines.iter().take(LONGEST) {
        split(&line.text, &mut pieces);
    }
    let mut rest: Vec<String> = lines.iter().skip(LONGEST).map(|line| line.text.clone()).collect();
    let mut head = Head::default();
    let mut office: Vec<String> = Vec::new();
    let mut title: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let next = pieces.get(at + 1).map_or("", String::as_str);
        if starts_preamble(piece) {
            break;
        }
        at += 1;
        if is_motto(piece) {
            continue;
        }
        if let Some(number) = number_line(piece, head.kind.is_some()) {
            at += usize::from(take_number(number, next, &mut head));
        } else if take_place(piece, &mut head) {
        } else if head.kind.is_none()
            && let Some((kind, rest)) = issuer::kind_in_capitals(piece)
                .filter(|(_, rest)| rest.is_empty() || is_capitals(rest) || rest.len() > 20)
        {
            head.kind = Some(kind.to_owned());
            title.extend((!rest.is_empty()).then(|| rest.to_owned()));
            at += take_title(pieces.get(at..).unwrap_or(&[]), &mut title);
            break;
        } else if let Some(subject) = subject_of_letter(piece) {
            title.push(name::capitalised(subject));
            head.is_letter = piece.starts_with("V/v");
        } else if is_capitals(piece) && piece.len() < 200 && head.kind.is_none() {
            office.push(piece.clone());
        }
    }
    let left = pieces.get(at..).unwrap_or(&[]);
    head.preamble = left.iter().filter(|piece| !is_motto(piece)).cloned().collect();
    late_number(&mut head);
    head.preamble.append(&mut rest);
    let body = head.preamble.join("\n");
    head.issuer = issuer_of(&office, &body);
    finish(&mut head, &title, lines, &body);
    head
}

/// Kind and title once all is known.
fn finish(head: &mut Head, title: &[String], lines: &[Line], body: &str) {
    let is_consolidated = head.number.as_deref().is_some_and(|number| number.contains("VBHN"));
    let joined = title.join(" ");
    let joined = joined.trim_end_matches('.').trim().to_owned();
    if is_consolidated {
        let kind = head.kind.as_deref().filter(|kind| *kind != issuer::CONSOLIDATION);
        let whole = match kind {
            Some(kind) => format!("{} {joined}", kind.to_uppercase()),
            None => joined,
        };
        head.title = (!whole.trim().is_empty()).then(|| written(whole.trim(), body));
        head.kind = Some(issuer::CONSOLIDATION.to_owned());
        return;
    }
    if !joined.is_empty() {
        let kind = head.kind.clone().unwrap_or_default();
        head.title = Some(if is_capitals(&joined) {
            let own = written(&format!("{} {joined}", kind.to_uppercase()), body);
            let rest = own.get(kind.len()..).unwrap_or(&joined).trim();
            name::capitalised(rest)
        } else {
            joined
        });
        return;
    }
    // No head at all: "Nghị định 15/2020/NĐ-CP quy định …" as the first line of a copy.
    let Some(first) = lines.first().filter(|_| head.kind.is_none()) else { return };
    if let Some((kind, rest)) = issuer::kind_in_sentence(&first.text)
        && first.text.len() < 600
    {
        head.kind = Some(kind.to_owned());
        let symbol = named::symbol(rest).map(str::to_owned);
        let after =
            symbol.as_deref().and_then(|symbol| rest.split_once(symbol)).map(|(_, rest)| rest);
        let own = after.unwrap_or(rest).trim();
        head.title = (!own.is_empty()).then(|| own.to_owned());
        head.number = head.number.take().or(symbol);
    }
}

/// Words in capitals as the text writes them, or in small letters.
fn written(capitals: &str, body: &str) -> String {
    if !is_capitals(capitals) {
        return capitals.to_owned();
    }
    name::found_in(body, capitals)
        .map_or_else(|| name::capitalised(&capitals.to_lowercase()), str::to_owned)
}

fn issuer_of(office: &[String], body: &str) -> Option<String> {
    let lines: Vec<&str> = office
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.contains("ĐẢNG") && line.chars().any(char::is_alphabetic))
        .filter(|line| issuer::kind_in_capitals(line).is_none() && !line.starts_with("DỰ THẢO"))
        .take(4)
        .collect();
    let last = lines.last()?;
    // A department under its province: both lines together are its name.
    let is_under = lines.len() >= 2
        && ["SỞ ", "BAN ", "PHÒNG ", "CHI CỤC "].iter().any(|start| last.starts_with(start));
    let whole = if is_under {
        let above = lines.get(lines.len() - 2).copied().unwrap_or("");
        let place = ["TỈNH ", "THÀNH PHỐ ", "XÃ ", "PHƯỜNG ", "ĐẶC KHU "]
            .iter()
            .find_map(|unit| above.find(unit).and_then(|at| above.get(at..)));
        place
            .filter(|place| !last.contains(place))
            .map_or((*last).to_owned(), |place| format!("{last} {place}"))
    } else {
        lines.join(" ")
    };
    Some(name::found_in(body, &whole).map_or_else(|| name::office(&whole), str::to_owned))
}

/// The number of a law stands under its name: "Luật số: 57/2020/QH14".
fn late_number(head: &mut Head) {
    if head.number.is_some() || head.is_number_blank {
        return;
    }
    let found = head.preamble.iter().take(3).position(|line| number_line(line, true).is_some());
    let Some(at) = found else { return };
    let number =
        head.preamble.get(at).and_then(|line| number_line(line, true)).and_then(named::symbol);
    if let Some(number) = number.map(str::to_owned) {
        head.number = Some(number);
        head.preamble.remove(at);
    }
}

/// What follows "Số:", "Luật số:".
fn number_line(piece: &str, has_kind: bool) -> Option<&str> {
    let starts =
        ["Số:", "SỐ:", "Số :", "Luật số:", "Bộ luật số:", "Nghị quyết số:", "Pháp lệnh số:"];
    for start in starts {
        if let Some(rest) = piece.strip_prefix(start) {
            return Some(rest.trim());
        }
    }
    if has_kind {
        return None;
    }
    let rest = piece.strip_prefix("Số ").or_else(|| piece.strip_prefix("Luật số "))?;
    let token = rest.split(' ').next()?;
    (token.contains('/') && rest.len() < 60).then_some(rest.trim())
}

/// Takes the number, from the next line where this one is empty; says whether it took that line.
fn take_number(number: &str, next: &str, head: &mut Head) -> bool {
    if head.number.is_some() {
        return false;
    }
    if let Some(symbol) = named::symbol(number) {
        head.number = Some(symbol.to_owned());
        return false;
    }
    if number.is_empty()
        && next.len() < 60
        && let Some(symbol) = named::symbol(next).filter(|symbol| *symbol == next.trim())
    {
        head.number = Some(symbol.to_owned());
        return true;
    }
    // Old numbers have no letters: "Số: 41/CP", "Số: 123".
    let plain = number.trim_end_matches(['.', ',']);
    let has_figures = plain.starts_with(|letter: char| letter.is_ascii_digit());
    if has_figures && !plain.contains(' ') && plain.len() < 30 {
        head.number = Some(plain.to_owned());
    } else {
        head.is_number_blank = true;
    }
    false
}

/// "Sông Lam, ngày 05 tháng 6 năm 2026".
fn take_place(piece: &str, head: &mut Head) -> bool {
    if head.issued_on.is_some() || piece.len() > 160 {
        return false;
    }
    let Some(at) = piece.find("ngày").filter(|at| *at <= 90) else { return false };
    let place = piece.get(..at).unwrap_or("").trim().trim_end_matches(',').trim();
    let is_place =
        place.is_empty() || place.split(' ').count() <= 6 && place.starts_with(char::is_uppercase);
    if !is_place || piece.contains("Căn cứ") {
        return false;
    }
    if let Some(found) = date::first(piece) {
        if found.after.trim_matches([' ', '.']).len() > 12 {
            return false;
        }
        head.issued_on = Some(found.date);
    } else if date::is_blank(piece) {
        head.is_date_blank = true;
    } else {
        return false;
    }
    if !place.is_empty() {
        head.place = Some(place.to_owned());
    }
    true
}

/// "V/v …" of a letter.
fn subject_of_letter(piece: &str) -> Option<&str> {
    piece
        .strip_prefix("V/v")
        .or_else(|| piece.strip_prefix("Về việc"))
        .map(|rest| rest.trim_start_matches([':', ' ']))
}

/// Takes the lines of the title; gives how many.
fn take_title(pieces: &[String], title: &mut Vec<String>) -> usize {
    let mut taken = 0;
    for piece in pieces.iter().take(8) {
        let is_first = title.is_empty() && taken == 0;
        let is_over = starts_preamble(piece) && !(is_first && may_be_title(piece))
            || is_authority(piece)
            || is_clause(piece)
            || piece.len() > 900
            || number_line(piece, true).is_some()
            || date::at_start(piece).is_some();
        if is_over {
            break;
        }
        taken += 1;
        let own = piece.trim_start_matches('(').trim_end_matches(')');
        if !piece.chars().any(char::is_alphabetic) || piece.starts_with("(Ban hành kèm theo") {
            continue;
        }
        title.push(if piece.starts_with('(') { piece.clone() } else { own.to_owned() });
        if piece.ends_with('.') && title.len() > 1 {
            break;
        }
    }
    taken
}

/// "Thực hiện Nghị quyết …" right under the kind is a title; further down it is a basis.
fn may_be_title(piece: &str) -> bool {
    ["Thực hiện ", "Để ", "Nhằm "].iter().any(|start| piece.starts_with(start))
        && !piece.ends_with([';', ':'])
}

/// The line that names who decides, below the title: "ỦY BAN NHÂN DÂN TỈNH SÔNG LAM".
fn is_authority(piece: &str) -> bool {
    let starts = [
        "ỦY BAN NHÂN DÂN",
        "UỶ BAN NHÂN DÂN",
        "HỘI ĐỒNG NHÂN DÂN",
        "CHỦ TỊCH",
        "BỘ TRƯỞNG",
        "THỦ TƯỚNG",
        "GIÁM ĐỐC",
        "CHÍNH PHỦ",
        "QUỐC HỘI",
        "ỦY BAN THƯỜNG VỤ",
        "UỶ BAN THƯỜNG VỤ",
        "THỐNG ĐỐC",
        "TỔNG KIỂM TOÁN",
        "TỔNG THANH TRA",
        "CHÁNH ÁN",
        "VIỆN TRƯỞNG",
        "HỘI ĐỒNG THẨM PHÁN",
    ];
    is_capitals(piece) && starts.iter().any(|start| piece.starts_with(start))
}

/// The first line that belongs neither to the head nor to the title.
fn starts_preamble(piece: &str) -> bool {
    let starts = [
        "Căn cứ",
        "Quốc hội ban hành",
        "Chính phủ ban hành",
        "Ủy ban thường vụ Quốc hội ban hành",
        "Theo đề nghị",
        "Xét ",
        "Thực hiện ",
        "Để ",
        "Nhằm ",
        "Kính gửi",
        "QUYẾT ĐỊNH:",
        "QUYẾT NGHỊ:",
        "Bộ trưởng ",
    ];
    starts.iter().any(|start| piece.starts_with(start))
        || piece.contains("được sửa đổi, bổ sung bởi")
        || piece.contains("được sửa đổi, bổ sung một số điều bởi")
        || is_named_document(piece)
}

/// "Nghị định số 15/2020/NĐ-CP ngày … của Chính phủ, có hiệu lực …" of a consolidation.
fn is_named_document(piece: &str) -> bool {
    piece.contains("có hiệu lực")
        && issuer::kind_in_sentence(piece).is_some()
        && named::symbol(piece).is_some()
}

fn is_motto(piece: &str) -> bool {
    let starts = [
        "CỘNG HÒA XÃ HỘI",
        "CỘNG HOÀ XÃ HỘI",
        "Độc lập",
        "ĐỘC LẬP",
        "Cộng hòa xã hội",
        "Cộng hoà xã hội",
    ];
    starts.iter().any(|start| piece.starts_with(start))
}

/// Takes apart what a copy has run together: the motto, the number, the place and day, the name in capitals.
fn split(text: &str, pieces: &mut Vec<String>) {
    let mut rest = text;
    let mut guard = 0;
    while let Some((piece, after)) = cut(rest).filter(|_| guard < 32) {
        push(piece, pieces);
        rest = after.trim_start();
        guard += 1;
    }
    push(rest, pieces);
}

fn push(piece: &str, pieces: &mut Vec<String>) {
    let piece = piece.trim().trim_matches(['-', '_', '*', '–']).trim();
    if !piece.is_empty() {
        pieces.push(piece.to_owned());
    }
}

/// The first place where one thing ends and another begins.
fn cut(text: &str) -> Option<(&str, &str)> {
    let at = |place: usize| Some((text.get(..place)?, text.get(place..)?));
    for rule in ["---", "___", "***"] {
        if let Some(place) = text.find(rule) {
            let after = text.get(place..)?.trim_start_matches(['-', '_', '*']);
            return Some((text.get(..place)?, after));
        }
    }
    for start in ["CỘNG HÒA XÃ HỘI", "CỘNG HOÀ XÃ HỘI", "Độc lập", "Số: ", "Luật số: "]
    {
        if let Some(place) = text.find(start).filter(|place| *place > 0)
            && text.get(..place)?.ends_with(' ')
            && (start != "Số: " || is_capitals(text.get(..place)?))
        {
            return at(place);
        }
    }
    for end in ["VIỆT NAM ", "Hạnh phúc ", "Hạnh Phúc "] {
        let place = text.find(end).map(|place| place + end.len());
        if let Some(place) = place.filter(|place| *place < text.len() && is_motto(text)) {
            return at(place);
        }
    }
    if let Some(found) = date::first(text).filter(|found| found.start <= 60) {
        let place = text.len() - found.after.len();
        let before = text.get(..found.start)?.trim_end();
        let is_place = before.ends_with(',') && before.split(' ').count() <= 6;
        if is_place
            && found.after.starts_with(' ')
            && found.after.trim().starts_with(char::is_uppercase)
        {
            return at(place);
        }
    }
    after_name(text).and_then(at)
}

/// Where the name in capitals ends: "LUẬT THỦY LỢI Luật Thủy lợi số …".
fn after_name(text: &str) -> Option<usize> {
    let starts_with_name = issuer::kind_in_capitals(text).is_some()
        || is_authority(text)
        || text.starts_with("QUỐC HỘI");
    if !starts_with_name {
        return None;
    }
    let mut end = 0;
    for word in text.split_inclusive(' ') {
        let bare = word.trim();
        let is_high = !bare.chars().any(char::is_lowercase);
        if !is_high {
            let is_sentence = bare.starts_with(char::is_uppercase) && end > 0;
            return is_sentence.then_some(end);
        }
        end += word.len();
    }
    None
}
