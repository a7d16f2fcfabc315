//! What a document does to others: amend, add, replace, repeal, suspend, correct, guide.
//!
//! A document of amendments says once whom it amends ("Sửa đổi, bổ sung một số điều của …") and then, unit by
//! unit, what becomes of which provision; final provisions say in a sentence what ends. Both are read alike:
//! every sentence with a verb of change and a citation of something else is an instruction, and what a sentence
//! leaves unsaid is taken from the units around it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Verb;
use super::words::{date_after, position, sentences, without_quotations};
use crate::citation::{Citation, DocumentRef, Place, Target, find};
use crate::model::{Block, LegalDocument, Unit, UnitKind};

/// One change, to one provision or document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// What is done.
    pub verb: Verb,
    /// To what; its document is never the one that does it.
    pub target: Target,
    /// Only a part of the target, which no number names ("quy định về … của Luật …").
    pub partly: bool,
    /// Of an added provision: the one after which it comes.
    pub after: Option<Place>,
    /// Of words that are replaced: the old and the new ones.
    pub words: Option<(String, String)>,
    /// The new text, as quoted.
    pub new_text: Option<String>,
    /// First day of effect, where the document says it.
    pub effective_on: Option<Date>,
    /// Where in the document it is done: `dieu-1/khoan-2`; empty for its title.
    pub place: String,
    /// The sentence that does it, without the new text.
    pub sentence: String,
}

/// What units around a sentence have said already.
#[derive(Clone, Debug, Default)]
struct Around {
    document: Option<DocumentRef>,
    place: Place,
    verb: Option<Verb>,
}

/// All changes, in the order of the text.
#[must_use]
pub fn instructions(document: &LegalDocument) -> Vec<Instruction> {
    let mut reader = Reader { effective_on: effective_on(document), found: Vec::new() };
    let mut around = Around::default();
    let title = document.metadata.title.as_deref().unwrap_or_default();
    reader.read(title, "", true, &mut around);
    for unit in &document.units {
        reader.unit(unit, "", &around);
    }
    reader.found
}

/// The first day of effect: as read, or as the last articles say.
fn effective_on(document: &LegalDocument) -> Option<Date> {
    fn in_unit(unit: &Unit) -> Option<Date> {
        own_text(unit)
            .lines()
            .find_map(own_effect)
            .or_else(|| unit.children.iter().find_map(in_unit))
    }
    fn from_issue(unit: &Unit) -> bool {
        let says = |line: &str| {
            ["ngày thông qua", "ngày ký"].iter().any(|day| {
                line.split_once("có hiệu lực").is_some_and(|(before, after)| {
                    before.trim_end().ends_with("này") && after.contains(day)
                })
            })
        };
        own_text(unit).lines().any(says) || unit.children.iter().any(from_issue)
    }
    document
        .metadata
        .effective_on
        .or_else(|| document.units.iter().rev().find_map(in_unit))
        .or_else(|| document.metadata.issued_on.filter(|_| document.units.iter().any(from_issue)))
}

/// "Nghị định này có hiệu lực thi hành kể từ ngày …".
fn own_effect(line: &str) -> Option<Date> {
    let (before, _) = line.split_once("có hiệu lực")?;
    before.trim_end().ends_with("này").then(|| date_after(line, "có hiệu lực"))?
}

fn own_text(unit: &Unit) -> String {
    let paragraphs = unit.blocks.iter().filter_map(|block| match block {
        Block::Text(text) => Some(text.as_str()),
        Block::Table(_) => None,
    });
    paragraphs.collect::<Vec<_>>().join("\n")
}

struct Reader {
    effective_on: Option<Date>,
    found: Vec<Instruction>,
}

impl Reader {
    fn unit(&mut self, unit: &Unit, above: &str, around: &Around) {
        let step = unit.kind.step(&unit.number);
        let place = match unit.kind {
            UnitKind::Article => step,
            _ if above.is_empty() => step,
            _ => format!("{above}/{step}"),
        };
        let mut around = around.clone();
        // What one provision says of places does not reach the next article.
        if unit.kind == UnitKind::Article {
            around.place = Place::default();
            around.verb = None;
        }
        if !unit.heading.is_empty() {
            self.read(&unit.heading, &place, false, &mut around);
        }
        self.read(&own_text(unit), &place, false, &mut around);
        for child in &unit.children {
            self.unit(child, &place, &around);
        }
        let tail: Vec<&str> = unit
            .tail
            .iter()
            .filter_map(|block| match block {
                Block::Text(text) => Some(text.as_str()),
                Block::Table(_) => None,
            })
            .collect();
        if !tail.is_empty() {
            self.read(&tail.join("\n"), &place, false, &mut around);
        }
    }

