#![doc = include_str!("../README.md")]

pub mod akoma_ntoso;
pub mod citation;
pub mod comparison;
pub mod difference;
pub mod effect;
pub mod metadata;
pub mod model;
pub mod outline;
pub mod review;
pub mod symbol;
