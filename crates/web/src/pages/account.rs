//! Signing in, the one-time code, the account.

mod own;
mod signing_in;

pub(crate) use own::{account, account_sent};
pub(crate) use signing_in::{
    code, code_sent, password, password_sent, sign_in, sign_in_first, sign_in_sent, sign_out,
};

use axum::http::header;
use axum::response::Response;

use crate::visit::{SEED_COOKIE, Visit};

/// Sets the cookie with the seed of form tokens, if it is new.
pub(crate) fn set_seed(visit: &Visit, response: &mut Response) {
    if visit.seed_is_new {
        set_cookie(response, &visit.cookie(SEED_COOKIE, &visit.seed, None));
    }
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = cookie.parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
