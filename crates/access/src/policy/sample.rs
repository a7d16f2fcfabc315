//! Values that tests of this crate share.

use jiff::civil::Date;
use kernel::id::AccountId;
use kernel::moment::Moment;
use kernel::unit::UnitCode;

use crate::context::{
    AccountKind, AccountRef, Actor, ClientAddress, Language, OpContext, RoleBinding,
};

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

pub(crate) fn unit(text: &str) -> UnitCode {
    text.parse().unwrap()
}

/// A request by this actor on 20 November 2026.
pub(crate) fn context(actor: Actor) -> OpContext {
    OpContext {
        actor,
        request_id: "test".to_owned(),
        now: moment("2026-11-20T09:00:00+07:00"),
        purpose: None,
        address: ClientAddress::default(),
        language: Language::Vi,
    }
}

/// An officer with a second factor and these offices; account 100.
pub(crate) fn officer(roles: Vec<RoleBinding>) -> OpContext {
    context(Actor::Account(AccountRef {
        id: AccountId::from_raw(100),
        kind: AccountKind::Officer,
        name: "Trần Văn Mẫu".to_owned(),
        person_number: "082085000100".parse().ok(),
        roles,
        mfa: true,
    }))
}

/// An officer who holds one role in one unit, now and for good.
pub(crate) fn holder(role: &str, place: &str) -> OpContext {
    officer(vec![RoleBinding {
        role: role.to_owned(),
        unit: unit(place),
        from: day("2025-07-01"),
        to: None,
    }])
}

/// A citizen; account 7.
pub(crate) fn citizen() -> OpContext {
    context(Actor::Account(AccountRef {
        id: AccountId::from_raw(7),
        kind: AccountKind::Citizen,
        name: "Lê Thị Ví Dụ".to_owned(),
        person_number: "082190000007".parse().ok(),
        roles: Vec::new(),
        mfa: false,
    }))
}
