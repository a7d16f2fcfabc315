#![doc = include_str!("../README.md")]

mod asn1;
pub mod ca;
pub mod certificate;
mod cms;
pub mod key;
pub mod keystore;
pub mod pades;
mod pdf;
pub mod qr;
pub mod timestamp;
mod verify;

pub use certificate::Certificate;
pub use key::SigningKey;
pub use keystore::MasterKey;

#[cfg(test)]
mod testing;
