//! From bytes to logical lines: byte order marks, line ends, folds, characters (RFC 5545, 3.1).
//!
//! Unfolding comes before decoding, on bytes: a fold may stand inside a character.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The bytes without a byte order mark, and as UTF-8 if they were UTF-16 (which Outlook on the desktop can save).
pub fn without_mark(bytes: &[u8]) -> Cow<'_, [u8]> {
    let (encoding, mark) = match (Encoding::for_bom(bytes), bytes) {
        (Some(found), _) => found,
        (None, [b'B', 0, ..]) => (UTF_16LE, 0),
        (None, [0, b'B', ..]) => (UTF_16BE, 0),
        (None, _) => (UTF_8, 0),
    };
    let rest = bytes.get(mark..).unwrap_or_default();
    if encoding == UTF_8 {
        return Cow::Borrowed(rest);
    }
    let (text, _) = encoding.decode_without_bom_handling(rest);
    Cow::Owned(text.into_owned().into_bytes())
}

/// A logical line: what was folded is one again.
#[derive(Debug, PartialEq, Eq)]
pub struct Logical<'a> {
    /// The number of its first physical line, from 1.
    pub number: usize,
    pub bytes: Cow<'a, [u8]>,
    /// Whether it was longer than a line may be.
    pub cut: bool,
}

/// The logical lines of a file that aren't blank.
///
/// A line ends at CRLF, LF or CR. A line that begins with a blank or a tab continues the one before it, also after an
/// empty line: servers that write `\r\r\n` have one after each.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
    longest: usize,
}

impl<'a> Lines<'a> {
    /// The lines of `bytes`, of which each is cut off after `longest` bytes.
    pub fn new(bytes: &'a [u8], longest: usize) -> Self {
        Self { rest: bytes, number: 0, longest }
    }

    /// The next line as it stands in the file, without its end.
    fn physical(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let (line, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
        self.number += 1;
        Some(line)
    }

    /// The rest of the next line if it continues the one before it.
    fn continuation(&mut self) -> Option<&'a [u8]> {
        while let [b'\r' | b'\n', ..] = self.rest {
            self.physical();
        }
        match self.rest {
            [b' ' | b'\t', ..] => self.physical().and_then(|line| line.get(1..)),
            _ => None,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Logical<'a>;

    fn next(&mut self) -> Option<Logical<'a>> {
        let first = loop {
            let line = self.physical()?;
            if !line.is_empty() {
                break line;
            }
        };
        let number = self.number;
        let room = |of: &'a [u8], used: usize| &of[..of.len().min(self.longest.saturating_sub(used))];
        let mut cut = first.len() > self.longest;
        let mut bytes = Cow::Borrowed(room(first, 0));
        let longest = self.longest;
        while let Some(more) = self.continuation() {
            let left = longest.saturating_sub(bytes.len());
            cut |= more.len() > left;
            let more = &more[..more.len().min(left)];
            if !more.is_empty() {
                bytes.to_mut().extend_from_slice(more);
            }
        }
        Some(Logical { number, bytes, cut })
    }
}

/// How a line's bytes had to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Utf8,
    /// As UTF-8, but something in it is none and was replaced by U+FFFD.
    Damaged,
    Windows1252,
}

/// A line's characters. What isn't UTF-8 is windows-1252, unless some of its other characters are UTF-8: then it is
/// damaged UTF-8, as where a server cuts a text after so many bytes.
///
/// Each line by itself: some servers put texts of several sources together as they are.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Written) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        (Cow::Borrowed(text), Written::Utf8)
    } else if bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii()) {
        (String::from_utf8_lossy(bytes), Written::Damaged)
    } else {
        (WINDOWS_1252.decode_without_bom_handling(bytes).0, Written::Windows1252)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(usize, String)> {
        let plain = without_mark(bytes);
        Lines::new(&plain, 1000).map(|l| (l.number, decode(&l.bytes).0.into_owned())).collect()
    }

    #[test]
    fn every_kind_of_line_end() {
        let wanted = [(1, "A:1".to_owned()), (2, "B:23".to_owned()), (4, "C:4".to_owned())];
        for end in ["\r\n", "\n", "\r"] {
            assert_eq!(lines(["A:1", "B:2", " 3", "C:4"].join(end).as_bytes()), wanted, "{end:?}");
        }
        let doubled: Vec<String> = lines(b"A:1\r\r\nB:2\r\r\n 3\r\r\n").into_iter().map(|(_, l)| l).collect();
        assert_eq!(doubled, ["A:1", "B:23"]);
        assert_eq!(lines(b"\n\nA:1\n\n"), [(3, "A:1".to_owned())]);
    }

    #[test]
    fn a_fold_takes_one_blank_and_nothing_else() {
        // RFC 5545, 3.1: the blank of the fold is gone, those beside it stay.
        assert_eq!(lines(b"A:x \r\n y\r\n\tz\r\n  w")[0].1, "A:x yz w");
        assert_eq!(lines(b"A:x\r\n \r\n y")[0].1, "A:xy");
    }

    #[test]
    fn a_fold_may_stand_inside_a_character() {
        assert_eq!(lines(b"A:V\xc3\r\n \xa4ster\xc3\n\t\xa5s")[0].1, "A:Västerås");
    }

    #[test]
    fn marks_and_other_encodings() {
        assert_eq!(lines("\u{feff}A:å".as_bytes())[0].1, "A:å");
        let wide = |order: fn(u16) -> [u8; 2], mark: &str| {
            format!("{mark}B:å\r\n  🙂").encode_utf16().flat_map(order).collect::<Vec<u8>>()
        };
        for bytes in [wide(u16::to_le_bytes, "\u{feff}"), wide(u16::to_be_bytes, "\u{feff}")] {
            assert_eq!(lines(&bytes)[0].1, "B:å 🙂");
        }
        assert_eq!(lines(&wide(u16::to_le_bytes, ""))[0].1, "B:å 🙂");
        assert_eq!(decode(b"V\xe4ster\xe5s \x96 m\xf6te"), ("Västerås – möte".into(), Written::Windows1252));
        assert_eq!(decode(b"m\xc3\xb6te i V\xc3"), ("möte i V\u{fffd}".into(), Written::Damaged));
    }

    #[test]
    fn a_long_line_is_cut_off_and_the_next_is_whole() {
        let bytes = [b"A:".as_slice(), &b"x".repeat(2000), b"\r\n ", &b"y".repeat(2000), b"\r\nB:1"].concat();
        let found: Vec<_> = Lines::new(&bytes, 1000).collect();
        assert_eq!((found[0].bytes.len(), found[0].cut), (1000, true));
        assert_eq!((found[1].bytes.as_ref(), found[1].number, found[1].cut), (b"B:1".as_slice(), 3, false));
    }
}
