//! The one error of the program: a Vietnamese sentence for the person, a cause for the log.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Problems};

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The closed list of ways to fail. A face (HTTP, command line) chooses its answer by this alone.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// What was given is wrong or incomplete; the problems say where.
    Invalid,
    /// Nobody is signed in.
    Unauthenticated,
    /// Somebody is signed in who may not do this.
    Forbidden,
    /// There is no such thing, or not for this person.
    NotFound,
    /// Somebody else was faster, or the thing is not in a state that allows this.
    Conflict,
    /// More bytes or rows than allowed.
    TooLarge,
    /// More requests than allowed in the time.
    TooMany,
    /// A link, session or code is past its time.
    Expired,
    /// A part of the system cannot be reached just now; trying again later helps.
    Unavailable,
    /// Our own fault.
    Internal,
}

impl ErrorCode {
    /// The HTTP status that says the same.
    pub const fn http_status(self) -> u16 {
        match self {
            ErrorCode::Invalid => 422,
            ErrorCode::Unauthenticated => 401,
            ErrorCode::Forbidden => 403,
            ErrorCode::NotFound => 404,
            ErrorCode::Conflict => 409,
            ErrorCode::TooLarge => 413,
            ErrorCode::TooMany => 429,
            ErrorCode::Expired => 410,
            ErrorCode::Unavailable => 503,
            ErrorCode::Internal => 500,
        }
    }

    /// Stable English name, as in JSON and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorCode::Invalid => "invalid",
            ErrorCode::Unauthenticated => "unauthenticated",
            ErrorCode::Forbidden => "forbidden",
            ErrorCode::NotFound => "not-found",
            ErrorCode::Conflict => "conflict",
            ErrorCode::TooLarge => "too-large",
            ErrorCode::TooMany => "too-many",
            ErrorCode::Expired => "expired",
            ErrorCode::Unavailable => "unavailable",
            ErrorCode::Internal => "internal",
        }
    }

    /// A sentence with the next step, for when nothing more exact is known.
    pub const fn sentence(self) -> &'static str {
        match self {
            ErrorCode::Invalid => {
                "Thông tin chưa đúng hoặc còn thiếu. Ông/bà vui lòng xem lại các mục được đánh dấu."
            }
            ErrorCode::Unauthenticated => "Ông/bà vui lòng đăng nhập để tiếp tục.",
            ErrorCode::Forbidden => {
                "Tài khoản này không có quyền thực hiện việc vừa chọn. \
                 Nếu cần, ông/bà vui lòng liên hệ người quản trị của cơ quan."
            }
            ErrorCode::NotFound => {
                "Không tìm thấy nội dung ông/bà cần. Vui lòng kiểm tra lại địa chỉ hoặc mã đã nhập."
            }
            ErrorCode::Conflict => {
                "Nội dung này vừa được thay đổi. Ông/bà vui lòng tải lại trang rồi thực hiện lại."
            }
            ErrorCode::TooLarge => {
                "Tệp hoặc nội dung gửi lên lớn hơn mức cho phép. Ông/bà vui lòng giảm dung lượng rồi gửi lại."
            }
            ErrorCode::TooMany => {
                "Ông/bà đã thực hiện quá nhiều lần trong thời gian ngắn. Vui lòng thử lại sau ít phút."
            }
            ErrorCode::Expired => {
                "Phiên làm việc hoặc đường dẫn đã hết hạn. Ông/bà vui lòng thực hiện lại từ đầu."
            }
            ErrorCode::Unavailable => {
                "Hệ thống tạm thời chưa thực hiện được. Thông tin đã lưu không bị mất; \
                 ông/bà vui lòng thử lại sau ít phút."
            }
            ErrorCode::Internal => {
                "Hệ thống gặp lỗi và đã ghi nhận để khắc phục. Ông/bà vui lòng thử lại sau; \
                 nếu vẫn chưa được, hãy liên hệ bộ phận một cửa."
            }
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A failure with two faces.
///
/// `message` and `problems` are for the person and may hold personal data. `Display` and `Debug`
/// are for the log and never show them: they show the code, the cause, and where the problems lie.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    /// Which way it failed.
    pub code: ErrorCode,
    /// Vietnamese sentence with the next step.
    pub message: String,
    /// Technical cause, for the log only; the caller keeps personal data out of it.
    pub cause: Option<String>,
    /// What is wrong with the input, all at once.
    pub problems: Problems,
}