    /// Reads the own text of a unit, and leaves in `around` what its children take over.
    fn read(&mut self, text: &str, place: &str, is_title: bool, around: &mut Around) {
        let (outside, quotations) = without_quotations(text);
        let mut quotations = quotations.into_iter();
        let from = self.found.len();
        for line in outside.lines() {
            let mut verb = around.verb;
            let pieces = sentences(line);
            let ends = line.contains(';')
                && pieces.last().is_some_and(|last| {
                    ["hết hiệu lực", "đều bãi bỏ"].iter().any(|end| last.contains(end))
                });
            for (index, sentence) in pieces.iter().copied().enumerate() {
                // "Điều 4 …; Điều 5 …; Quyết định số … hết hiệu lực": the verb stands behind the last.
                if ends
                    && index + 1 < pieces.len()
                    && find(sentence).first().is_some_and(|c| c.start < 3)
                {
                    verb = verb.or(Some(Verb::Repeal));
                }
                let quoted: Vec<String> =
                    quotations.by_ref().take(sentence.matches('“').count()).collect();
                if sentence.trim_matches(['“', '”', ' ', '.', ';', ',']).is_empty() {
                    self.attach(from, quoted);
                    continue;
                }
                verb = self.sentence(sentence, quoted, place, is_title, verb, around);
            }
        }
    }

    /// A paragraph that is only a quotation is the new text of what was said before it.
    fn attach(&mut self, from: usize, quoted: Vec<String>) {
        let text = quoted.join("\n");
        if let Some(last) = self.found.get_mut(from..).and_then(<[Instruction]>::last_mut) {
            let before = last.new_text.take().map(|before| before + "\n").unwrap_or_default();
            last.new_text = Some(before + &text);
        }
    }

    fn sentence(
        &mut self,
        sentence: &str,
        quoted: Vec<String>,
        place: &str,
        is_title: bool,
        inherited: Option<Verb>,
        around: &mut Around,
    ) -> Option<Verb> {
        let cited = find(sentence);
        let said = verb_of(sentence, &cited, is_title);
        let (verb, at) = in_list(said, inherited, sentence, &cited)?;
        let (targets, after) = targets(sentence, &cited, verb, at, around);
        let is_summary = is_summary(sentence, &cited, at);
        let opens_list = sentence.trim_end().ends_with(':');
        if let Some((first, _)) = targets.first()
            && verb != Verb::Guide
        {
            if targets.len() == 1 || first.place.is_empty() {
                around.document = Some(first.document.clone());
            }
            if targets.len() == 1 {
                around.place = first.place.clone();
            }
        }
        if opens_list && matches!(verb, Verb::Repeal | Verb::Replace) {
            around.verb = Some(verb);
        }
        if is_summary && verb != Verb::Guide {
            return Some(verb);
        }
        let words = (verb == Verb::ReplacePhrase).then(|| words_of(sentence, &quoted)).flatten();
        let new_text = match verb {
            Verb::Amend | Verb::Add if !quoted.is_empty() => Some(quoted.join("\n")),
            _ => None,
        };
        let mut begin = None;
        let mut partly = false;
        for (target, start) in targets {
            let is_whole = target.place.is_empty();
            partly |= is_part(sentence, start, begin, at);
            begin = Some(start);
            let verb = match verb {
                Verb::Replace if !is_whole => Verb::Amend,
                Verb::Amend if is_whole => continue,
                verb => verb,
            };
            let instruction = Instruction {
                partly: partly && is_whole && verb != Verb::Guide,
                verb,
                target,
                after: after.clone(),
                words: words.clone(),
                new_text: new_text.clone(),
                effective_on: own_day(sentence).or(self.effective_on),
                place: place.to_owned(),
                sentence: sentence.trim().to_owned(),
            };
            let is_said = |other: &Instruction| {
                other.verb == verb
                    && other.target == instruction.target
                    && other.words == instruction.words
            };
            if !self.found.iter().rev().take(50).any(is_said) {
                self.found.push(instruction);
            }
        }
        Some(verb)
    }
}

