#![doc = include_str!("../README.md")]

pub mod action;
pub mod context;
pub mod encoding;
pub mod form_token;
pub mod lockout;
pub mod password;
pub mod password_rules;
pub mod policy;
pub mod rate_limit;
pub mod resource;
mod secret;
pub mod session;
pub mod totp;

pub use action::Action;
pub use context::{
    AccountKind, AccountRef, Actor, ClientAddress, Language, OpContext, Purpose, RoleBinding,
};
pub use policy::{Authorizer, Decision, PolicyProblem};
pub use resource::{DocumentKind, Resource};
pub use secret::is_same_secret;
