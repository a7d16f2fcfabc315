//! Signing: a revision is added to the file that holds the signature, so that what was there, with
//! all earlier signatures, stays byte for byte.

use std::ops::Range;

use kernel::{Error, Moment, Result};
use sha2::{Digest, Sha256};

use crate::cms::{self, ToSign};
use crate::key::SigningKey;
use crate::pdf::{Dictionary, Object, PdfFile, Refusal, Update};
use crate::timestamp::TimestampSource;

/// Room for a signature without its certificates, in bytes.
const ROOM: usize = 2_048;
/// Room for a timestamp token with the certificates of its authority.
const ROOM_FOR_TIMESTAMP: usize = 12_288;
/// Ten digits reach to files of ten gigabytes.
const NO_RANGE_YET: &str = "[0 0000000000 0000000000 0000000000]";

/// SignaturesExist and AppendOnly (ISO 32000-1, table 219).
const SIGNATURE_FLAGS: i64 = 3;
/// An annotation that is printed and locked (table 165).
const WIDGET_FLAGS: i64 = 4 | 128;

/// What a signature says beside whose it is.
#[derive(Clone, Copy)]
pub struct SignRequest<'a> {
    /// Why it is signed, such as "Phê duyệt kết quả".
    pub reason: &'a str,
    /// Where.
    pub location: &'a str,
    /// Who, as it should read; empty takes the name in the certificate.
    pub name: &'a str,
    /// When, by our own clock.
    pub at: Moment,
    /// Somebody else's word for the time: makes it B-T.
    pub timestamp: Option<&'a dyn TimestampSource>,
}

/// Signs a PDF. Signing a signed document again adds a second signature and leaves the first valid.
///
/// The signature is invisible: its visible block (name, seal, time) is drawn by the document's
/// template before signing. The file must be of the plain kind that our templates give; encrypted
/// files, files with cross-reference streams, dynamic forms and documents certified against changes
/// are refused.
pub fn sign(pdf: &[u8], key: &SigningKey, request: &SignRequest<'_>) -> Result<Vec<u8>> {
    if !key.certificate().is_valid_at(request.at) {
        return Err(Error::forbidden(
            "Chứng thư số của ông/bà chưa có hiệu lực hoặc đã hết hạn. \
             Vui lòng liên hệ người quản trị của cơ quan để gia hạn rồi ký lại.",
        )
        .because(format!(
            "certificate {:?} does not hold at {}",
            key.certificate(),
            request.at
        )));
    }
    let room = room_for(key, request);
    let (mut out, place) = prepare(pdf, key, request, room).map_err(|cause| {
        Error::invalid("Không ký được tệp PDF này. Vui lòng tạo lại văn bản từ hệ thống rồi ký.")
            .because(cause)
    })?;

    let digest = digest_around(&out, &place.contents).ok_or_else(|| Error::internal("no gap"))?;
    let what = ToSign { content_type: cms::DATA, inside: None, sha256: digest };
    let signature = cms::sign(key, &what, request.timestamp)?;
    if signature.len() > room {
        return Err(Error::internal(format!(
            "the signature takes {} bytes, there is room for {room}",
            signature.len()
        )));
    }
    let digits = crate::certificate::hexadecimal(&signature);
    let hole = place.contents.start + 1..place.contents.start + 1 + digits.len();
    fill(&mut out, hole, digits.as_bytes())?;
    Ok(out)
}

fn room_for(key: &SigningKey, request: &SignRequest<'_>) -> usize {
    let certificates: usize = key.chain().iter().map(|one| one.der().len()).sum();
    ROOM + certificates + if request.timestamp.is_some() { ROOM_FOR_TIMESTAMP } else { 0 }
}

/// Where in the file the hexadecimal signature stands, with its angle brackets.
struct Place {
    contents: Range<usize>,
}