/// The verb of a line. In a list under a verb ("Bãi bỏ các văn bản sau:") a document at the beginning of the
/// line has the verb of the list, whatever verbs stand in its own name.
fn in_list(
    said: Option<(Verb, usize)>,
    inherited: Option<Verb>,
    sentence: &str,
    cited: &[Citation],
) -> Option<(Verb, usize)> {
    let Some(list) = inherited else { return said };
    let Some((verb, at)) = said else { return Some((list, 0)) };
    let names_first = cited.iter().any(|citation| citation.start < at);
    if names_first && !is_passive(sentence, at) { Some((list, 0)) } else { Some((verb, at)) }
}

/// Whether words before a whole document say that only a part of it is meant. `begin` is where the target
/// before it begins, if there is one.
fn is_part(sentence: &str, start: usize, begin: Option<usize>, at: usize) -> bool {
    const PARTS: &[&str] = &[
        "quy định",
        "nội dung",
        "phần",
        "danh mục",
        "phụ lục",
        "mẫu",
        "biểu",
        "chương",
        "mục ",
        "thủ tục",
    ];
    let from = match begin {
        Some(end) => end,
        None if start > at => at,
        None => 0,
    };
    let said = sentence.get(from..start).unwrap_or_default().to_lowercase();
    let mut said = said.rsplit(['“', '”']).next().unwrap_or_default();
    if begin.is_some() {
        // Between two documents stands the name of the first; what belongs to the second follows "và".
        said = [" và ", ",", ";"]
            .iter()
            .fold(said, |said, mark| said.rsplit(mark).next().unwrap_or(said));
    }
    let issues = said.trim_end().ends_with("kèm theo");
    !issues && PARTS.iter().any(|part| said.contains(part))
}

/// "Sửa đổi, bổ sung một số điều của Nghị định số …": says whom, and leaves to others what.
fn is_summary(sentence: &str, cited: &[Citation], at: usize) -> bool {
    let first = cited.iter().map(|citation| citation.start).find(|start| *start >= at);
    let said = sentence.get(at..first.unwrap_or(sentence.len())).unwrap_or_default();
    ["một số", "các điều", "các khoản"].iter().any(|words| said.contains(words))
}

/// The day that a sentence gives for itself, and not for the document that says it.
fn own_day(sentence: &str) -> Option<Date> {
    ["hết hiệu lực", "bãi bỏ", "ngưng hiệu lực"].iter().find_map(|word| {
        let (_, after) = sentence.split_once(word)?;
        date_after(after, "từ")
    })
}

/// The verb of a sentence and where it stands.
fn verb_of(sentence: &str, cited: &[Citation], is_title: bool) -> Option<(Verb, usize)> {
    let has_words = sentence.contains("ừ “") || sentence.contains("ừ: “");
    const VERBS: &[(Verb, &[&str])] = &[
        (Verb::Repeal, &["bãi bỏ", "hủy bỏ", "huỷ bỏ", "hết hiệu lực", "không còn hiệu lực"]),
        (Verb::Suspend, &["ngưng hiệu lực", "tạm ngưng hiệu lực"]),
        (Verb::Correct, &["đính chính"]),
        (Verb::Replace, &["thay thế", "thay cụm từ", "thay từ"]),
        (Verb::Amend, &["sửa đổi", "được sửa"]),
        (Verb::Add, &["bổ sung"]),
        (Verb::Guide, &["quy định chi tiết", "hướng dẫn", "chi tiết thi hành"]),
    ];
    let first = VERBS
        .iter()
        .flat_map(|(verb, words)| words.iter().map(move |word| (*verb, *word)))
        .filter_map(|(verb, word)| live_position(sentence, word).map(|at| (verb, at)))
        .min_by_key(|(_, at)| *at);
    // What stands before "hết hiệu lực" is the subject, with whatever verbs its name has.
    let ends = ["hết hiệu lực", "không còn hiệu lực"]
        .iter()
        .filter_map(|word| live_position(sentence, word))
        .find(|at| cited.iter().any(|citation| citation.end <= *at) || sentence.ends_with(':'));
    if let Some(at) =
        ends.filter(|at| first.is_some_and(|(verb, first)| verb != Verb::Repeal || first == *at))
    {
        return Some((Verb::Repeal, at));
    }
    let bare = position(sentence, "bỏ").filter(|_| has_words);
    let (verb, at) = match (first, bare) {
        (Some(first), _) => first,
        (None, Some(at)) => (Verb::ReplacePhrase, at),
        (None, None) => return None,
    };
    match verb {
        Verb::Guide => {
            // Only what this document itself puts in detail; others are told to do so elsewhere.
            let is_own = cited.iter().any(|citation| {
                matches!(citation.target.document, DocumentRef::This { .. })
                    && citation.target.place.is_empty()
                    && citation.end <= at
            });
            let subject = sentence.get(..at).unwrap_or_default();
            let near = subject.chars().count() < 60;
            ((is_own && near) || is_title).then_some((verb, at))
        }
        Verb::Replace | Verb::Amend | Verb::Add | Verb::Repeal if has_words => {
            // New words for old ones, unless the quotation is the whole new provision.
            let is_phrase = !sentence.contains("như sau");
            Some((if is_phrase { Verb::ReplacePhrase } else { verb }, at))
        }
        _ => Some((verb, at)),
    }
}

