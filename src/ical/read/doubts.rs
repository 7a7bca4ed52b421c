//! Collecting doubts, with an end to them.

use std::fmt::{self, Display, Write};

use super::Doubt;

/// A file can hold a million bad lines; nobody reads more than this of them.
const MOST: usize = 100;

/// So much of a file's own words is repeated in a doubt, in characters.
const QUOTED: usize = 60;

/// What has been doubted so far.
#[derive(Debug, Default)]
pub struct Doubts {
    found: Vec<Doubt>,
    /// How many more, and the line of the last.
    more: (usize, usize),
}

impl Doubts {
    /// Notes a doubt. The message is only written out if there is room for it.
    pub fn add(&mut self, line: usize, message: fmt::Arguments<'_>) {
        if self.found.len() < MOST {
            self.found.push(Doubt { line, message: message.to_string() });
        } else {
            self.more = (self.more.0 + 1, line);
        }
    }

    /// All of them; the last says how many there was no room for.
    pub fn into_found(mut self) -> Vec<Doubt> {
        let (more, line) = self.more;
        if more > 0 {
            self.found.push(Doubt { line, message: format!("{more} more doubts are not shown") });
        }
        self.found
    }
}

/// A file's own words between backticks: on one line, and cut off where they get long.
pub struct Quoted<'a>(pub &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        for letter in self.0.chars().take(QUOTED) {
            if letter.is_control() {
                write!(f, "{}", letter.escape_default())?
            } else {
                f.write_char(letter)?
            }
        }
        f.write_str(if self.0.chars().nth(QUOTED).is_some() { "…`" } else { "`" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_doubts_are_a_hundred_and_a_number() {
        let mut doubts = Doubts::default();
        (1..=1_000_000).for_each(|line| doubts.add(line, format_args!("bad")));
        let found = doubts.into_found();
        assert_eq!(found.len(), MOST + 1);
        assert_eq!(
            (found[MOST].line, found[MOST].message.as_str()),
            (1_000_000, "999900 more doubts are not shown")
        );
    }

    #[test]
    fn what_is_quoted_stays_short_and_on_one_line() {
        assert_eq!(Quoted("a\nb\u{1b}").to_string(), "`a\\nb\\u{1b}`");
        assert_eq!(Quoted(&"å".repeat(61)).to_string(), format!("`{}…`", "å".repeat(60)));
    }
}
