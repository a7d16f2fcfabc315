#![doc = include_str!("../README.md")]

pub mod clamav;
pub mod image;
pub mod pdf;
mod pdf_upload;
pub mod qr;
