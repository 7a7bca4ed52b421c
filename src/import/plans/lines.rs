//! Lines, and which of them are one paragraph: text taken out of a PDF breaks where its column ended.

use std::fmt::Write as _;

use super::Place;
use crate::import::notation::{self, Found, Notation, Precision, Written};
use crate::import::office::Paragraph;

/// What stands before a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// The file says that a paragraph begins here.
    Paragraph,
    /// A blank line.
    Blank,
    /// The end of a line, which may be no more than the end of a column.
    Wrapped,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub text: String,
    pub bullet: bool,
    pub start: Start,
    pub place: Place,
}

/// Lines that are one paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Para {
    pub text: String,
    pub bullet: bool,
    /// Its first line, by its number among those that were joined.
    pub first: usize,
    pub place: Place,
}

const BULLETS: &[char] = &['•', '-', '–', '*', '·', '○', '▪', '‣', '●'];

/// The lines of some paragraphs. A bullet that stands in the text is taken out of it.
pub(super) fn lines(paragraphs: &[Paragraph], place: Place) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        for (number, text) in paragraph.text.split('\n').enumerate().filter(|(_, t)| !t.trim().is_empty()) {
            let start = if number == 0 { Start::Paragraph } else { Start::Wrapped };
            lines.push(line(text, paragraph.bullet && number == 0, start, place));
        }
    }
    lines
}

pub(super) fn line(text: &str, bullet: bool, start: Start, place: Place) -> Line {
    let text = text.trim();
    let rest = text.trim_start_matches(BULLETS);
    let marked = rest.len() < text.len() && rest.starts_with(char::is_whitespace) && !rest.trim().is_empty();
    let text = if marked { rest.trim_start() } else { text };
    Line { text: squeeze(text), bullet: bullet || marked, start, place }
}

/// The text with one space between its words.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The text in lower case, with each letter where it was: bytes of the one are bytes of the other.
pub(super) fn fold(text: &str) -> String {
    let lower = |c: char| {
        if c.is_ascii() {
            return c.to_ascii_lowercase();
        }
        let mut all = c.to_lowercase();
        match (all.next(), all.next()) {
            (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
            _ => c,
        }
    };
    text.chars().map(lower).collect()
}

/// Whether a sentence ends here.
pub(super) fn ends(text: &str) -> bool {
    let text = text.trim_end_matches(['”', '"', '’', '»', '\u{201c}']);
    text.ends_with(['.', '!', '?', '…', ':', ';', ')', ']'])
}

/// Words that nothing ends with: what follows them belongs to them.
const DANGLING: &[&str] = &[
    "och",
    "eller",
    "samt",
    "för",
    "i",
    "på",
    "till",
    "av",
    "inom",
    "med",
    "att",
    "som",
    "en",
    "ett",
    "den",
    "det",
    "de",
    "vid",
    "från",
    "om",
    "under",
    "över",
    "efter",
    "innan",
    "mellan",
    "mot",
    "utan",
    "hos",
    "enligt",
    "är",
    "har",
    "kan",
    "ska",
    "vara",
    "resp",
    "resp.",
    "t",
    "ex",
    "ev",
    "ev.",
    "bl",
    "bl.a.",
    "t.ex.",
    "samtliga",
    "alla",
    "inte",
    "ej",
    "tom",
    "t.o.m.",
    "utifrån",
    "via",
    "genom",
    "mer",
    "nya",
    "gällande",
    "avseende",
    "kring",
];

/// Whether something must follow: a comma, a hyphen, a word that nothing ends with.
pub(super) fn dangles(text: &str) -> bool {
    if text.ends_with([',', '-', '–', '/', '&', '+', '(', '„']) {
        return !is_ditto(text);
    }
    let last = fold(text.rsplit(' ').next().unwrap_or_default());
    DANGLING.contains(&last.trim_start_matches('('))
}

/// Whether a text begins as something new does: with a capital, a bracket, a quotation mark.
pub(super) fn begins_anew(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_uppercase() || "([”\"»☐☑☒✓✔✗✘".contains(c))
}

