//! The mask that makes a code easiest to read (ISO/IEC 18004, 7.8.3).
//!
//! The crate `qrcode` chooses the same one, and takes ten times as long: a third of a certificate.

use qrcode::Color;
use qrcode::canvas::{Canvas, MaskPattern};

const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// The squares of the canvas, row by row, under the mask of the lowest penalty.
pub(super) fn best(canvas: &Canvas, side: usize) -> Vec<bool> {
    let masked = MASKS.iter().map(|mask| {
        let mut canvas = canvas.clone();
        canvas.apply_mask(*mask);
        let colours = canvas.into_colors();
        colours.into_iter().map(|colour| colour == Color::Dark).collect::<Vec<bool>>()
    });
    masked.min_by_key(|dark| penalty(dark, side)).unwrap_or_default()
}

fn penalty(dark: &[bool], side: usize) -> u32 {
    let side = side.max(1);
    let turned: Vec<bool> =
        (0..side).flat_map(|column| dark.iter().skip(column).step_by(side).copied()).collect();
    let lines = dark.chunks_exact(side).chain(turned.chunks_exact(side));
    lines.map(|line| runs(line) + eyes(line)).sum::<u32>() + blocks(dark, side) + balance(dark)
}

/// Five squares of a colour in a line cost 3, each further one 1.
fn runs(line: &[bool]) -> u32 {
    let runs = line.chunk_by(|one, next| one == next).map(<[bool]>::len);
    runs.filter(|length| *length >= 5).map(|length| u32::try_from(length).unwrap_or(0) - 2).sum()
}

/// What looks like the eye of a code, with four light squares before or after it, costs 40.
fn eyes(line: &[bool]) -> u32 {
    const EYE: u32 = 0b101_1101;
    let mut found = 0;
    let mut last = 0_u32;
    // Fifteen squares: four, the seven of an eye, four. Beyond the edge is light.
    for dark in line.iter().copied().chain([false; 4]) {
        last = (last << 1 | u32::from(dark)) & 0x7fff;
        let is_eye = last >> 4 & 0x7f == EYE;
        found += u32::from(is_eye && (last >> 11 == 0 || last & 0xf == 0));
    }
    found * 40
}

/// Four squares of a colour together cost 3.
fn blocks(dark: &[bool], side: usize) -> u32 {
    let rows = dark.chunks_exact(side);
    let below = dark.chunks_exact(side).skip(1);
    rows.zip(below)
        .flat_map(|(row, below)| row.windows(2).zip(below.windows(2)))
        .map(|(upper, lower)| if upper == lower && upper.first() == upper.last() { 3 } else { 0 })
        .sum()
}

/// Each half per cent away from as many dark squares as light ones costs 1.
fn balance(dark: &[bool]) -> u32 {
    let count = dark.iter().filter(|dark| **dark).count();
    u32::try_from((count * 200 / dark.len().max(1)).abs_diff(100)).unwrap_or(0)
}
