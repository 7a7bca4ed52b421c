//! The dated lines of a follow-up, in the notations of [`notation`].

use jiff::civil::Date;

use super::lines::{Para, begins_anew, dangles, ends, fold, opens_entry, sentences};
use crate::import::items::LogLine;
use crate::import::notation::{self, Basis, Found, Lead, Notation, Precision, Stretch, Written, YearFrom};
use crate::items::register::{LogKind, Precision as Exact};

/// What paragraphs say beside their dated lines, and those.
#[derive(Debug, Default)]
pub(super) struct Dated {
    pub rest: Vec<Para>,
    pub log: Vec<LogLine>,
}

/// Takes the dated lines out of paragraphs. `within`: a day inside a sentence dates the sentence.
pub(super) fn take(paras: Vec<Para>, as_of: Date, within: bool, unsure: &mut Vec<String>) -> Dated {
    let mut dated = Dated::default();
    let mut before: Option<String> = None;
    for para in paras {
        let mut plain = String::new();
        for text in cut(&para.text) {
            let opened = opens_entry(before.as_deref().filter(|_| plain.is_empty()), text);
            if let Some((stretch, rest)) =
                opened.as_ref().and_then(|(found, rest)| Some((stretch(found)?, *rest)))
            {
                dated.log.push(line(stretch, rest, as_of));
            } else if let Some(said) = within.then(|| sentence(text, as_of)).flatten() {
                unsure.push(format!("`{}` stands inside its sentence: is the line of that day", said.2));
                let (stretch, sentence, _) = said;
                dated.log.push(line(stretch, sentence, as_of));
                plain.push_str(text.replacen(sentence, "", 1).trim());
            } else {
                plain.push_str(text);
            }
        }
        before = Some(para.text.clone());
        let plain = plain.trim();
        if !plain.is_empty() {
            dated.rest.push(Para { text: plain.to_owned(), ..para });
        }
    }
    dated
}

fn stretch(found: &Found) -> Option<Stretch> {
    match found.what {
        Notation::Stretch(stretch) => Some(stretch),
        _ => None,
    }
}

/// Days that stand in a text with their year, written as a log writes them, each with its bytes.
fn days(text: &str) -> impl Iterator<Item = (Stretch, std::ops::Range<usize>)> + '_ {
    let digits = text.bytes().filter(u8::is_ascii_digit).take(6).count();
    let found = if digits < 6 { Vec::new() } else { notation::find(text, Basis::default()) };
    found.into_iter().filter_map(|found| {
        let stretch = stretch(&found)?;
        let said = text.get(found.range.clone())?;
        let plain = said.len() >= 6 && said.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let exact = stretch.precision() == Precision::Day && stretch.day().is_some();
        let is = plain && exact && stretch.year_from == YearFrom::Stated && stretch.lead == Lead::None;
        is.then_some((stretch, found.range))
    })
}

/// Cuts a paragraph where a dated line begins in its midst: after a sentence, or where a capital follows at once.
pub(super) fn cut(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (_, range) in days(text) {
        let before = text.get(..range.start).unwrap_or_default().trim_end();
        let after = text.get(range.end..).unwrap_or_default();
        let glued = after.starts_with(char::is_uppercase);
        let said = after.trim_start_matches([' ', ':', '–', '-']);
        let new = ends(before) && !before.ends_with([':', ')']) && begins_anew(said);
        if range.start > start && (glued || new) && !dangles(before) {
            pieces.push(text.get(start..range.start).unwrap_or_default());
            start = range.start;
        }
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

/// A sentence with the day on which it came about.
fn sentence(text: &str, as_of: Date) -> Option<(Stretch, &str, String)> {
    sentences(text).into_iter().find_map(|sentence| {
        let (stretch, range) = days(sentence).find(|(s, _)| s.day().is_some_and(|day| day <= as_of))?;
        Some((stretch, sentence, sentence.get(range)?.to_owned()))
    })
}

fn line(stretch: Stretch, text: &str, as_of: Date) -> LogLine {
    let whole_year = matches!(stretch.written, Written::Years { .. });
    let (first, last) = stretch.days().unwrap_or((as_of, as_of));
    let (kind, text) = kind(text.trim());
    LogLine {
        day: if whole_year { last } else { first },
        precision: if whole_year { Exact::Year } else { Exact::Day },
        kind,
        text: text.to_owned(),
        planned: Some(first > as_of),
    }
}

/// What a line is, if it begins with the word for it.
fn kind(text: &str) -> (LogKind, &str) {
    if let Some((word, rest)) = text.split_once(':')
        && let Some(kind) = LogKind::read(word)
        && !rest.trim().is_empty()
    {
        return (kind, rest.trim_start());
    }
    let low = fold(text);
    let first = low.split(' ').next().unwrap_or_default();
    let kind = match first {
        "beslut" | "beslutat" | "beslutades" => LogKind::Decision,
        "dialog" => LogKind::Dialogue,
        _ => LogKind::Report,
    };
    (kind, text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::import::plans::Place;

    fn read(texts: &[&str]) -> (Vec<String>, Vec<String>) {
        let paras = texts.iter().enumerate().map(|(first, text)| Para {
            text: (*text).to_owned(),
            bullet: false,
            first,
            place: Place::default(),
        });
        let dated = take(paras.collect(), date(2023, 10, 31), true, &mut Vec::new());
        let shown = |l: &LogLine| {
            let planned = if l.planned == Some(true) { "*" } else { "" };
            format!("{}{planned} {} {}", l.day, l.kind.code(), l.text)
        };
        (dated.log.iter().map(shown).collect(), dated.rest.into_iter().map(|p| p.text).collect())
    }

    #[test]
    fn lines_are_found_where_they_begin_and_within() {
        let (log, rest) = read(&[
            "Arbetet följs upp. 230906Ny ledamot är utsedd. 231013Föredrag om läget",
            "Uppstarten hölls 230914 i Norrköping",
            "231120 Möte bokat",
            "2022 kartlades behovet",
            "230206 Beslut: Gruppen utökas tom 231231",
        ]);
        let wanted = [
            "2023-09-06 rapport Ny ledamot är utsedd.",
            "2023-10-13 rapport Föredrag om läget",
            "2023-09-14 rapport Uppstarten hölls 230914 i Norrköping",
            "2023-11-20* rapport Möte bokat",
            "2022-12-31 rapport kartlades behovet",
            "2023-02-06 beslut Gruppen utökas tom 231231",
        ];
        assert_eq!(log, wanted);
        assert_eq!(rest, ["Arbetet följs upp."]);
    }
}
