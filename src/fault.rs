//! Faults in files that people write: what is wrong, where, and what to write instead.

use std::fmt;

use serde::Serialize;

/// One thing that is wrong in one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Fault {
    /// The file, as its reader knows it: relative to the folder of workflows, with `/` between folders.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, counted in characters (not bytes), as editors do.
    pub column: usize,
    /// A stable word for what kind of fault it is: `unknown-key`.
    pub code: &'static str,
    /// What is wrong: lower case, code in backticks, no full stop.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

/// The most characters of a message: it may quote a file that has a page where a word should be.
const MOST: usize = 400;

/// Text on one line, cut off where it gets too long.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(MOST));
    for letter in text.chars().take(MOST) {
        if letter.is_control() {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    if text.chars().nth(MOST).is_some() {
        line.push('…');
    }
    line
}

impl Fault {
    /// A fault at a line and a column. The message may quote the file: it is put on one line and cut off at 400
    /// characters.
    pub fn new(file: &str, (line, column): (usize, usize), code: &'static str, message: &str) -> Self {
        Self { file: file.to_owned(), line, column, code, message: one_line(message), suggestion: None }
    }

    /// The same fault with advice.
    #[must_use]
    pub fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(one_line(&suggestion.into()));
        self
    }

    /// The same fault with advice, where there is any.
    #[must_use]
    pub fn suggest_maybe(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion.as_deref().map(one_line);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, message, .. } = self;
        write!(f, "{file}:{line}:{column}: {message}")?;
        match &self.suggestion {
            Some(suggestion) => write!(f, ", {suggestion}"),
            None => Ok(()),
        }
    }
}

/// Every fault of a set of files, ordered by file, line and column. Never made without a fault in it by the
/// loaders of this crate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Sorts them; the same fault found twice stays once.
    #[must_use]
    pub fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort();
        faults.dedup();
        Self(faults)
    }

    /// `value` if there are no faults.
    ///
    /// # Errors
    /// All of `faults`, if there is one.
    pub fn unless_none<T>(faults: Vec<Fault>, value: T) -> Result<T, Self> {
        if faults.is_empty() { Ok(value) } else { Err(Self::new(faults)) }
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In order.
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.0.iter()
    }
}

impl IntoIterator for Faults {
    type Item = Fault;
    type IntoIter = std::vec::IntoIter<Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a Fault;
    type IntoIter = std::slice::Iter<'a, Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// One fault a line.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(file: &str, line: usize, column: usize) -> Fault {
        Fault::new(file, (line, column), "unknown-key", "unknown key `remid`")
    }

    #[test]
    fn a_fault_reads_as_a_place_and_a_sentence() {
        let plain = fault("sydostra/rsl.toml", 12, 8);
        assert_eq!(plain.to_string(), "sydostra/rsl.toml:12:8: unknown key `remid`");
        let advised = plain.suggest("did you mean `remind`?");
        assert_eq!(
            advised.to_string(),
            "sydostra/rsl.toml:12:8: unknown key `remid`, did you mean `remind`?"
        );
        assert_eq!(
            serde_json::to_string(&advised).unwrap(),
            r#"{"file":"sydostra/rsl.toml","line":12,"column":8,"code":"unknown-key","message":"unknown key `remid`","suggestion":"did you mean `remind`?"}"#
        );
    }

    #[test]
    fn what_a_message_quotes_stays_on_its_line() {
        assert_eq!(
            Fault::new("a", (1, 1), "bad-id", "`a\nb\u{1b}` is no id").message,
            "`a\\nb\\u{1b}` is no id"
        );
        let long = Fault::new("a", (1, 1), "bad-id", &"å".repeat(1000)).suggest("ö".repeat(1000));
        assert_eq!(long.message.chars().count(), 401);
        assert_eq!(long.suggestion.unwrap().chars().count(), 401);
    }

    #[test]
    fn faults_stand_in_reading_order_and_once() {
        let faults = Faults::new(vec![
            fault("b", 1, 1),
            fault("a", 10, 1),
            fault("a", 9, 2),
            fault("a", 9, 1),
            fault("a", 9, 1),
        ]);
        let places: Vec<_> = faults.iter().map(|f| (f.file.as_str(), f.line, f.column)).collect();
        assert_eq!(places, [("a", 9, 1), ("a", 9, 2), ("a", 10, 1), ("b", 1, 1)]);
    }
}
