//! How an exchange fails.

use std::fmt;

use kernel::error::Error;

/// The three ways in which an exchange fails. They differ in what the caller does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeError {
    /// No answer: the line is down, or the other side is. Whether anything happened there is not
    /// known; the same call with the same key is made again later. Holds the cause, for the log.
    Unavailable(String),
    /// A clear no. Repeating does not help; an officer must look. Holds the reason that the other
    /// side gave, a Vietnamese sentence for the officer.
    Refused(String),
    /// An answer that is not understood. Somebody who knows the protocol must look. Holds the
    /// cause, for the log, without personal data.
    Protocol(String),
}

impl ExchangeError {
    /// Will the same call probably succeed later?
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// For the log: the reason of a refusal may name a person, so it is left out.
impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(cause) => write!(f, "other system unavailable: {cause}"),
            Self::Refused(_) => f.write_str("other system refused"),
            Self::Protocol(cause) => write!(f, "answer not understood: {cause}"),
        }
    }
}

impl std::error::Error for ExchangeError {}

impl From<ExchangeError> for Error {
    fn from(error: ExchangeError) -> Self {
        let cause = error.to_string();
        match error {
            ExchangeError::Unavailable(_) => Self::unavailable(
                "Chưa kết nối được Cơ sở dữ liệu quốc gia về dân cư. Ông/bà có thể tự điền thông \
                 tin và tiếp tục; hệ thống sẽ đối chiếu lại sau.",
            ),
            ExchangeError::Refused(reason) => Self::invalid(reason),
            ExchangeError::Protocol(_) => Self::unavailable(
                "Cơ sở dữ liệu quốc gia về dân cư trả lời chưa đúng định dạng. Ông/bà vui lòng thử \
                 lại sau; quản trị viên đã được báo.",
            ),
        }
        .because(cause)
    }
}

#[cfg(test)]
mod tests {
    use kernel::error::ErrorCode;

    use super::*;

    #[test]
    fn only_a_missing_answer_is_worth_repeating() {
        assert!(ExchangeError::Unavailable("timeout".into()).is_temporary());
        assert!(!ExchangeError::Refused("…".into()).is_temporary());
        assert!(!ExchangeError::Protocol("no JSON".into()).is_temporary());
    }

    #[test]
    fn the_officer_reads_the_reason_of_a_refusal_and_the_log_does_not() {
        let error = Error::from(ExchangeError::Refused("Bà Lê Thị Ví Dụ đã khai tử.".into()));
        assert_eq!(error.code, ErrorCode::Invalid);
        assert_eq!(error.message, "Bà Lê Thị Ví Dụ đã khai tử.");
        assert!(!error.to_string().contains("Ví Dụ"));
    }
}