/// The first place where a verb is meant: not "đã được sửa đổi, bổ sung theo …", nor a word inside the name
/// of a document that comes after it ("Nghị định số … sửa đổi, bổ sung một số điều của …").
fn live_position(sentence: &str, word: &str) -> Option<usize> {
    /// More mentions than a sentence of law has.
    const MOST: usize = 20;
    let mut from = 0;
    for _ in 0..MOST {
        let at = position(sentence.get(from..)?, word)? + from;
        let mut before = sentence.get(..at).unwrap_or_default().trim_end();
        // "đã được sửa đổi, bổ sung" is told as a whole.
        for verb in [
            "hoặc",
            "bổ sung,",
            "bổ sung",
            "sửa đổi,",
            "sửa đổi",
            "thay thế,",
            "thay thế",
            "bãi bỏ,",
        ] {
            before = before.strip_suffix(verb).unwrap_or(before).trim_end();
        }
        let told = ["đã được", "đã", "(được", "đã bị", "chưa được", "việc"]
            .iter()
            .any(|words| before.ends_with(words))
            || is_only_possible(before);
        let open = before.matches('(').count() > before.matches(')').count();
        if !told && !open {
            return Some(at);
        }
        from = at + word.len();
    }
    None
}

/// "cho đến khi được bãi bỏ", "nếu bị thay thế": it may happen, and has not.
fn is_only_possible(before: &str) -> bool {
    let without =
        before.strip_suffix("được").or_else(|| before.strip_suffix("bị")).map(str::trim_end);
    without.is_some_and(|before| {
        ["khi", "nếu", "có thể", "chưa", "trường hợp"].iter().any(|word| before.ends_with(word))
    })
}

/// What a verb is done to, and after what an added provision comes.
fn targets(
    sentence: &str,
    cited: &[Citation],
    verb: Verb,
    at: usize,
    around: &Around,
) -> (Vec<(Target, usize)>, Option<Place>) {
    let border = position(sentence, "vào sau")
        .or_else(|| sentence.find(" sau Điều "))
        .or_else(|| sentence.find(" sau khoản "))
        .or_else(|| sentence.find(" sau điểm "))
        .filter(|_| verb == Verb::Add);
    let except = sentence.find("trừ ").filter(|except| *except > at);
    let is_other = |citation: &&Citation| {
        !matches!(citation.target.document, DocumentRef::This { .. })
            && citation.target.this.is_none()
            && except.is_none_or(|except| citation.start < except)
    };
    let others: Vec<&Citation> = cited.iter().filter(is_other).collect();
    let passive = is_passive(sentence, at);
    let before: Vec<&Citation> = others.iter().copied().filter(|c| c.start < at).collect();
    let behind: Vec<&Citation> = others.iter().copied().filter(|c| c.start >= at).collect();
    // "Giấy phép cấp theo Nghị định số … hết hiệu lực sau 45 ngày": a paper ends, and no law.
    let ends_by_itself =
        passive && sentence.get(at..).is_some_and(|said| said.contains("hiệu lực"));
    if ends_by_itself && verb == Verb::Repeal {
        let first = before.first().map_or(at, |citation| citation.start);
        let subject = sentence.get(..first).unwrap_or_default().to_lowercase();
        let is_paper = ["giấy", "chứng chỉ", "thẻ", "hồ sơ", "hợp đồng", "đã cấp", "được cấp"]
            .iter()
            .any(|paper| subject.contains(paper))
            || subject.trim_end().ends_with("theo");
        let is_list = sentence.get(at..).is_some_and(|said| said.contains(':'));
        if is_paper || (before.is_empty() && !is_list) {
            return (Vec::new(), None);
        }
    }
    let chosen = if verb == Verb::ReplacePhrase {
        others.clone()
    } else if (passive || behind.is_empty()) && !before.is_empty() {
        before
    } else {
        behind
    };
    let mut targets: Vec<(Target, usize)> = Vec::new();
    let mut end: Option<usize> = None;
    let mut skipped: Option<usize> = None;
    let mut after = None;
    for citation in chosen {
        let between = end.and_then(|end| sentence.get(end..citation.start)).unwrap_or_default();
        if border.is_some_and(|border| citation.start > border) {
            if after.is_none() {
                after = Some(filled(&citation.target.place, &around.place));
            }
            // "vào sau Điều 5 Luật …": the document stands at the end.
            if let Some((first, _)) = targets.first_mut()
                && first.document == DocumentRef::Here
            {
                first.document = citation.target.document.clone();
            }
            continue;
        }
        // "… hướng dẫn Luật Hộ tịch và Nghị định số …": both stand in the name of the first document.
        let follows_a_name = skipped
            .and_then(|end| sentence.get(end..citation.start))
            .is_some_and(|between| ["và", ",", "hoặc"].contains(&between.trim()));
        let is_inside_a_name = end.is_some() && (follows_a_name || !goes_on(between));
        if is_inside_a_name {
            skipped = Some(citation.end);
            continue;
        }
        end = Some(citation.end);
        targets.push((citation.target.clone(), citation.start));
    }
    for (target, _) in &mut targets {
        if target.document == DocumentRef::Here
            && let Some(document) = &around.document
        {
            target.document = document.clone();
            target.place = filled(&target.place, &around.place);
            target.to = target.to.as_ref().map(|to| filled(to, &around.place));
        }
    }
    targets.retain(|(target, _)| target.document != DocumentRef::Here);
    (targets, after)
}

