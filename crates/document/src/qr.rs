//! QR codes.

mod mask;

use kernel::{Error, Result};
use qrcode::canvas::Canvas;
use qrcode::types::QrError;
use qrcode::{EcLevel, bits, ec};

/// White modules that must surround a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// The squares of a code, without the white border.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    side: usize,
    dark: Vec<bool>,
}

impl Matrix {
    /// The smallest code that holds the text and survives 15 % damage (level M): folds and stamps.
    /// Fails on a text beyond some 2,300 characters.
    pub fn of(text: &str) -> Result<Matrix> {
        Self::draw(text).map_err(|cause| {
            Error::internal(format!("no qr code for {} characters: {cause}", text.len()))
        })
    }

    fn draw(text: &str) -> std::result::Result<Matrix, QrError> {
        let bits = bits::encode_auto(text.as_bytes(), EcLevel::M)?;
        let version = bits.version();
        let (data, correction) = ec::construct_codewords(&bits.into_bytes(), version, EcLevel::M)?;
        let mut canvas = Canvas::new(version, EcLevel::M);
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &correction);
        let side = usize::try_from(version.width()).unwrap_or_default();
        Ok(Matrix { side, dark: mask::best(&canvas, side) })
    }

    /// Squares on a side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Is the square in this column and row dark? Light beyond the edge.
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.side && self.dark.get(row * self.side + column).copied().unwrap_or_default()
    }

    /// Runs of dark squares in a row: column and length.
    fn runs(&self, row: usize) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for column in (0..self.side).filter(|column| self.is_dark(*column, row)) {
            match runs.last_mut() {
                Some((start, length)) if *start + *length == column => *length += 1,
                _ => runs.push((column, 1)),
            }
        }
        runs
    }

    /// An SVG with one unit a square and the white border, to be scaled by whoever shows it.
    pub fn to_svg(&self) -> String {
        let whole = self.side + 2 * QUIET;
        let mut path = String::new();
        for row in 0..self.side {
            for (column, length) in self.runs(row) {
                let (x, y) = (column + QUIET, row + QUIET);
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{whole}v{whole}h-{whole}z\"/>\
             <path d=\"{path}\"/></svg>"
        )
    }
}

/// The code of a text as SVG.
pub fn svg(text: &str) -> Result<String> {
    Ok(Matrix::of(text)?.to_svg())
}

#[cfg(test)]
mod tests {
    use qrcode::Color;

    use super::*;

    #[test]
    fn a_code_has_its_three_eyes_and_nothing_beyond_the_edge() {
        let matrix = Matrix::of("https://mau.example.vn/kiem-tra#abc").unwrap();
        let last = matrix.side() - 1;
        for (column, row) in [(0, 0), (last, 0), (0, last)] {
            assert!(matrix.is_dark(column, row));
        }
        assert!(!matrix.is_dark(matrix.side(), 0) && !matrix.is_dark(0, matrix.side()));
        assert!(!matrix.is_dark(7, 7), "the white edge of an eye");
    }

    #[test]
    fn the_svg_draws_exactly_the_dark_squares() {
        let matrix = Matrix::of("mẫu").unwrap();
        let svg = matrix.to_svg();
        let path = svg.split("d=\"").nth(2).unwrap().split('"').next().unwrap();
        let mut drawn = 0;
        for run in path.split_terminator('z') {
            let (start, rest) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split('v').next().unwrap().parse().unwrap();
            for column in x..x + length {
                assert!(matrix.is_dark(column - QUIET, y - QUIET));
                drawn += 1;
            }
        }
        let dark = (0..matrix.side())
            .flat_map(|row| (0..matrix.side()).map(move |column| (column, row)))
            .filter(|(column, row)| matrix.is_dark(*column, *row))
            .count();
        assert_eq!(drawn, dark);
    }

    #[test]
    fn the_mask_is_the_one_that_the_standard_chooses() {
        let long = "Đăng ký khai sinh 088226000123; ".repeat(20);
        for length in (1..long.len()).step_by(37) {
            let text = long.get(..length).unwrap_or("mẫu");
            let code = qrcode::QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
            let dark: Vec<bool> =
                code.to_colors().iter().map(|colour| *colour == Color::Dark).collect();
            assert!(Matrix::of(text).unwrap().dark == dark, "{length} bytes");
        }
    }

    #[test]
    fn a_text_that_no_code_can_hold_is_an_error() {
        assert!(svg(&"x".repeat(3_000)).is_err());
        assert!(svg(&"x".repeat(2_300)).is_ok());
    }
}
