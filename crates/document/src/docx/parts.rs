//! The parts of a Word file beside its text (ECMA-376, WordprocessingML).

use crate::package::{DECLARATION, escaped};

pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
pub(super) const RELATIONS: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
/// Ranks of headings that have a style.
pub(super) const HEADINGS: u8 = 6;

pub(super) fn content_types() -> String {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    const PROPERTIES: &str = "application/vnd.openxmlformats-package.core-properties+xml";
    let part =
        |path: &str, kind: &str| format!("<Override PartName=\"/{path}\" ContentType=\"{kind}\"/>");
    let ours = |path: &str, kind: &str| part(path, &format!("{KIND}.{kind}+xml"));
    format!(
        "{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{}{}{}{}</Types>",
        part("docProps/core.xml", PROPERTIES),
        ours("word/document.xml", "document.main"),
        ours("word/styles.xml", "styles"),
        ours("word/settings.xml", "settings"),
        ours("word/header1.xml", "header"),
        ours("word/header2.xml", "header"),
    )
}

pub(super) fn root_relations() -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"word/document.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" \
         Target=\"docProps/core.xml\"/></Relationships>"
    )
}

pub(super) fn relations() -> String {
    let relation = |id: u8, kind: &str, target: &str| {
        format!("<Relationship Id=\"rId{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    format!(
        "{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">{}{}{}{}</Relationships>",
        relation(1, "styles", "styles.xml"),
        relation(2, "settings", "settings.xml"),
        relation(3, "header", "header1.xml"),
        relation(4, "header", "header2.xml"),
    )
}

pub(super) fn core_properties(title: &str) -> String {
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title>\
         <dc:language>vi-VN</dc:language></cp:coreProperties>",
        escaped(title)
    )
}

pub(super) fn settings() -> String {
    format!(
        "{DECLARATION}<w:settings xmlns:w=\"{MAIN}\"><w:zoom w:percent=\"100\"/>\
         <w:defaultTabStop w:val=\"720\"/><w:characterSpacingControl w:val=\"doNotCompress\"/>\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
         <w:themeFontLang w:val=\"vi-VN\"/></w:settings>"
    )
}

/// Half points, as Word counts sizes.
pub(super) fn half_points(points: f32) -> i32 {
    (points.clamp(1.0, 400.0) * 2.0).round() as i32
}

pub(super) fn styles(size: f32) -> String {
    let size = half_points(size);
    let mut headings = String::new();
    for rank in 1..=HEADINGS {
        headings.push_str(&format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{rank}\"><w:name w:val=\"heading {rank}\"/>\
             <w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:uiPriority w:val=\"9\"/><w:qFormat/>\
             <w:pPr><w:keepNext/><w:outlineLvl w:val=\"{}\"/></w:pPr></w:style>",
            rank - 1
        ));
    }
    format!(
        "{DECLARATION}<w:styles xmlns:w=\"{MAIN}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"Times New Roman\" \
         w:cs=\"Times New Roman\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>\
         <w:lang w:val=\"vi-VN\" w:eastAsia=\"vi-VN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault/></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/>\
         </w:style>{headings}\
         <w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/>\
         <w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/>\
         <w:left w:w=\"85\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/>\
         <w:right w:w=\"85\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style></w:styles>"
    )
}

/// The number of the page, at the top in the middle.
pub(super) fn page_number(size: f32) -> String {
    let size = half_points(size);
    let looks = format!("<w:rPr><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr>");
    format!(
        "{DECLARATION}<w:hdr xmlns:w=\"{MAIN}\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>\
         <w:r>{looks}<w:fldChar w:fldCharType=\"begin\"/></w:r>\
         <w:r>{looks}<w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>\
         <w:r>{looks}<w:fldChar w:fldCharType=\"separate\"/></w:r><w:r>{looks}<w:t>2</w:t></w:r>\
         <w:r>{looks}<w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:hdr>"
    )
}

/// The first page has none.
pub(super) fn no_page_number() -> String {
    format!("{DECLARATION}<w:hdr xmlns:w=\"{MAIN}\"><w:p/></w:hdr>")
}
