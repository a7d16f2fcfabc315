//! Fields whose filled value may not be changed by hand: the source must be corrected.

use kernel::problem::{Problem, Problems};
use pack::model::Form;
use serde_json::Value as Json;

use crate::state::Answers;
use crate::text::lower_first;

/// Locked fields whose answers differ from what they were filled with.
///
/// `filled` is what `prefill` gave; `answers` are normalised ones, as `check` gives them. For a
/// person each filled part is locked; parts that the source did not know may be typed.
pub fn locked_changes(form: &Form, filled: &Answers, answers: &Answers) -> Problems {
    let fields = form.fields();
    let mut problems = Problems::new();
    for field in fields.filter(|field| field.locked) {
        let (Some(known), Some(given)) = (filled.get(&field.id), answers.get(&field.id)) else {
            continue;
        };
        for path in differing(&field.id, known, given) {
            let message = format!(
                "Mục {} được lấy từ cơ sở dữ liệu nên không sửa ở đây. Nếu chưa đúng, ông/bà hãy đề nghị cơ quan quản lý dữ liệu điều chỉnh.",
                lower_first(&field.label.vi),
            );
            problems.push(Problem::new("field.locked", path, message));
        }
    }
    problems
}

fn differing(path: &str, known: &Json, given: &Json) -> Vec<String> {
    match (known, given) {
        (Json::Object(known), Json::Object(given)) => {
            let changed = known.iter().filter(|(part, value)| given.get(*part) != Some(value));
            changed.map(|(part, _)| format!("{path}.{part}")).collect()
        }
        _ if known == given => Vec::new(),
        _ => vec![path.to_owned()],
    }
}
