//! The QR code on a PDF, read back from its vector squares: what is truly printed, decoded by
//! ISO/IEC 18004 without error correction, since nothing was damaged.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// The text of the code on a PDF; `None` when there is none.
#[must_use]
pub fn read(pdf: &[u8]) -> Option<String> {
    streams(pdf).iter().find_map(|stream| Squares::drawn_in(stream)?.text())
}

/// Every compressed stream of the file, as text.
fn streams(pdf: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = pdf;
    while let Some(start) = find(rest, b"stream\n").map(|place| place + 7) {
        rest = rest.get(start..).unwrap_or_default();
        let mut text = Vec::new();
        if ZlibDecoder::new(rest).read_to_end(&mut text).is_ok() {
            found.push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    found
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// The squares of a code, dark or light.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Squares {
    side: usize,
    dark: Vec<bool>,
}

/// Error-correction bytes of a block and number of blocks by version, for level M.
const CORRECTION: [usize; 26] = [
    0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28,
    28, 28,
];
const BLOCKS: [usize; 26] =
    [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21];

impl Squares {
    /// The path of runs that `document::qr` draws: `4 4 m 11 4 l 11 5 l 4 5 l`, each one square high.
    fn drawn_in(stream: &str) -> Option<Self> {
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for line in stream.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let path = words.iter().position(|word| *word == "m");
            let Some(start) = path.and_then(|place| place.checked_sub(2)) else { continue };
            let whole = |offset: usize| words.get(start + offset)?.parse::<usize>().ok();
            if let (Some(x), Some(y), Some(end), Some(below)) =
                (whole(0), whole(1), whole(3), whole(7))
                && below == y + 1
                && end > x
            {
                runs.push((x, y, end));
            }
        }
        Self::of_runs(&runs)
    }

    fn of_runs(runs: &[(usize, usize, usize)]) -> Option<Self> {
        let left = runs.iter().map(|run| run.0).min()?;
        let top = runs.iter().map(|run| run.1).min()?;
        let side = runs.iter().map(|run| run.2).max()? - left;
        let mut dark = vec![false; side * side];
        for (x, y, end) in runs {
            for column in *x..*end {
                *dark.get_mut((y - top) * side + column - left)? = true;
            }
        }
        Some(Self { side, dark })
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.dark.get(y * self.side + x).copied().unwrap_or_default()
    }

    fn version(&self) -> Option<usize> {
        let version = self.side.checked_sub(17)? / 4;
        (version >= 1 && version < BLOCKS.len() && version * 4 + 17 == self.side).then_some(version)
    }

    fn text(&self) -> Option<String> {
        let version = self.version()?;
        let mut format = 0_u32;
        for bit in 0..15 {
            let (x, y) = match bit {
                0..=5 => (8, bit),
                6 => (8, 7),
                7 => (8, 8),
                8 => (7, 8),
                _ => (14 - bit, 8),
            };
            format |= u32::from(self.is_dark(x, y)) << bit;
        }
        let format = (format ^ 0x5412) >> 10;
        // Level M is written as 0.
        if format >> 3 != 0 {
            return None;
        }
        let bytes = self.bytes(version, format & 7);
        Bits { bytes: data_of(&bytes, version), next: 0 }.text(version)
    }

    /// The bytes in the order in which they are laid, the mask taken off.
    fn bytes(&self, version: usize, mask: u32) -> Vec<u8> {
        let mut bits = Vec::new();
        let mut right = self.side - 1;
        loop {
            for step in 0..self.side {
                for x in [right, right - 1] {
                    let upwards = (right + 1) & 2 == 0;
                    let y = if upwards { self.side - 1 - step } else { step };
                    if !self.is_fixed(version, x, y) {
                        bits.push(self.is_dark(x, y) != is_masked(mask, x, y));
                    }
                }
            }
            right = match right {
                1 => break,
                8 => 5,
                _ => right - 2,
            };
        }
        let byte = |eight: &[bool]| eight.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        bits.chunks_exact(8).map(byte).collect()
    }

    /// Does the square belong to a pattern that carries no data?
    fn is_fixed(&self, version: usize, x: usize, y: usize) -> bool {
        let (far, side) = (self.side - 8, self.side);
        let corner = (x < 9 && y < 9) || (x < 9 && y >= far) || (x >= far && y < 9);
        let version_block = version >= 7
            && ((y < 6 && (side - 11..side - 8).contains(&x))
                || (x < 6 && (side - 11..side - 8).contains(&y)));
        corner || x == 6 || y == 6 || version_block || is_alignment(version, side, x, y)
    }
}

fn alignments(version: usize, side: usize) -> Vec<usize> {
    if version == 1 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    let step = (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
    let mut places: Vec<usize> = (0..count - 1).map(|index| side - 7 - index * step).collect();
    places.push(6);
    places.reverse();
    places
}

fn is_alignment(version: usize, side: usize, x: usize, y: usize) -> bool {
    let places = alignments(version, side);
    let near = |value: usize| places.iter().find(|place| value.abs_diff(**place) <= 2).copied();
    let (Some(column), Some(row)) = (near(x), near(y)) else { return false };
    // Those that would lie on the corners are left out.
    let last = side - 7;
    !matches!((column, row), (6, 6)) && (column, row) != (6, last) && (column, row) != (last, 6)
}

fn is_masked(mask: u32, x: usize, y: usize) -> bool {
    match mask {
        0 => (x + y) % 2 == 0,
        1 => y % 2 == 0,
        2 => x % 3 == 0,
        3 => (x + y) % 3 == 0,
        4 => (x / 3 + y / 2) % 2 == 0,
        5 => x * y % 2 + x * y % 3 == 0,
        6 => (x * y % 2 + x * y % 3) % 2 == 0,
        _ => ((x + y) % 2 + x * y % 3) % 2 == 0,
    }
}

/// The data bytes of all blocks, in order: on paper the blocks are interleaved.
fn data_of(bytes: &[u8], version: usize) -> Vec<u8> {
    let (blocks, correction) = (BLOCKS[version], CORRECTION[version]);
    let long = bytes.len() % blocks;
    let short = bytes.len() / blocks - correction;
    let mut data = vec![Vec::new(); blocks];
    let mut next = bytes.iter();
    for place in 0..=short {
        for (index, block) in data.iter_mut().enumerate() {
            if place < short || index >= blocks - long {
                block.extend(next.next());
            }
        }
    }
    data.concat()
}

struct Bits {
    bytes: Vec<u8>,
    next: usize,
}

impl Bits {
    fn take(&mut self, count: usize) -> Option<usize> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.next / 8)?;
            value = value << 1 | usize::from(byte >> (7 - self.next % 8) & 1);
            self.next += 1;
        }
        Some(value)
    }

    fn text(mut self, version: usize) -> Option<String> {
        const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
        let large = version >= 10;
        let letter = |value: usize| LETTERS.get(value).copied();
        let mut text = Vec::new();
        loop {
            match self.take(4).unwrap_or(0) {
                1 => {
                    let mut left = self.take(if large { 12 } else { 10 })?;
                    while left > 0 {
                        let digits = left.min(3);
                        let value = self.take([0, 4, 7, 10][digits])?;
                        text.extend(format!("{value:0digits$}").bytes());
                        left -= digits;
                    }
                }
                2 => {
                    let count = self.take(if large { 11 } else { 9 })?;
                    for _ in 0..count / 2 {
                        let pair = self.take(11)?;
                        text.extend([letter(pair / 45)?, letter(pair % 45)?]);
                    }
                    if count % 2 == 1 {
                        let single = self.take(6)?;
                        text.push(letter(single)?);
                    }
                }
                4 => {
                    for _ in 0..self.take(if large { 16 } else { 8 })? {
                        text.push(u8::try_from(self.take(8)?).ok()?);
                    }
                }
                0 => break,
                _ => return None,
            }
        }
        String::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use document::qr::Matrix;

    use super::*;

    #[test]
    fn every_code_that_the_house_draws_can_be_read() {
        for length in [1, 20, 60, 150, 300, 400, 600, 900] {
            let text: String = "http://127.0.0.1:8080/verify#aZ09-_"
                .chars()
                .chain("AQxyz0123456789ABCDEF-_".chars().cycle())
                .take(length)
                .collect();
            let matrix = Matrix::of(&text).unwrap();
            let side = matrix.side();
            let dark = (0..side * side).map(|i| matrix.is_dark(i % side, i / side)).collect();
            assert_eq!(Squares { side, dark }.text().as_deref(), Some(text.as_str()), "{length}");
        }
    }
}
