//! Bytes of a text file as letters, and what separates its columns.

use std::borrow::Cow;

/// UTF-16 by its mark; UTF-8 with or without one; else Windows-1252, in which every byte is a letter.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let sixteen = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    if let Some(bytes) = bytes.strip_prefix(b"\xFF\xFE") {
        return Cow::Owned(sixteen(bytes, u16::from_le_bytes));
    }
    if let Some(bytes) = bytes.strip_prefix(b"\xFE\xFF") {
        return Cow::Owned(sixteen(bytes, u16::from_be_bytes));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().map(|b| windows_1252(*b)).collect(),
    }
}

/// The bytes from 0x80 to 0x9F; the others are the same as in Unicode.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

/// The separator that the heading has most of; a semicolon where it has none.
pub(super) fn separator(heading: &str) -> u8 {
    let count = |separator: char| heading.matches(separator).count();
    let mut best = (count(';'), b';');
    for (found, separator) in [(count('\t'), b'\t'), (count(','), b',')] {
        if found > best.0 {
            best = (found, separator);
        }
    }
    best.1
}

/// A cell without the apostrophe that keeps a spreadsheet from running it as a formula.
pub(super) fn undefused(cell: &str) -> &str {
    let bare = cell.trim_start_matches('\'');
    if bare.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.strip_prefix('\'').unwrap_or(cell)
    } else {
        cell
    }
}

/// Which line of a text a record begins on. The reader of records itself counts from before the line's end, where
/// that is two letters, and takes no note of blank lines.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    /// Counts in `text`, whose first line has the number `first`.
    pub fn new(text: &'t str, first: usize) -> Self {
        Self { text: text.as_bytes(), at: 0, line: first }
    }

    /// The line of the record that is said to begin at a byte. Later records are asked for later.
    pub fn of(&mut self, record: &csv::StringRecord) -> usize {
        let said = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX));
        while let Some(byte) = self.text.get(self.at)
            && (self.at < said || matches!(byte, b'\r' | b'\n'))
        {
            self.line += usize::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_the_line_that_an_editor_shows() {
        for end in ["\n", "\r\n"] {
            let text = ["a;b", "\"c", "d\";e", "", "", "f"].join(end);
            let mut lines = Lines::new(&text, 1);
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(b';')
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let found: Vec<usize> = reader.records().map(|record| lines.of(&record.unwrap())).collect();
            assert_eq!(found, [1, 2, 6]);
        }
    }

    #[test]
    fn swedish_letters_survive_each_encoding() {
        let utf16: Vec<u8> = "\u{feff}Åsa – 5 €".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}Åsa – 5 €".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let bytes: [&[u8]; 5] =
            ["Åsa – 5 €".as_bytes(), "\u{feff}Åsa – 5 €".as_bytes(), b"\xC5sa \x96 5 \x80", &utf16, &big];
        for bytes in bytes {
            assert_eq!(decode(bytes), "Åsa – 5 €");
        }
    }
}