/// Whether a line opens a dated entry after `before`: a day at its beginning, or a year that something follows.
/// The day of a sentence that was only broken before it opens nothing.
pub(super) fn opens_entry<'a>(before: Option<&str>, text: &'a str) -> Option<(Found, &'a str)> {
    // Most lines begin with a letter, and a date costs more to look for than a digit.
    if !text.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (found, rest) = notation::opens_entry(text)?;
    let Notation::Stretch(stretch) = &found.what else { return None };
    let broken = before.is_some_and(dangles);
    let letter = rest.chars().next()?;
    match stretch.written {
        _ if broken => None,
        Written::Years { .. } => letter.is_alphabetic().then_some((found, rest)),
        _ if stretch.precision() == Precision::Day && stretch.day().is_some() => {
            let goes_on = before.is_some_and(|b| !ends(b)) && letter.is_lowercase();
            (!goes_on).then_some((found, rest))
        }
        _ => None,
    }
}

/// Whether a text ends with the first half of a group's name.
fn wants_a_name(text: &str) -> bool {
    let last = text.rsplit(' ').next().unwrap_or_default();
    ["RAG", "RPO", "RSG", "NAG", "NPO", "NSG", "LAG", "LPO", "Region", "Kunskapsråd", "kunskapsråd", "KR"]
        .contains(&last)
}

/// How firmly a line begins something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    /// It goes on with what stands before it.
    None,
    /// It begins with a capital, and may go on all the same.
    Weak,
    /// The sentence before it has ended, where the line was full anyway.
    Sentence,
    /// The line before it is shorter than it need be.
    Medium,
    /// Its sentence has ended too, or the file says so.
    Strong,
}

/// What lies between two lines of a column that is about `width` letters wide.
pub(super) fn between(before: &Line, line: &Line, width: usize) -> Break {
    if line.bullet || opens_entry(Some(&before.text), &line.text).is_some() || is_ditto(&line.text) {
        return Break::Strong;
    }
    if is_ditto(&before.text) {
        return Break::Medium;
    }
    if dangles(&before.text) {
        // Whoever ends a paragraph with a comma has begun another all the same, if it begins like one.
        let firm = line.start == Start::Paragraph && begins_anew(&line.text);
        return if firm { Break::Weak } else { Break::None };
    }
    if !begins_anew(&line.text) {
        let firm = line.start != Start::Wrapped && ends(&before.text);
        return if firm { Break::Strong } else { Break::None };
    }
    if line.start != Start::Wrapped {
        return Break::Strong;
    }
    let word = line.text.split(' ').next().unwrap_or_default();
    let room = before.text.chars().count() + 1 + word.chars().count();
    match (ends(&before.text), room + 1 < width) {
        (true, short) if short || line.text.starts_with('(') || before.text.ends_with([')', '…', '?']) => {
            Break::Strong
        }
        (true, _) => Break::Sentence,
        (false, true) if !wants_a_name(&before.text) => Break::Medium,
        // A bracket with a line of its own is seldom a part of the sentence before it.
        (false, _) if line.text.starts_with('(') && line.text.ends_with(')') => Break::Medium,
        (false, _) => Break::Weak,
    }
}

/// Joins lines into paragraphs.
pub(super) fn paras(lines: &[Line]) -> Vec<Para> {
    let width = lines.iter().map(|l| l.text.chars().count()).max().unwrap_or(0);
    let mut paras: Vec<Para> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| lines.get(b));
        let begins = before.is_none_or(|before| between(before, line, width) >= Break::Medium);
        match paras.last_mut().filter(|_| !begins) {
            Some(para) => append(&mut para.text, &line.text),
            None => paras.push(Para {
                text: line.text.clone(),
                bullet: line.bullet,
                first: at,
                place: line.place,
            }),
        }
    }
    paras
}

