//! The promises to patients, in full, shortened, or several in one phrase.

use std::collections::BTreeSet;

use crate::items::register::Promise;

use super::lines::fold;

/// Where a text speaks of promises, and of which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Promised {
    /// The bytes of the phrase, with its quotation marks and the word "Patientlöfte".
    pub range: std::ops::Range<usize>,
    pub promises: BTreeSet<Promise>,
}

/// The words that the phrases are made of. What else stands in a text is not of them.
const WORDS: &[&str] = &[
    "patientlöfte",
    "patientlöften",
    "patientlöftet",
    "löfte",
    "löften",
    "erbjudas",
    "erbjuda",
    "vård",
    "som",
    "är",
    "lätt",
    "tillgänglig",
    "lättillgänglig",
    "för",
    "kontakt",
    "bedömning",
    "och",
    "besök",
    "diagnostik",
    "behandling",
    "uppföljning",
    "enligt",
    "bästa",
    "kunskap",
    "i",
    "varje",
    "möte",
    "vara",
    "delaktig",
    "välinformerad",
    "genom",
    "hela",
    "vårdkedjan",
    "få",
    "tillgång",
    "till",
    "jämlik",
    "möjliga",
    "hälsofrämjande",
    "insatser",
    "välfungerande",
    "screeningprogram",
    "screening",
    "patientsäker",
    "kostnadseffektiv",
    "att",
    "uppnå",
    "en",
    "samt",
    "stöd",
    "god",
];

/// One of these is in every phrase that isn't written in codes.
const STEMS: &[&str] = &[
    "tillgänglig",
    "kunskap",
    "delaktig",
    "välinformerad",
    "jämlik",
    "hälsofrämjande",
    "screening",
    "patientsäker",
    "kostnadseffektiv",
    "löfte",
];

struct Word<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_alphanumeric() {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            found.push(Word { text: text.get(from..at).unwrap_or_default(), start: from, end: at });
        }
    }
    found
}

fn code(word: &str) -> Option<Promise> {
    (word.len() == 2).then(|| Promise::read(word)).flatten()
}

fn told(words: &[Word<'_>]) -> BTreeSet<Promise> {
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| words.get(b)).map_or("", |w| w.text);
        let promise = match word.text {
            "tillgänglig" | "lättillgänglig" => Some(Promise::Available),
            "kunskap" if before == "bästa" => Some(Promise::BestKnowledge),
            "delaktig" | "välinformerad" => Some(Promise::TakingPart),
            "jämlik" => Some(Promise::Equal),
            "hälsofrämjande" | "screeningprogram" => Some(Promise::Health),
            "patientsäker" => Some(Promise::Safe),
            "kostnadseffektiv" => Some(Promise::CostEffective),
            other => code(other),
        };
        found.extend(promise);
    }
    found
}

/// Whether a phrase opens as one of promises does, so that it isn't merely words of a sentence.
fn opens(words: &[Word<'_>]) -> bool {
    let texts: Vec<&str> = words.iter().take(5).map(|w| w.text).collect();
    let begins = |with: &[&str]| texts.starts_with(with);
    begins(&["för", "att", "uppnå"])
        || begins(&["för", "att", "erbjuda"])
        || begins(&["stöd", "för", "att", "erbjuda"])
        || begins(&["erbjudas"])
        || begins(&["få", "tillgång", "till"])
        || begins(&["vara", "delaktig"])
        || texts.first().is_some_and(|w| w.starts_with("patientlöfte") || w.starts_with("löfte"))
}

/// The phrase of promises in a text, if it has one: one that opens as such, stands in quotation marks, or is all
/// that the text says.
pub(super) fn find(text: &str) -> Option<Promised> {
    let lower = fold(text);
    let coded = lower.starts_with('p') && lower.len() < 40;
    if !coded && !STEMS.iter().any(|stem| lower.contains(stem)) {
        return None;
    }
    let words = words(&lower);
    let mut at = 0;
    while at < words.len() {
        let run =
            words.iter().skip(at).take_while(|w| WORDS.contains(&w.text) || code(w.text).is_some()).count();
        if run == 0 {
            at += 1;
            continue;
        }
        // "Stöd ..." begins something, though a phrase may begin with it.
        let stop = words.iter().skip(at + 1).take(run - 1).position(|w| w.text == "stöd");
        let run = stop.map_or(run, |stop| stop + 1);
        let whole = run == words.len();
        // The phrase may begin in the midst of such words: "Stöd till vård för att uppnå ...".
        let begins = (at..at + run).find(|from| {
            let (Some(rest), Some(first)) = (words.get(*from..at + run), words.get(*from)) else {
                return false;
            };
            (opens(rest) || quoted(&lower, first.start)) && !told(rest).is_empty()
        });
        let from = if whole && !told(&words).is_empty() { Some(at) } else { begins };
        if let Some(phrase) = from.and_then(|from| words.get(from..at + run)) {
            return Some(Promised { range: around(&lower, phrase), promises: told(phrase) });
        }
        at += run;
    }
    None
}

const QUOTES: &[char] = &['”', '"', '“', '„', '\'', '’', '»', '«'];

fn quoted(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.ends_with(QUOTES))
}

/// The bytes of a phrase, with the marks around it; the word that ends it may be one too many ("och").
fn around(text: &str, phrase: &[Word<'_>]) -> std::ops::Range<usize> {
    let (Some(first), Some(last)) = (phrase.first(), phrase.last()) else { return 0..0 };
    let mark = |c: char| QUOTES.contains(&c);
    let before = text.get(..first.start).unwrap_or_default();
    let start = before.trim_end_matches(mark).len();
    let after = text.get(last.end..).unwrap_or_default();
    let rest = after.trim_start_matches(|c: char| mark(c) || ".,;:".contains(c));
    start..text.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        let found = find(text)?;
        let codes: Vec<&str> = found.promises.iter().map(|p| p.code()).collect();
        Some((
            codes.join("+"),
            text[..found.range.start].trim().to_owned() + "|" + text[found.range.end..].trim(),
        ))
    }

    #[test]
    fn phrases_are_found_in_full_shortened_and_together() {
        for (text, codes, rest) in [
            (
                "Patientlöfte: ”erbjudas diagnostik, behandling och uppföljning enligt bästa kunskap i varje möte” samt ”få \
              tillgång till patientsäker vård”.",
                "P2+P6",
                "|",
            ),
            ("Blod För att uppnå en tillgänglig och jämlik och patientsäker diagnostik", "P1+P4+P6", "Blod|"),
            (
                "Stöd för att erbjuda diagnostik, behandling och uppföljning enligt bästa kunskap i varje möte",
                "P2",
                "|",
            ),
            (
                "Stöd till RAG för att uppnå en tillgänglig och jämlik och patientsäker diagnostik",
                "P1+P4+P6",
                "Stöd till RAG|",
            ),
            ("Bildlagring ”få tillgång till jämlik vård”", "P4", "Bildlagring|"),
            ("Kostnadseffektiv vård", "P7", "|"),
            ("Patientlöfte: P1+P4", "P1+P4", "|"),
        ] {
            assert_eq!(read(text), Some((codes.to_owned(), rest.to_owned())), "{text}");
        }
    }

    #[test]
    fn words_of_them_in_a_sentence_promise_nothing() {
        for text in [
            "Ökad patientsäkerhet",
            "Säkerställ jämlik vård i hela regionen",
            "Jämlik diagnostik och vård (NY)",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
