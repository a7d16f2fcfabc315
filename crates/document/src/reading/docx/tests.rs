use kernel::ErrorCode;

use super::*;
use crate::package::pack;
use crate::reading::read;

const W: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";

fn file(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>");
    let mut all = vec![("word/document.xml", document)];
    all.extend(parts.iter().map(|(name, text)| (*name, (*text).to_owned())));
    pack(&all).unwrap()
}

fn reading(body: &str, parts: &[(&str, &str)]) -> Reading {
    read(&file(body, parts), &ReadOptions::default()).unwrap()
}

fn texts(body: &str) -> Vec<String> {
    reading(body, &[]).paragraphs.into_iter().map(|p| p.text).collect()
}

fn p(content: &str) -> String {
    format!("<w:p>{content}</w:p>")
}

fn t(text: &str) -> String {
    format!("<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>")
}

fn codes(reading: &Reading) -> Vec<&str> {
    reading.notices.iter().map(|notice| notice.code).collect()
}

#[test]
fn runs_tabs_breaks_and_symbols_make_text() {
    let body = p("<w:r><w:t>Điều</w:t><w:tab/><w:t>1.</w:t><w:softHyphen/><w:t>a</w:t>\
                  <w:noBreakHyphen/><w:t>b</w:t><w:sym w:font='Wingdings' w:char='F0A8'/></w:r>");
    assert_eq!(texts(&body), ["Điều 1.a-b☐"]);
}

#[test]
fn a_line_break_begins_a_paragraph_but_not_in_a_heading() {
    let content =
        "<w:r><w:rPr><w:b/></w:rPr><w:t>Chương I</w:t><w:br/><w:t>QUY ĐỊNH CHUNG</w:t></w:r>";
    let plain = reading(&p(content), &[]);
    assert_eq!(plain.paragraphs.len(), 2);
    assert!(plain.paragraphs.iter().all(|p| p.bold));
    let heading = format!("<w:pPr><w:outlineLvl w:val='0'/></w:pPr>{content}");
    assert_eq!(texts(&p(&heading)), ["Chương I QUY ĐỊNH CHUNG"]);
}

#[test]
fn inserted_text_stays_and_deleted_text_goes() {
    let body = p(&format!(
        "{}<w:ins>{}</w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>\
         <w:moveFrom>{}</w:moveFrom>",
        t("một "),
        t("hai"),
        t("ba")
    )) + "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>bốn </w:t></w:r></w:p>"
        + &p(&t("năm"));
    let reading = reading(&body, &[]);
    let text: Vec<&str> = reading.paragraphs.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(text, ["một hai", "bốn năm"]);
    assert_eq!(codes(&reading), ["tracked-changes"]);
}

#[test]
fn fields_show_their_result_and_an_unfinished_one_swallows_nothing() {
    let field = |kind: &str| format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>");
    let instruction = "<w:r><w:instrText>HYPERLINK x</w:instrText><w:t>ẩn</w:t></w:r>";
    let body = p(&format!(
        "{}{instruction}{}{}{}",
        field("begin"),
        field("separate"),
        t("kết quả"),
        field("end")
    )) + &p(&format!("{}{instruction}", field("begin")))
        + &p(&t("còn lại"))
        + &p("<w:fldSimple w:instr='PAGE'><w:r><w:t>7</w:t></w:r></w:fldSimple>");
    assert_eq!(texts(&body), ["kết quả", "còn lại", "7"]);
}

#[test]
fn hidden_text_and_the_contents_list_are_left_out() {
    let styles = format!(
        "<w:styles {W}><w:style w:type='paragraph' w:styleId='T1'><w:name w:val='toc 1'/></w:style></w:styles>"
    );
    let body = p("<w:pPr><w:pStyle w:val='T1'/></w:pPr><w:r><w:t>Chương I 3</w:t></w:r>")
        + &p(&format!("<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>{}", t("hiện")))
        + "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>\
           </w:sdtPr><w:sdtContent><w:p><w:r><w:t>Mục lục</w:t></w:r></w:p></w:sdtContent></w:sdt>";
    let read = reading(&body, &[("word/styles.xml", &styles)]);
    assert_eq!(read.paragraphs.len(), 1);
    assert_eq!(read.paragraphs[0].text, "hiện");
}