/// Puts a line after another: `RAG-` and `uppstart` are one word, whose hyphen may be its own.
pub(super) fn append(text: &mut String, line: &str) {
    let mut back = text.chars().rev();
    let hyphen = back.next() == Some('-') && back.next().is_some_and(char::is_alphanumeric);
    let word = line.chars().next().is_some_and(char::is_alphanumeric);
    let and = ["och ", "eller ", "samt "].iter().any(|w| line.starts_with(w));
    let one_word = hyphen && word && !and;
    if !one_word && !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}

/// All of them on one line.
pub(super) fn joined(lines: &[Line]) -> String {
    let mut text = String::new();
    for line in lines {
        append(&mut text, &line.text);
    }
    text
}

/// Texts, a line each.
pub(super) fn stacked<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = String::new();
    for text in texts {
        let _ = if all.is_empty() { write!(all, "{text}") } else { write!(all, "\n{text}") };
    }
    all
}

/// The sentences of a text. An abbreviation's full stop ends none, nor does one before a small letter.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let ends = text.match_indices(['.', '!', '?', '…', '\n']).map(|(at, mark)| at + mark.len());
    for end in ends {
        let rest = text.get(end..).unwrap_or_default();
        let new = rest.starts_with(char::is_whitespace) || text[..end].ends_with('\n');
        let next = rest.trim_start().chars().next();
        let short = ["ev.", "resp.", "t.ex.", "ex.", "bl.a.", "inkl.", "ca.", "dvs.", "kl.", "nr.", "ordf."];
        let said = text.get(start..end).unwrap_or_default();
        let word = fold(said.rsplit([' ', '(']).next().unwrap_or_default());
        if new && next.is_some_and(|c| !c.is_lowercase()) && !short.contains(&word.as_str()) {
            found.push(said.trim());
            start = end;
        }
    }
    found.push(text.get(start..).unwrap_or_default().trim());
    found.retain(|s| !s.is_empty());
    found
}

/// Whether a cell says no more than that it is as the one above.
pub(super) fn is_ditto(text: &str) -> bool {
    let marks: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let quote = |c: char| matches!(c, '"' | '”' | '“' | '„' | '\'' | '’' | '〃' | '″');
    let dash = |c: char| matches!(c, '-' | '–' | '—' | '−');
    let bare = !marks.is_empty() && marks.chars().all(|c| quote(c) || dash(c)) && marks.chars().any(quote);
    bare || matches!(fold(&marks).trim_end_matches('.'), "dito" | "d:o" | "do" | "idem" | "sammasomovan")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Line> {
        text.lines().map(|l| line(l, false, Start::Wrapped, Place::default())).collect()
    }

    #[test]
    fn lines_become_the_paragraphs_that_were_broken() {
        let text = "Arbetet bevakas tillsammans med\nRAG Patologi och redovisas jan-\n25\n• Ta fram en plan för\nRegion \
                    Kalmar\nFörslag att vänta\n230206 Klart";
        let paras = paras(&of(text));
        let texts: Vec<&str> = paras.iter().map(|p| p.text.as_str()).collect();
        let wanted = [
            "Arbetet bevakas tillsammans med RAG Patologi och redovisas jan-25",
            "Ta fram en plan för Region Kalmar",
            "Förslag att vänta",
            "230206 Klart",
        ];
        assert_eq!(texts, wanted);
        assert!(paras[1].bullet);
    }

    #[test]
    fn ditto_marks_are_known() {
        for text in ["-”-", "-\"-", "”", "- \" -", "dito", "–”–"] {
            assert!(is_ditto(text), "{text}");
        }
        for text in ["-", "", "nej", "”ja”"] {
            assert!(!is_ditto(text), "{text}");
        }
    }

    #[test]
    fn a_year_opens_an_entry_only_where_a_sentence_begins() {
        assert!(opens_entry(None, "2022 gjordes en kartläggning").is_some());
        assert!(opens_entry(Some("under våren"), "2023").is_none());
        assert!(opens_entry(Some("gäller tom"), "231231 för alla").is_none());
        assert!(opens_entry(Some("Mötet hölls"), "230914 i Linköping").is_none());
    }
}
