//! Writes a sample paper and a sample list, or shows what is read out of a file:
//!
//! ```sh
//! cargo run -p document --example office -- write FOLDER
//! cargo run -p document --example office -- read FILE
//! ```
#![allow(clippy::print_stdout, reason = "an example that shows its result")]

#[path = "shared/office.rs"]
mod samples;

use std::error::Error;
use std::fs;
use std::path::Path;

use document::reading::{ReadOptions, read};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", folder] => {
            fs::create_dir_all(folder)?;
            let to = |name: &str| Path::new(folder).join(name);
            fs::write(to("sample.docx"), document::docx::write(&samples::paper())?)?;
            fs::write(to("sample.xlsx"), document::xlsx::write(&samples::list())?)?;
        }
        ["read", file] => show(file)?,
        _ => println!("office write FOLDER | office read FILE"),
    }
    Ok(())
}

fn show(file: &str) -> Result<(), Box<dyn Error>> {
    let reading = read(&fs::read(file)?, &ReadOptions::default()).map_err(|error| error.message)?;
    for notice in &reading.notices {
        println!("! {}: {}", notice.code, notice.message);
    }
    for paragraph in &reading.paragraphs {
        let sign = |is: bool, sign: char| if is { sign } else { ' ' };
        let looks: String = [
            sign(paragraph.bold, 'B'),
            sign(paragraph.italic, 'I'),
            sign(paragraph.centred, 'C'),
            sign(paragraph.table.is_some(), 'T'),
        ]
        .iter()
        .collect();
        let page = paragraph.page.map(|page| page.to_string()).unwrap_or_default();
        let number = paragraph.list_number.as_deref().unwrap_or_default();
        println!("{page:>3} {looks} {number:>4} {}", paragraph.text);
    }
    for note in &reading.footnotes {
        println!("[{}] {}", note.number, note.text);
    }
    Ok(())
}