/// The new revision, complete but for the signature itself, which is all zeros.
fn prepare(
    pdf: &[u8],
    key: &SigningKey,
    request: &SignRequest<'_>,
    room: usize,
) -> Result<(Vec<u8>, Place), Refusal> {
    let file = PdfFile::read(pdf)?;
    let mut form = Form::of(&file)?;
    let (page, page_generation, mut page_dictionary) = first_page(&file, &form.catalog)?;
    let mut update = Update::new(&file)?;

    let value = update.reserve();
    let (body, range_at, contents) = value_body(key, request, room);
    let start = update.put_raw(value, 0, &body);
    let contents = contents.start + start..contents.end + start;

    let widget = update.reserve();
    let field = Dictionary::default()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text(&form.free_name(&file)?))
        .with("F", Object::Integer(WIDGET_FLAGS))
        // Of no size: PDF/A asks for an appearance of anything larger.
        .with("Rect", Object::Array(vec![Object::Integer(0); 4]))
        .with("P", Object::Reference(page, page_generation))
        .with("V", Object::Reference(value, 0));
    update.put(widget, 0, &Object::Dictionary(field));

    add_annotation(&file, &mut update, &mut page_dictionary, widget)?;
    update.put(page, page_generation, &Object::Dictionary(page_dictionary));
    form.write(&mut update, widget);

    let mut out = update.finish();
    let after = out.len().checked_sub(contents.end).ok_or("a bad range")?;
    let range = format!("[0 {} {} {after}]", contents.start, contents.end);
    let padded = format!("{range:<width$}", width = NO_RANGE_YET.len());
    let range_at = start + range_at;
    fill(&mut out, range_at..range_at + padded.len(), padded.as_bytes())
        .map_err(|_| "a bad range")?;
    Ok((out, Place { contents }))
}

/// The signature dictionary as it will stand in the file; where in it the range and the contents
/// are. Written by hand since both are filled in later.
fn value_body(
    key: &SigningKey,
    request: &SignRequest<'_>,
    room: usize,
) -> (Vec<u8>, usize, Range<usize>) {
    let name = match request.name {
        "" => key.certificate().common_name(),
        name => name.to_owned(),
    };
    let mut body =
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\n/ByteRange ".to_vec();
    let range_at = body.len();
    body.extend(NO_RANGE_YET.as_bytes());
    body.extend(b"\n/Contents ");
    let start = body.len();
    body.push(b'<');
    body.resize(body.len() + 2 * room, b'0');
    body.push(b'>');
    let contents = start..body.len();
    body.extend(b"\n/M ");
    Object::String(pdf_date(request.at).into_bytes()).write(&mut body);
    for (entry, text) in
        [("Name", name.as_str()), ("Reason", request.reason), ("Location", request.location)]
    {
        if !text.is_empty() {
            body.extend(format!("\n/{entry} ").as_bytes());
            Object::text(text).write(&mut body);
        }
    }
    body.extend(b">>");
    (body, range_at, contents)
}

/// `D:20261105153000+07'00'` (ISO 32000-1, 7.9.4).
fn pdf_date(at: Moment) -> String {
    let local = at.local();
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+07'00'",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute(),
        local.second()
    )
}

/// The catalog and the form in it.
struct Form {
    catalog_at: (u32, u16),
    catalog: Dictionary,
    /// Where the form is, if it is an object of its own.
    form_at: Option<(u32, u16)>,
    form: Dictionary,
    fields: Vec<Object>,
}

impl Form {
    fn of(file: &PdfFile<'_>) -> Result<Form, Refusal> {
        let root = file.trailer().get("Root").ok_or("no /Root")?;
        let Object::Reference(number, generation) = *root else {
            return Err("a bad /Root");
        };
        let catalog = file.dictionary(root)?;
        if catalog.get("Perms").is_some() {
            return Err("certified against changes");
        }
        let (form_at, form) = match catalog.get("AcroForm") {
            None => (None, Dictionary::default()),
            Some(Object::Reference(n, g)) => {
                (Some((*n, *g)), file.dictionary(&Object::Reference(*n, *g))?)
            }
            Some(direct) => (None, direct.as_dictionary().ok_or("a bad form")?.clone()),
        };
        if form.get("XFA").is_some() {
            return Err("a dynamic form");
        }
        let fields = match form.get("Fields") {
            None => Vec::new(),
            Some(fields) => file.resolve(fields)?.as_array().ok_or("bad /Fields")?.to_vec(),
        };
        Ok(Form { catalog_at: (number, generation), catalog, form_at, form, fields })
    }

