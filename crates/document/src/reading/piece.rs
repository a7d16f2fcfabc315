//! Text that is being put together, and whether all its letters are bold or italic.

/// A paragraph, or the part of one between two line breaks.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// As gathered, not yet clean.
    pub(super) text: String,
    has_any: bool,
    has_letters: bool,
    has_plain: bool,
    has_upright: bool,
}

impl Piece {
    /// Text alone.
    pub(super) fn plain(text: String) -> Piece {
        Piece { text, ..Piece::default() }
    }

    /// Adds text. What signs and digits look like counts only as long as there are no letters.
    pub(super) fn push(&mut self, text: &str, bold: bool, italic: bool) {
        self.text.push_str(text);
        let has_letters = text.contains(char::is_alphabetic);
        let has_signs = text.contains(|c: char| !c.is_whitespace());
        if !has_signs || (self.has_letters && !has_letters) {
            return;
        }
        if has_letters && !self.has_letters {
            (self.has_letters, self.has_plain, self.has_upright) = (true, false, false);
        }
        self.has_any = true;
        self.has_plain |= !bold;
        self.has_upright |= !italic;
    }

    /// All pieces as one, with spaces between.
    pub(super) fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
        let mut pieces = pieces.into_iter();
        let Some(mut all) = pieces.next() else { return Vec::new() };
        for piece in pieces {
            all.text.push(' ');
            let (bold, italic) = (piece.bold(), piece.italic());
            all.push(&piece.text, bold, italic);
        }
        vec![all]
    }

    /// Are all letters bold? Without letters: all signs.
    pub(super) fn bold(&self) -> bool {
        self.has_any && !self.has_plain
    }

    /// The same for italic.
    pub(super) fn italic(&self) -> bool {
        self.has_any && !self.has_upright
    }
}
