#![doc = include_str!("../README.md")]

pub mod clamav;
pub mod image;
pub mod pdf;
pub mod qr;
mod upload;
mod world;