impl Error {
    /// An error with the general sentence of its code.
    pub fn new(code: ErrorCode) -> Error {
        Error::with(code, code.sentence())
    }

    fn with(code: ErrorCode, message: impl Into<String>) -> Error {
        Error { code, message: message.into(), cause: None, problems: Problems::new() }
    }

    /// What was given is wrong; the sentence says how to mend it.
    pub fn invalid(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::Invalid, message)
    }

    /// Nobody is signed in.
    pub fn unauthenticated(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::Unauthenticated, message)
    }

    /// This person may not do this.
    pub fn forbidden(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::Forbidden, message)
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::NotFound, message)
    }

    /// The state does not allow it, or somebody else was faster.
    pub fn conflict(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::Conflict, message)
    }

    /// Too many bytes or rows.
    pub fn too_large(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::TooLarge, message)
    }

    /// Too many requests in the time.
    pub fn too_many(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::TooMany, message)
    }

    /// A link, session or code is past its time.
    pub fn expired(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::Expired, message)
    }

    /// Something needed cannot be reached just now.
    pub fn unavailable(message: impl Into<String>) -> Error {
        Error::with(ErrorCode::Unavailable, message)
    }

    /// Our own fault. Takes the cause, not a message: the person always reads the general sentence,
    /// so no technical text can slip out.
    pub fn internal(cause: impl fmt::Display) -> Error {
        Error::new(ErrorCode::Internal).because(cause)
    }

    /// Adds the cause for the log; a later cause goes in front of the earlier one.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Error {
        self.cause = Some(match self.cause {
            Some(earlier) => format!("{cause}: {earlier}"),
            None => cause.to_string(),
        });
        self
    }

    /// Adds faults of the input.
    #[must_use]
    pub fn with_problems(mut self, problems: Problems) -> Error {
        self.problems.extend(problems);
        self
    }

    fn write_for_log(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.name())?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        for (index, problem) in self.problems.iter().enumerate() {
            let separator = if index == 0 { " [" } else { ", " };
            write!(f, "{separator}{} at {:?}", problem.code, problem.path)?;
        }
        if self.problems.is_empty() { Ok(()) } else { f.write_str("]") }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_for_log(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Error(")?;
        self.write_for_log(f)?;
        f.write_str(")")
    }
}

impl std::error::Error for Error {}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Error {
        Error::new(code)
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Error {
        // One fault is its own best sentence; several need the summary above them.
        let message = match problems.as_slice() {
            [only] => only.message.clone(),
            _ => ErrorCode::Invalid.sentence().to_owned(),
        };
        Error::with(ErrorCode::Invalid, message).with_problems(problems)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        Error::from(vec![problem])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_never_sees_what_the_person_reads() {
        let error = Error::from(vec![
            Problem::new("name.format", "mother.name", "Tên \"Trần Thị Bí Mật\" chưa đúng."),
            Problem::new("date.format", "birth_date", "Ngày 31/02/1990 không có."),
        ])
        .because("form check failed");
        for log in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
            assert!(!log.contains("Bí Mật") && !log.contains("1990"), "{log}");
            assert!(log.contains("mother.name") && log.contains("form check failed"), "{log}");
        }
    }

    #[test]
    fn an_internal_error_shows_its_cause_to_the_log_only() {
        let error = Error::internal("disk full on /data");
        assert_eq!(error.message, ErrorCode::Internal.sentence());
        assert_eq!(error.to_string(), "internal: disk full on /data");
    }

    #[test]
    fn causes_pile_up_outermost_first() {
        let error = Error::not_found("Không có hồ sơ này.").because("row 7").because("load");
        assert_eq!(error.cause.as_deref(), Some("load: row 7"));
    }

    #[test]
    fn one_problem_is_its_own_message() {
        let error = Error::from(Problem::new("a", "b", "Hãy nhập họ và tên."));
        assert_eq!(error.message, "Hãy nhập họ và tên.");
        assert_eq!(error.code.http_status(), 422);
        let two = Error::from(vec![Problem::new("a", "b", "x"), Problem::new("c", "d", "y")]);
        assert_eq!(two.message, ErrorCode::Invalid.sentence());
    }

    #[test]
    fn the_name_of_a_code_is_its_json() {
        for code in [ErrorCode::Invalid, ErrorCode::NotFound, ErrorCode::TooMany] {
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("{:?}", code.name()));
        }
    }
}
