//! Comma-separated values (RFC 4180) that a spreadsheet opens as they are meant.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// One line. A cell that a spreadsheet would take for a formula is made text by an apostrophe
/// (OWASP, CSV injection).
pub(crate) fn csv_line<S: AsRef<str>>(cells: &[S]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell_text(cell.as_ref())).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell_text(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let safe = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

/// Lines as a file to be kept. The mark at its head tells spreadsheets that it is UTF-8.
pub(crate) fn csv_file(name: &str, lines: &[String]) -> Response {
    let mut response = format!("\u{feff}{}", lines.concat()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_with_a_comma_a_quote_or_a_line_break_is_quoted() {
        assert_eq!(
            csv_line(&["a,b", "nói \"được\"", "x\ny", "z"]),
            "\"a,b\",\"nói \"\"được\"\"\",\"x\ny\",z\r\n"
        );
    }

    #[test]
    fn what_a_spreadsheet_would_calculate_becomes_text() {
        for cell in ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1"] {
            assert!(csv_line(&[cell]).starts_with('\''), "{cell}");
        }
        assert_eq!(csv_line(&["=HYPERLINK(\"x\",1)"]), "\"'=HYPERLINK(\"\"x\"\",1)\"\r\n");
        assert_eq!(csv_line(&["8.000 đồng"]), "8.000 đồng\r\n");
    }
}
