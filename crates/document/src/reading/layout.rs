//! From words with their places on pages to paragraphs in reading order: for PDF files and for what
//! OCR saw.
//!
//! Official papers have one column of text; only their head and their foot (recipients beside the
//! signature) stand in two, and tables in more. So lines are built first, then regions of columns
//! are cut out of them, and what is left is joined to paragraphs by indent, by lines that end
//! short, and by numbers in front.

use std::collections::HashMap;

use kernel::paragraph::Paragraph;

use super::encoding::clean;

mod columns;
mod furniture;

/// A word and its box, in points from the top left corner.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub(super) x0: f32,
    pub(super) y0: f32,
    pub(super) x1: f32,
    pub(super) y1: f32,
    pub(super) text: String,
    pub(super) bold: bool,
    pub(super) italic: bool,
}

impl Word {
    fn height(&self) -> f32 {
        (self.y1 - self.y0).max(1.0)
    }

    fn middle(&self) -> f32 {
        f32::midpoint(self.y0, self.y1)
    }
}

/// A page of words.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// Counted from 1.
    pub(super) number: u32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) words: Vec<Word>,
}

/// What was made of the pages.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) paragraphs: Vec<Paragraph>,
    /// Tables were put together from places of words alone.
    pub(super) has_guessed_tables: bool,
}

/// One line of words, from left to right.
#[derive(Clone, Debug)]
struct Line {
    words: Vec<Word>,
    page: u32,
}

impl Line {
    fn x0(&self) -> f32 {
        self.words.first().map_or(0.0, |word| word.x0)
    }

    fn x1(&self) -> f32 {
        self.words.last().map_or(0.0, |word| word.x1)
    }

    fn middle(&self) -> f32 {
        f32::midpoint(self.y0(), self.y1())
    }

    fn y0(&self) -> f32 {
        self.words.iter().map(|word| word.y0).fold(f32::INFINITY, f32::min)
    }

    fn y1(&self) -> f32 {
        self.words.iter().map(|word| word.y1).fold(0.0, f32::max)
    }

    /// Height of its largest word.
    fn height(&self) -> f32 {
        self.words.iter().map(Word::height).fold(1.0, f32::max)
    }

    fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        clean(&words.join(" "))
    }

    fn all(&self, looks: fn(&Word) -> bool) -> bool {
        let mut lettered = self.words.iter().filter(|w| w.text.contains(char::is_alphabetic));
        let any = lettered.clone().next().is_some();
        if any { lettered.all(looks) } else { self.words.iter().all(looks) }
    }
}

/// Where the text of a page begins and ends.
#[derive(Clone, Copy, Debug)]
struct Margins {
    left: f32,
    right: f32,
    /// Where first lines of paragraphs begin, if they stand in.
    first_line: Option<f32>,
}

/// Makes paragraphs of pages.
pub(super) fn paragraphs(pages: Vec<Page>) -> Layout {
    let sizes: HashMap<u32, (f32, f32)> =
        pages.iter().map(|page| (page.number, (page.width, page.height))).collect();
    let mut by_page: Vec<(Page, Vec<Line>)> = pages
        .into_iter()
        .map(|mut page| {
            let lines = lines(std::mem::take(&mut page.words), page.number);
            (page, lines)
        })
        .collect();
    furniture::drop_repeated(&mut by_page);
    let margins = margins(&by_page);
    let mut layout = Layout::default();
    let mut joiner = Joiner::default();
    for (page, lines) in by_page {
        let margins = margins.get(&width_key(page.width)).copied().unwrap_or(Margins {
            left: 0.0,
            right: page.width,
            first_line: None,
        });
        let width = sizes.get(&page.number).map_or(page.width, |size| size.0);
        for region in columns::regions(lines, width) {
            match region {
                columns::Region::Text(lines) => joiner.add(lines, margins),
                columns::Region::Columns(columns) => {
                    joiner.finish();
                    for lines in columns {
                        let own = own_margins(&lines);
                        joiner.add(lines, own);
                        joiner.finish();
                    }
                }
                columns::Region::Table(table) => {
                    joiner.finish();
                    layout.has_guessed_tables = true;
                    joiner.done.push(super::table_paragraph(table, Some(page.number)));
                }
            }
        }
    }
    joiner.finish();
    layout.paragraphs = joiner.done;
    layout
}