    /// `Signature1`, or the next that no field has.
    fn free_name(&self, file: &PdfFile<'_>) -> Result<String, Refusal> {
        let mut taken = Vec::new();
        for field in &self.fields {
            taken.extend(file.dictionary(field)?.get("T").and_then(Object::to_text));
        }
        let mut names = (1..).map(|number| format!("Signature{number}"));
        names.find(|name| !taken.contains(name)).ok_or("no free field name")
    }

    /// Writes form and catalog with the new field.
    fn write(&mut self, update: &mut Update<'_>, widget: u32) {
        self.fields.push(Object::Reference(widget, 0));
        self.form.set("Fields", Object::Array(std::mem::take(&mut self.fields)));
        let flags = self.form.get("SigFlags").and_then(Object::as_integer).unwrap_or(0);
        self.form.set("SigFlags", Object::Integer(flags | SIGNATURE_FLAGS));
        let (number, generation) = self.form_at.unwrap_or_else(|| (update.reserve(), 0));
        update.put(number, generation, &Object::Dictionary(self.form.clone()));
        if self.form_at.is_none() {
            self.catalog.set("AcroForm", Object::Reference(number, generation));
            let (at, generation) = self.catalog_at;
            update.put(at, generation, &Object::Dictionary(self.catalog.clone()));
        }
    }
}

/// The first page, down the first branch of the page tree.
fn first_page(file: &PdfFile<'_>, catalog: &Dictionary) -> Result<(u32, u16, Dictionary), Refusal> {
    let mut node = catalog.get("Pages").cloned().ok_or("no /Pages")?;
    for _ in 0..32 {
        let Object::Reference(number, generation) = node else {
            return Err("a bad page tree");
        };
        let dictionary = file.dictionary(&node)?;
        if dictionary.is_of_type("Page") {
            return Ok((number, generation, dictionary));
        }
        let kids = file.resolve(dictionary.get("Kids").ok_or("a bad page tree")?)?;
        node = kids.as_array().and_then(<[_]>::first).cloned().ok_or("no page")?;
    }
    Err("a page tree without end")
}

/// Adds the widget to the annotations of the page, which may be an array of its own.
fn add_annotation(
    file: &PdfFile<'_>,
    update: &mut Update<'_>,
    page: &mut Dictionary,
    widget: u32,
) -> Result<(), Refusal> {
    let known = page.get("Annots").cloned();
    let mut annotations = match &known {
        None => Vec::new(),
        Some(annotations) => file.resolve(annotations)?.as_array().ok_or("bad /Annots")?.to_vec(),
    };
    annotations.push(Object::Reference(widget, 0));
    match known {
        Some(Object::Reference(number, generation)) => {
            update.put(number, generation, &Object::Array(annotations));
        }
        _ => page.set("Annots", Object::Array(annotations)),
    }
    Ok(())
}

fn digest_around(out: &[u8], gap: &Range<usize>) -> Option<[u8; 32]> {
    let digest = Sha256::new().chain_update(out.get(..gap.start)?);
    Some(digest.chain_update(out.get(gap.end..)?).finalize().into())
}

