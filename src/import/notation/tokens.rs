//! Text cut into digits, words, spaces and single marks: what every notation is made of.

use std::borrow::Cow;

/// Anything between two numbers that stands for "to", and the hyphen of `jan-25`.
const DASHES: &[char] = &['-', '\u{2010}', '\u{2011}', '–', '—', '\u{2212}'];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits 0-9.
    Number,
    /// Letters.
    Word,
    /// White space; `lines` when a line ends in it.
    Space { lines: bool },
    /// Anything else.
    Mark(char),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Its first byte.
    pub at: usize,
}

/// A letter, or an accent that follows its letter as PDFs write them.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

fn cut(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let run = |test: fn(char) -> bool| text[at..].find(|c| !test(c)).unwrap_or(text.len() - at);
        let (length, lines) = if first.is_ascii_digit() {
            (run(|c| c.is_ascii_digit()), false)
        } else if is_space(first) {
            let length = run(is_space);
            (length, text[at..at + length].contains(['\n', '\r', '\u{2028}', '\u{c}', '\u{b}']))
        } else if is_letter(first) {
            (run(is_letter), false)
        } else {
            (first.len_utf8(), false)
        };
        let kind = match first {
            c if c.is_ascii_digit() => Kind::Number,
            c if is_space(c) => Kind::Space { lines },
            c if is_letter(c) => Kind::Word,
            c => Kind::Mark(c),
        };
        tokens.push(Token { kind, text: &text[at..at + length], at });
        at += length;
    }
    tokens
}

/// The tokens of a text, read from any place. Every reader gives the place after what it has read.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, tokens: cut(text) }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn kind(&self, i: usize) -> Option<Kind> {
        self.tokens.get(i).map(|t| t.kind)
    }

    /// The byte where token `i` begins; the text's length after the last one.
    pub(super) fn byte(&self, i: usize) -> usize {
        self.tokens.get(i).map_or(self.text.len(), |t| t.at)
    }

    /// What stands from token `i` to before token `end`, on one line.
    pub(super) fn quoted(&self, i: usize, end: usize) -> String {
        let text = &self.text[self.byte(i)..self.byte(end)];
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A number of at most eight digits, and how many it has.
    pub(super) fn number(&self, i: usize) -> Option<(u32, usize)> {
        let token = self.tokens.get(i).filter(|t| t.kind == Kind::Number && t.text.len() <= 8)?;
        Some((token.text.parse().ok()?, token.text.len()))
    }

    /// A number of one or two digits.
    pub(super) fn small(&self, i: usize) -> Option<i8> {
        let (number, digits) = self.number(i)?;
        (digits <= 2).then(|| i8::try_from(number).ok()).flatten()
    }

    /// A year of four digits that plans and lists are about.
    pub(super) fn year(&self, i: usize) -> Option<i16> {
        let (number, digits) = self.number(i)?;
        (digits == 4 && (1990..=2099).contains(&number)).then(|| i16::try_from(number).ok()).flatten()
    }

    /// A word in lower case, its accents put on their letters.
    pub(super) fn word(&self, i: usize) -> Option<Cow<'a, str>> {
        let text = self.tokens.get(i).filter(|t| t.kind == Kind::Word)?.text;
        if text.bytes().all(|b| b.is_ascii_lowercase()) {
            return Some(Cow::Borrowed(text));
        }
        let lower = text.to_lowercase();
        if !lower.contains(['\u{30a}', '\u{308}']) {
            return Some(Cow::Owned(lower));
        }
        let joined = lower.replace("a\u{30a}", "å").replace("a\u{308}", "ä").replace("o\u{308}", "ö");
        Some(Cow::Owned(joined))
    }

    /// Whether a word begins with a capital.
    pub(super) fn capital(&self, i: usize) -> bool {
        self.tokens.get(i).is_some_and(|t| t.text.starts_with(char::is_uppercase))
    }

    /// One of some marks.
    pub(super) fn mark(&self, i: usize, marks: &[char]) -> Option<usize> {
        matches!(self.kind(i), Some(Kind::Mark(c)) if marks.contains(&c)).then_some(i + 1)
    }

    /// Past a space on the same line, if there is one.
    pub(super) fn gap(&self, i: usize) -> usize {
        i + usize::from(matches!(self.kind(i), Some(Kind::Space { lines: false })))
    }

    /// Past a space, also over the end of a line.
    pub(super) fn wide(&self, i: usize) -> usize {
        i + usize::from(matches!(self.kind(i), Some(Kind::Space { .. })))
    }

    /// A dash without spaces around it.
    pub(super) fn tight_dash(&self, i: usize) -> Option<usize> {
        self.mark(i, DASHES)
    }

    /// A dash, with or without spaces around it.
    pub(super) fn dash(&self, i: usize) -> Option<usize> {
        Some(self.gap(self.tight_dash(self.gap(i))?))
    }

    /// Whether one of `marks` and then a digit follow at once: the number before is a part of something longer.
    pub(super) fn goes_on(&self, i: usize, marks: &[char]) -> bool {
        self.mark(i, marks).is_some_and(|next| self.kind(next) == Some(Kind::Number))
    }

    /// Whether a number at `i` begins something: no word and no other number is joined to it from before.
    pub(super) fn begins(&self, i: usize) -> bool {
        let kind = |back: usize| i.checked_sub(back).and_then(|at| self.kind(at));
        match kind(1) {
            Some(Kind::Word | Kind::Number) => false,
            Some(Kind::Mark(c)) if DASHES.contains(&c) => !matches!(kind(2), Some(Kind::Word | Kind::Number)),
            Some(Kind::Mark('/' | '.' | ',' | ':')) => kind(2) != Some(Kind::Number),
            _ => true,
        }
    }
}