#[test]
fn notes_are_numbered_as_they_come_and_listed() {
    let notes = |id: &str, text: &str| {
        format!(
            "<w:footnotes {W}><w:footnote w:type='separator' w:id='-1'><w:p/></w:footnote>\
             <w:footnote w:id='{id}'><w:p><w:r><w:footnoteRef/></w:r>{}</w:p></w:footnote></w:footnotes>",
            t(text)
        )
    };
    let body = p(&format!(
        "{}<w:r><w:endnoteReference w:id='5'/></w:r>{}<w:r><w:footnoteReference w:id='2'/></w:r>",
        t("a"),
        t("b")
    ));
    let footnotes = notes("2", " Chân trang");
    let endnotes = notes("5", " Khoản này được sửa đổi");
    let parts =
        [("word/footnotes.xml", footnotes.as_str()), ("word/endnotes.xml", endnotes.as_str())];
    let reading = reading(&body, &parts);
    assert_eq!(reading.paragraphs[0].text, "a[1]b[2]");
    let notes: Vec<(&str, &str)> =
        reading.footnotes.iter().map(|n| (n.number.as_str(), n.text.as_str())).collect();
    assert_eq!(notes, [("1", "Khoản này được sửa đổi"), ("2", "Chân trang")]);
}

#[test]
fn bold_and_centred_come_through_styles_too() {
    let styles = format!(
        "<w:styles {W}><w:style w:type='paragraph' w:styleId='A'><w:pPr><w:jc w:val='center'/></w:pPr>\
         <w:rPr><w:b/></w:rPr></w:style><w:style w:type='character' w:styleId='C'><w:rPr><w:i/></w:rPr>\
         </w:style></w:styles>"
    );
    let body = p(
        "<w:pPr><w:pStyle w:val='A'/></w:pPr><w:r><w:rPr><w:rStyle w:val='C'/></w:rPr><w:t>ĐẦU</w:t></w:r>",
    ) + &p(&format!(
        "<w:pPr><w:pStyle w:val='A'/></w:pPr>{}<w:r><w:rPr><w:b w:val='0'/></w:rPr><w:t>thường</w:t></w:r>",
        t("đậm ")
    ));
    let reading = reading(&body, &[("word/styles.xml", &styles)]);
    let [first, second] = &reading.paragraphs[..] else { panic!("two paragraphs") };
    assert!(first.bold && first.italic && first.centred);
    assert!(!second.bold && !second.italic && second.centred);
}

