//! A population database that nobody has connected yet.

use kernel::person_number::PersonNumber;

use crate::child::ChildIdentity;
use crate::error::ExchangeError;
use crate::event::PopulationEvent;
use crate::person::PersonRecord;
use crate::population::{ExchangePurpose, PopulationDatabase};

/// Stands where no connection is configured. It never makes anything up: questions about persons stay
/// unanswered, a personal number is refused with the reason, and reports wait until there is a
/// connection.
#[derive(Clone, Copy, Debug, Default)]
pub struct NotConnected;

fn away() -> ExchangeError {
    ExchangeError::Unavailable("no connection is configured".to_owned())
}

impl PopulationDatabase for NotConnected {
    fn find(
        &self,
        _number: &PersonNumber,
        _purpose: &ExchangePurpose,
    ) -> Result<Option<PersonRecord>, ExchangeError> {
        Err(away())
    }

    fn request_personal_number(
        &self,
        _key: &str,
        _child: &ChildIdentity,
    ) -> Result<PersonNumber, ExchangeError> {
        Err(ExchangeError::Refused(
            "Chưa kết nối Cơ sở dữ liệu quốc gia về dân cư nên chưa lấy được số định danh cá nhân. \
             Ông/bà đề nghị quản trị viên cấu hình kết nối rồi lấy lại."
                .to_owned(),
        ))
    }

    fn report_event(&self, _key: &str, _event: &PopulationEvent) -> Result<(), ExchangeError> {
        Err(away())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_connection_nobody_is_said_not_to_exist() {
        let number = "088195000102".parse().unwrap();
        let answer = NotConnected.find(&number, &ExchangePurpose::default());
        assert!(answer.unwrap_err().is_temporary());
    }
}