/// Words to lines: those whose middles lie on nearly one height.
fn lines(mut words: Vec<Word>, page: u32) -> Vec<Line> {
    words.retain(|word| !word.text.trim().is_empty());
    words.sort_by(|a, b| a.middle().total_cmp(&b.middle()).then(a.x0.total_cmp(&b.x0)));
    let mut lines: Vec<Line> = Vec::new();
    let mut band = (f32::NEG_INFINITY, 0.0_f32);
    for word in words {
        let reach = 0.45 * band.1.max(word.height());
        if word.middle() - band.0 > reach || lines.is_empty() {
            band = (word.middle(), word.height());
            lines.push(Line { words: Vec::new(), page });
        }
        if let Some(line) = lines.last_mut() {
            line.words.push(word);
        }
    }
    for line in &mut lines {
        line.words.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    lines
}

/// Pages of one width are taken to have one layout.
fn width_key(width: f32) -> i32 {
    (width / 4.0).round() as i32
}

fn margins(pages: &[(Page, Vec<Line>)]) -> HashMap<i32, Margins> {
    let mut by_width: HashMap<i32, Vec<&Line>> = HashMap::new();
    for (page, lines) in pages {
        by_width.entry(width_key(page.width)).or_default().extend(lines);
    }
    by_width.into_iter().map(|(width, lines)| (width, margins_of(&lines))).collect()
}

/// Left: where most long lines begin, or further left where many do. Right: where the longest end.
fn margins_of(lines: &[&Line]) -> Margins {
    let widest = lines.iter().map(|line| line.x1() - line.x0()).fold(0.0, f32::max);
    let long: Vec<&&Line> =
        lines.iter().filter(|line| line.x1() - line.x0() > 0.6 * widest).collect();
    let mut starts: HashMap<i32, usize> = HashMap::new();
    for line in &long {
        *starts.entry((line.x0() / 3.0).round() as i32).or_default() += 1;
    }
    let enough = (long.len() / 8).max(1);
    let left = starts.iter().filter(|(_, count)| **count >= enough).map(|(at, _)| *at).min();
    let mut ends: Vec<f32> = long.iter().map(|line| line.x1()).collect();
    ends.sort_by(f32::total_cmp);
    let right = ends.get(ends.len().saturating_sub(1 + ends.len() / 20)).copied();
    let left = left.unwrap_or(0) as f32 * 3.0;
    Margins { left, right: right.unwrap_or(0.0), first_line: first_line(lines, left) }
}

/// The commonest place, right of the margin, of lines that are followed by one at the margin.
fn first_line(lines: &[&Line], left: f32) -> Option<f32> {
    const FEWEST: usize = 3;
    let mut places: HashMap<i32, usize> = HashMap::new();
    for pair in lines.windows(2) {
        if let [line, next] = pair
            && line.x0() > left + 8.0
            && (next.x0() - left).abs() < 4.0
            && line.page == next.page
        {
            *places.entry((line.x0() / 3.0).round() as i32).or_default() += 1;
        }
    }
    let (place, count) = places.into_iter().max_by_key(|(place, count)| (*count, *place))?;
    (count >= FEWEST).then_some(place as f32 * 3.0)
}

/// The margins of a column: those of its lines, and a little more where most stand in its middle,
/// so that the widest stands in the middle too.
fn own_margins(lines: &[Line]) -> Margins {
    const MORE: f32 = 20.0;
    let left = lines.iter().map(Line::x0).fold(f32::INFINITY, f32::min);
    let right = lines.iter().map(Line::x1).fold(0.0, f32::max);
    let is_centred = |line: &&Line| (line.x0() - left - (right - line.x1())).abs() < 16.0;
    let at_left = lines.iter().filter(|line| line.x0() - left < 4.0).count();
    let more = if lines.iter().filter(is_centred).count() > at_left { MORE } else { 0.0 };
    Margins { left: left - more, right: right + more, first_line: None }
}

/// Puts lines together to paragraphs.
#[derive(Default)]
struct Joiner {
    done: Vec<Paragraph>,
    open: Vec<Line>,
    is_centred: bool,
}

impl Joiner {
    fn add(&mut self, lines: Vec<Line>, margins: Margins) {
        let pitch = usual_pitch(&lines);
        for line in lines {
            let is_centred = is_centred(&line, margins);
            let starts_new = match self.open.last() {
                None => true,
                Some(last) => {
                    self.is_centred != is_centred
                        || self.starts_paragraph(last, &line, margins, pitch)
                }
            };
            if starts_new {
                self.finish();
                self.is_centred = is_centred;
            }
            self.open.push(line);
        }
    }

    fn starts_paragraph(&self, last: &Line, line: &Line, margins: Margins, pitch: f32) -> bool {
        let Some(first_word) = line.words.first() else { return true };
        let blank = 0.22 * line.height();
        let room = if self.is_centred {
            (margins.right - margins.left) - (last.x1() - last.x0())
        } else {
            margins.right - last.x1()
        };
        let would_have_fitted = room > first_word.x1 - first_word.x0 + blank + 3.0;
        if would_have_fitted {
            return true;
        }
        let is_same_page = last.page == line.page;
        let is_far_below = line.middle() - last.middle() > 1.45 * pitch;
        if is_same_page && pitch > 0.0 && is_far_below {
            return true;
        }
        if last.all(|word| word.bold) != line.all(|word| word.bold) {
            return true;
        }
        if self.is_centred {
            return false;
        }
        if margins.first_line.is_some_and(|place| (line.x0() - place).abs() < 3.0) {
            return true;
        }
        let text = line.text();
        let is_numbered = starts_with_number(&text);
        let ends_sentence = last
            .words
            .last()
            .is_some_and(|word| word.text.ends_with(['.', ';', ':', '!', '?', '”', '/']));
        if is_numbered && ends_sentence {
            return true;
        }
        let opener = self.open.first().unwrap_or(last);
        let is_hanging = self.open.len() == 1 && starts_with_number(&opener.text());
        let step = line.x0() - last.x0();
        if step > 6.0 && line.x0() > margins.left + 6.0 {
            return !is_hanging || is_numbered;
        }
        // A step back by more than the first line's indent, into the block of the text around it.
        let is_second = self.open.len() == 1;
        step < -6.0 && !is_second
    }

    fn finish(&mut self) {
        let lines = std::mem::take(&mut self.open);
        let (Some(first), true) = (lines.first(), !lines.is_empty()) else { return };
        let text: Vec<String> = lines.iter().map(Line::text).collect();
        let text = clean(&text.join(" "));
        if text.is_empty() {
            return;
        }
        self.done.push(Paragraph {
            bold: lines.iter().all(|line| line.all(|word| word.bold)),
            italic: lines.iter().all(|line| line.all(|word| word.italic)),
            centred: self.is_centred,
            page: Some(first.page),
            ..Paragraph::plain(text)
        });
    }
}

fn usual_pitch(lines: &[Line]) -> f32 {
    let mut steps: Vec<f32> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [above, below] if above.page == below.page => Some(below.middle() - above.middle()),
            _ => None,
        })
        .filter(|step| *step > 1.0)
        .collect();
    steps.sort_by(f32::total_cmp);
    // The lower third: lines within paragraphs stand closer than paragraphs.
    steps.get(steps.len() / 3).copied().unwrap_or(0.0)
}

