//! Word files from before 2007, RTF and ODT: turned to docx by LibreOffice, where it is installed.

use std::time::Duration;

use kernel::{Error, Result};

use super::process::{Folder, Job, Programs, failed};
use super::{Format, Notice, ReadOptions, Reading, docx};

/// First bytes of the containers of older office files.
const CONTAINER: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The first start makes a profile and takes some ten seconds.
const LONGEST: Duration = Duration::from_secs(120);
const LARGEST_RESULT: u64 = 200 << 20;

/// Is it a container of older office files?
pub(super) fn is_container(bytes: &[u8]) -> bool {
    bytes.starts_with(CONTAINER)
}

/// Reads a container: a locked docx, or a file of an older Word.
pub(super) fn read_container(bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    if has_name(bytes, "EncryptedPackage") || is_locked_word(bytes) {
        return Err(Error::invalid(
            "Tệp có đặt mật khẩu nên không đọc được. Ông/bà vui lòng mở bằng Word hoặc Excel, bỏ \
             mật khẩu, lưu lại rồi gửi lại.",
        )
        .because("office container: password"));
    }
    if has_name(bytes, "WordDocument") {
        return convert(bytes, "in.doc", options);
    }
    Err(Error::invalid(
        "Tệp thuộc định dạng cũ mà hệ thống không đọc. Ông/bà vui lòng mở bằng Word hoặc Excel, \
         chọn “Lưu thành” định dạng .docx hoặc .xlsx rồi gửi lại.",
    )
    .because("office container: no word document"))
}

/// Has the directory of the container an entry of this name?
fn has_name(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

/// The stream of a Word file nearly always begins in the first sector; its flags say whether it is
/// locked ([MS-DOC] 2.5.2, bit fEncrypted).
fn is_locked_word(bytes: &[u8]) -> bool {
    let start = bytes.get(512..524).unwrap_or_default();
    start.starts_with(&[0xEC, 0xA5]) && start.get(11).is_some_and(|flags| flags & 1 == 1)
}

/// Turns a file to docx and reads that.
pub(super) fn convert(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Reading> {
    let programs = Programs::new(options.program_path.as_deref(), options.patience);
    let program = programs.find("soffice").ok_or_else(|| {
        Error::unavailable(
            "Tệp thuộc định dạng Word cũ (.doc, .rtf) hoặc .odt và máy chủ chưa cài LibreOffice để \
             đọc. Ông/bà vui lòng mở bằng Word, chọn “Lưu thành” định dạng .docx rồi gửi lại.",
        )
        .because("program missing: libreoffice-writer-nogui")
    })?;
    let folder = Folder::new()?;
    folder.write(name, bytes)?;
    let profile = format!("-env:UserInstallation={}", folder.profile_address());
    let output = programs
        .run(&Job {
            program: &program,
            arguments: &[
                &profile,
                "--headless",
                "--norestore",
                "--nolockcheck",
                "--convert-to",
                "docx:MS Word 2007 XML",
                "--outdir",
                "out",
                name,
            ],
            folder: &folder,
            most_output: 64 << 10,
            longest: LONGEST,
            is_memory_limited: false,
        })
        .map_err(|failure| failed("soffice", failure))?;
    let result = folder.read("out/in.docx", LARGEST_RESULT).filter(|_| output.is_success);
    let Some(result) = result else {
        return Err(super::archive::damaged(&"soffice made nothing"));
    };
    let mut reading = docx::read(&result, options)?;
    reading.format = Format::OldWord;
    reading.notices.push(Notice::converted_by_office());
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use kernel::ErrorCode;

    use super::*;

    fn container(name: &str) -> Vec<u8> {
        let mut bytes = CONTAINER.to_vec();
        bytes.resize(1_024, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    }

    #[test]
    fn a_locked_docx_is_told_apart_from_an_old_word_file() {
        let error = read_container(&container("EncryptedPackage"), &ReadOptions::default());
        assert!(error.unwrap_err().message.contains("mật khẩu"));
        let mut locked = container("WordDocument");
        locked[512..514].copy_from_slice(&[0xEC, 0xA5]);
        locked[523] = 0x01;
        let error = read_container(&locked, &ReadOptions::default()).unwrap_err();
        assert!(error.message.contains("mật khẩu"));
    }

    #[test]
    fn without_libreoffice_an_old_word_file_is_refused_with_the_way_to_mend_it() {
        let options = ReadOptions { program_path: Some(OsString::new()), ..ReadOptions::default() };
        let error = read_container(&container("WordDocument"), &options).unwrap_err();
        assert_eq!(error.code, ErrorCode::Unavailable);
        assert!(error.message.contains(".docx"));
    }
}
