//! What a TOML file may hold, said once: the same [`Shape`] drives the check of a file and the JSON Schema that
//! editors use, so that the two can't disagree.
//!
//! ```
//! use arshjul::grammar::{Document, Shape, SourceFile, optional, required};
//!
//! const PERSON: Shape = Shape::Table(&[
//!     required("name", &Shape::LINE, "What we call you."),
//!     optional("age", &Shape::Integer { least: 0, most: 130 }, "In whole years."),
//! ]);
//! let file = SourceFile::new("person.toml", "nam = \"Kim\"\nage = \"ten\"");
//! let document = Document::read(&file, &PERSON);
//! let faults: Vec<String> = document.faults().iter().map(ToString::to_string).collect();
//! assert_eq!(
//!     faults,
//!     [
//!         "person.toml:1:1: missing key `name`, add `name = \"...\"`",
//!         "person.toml:1:1: unknown key `nam`, did you mean `name`?",
//!         "person.toml:2:7: `age` is text, write a whole number",
//!     ]
//! );
//! ```
//!
//! A file with faults can still be read with [`Table`]: what is wrong or absent is simply not there. So the
//! faults of meaning (an unknown body, two meetings with one id) are found in the same round as the others.

mod dates;
mod form;
mod node;
mod parse;
mod read;
mod schema;
mod shape;
mod source;
mod unclosed;
mod walk;

pub use dates::DateOrTime;
pub use form::{Form, MONTH_DAY, SLUG, Trouble};
pub use read::{At, Document, Table, Value};
pub use schema::schema;
pub use shape::{Field, Shape, optional, required};
pub use source::{Source, SourceFile};

/// What is longer isn't compared with anything.
const LONGEST_WORD: usize = 80;

/// The candidate that `word` is most likely a slip for; none if all are too far away.
///
/// A third of the letters may be wrong; a word of one or two letters is too short to be a slip for another.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    // The distance to a page of text would cost more than it tells.
    let limit = if letters > LONGEST_WORD { 0 } else { letters / 3 };
    if limit == 0 {
        return None;
    }
    let near = candidates.into_iter().map(|c| (strsim::damerau_levenshtein(word, c), c));
    near.filter(|(distance, _)| *distance <= limit).min().map(|(_, candidate)| candidate)
}

/// Advice for a word that is none of `candidates`: the closest one, else all of them if they are few.
pub fn advise<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const FEW: usize = 12;
    let mut all: Vec<&str> = candidates.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    if let Some(candidate) = closest(word, all.iter().copied()) {
        return Some(format!("did you mean `{candidate}`?"));
    }
    (1..=FEW).contains(&all.len()).then(|| format!("write {}", either(&all)))
}

/// "`a`, `b` or `c`".
pub(crate) fn either(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    join_or(&quoted)
}

/// "a, b or c".
pub(crate) fn join_or(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        assert_eq!(closest("remid", ["remind", "when", "to"]), Some("remind"));
        assert_eq!(closest("procestöd", ["processtöd", "ordförande"]), Some("processtöd"));
        assert_eq!(closest("zzz", ["remind", "when", "to"]), None);
        assert_eq!(advise("zzz", ["b", "a", "c"]).unwrap(), "write `a`, `b` or `c`");
        assert_eq!(advise("zzz", []), None);
    }
}