/// Writes over bytes that were kept free.
fn fill(out: &mut [u8], range: Range<usize>, bytes: &[u8]) -> Result<()> {
    match out.get_mut(range) {
        Some(place) if place.len() == bytes.len() => {
            place.copy_from_slice(bytes);
            Ok(())
        }
        _ => Err(Error::internal("a place in the file does not fit")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::clock::FixedClock;

    use super::*;
    use crate::pades::inspect::{Coverage, inspect};
    use crate::testing;
    use crate::timestamp::LocalTimestamps;
    use crate::verify::SignatureCheck;

    fn request() -> SignRequest<'static> {
        SignRequest {
            reason: "Phê duyệt kết quả",
            location: "Đồng Tháp",
            name: "",
            at: testing::now(),
            timestamp: None,
        }
    }

    #[test]
    fn a_signature_leaves_the_document_as_it_was_and_covers_all_of_it() {
        let pdf = testing::pdf();
        let signed = sign(&pdf, &testing::officer(), &request()).unwrap();
        assert!(signed.starts_with(&pdf));
        let [signature] = &inspect(&signed)[..] else { panic!("one signature") };
        assert!(signature.digest_matches);
        assert_eq!(signature.check, SignatureCheck::Valid);
        assert_eq!(signature.coverage, Coverage::WholeDocument);
        assert_eq!(signature.signer, "Nguyễn Thị Mẫu");
        assert_eq!(signature.signed_at, Some(testing::now()));
        assert_eq!(
            (signature.reason.as_str(), signature.location.as_str()),
            ("Phê duyệt kết quả", "Đồng Tháp")
        );
    }

    #[test]
    fn a_second_signature_leaves_the_first_valid() {
        let leader = testing::officer();
        let first = sign(&testing::pdf(), &testing::officer(), &request()).unwrap();
        let later =
            SignRequest { at: testing::now().plus_minutes(5), name: "Đóng dấu", ..request() };
        let second = sign(&first, &leader, &later).unwrap();
        let third = sign(&second, &leader, &later).unwrap();
        assert!(third.starts_with(&first));
        let signatures = inspect(&third);
        assert_eq!(signatures.len(), 3);
        assert!(signatures.iter().all(|one| one.is_sound()));
        assert_eq!(signatures[0].coverage, Coverage::EarlierRevision);
        assert_eq!(signatures[2].coverage, Coverage::WholeDocument);
        let file = PdfFile::read(&third).unwrap();
        let form = Form::of(&file).unwrap();
        assert_eq!(form.fields.len(), 3);
        assert_eq!(form.free_name(&file).unwrap(), "Signature4");
    }

    #[test]
    fn a_timestamp_says_the_time_with_anothers_word() {
        let clock = FixedClock::new(testing::now().plus_minutes(1));
        let source = LocalTimestamps::new(testing::timestamper(), Arc::new(clock));
        let request = SignRequest { timestamp: Some(&source), ..request() };
        let signed = sign(&testing::pdf(), &testing::officer(), &request).unwrap();
        let [signature] = &inspect(&signed)[..] else { panic!("one signature") };
        assert!(signature.is_sound());
        let stamp = signature.stamp.as_ref().unwrap();
        assert_eq!(stamp.at, testing::now().plus_minutes(1));
    }

    #[test]
    fn annotations_and_forms_that_are_there_stay() {
        let text = String::from_utf8(testing::pdf()).unwrap();
        let text = text.replace("/MediaBox[0 0 595 842]", "/MediaBox[0 0 9 9]/Annots[]");
        // Lengths must not move: the table counts bytes.
        assert_eq!(
            text.len(),
            testing::pdf().len() - "[0 0 595 842]".len() + "[0 0 9 9]/Annots[]".len()
        );
        let with_annotations = text.replacen("/Resources<<>>", "/A 0 ", 1);
        let shift = with_annotations.len() as i64 - testing::pdf().len() as i64;
        assert_eq!(shift, -4);
        let fixed = with_annotations.replacen("/A 0 ", "/A 0     ", 1);
        let signed = sign(fixed.as_bytes(), &testing::officer(), &request()).unwrap();
        let file = PdfFile::read(&signed).unwrap();
        let page = file.dictionary(&Object::Reference(3, 0)).unwrap();
        assert_eq!(page.get("Annots").unwrap().as_array().unwrap().len(), 1);
        assert!(inspect(&signed)[0].is_sound());
    }

    #[test]
    fn documents_that_may_not_change_are_refused() {
        let text = String::from_utf8(testing::pdf()).unwrap();
        let certified = text.replacen("/Type/Catalog/Pages", "/Perms<<>> /Pages  ", 1);
        assert_eq!(certified.len(), text.len());
        let error = sign(certified.as_bytes(), &testing::officer(), &request()).unwrap_err();
        assert_eq!(error.cause.as_deref(), Some("certified against changes"));
        assert!(error.message.contains("tạo lại văn bản"));
        assert!(sign(b"not a pdf", &testing::officer(), &request()).is_err());
    }

    #[test]
    fn a_certificate_out_of_time_does_not_sign() {
        let late = SignRequest { at: testing::now().plus_days(366), ..request() };
        let error = sign(&testing::pdf(), &testing::officer(), &late).unwrap_err();
        assert!(error.message.contains("hết hạn"));
    }

    #[test]
    fn signing_the_same_twice_gives_the_same_bytes() {
        let key = testing::officer();
        let once = sign(&testing::pdf(), &key, &request()).unwrap();
        assert_eq!(once, sign(&testing::pdf(), &key, &request()).unwrap());
    }
}