#[test]
fn numbers_that_word_prints_stand_beside_the_text() {
    let numbering = format!(
        "<w:numbering {W}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='3'/>\
         <w:numFmt w:val='decimal'/><w:lvlText w:val='Điều %1.'/><w:pStyle w:val='D'/></w:lvl>\
         <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='%2)'/></w:lvl>\
         </w:abstractNum><w:num w:numId='4'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    );
    let styles = format!(
        "<w:styles {W}><w:style w:type='paragraph' w:styleId='D'><w:pPr><w:numPr><w:numId w:val='4'/>\
         </w:numPr></w:pPr></w:style></w:styles>"
    );
    let article = p(&format!("<w:pPr><w:pStyle w:val='D'/></w:pPr>{}", t("Tên điều")));
    let point = p(&format!(
        "<w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='4'/></w:numPr></w:pPr>{}",
        t("điểm")
    ));
    let none = p(&format!(
        "<w:pPr><w:pStyle w:val='D'/><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr>{}",
        t("không số")
    ));
    let body = format!("{article}{point}{point}{none}{article}{point}");
    let parts = [("word/styles.xml", styles.as_str()), ("word/numbering.xml", numbering.as_str())];
    let reading = reading(&body, &parts);
    let numbers: Vec<&str> =
        reading.paragraphs.iter().map(|p| p.list_number.as_deref().unwrap_or("")).collect();
    assert_eq!(numbers, ["Điều 3.", "a)", "b)", "", "Điều 4.", "a)"]);
}

#[test]
fn text_boxes_follow_their_paragraph_once() {
    let boxed = format!("<w:txbxContent>{}</w:txbxContent>", p(&t("DỰ THẢO")));
    let body = p(&format!(
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps>{boxed}</wps></w:drawing></mc:Choice>\
         <mc:Fallback><w:pict>{boxed}</w:pict></mc:Fallback></mc:AlternateContent></w:r>{}",
        t("Thân")
    ));
    assert_eq!(texts(&body), ["Thân", "DỰ THẢO"]);
}

#[test]
fn a_table_within_a_cell_is_text_of_the_cell() {
    let inner = format!(
        "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
        p(&t("x")),
        p(&t("y"))
    );
    let body = format!(
        "<w:tbl><w:tr><w:tc>{}{inner}{}</w:tc><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{}</w:tc></w:tr></w:tbl>",
        p(&t("a")),
        p(""),
        p(&t("b"))
    );
    let reading = reading(&body, &[]);
    let rows = &reading.paragraphs[0].table.as_ref().unwrap().rows;
    assert_eq!((rows[0][0].text.as_str(), rows[0][1].columns), ("a\nx y", 2));
    assert_eq!(reading.paragraphs[0].text, "a x y b");
}

#[test]
fn text_in_old_fonts_is_converted_run_by_run() {
    let run = |font: &str, text: &str| {
        format!(
            "<w:r><w:rPr><w:rFonts w:ascii='{font}'/></w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"
        )
    };
    let body = p(&format!(
        "{}{}{}{}",
        run(".VnTimeH", "quyÕt ®Þnh"),
        run(".VnTime", " vÒ l\u{AD}u tr÷ "),
        run("VNI-Times", "coâng chöùng "),
        run("Times New Roman", "Ðã rõ")
    ));
    let reading = reading(&body, &[]);
    assert_eq!(reading.paragraphs[0].text, "QUYẾT ĐỊNH về lưu trữ công chứng Đã rõ");
    assert_eq!(codes(&reading), ["converted-encoding", "converted-encoding"]);
}

#[test]
fn old_text_whose_font_says_nothing_is_known_by_what_makes_sense() {
    let body = p(&t("§iÒu 1. Ph¹m vi ®iÒu chØnh cña quyÕt ®Þnh vÒ l\u{AD}u tr÷"));
    let reading = reading(&body, &[]);
    assert_eq!(reading.paragraphs[0].text, "Điều 1. Phạm vi điều chỉnh của quyết định về lưu trữ");
    assert_eq!(codes(&reading), ["converted-encoding"]);
}

#[test]
fn a_damaged_file_says_how_to_mend_it() {
    let bytes = file(&p(&t("a")), &[]);
    for damaged in [&bytes[..bytes.len() / 2], b"PK\x03\x04 nothing".as_slice()] {
        let error = read(damaged, &ReadOptions::default()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.contains("Lưu thành"), "{}", error.message);
    }
    let cut = pack(&[("word/document.xml", "<w:document><w:body><w:p>".to_owned())]).unwrap();
    assert_eq!(read(&cut, &ReadOptions::default()).unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn elements_without_end_of_nesting_do_not_break_the_reader() {
    let mut body = p(&t("sâu"));
    for _ in 0..40 {
        body = format!("<w:tbl><w:tr><w:tc>{body}</w:tc><w:tc/></w:tr></w:tbl>");
    }
    let _ = read(&file(&body, &[]), &ReadOptions::default());
}