/// Whether what stands between two citations joins them, and does not belong to the name of the first one:
/// its day, its issuer and its subject may stand there, followed by a comma, a semicolon or "và".
fn goes_on(between: &str) -> bool {
    const OF_A_NAME: &[&str] = &[
        "sửa đổi",
        "bổ sung",
        "hướng dẫn",
        "quy định chi tiết",
        "một số điều của",
        "theo",
        "bởi",
        "thi hành",
        "thực hiện",
        "kèm theo",
        "bằng",
    ];
    let text = between.trim_end();
    let text = ["của", "tại", "các", "và các", "số"]
        .iter()
        .find_map(|word| text.strip_suffix(word))
        .unwrap_or(text)
        .trim_end();
    let last: String = {
        let tail: Vec<char> = text.chars().rev().take(40).collect();
        tail.into_iter().rev().collect()
    };
    let joins = text.is_empty() || [",", ";", "và", "hoặc", ":"].iter().any(|w| text.ends_with(w));
    joins && !OF_A_NAME.iter().any(|word| last.contains(word))
}

/// "Điều 5 được sửa đổi", "Nghị định số … hết hiệu lực": what is changed stands before the verb.
fn is_passive(sentence: &str, at: usize) -> bool {
    let before = sentence.get(..at).unwrap_or_default().trim_end();
    let verb = sentence.get(at..).unwrap_or_default();
    verb.starts_with("hết hiệu lực")
        || verb.starts_with("không còn hiệu lực")
        || verb.starts_with("được sửa")
        || ["được", "bị", "đều"].iter().any(|word| before.ends_with(word))
}

/// The place, with the larger units that the units around it have named.
fn filled(place: &Place, around: &Place) -> Place {
    let mut whole = place.clone();
    if whole.article.is_none() && (whole.clause.is_some() || whole.point.is_some()) {
        whole.article.clone_from(&around.article);
        if whole.clause.is_none() {
            whole.clause.clone_from(&around.clause);
        }
    }
    whole
}

/// Old and new words: "thay thế cụm từ “A” bằng cụm từ “B”", "bỏ cụm từ “A”", "bổ sung cụm từ “B” vào sau cụm
/// từ “A”".
fn words_of(sentence: &str, quoted: &[String]) -> Option<(String, String)> {
    let first = quoted.first()?;
    let second = quoted.get(1);
    let said = sentence.to_lowercase();
    Some(match second {
        Some(second) if said.contains("vào sau") => (second.clone(), format!("{second} {first}")),
        Some(second) if said.contains("vào trước") => {
            (second.clone(), format!("{first} {second}"))
        }
        Some(second) => (first.clone(), second.clone()),
        None => (first.clone(), String::new()),
    })
}

#[cfg(test)]
#[path = "instruction_tests.rs"]
mod tests;
