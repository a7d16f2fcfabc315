//! Numbers that Word prints and does not store: lists are counted again, as Word counts them.

use std::collections::{HashMap, HashSet};

use crate::reading::xml::Element;

/// Levels of a list, in Word.
const LEVELS: usize = 9;
/// Letters of a number; longer ones are no numbers.
const LONGEST: usize = 40;

#[derive(Clone, Debug, Default)]
struct Level {
    start: u32,
    format: String,
    /// The text with `%1` … `%9` for the numbers of the levels.
    text: String,
    /// The level behind which this one starts again; by default the one above.
    restart: Option<usize>,
    is_legal: bool,
    style: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct List {
    levels: [Level; LEVELS],
    /// This list only points to the one of a list style.
    style_link: Option<String>,
    own_style: Option<String>,
}

/// An instance of a list with its own changes.
#[derive(Clone, Debug, Default)]
struct Instance {
    list: String,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// The lists of a document, and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: HashMap<String, List>,
    instances: HashMap<String, Instance>,
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    started: HashSet<(String, usize)>,
}

impl Numbering {
    /// Of `word/numbering.xml`.
    pub(super) fn read(root: &Element) -> Numbering {
        let mut numbering = Numbering::default();
        for element in root.children() {
            match &*element.name {
                "abstractNum" => {
                    let id = element.attribute("abstractNumId").unwrap_or_default();
                    numbering.lists.insert(id.to_owned(), list(element));
                }
                "num" => {
                    let id = element.attribute("numId").unwrap_or_default();
                    numbering.instances.insert(id.to_owned(), instance(element));
                }
                _ => {}
            }
        }
        numbering.follow_style_links();
        numbering
    }

    fn follow_style_links(&mut self) {
        let by_style: HashMap<String, String> = self
            .lists
            .iter()
            .filter_map(|(id, list)| Some((list.own_style.clone()?, id.clone())))
            .collect();
        for instance in self.instances.values_mut() {
            let link = self.lists.get(&instance.list).and_then(|list| list.style_link.as_ref());
            if let Some(real) = link.and_then(|link| by_style.get(link)) {
                instance.list.clone_from(real);
            }
        }
    }

    /// The level that a list ties to a style.
    pub(super) fn level_of_style(&self, instance: &str, style: &str) -> Option<usize> {
        let list = self.lists.get(&self.instances.get(instance)?.list)?;
        list.levels.iter().position(|level| level.style.as_deref() == Some(style))
    }

    /// Counts one paragraph further, and gives its number as printed; `None` when nothing is.
    pub(super) fn next(&mut self, id: &str, level: usize) -> Option<String> {
        let level = level.min(LEVELS - 1);
        let instance = self.instances.get(id)?.clone();
        let list = self.lists.get(&instance.list)?.clone();
        let counters = self.counters.entry(instance.list.clone()).or_default();
        let definition = |at: usize| instance.levels.get(&at).or_else(|| list.levels.get(at));
        let own = definition(level)?.clone();
        if let Some(start) = instance.starts.get(&level)
            && self.started.insert((id.to_owned(), level))
            && let Some(counter) = counters.get_mut(level)
        {
            *counter = start.checked_sub(1).filter(|_| *start > 0);
            if *start == 0 {
                *counter = None;
            }
        }
        let first = instance.starts.get(&level).copied().unwrap_or(own.start);
        // Levels above that were skipped count as begun.
        for (at, counter) in counters.iter_mut().enumerate().take(level) {
            if counter.is_none() {
                *counter = Some(definition(at).map_or(1, |above| above.start));
            }
        }
        if let Some(counter) = counters.get_mut(level) {
            *counter = Some(counter.map_or(first, |number| number.saturating_add(1)));
        }
        for (at, counter) in counters.iter_mut().enumerate().skip(level + 1) {
            let restart = definition(at).and_then(|below| below.restart).unwrap_or(at);
            // `w:lvlRestart` counts levels from 1; 0 is never.
            if restart > level {
                *counter = None;
            }
        }
        let numbers = counters.map(|counter| counter.unwrap_or(1));
        let text = printed(&own, &numbers, |at| definition(at).map(|level| level.format.clone()));
        (!text.is_empty()).then_some(text)
    }
}

/// The text of a level with its numbers filled in.
fn printed(
    level: &Level,
    numbers: &[u32; LEVELS],
    format_of: impl Fn(usize) -> Option<String>,
) -> String {
    if level.format == "none" {
        return plain_sign(&level.text.replace(|c: char| c == '%' || c.is_ascii_digit(), ""), "");
    }
    if level.format == "bullet" {
        return plain_sign(&level.text, "-");
    }
    let mut text = String::new();
    let mut rest = level.text.chars().peekable();
    while let Some(character) = rest.next() {
        let place = if character == '%' { rest.peek().and_then(|c| c.to_digit(10)) } else { None };
        let Some(place) = place.filter(|place| *place > 0) else {
            text.push(character);
            continue;
        };
        rest.next();
        let at = place as usize - 1;
        let number = numbers.get(at).copied().unwrap_or(1);
        let format = if level.is_legal { None } else { format_of(at) };
        text.push_str(&number_in(format.as_deref().unwrap_or("decimal"), number));
    }
    let text = crate::reading::encoding::clean(&text);
    if text.chars().count() > LONGEST { String::new() } else { text }
}

/// Signs of symbol fonts mean nothing outside them.
fn plain_sign(text: &str, otherwise: &str) -> String {
    let text = crate::reading::encoding::clean(text);
    let is_symbol = text.chars().any(|c| matches!(c, '\u{E000}'..='\u{F8FF}'));
    let is_letter = text.chars().all(|c| c.is_ascii_alphanumeric());
    if is_symbol || (is_letter && !otherwise.is_empty()) { otherwise.to_owned() } else { text }
}

/// A number in one of Word's formats; formats of other scripts are digits.
pub(in crate::reading) fn number_in(format: &str, number: u32) -> String {
    match format {
        "lowerLetter" => letters(number, b'a'),
        "upperLetter" => letters(number, b'A'),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "decimalZero" => format!("{number:02}"),
        _ => number.to_string(),
    }
}

/// a … z, aa … zz: Word doubles the letter.
fn letters(number: u32, first: u8) -> String {
    const MOST_TIMES: u32 = 30;
    let Some(index) = number.checked_sub(1) else { return String::new() };
    let letter = char::from(first + u8::try_from(index % 26).unwrap_or(0));
    (0..=(index / 26).min(MOST_TIMES)).map(|_| letter).collect()
}

fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 5_000 {
        return number.to_string();
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            rest -= value;
            text.push_str(sign);
        }
    }
    text
}

