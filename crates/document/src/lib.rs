#![doc = include_str!("../README.md")]

pub mod clamav;
pub mod docx;
pub mod image;
mod package;
pub mod pdf;
mod pdf_upload;
pub mod qr;
pub mod reading;
pub mod xlsx;