fn is_centred(line: &Line, margins: Margins) -> bool {
    let (before, after) = (line.x0() - margins.left, margins.right - line.x1());
    before > 14.0 && after > 14.0 && (before - after).abs() < 16.0
}

/// Does the text begin as a numbered unit does: `Điều 4.`, `2.`, `a)`, `IV.`, `Chương II`, `- `?
fn starts_with_number(text: &str) -> bool {
    let mut words = text.split(' ');
    let (Some(first), second) = (words.next(), words.next()) else { return false };
    let is_unit = ["Điều", "Chương", "CHƯƠNG", "Mục", "MỤC", "Phần", "PHẦN", "Phụ", "PHỤ"];
    if is_unit.contains(&first) {
        return second.is_some_and(|word| {
            word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X'))
                || word.eq_ignore_ascii_case("lục")
                || word == "LỤC"
        });
    }
    if matches!(first, "-" | "–" | "+" | "•" | "*") {
        return second.is_some();
    }
    let Some(mark) = first.chars().next_back().filter(|c| matches!(c, '.' | ')' | '/')) else {
        return false;
    };
    let body = first.trim_end_matches(mark);
    let length = body.chars().count();
    let is_number =
        length <= 6 && body.split('.').all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let is_letter = length == 1 && body.chars().all(char::is_alphabetic);
    let is_roman = length <= 5 && body.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'));
    length > 0 && (is_number || is_letter || is_roman)
}

#[cfg(test)]
mod tests;