fn list(element: &Element) -> List {
    let mut list = List {
        style_link: element.value_of("numStyleLink").map(str::to_owned),
        own_style: element.value_of("styleLink").map(str::to_owned),
        ..List::default()
    };
    for child in element.children().filter(|child| &*child.name == "lvl") {
        if let Some(place) = place(child).and_then(|at| list.levels.get_mut(at)) {
            *place = level(child);
        }
    }
    list
}

fn place(element: &Element) -> Option<usize> {
    element.attribute("ilvl")?.parse().ok().filter(|at| *at < LEVELS)
}

fn level(element: &Element) -> Level {
    let number = |name: &str| element.value_of(name).and_then(|value| value.parse::<u32>().ok());
    Level {
        start: number("start").unwrap_or(1),
        format: element.value_of("numFmt").unwrap_or("decimal").to_owned(),
        text: element.value_of("lvlText").unwrap_or_default().to_owned(),
        restart: number("lvlRestart").and_then(|level| usize::try_from(level).ok()),
        is_legal: element.switch("isLgl") == Some(true),
        style: element.value_of("pStyle").map(str::to_owned),
    }
}

fn instance(element: &Element) -> Instance {
    let mut instance = Instance {
        list: element.value_of("abstractNumId").unwrap_or_default().to_owned(),
        ..Instance::default()
    };
    for change in element.children().filter(|child| &*child.name == "lvlOverride") {
        let Some(at) = place(change) else { continue };
        if let Some(start) = change.value_of("startOverride").and_then(|v| v.parse().ok()) {
            instance.starts.insert(at, start);
        }
        if let Some(own) = change.child("lvl") {
            instance.levels.insert(at, level(own));
        }
    }
    instance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::xml::parse;

    fn numbering() -> Numbering {
        let root = parse(
            "<numbering><abstractNum abstractNumId='0'>\
             <lvl ilvl='0'><start val='1'/><numFmt val='upperRoman'/><lvlText val='Chương %1'/></lvl>\
             <lvl ilvl='1'><start val='1'/><numFmt val='decimal'/><lvlText val='Điều %2.'/>\
             <lvlRestart val='0'/></lvl>\
             <lvl ilvl='2'><start val='1'/><numFmt val='lowerLetter'/><lvlText val='%3)'/></lvl>\
             <lvl ilvl='3'><start val='1'/><numFmt val='decimal'/><lvlText val='%1.%4'/><isLgl/></lvl>\
             <lvl ilvl='4'><numFmt val='bullet'/><lvlText val='\u{F0B7}'/></lvl>\
             </abstractNum>\
             <num numId='1'><abstractNumId val='0'/></num>\
             <num numId='2'><abstractNumId val='0'/>\
             <lvlOverride ilvl='2'><startOverride val='5'/></lvlOverride></num></numbering>",
        )
        .unwrap();
        Numbering::read(&root)
    }

    #[test]
    fn numbers_continue_and_start_again_as_the_list_says() {
        let mut numbering = numbering();
        let mut next = |level| numbering.next("1", level).unwrap();
        assert_eq!([next(0), next(1), next(2), next(2)], ["Chương I", "Điều 1.", "a)", "b)"]);
        assert_eq!([next(1), next(2)], ["Điều 2.", "a)"]);
        assert_eq!([next(0), next(1)], ["Chương II", "Điều 3."], "articles run through chapters");
        assert_eq!([next(3), next(4)], ["2.1", "-"]);
        assert_eq!(numbering.next("2", 2).unwrap(), "e)");
        assert_eq!(numbering.next("2", 2).unwrap(), "f)");
        assert_eq!(numbering.next("9", 0), None);
    }

    #[test]
    fn formats_are_those_of_word() {
        assert_eq!(number_in("lowerLetter", 27), "aa");
        assert_eq!(number_in("upperRoman", 1994), "MCMXCIV");
        assert_eq!(number_in("decimalZero", 7), "07");
        assert_eq!(number_in("lowerLetter", u32::MAX).len(), 31);
    }
}
