//! A file as text, and where in it something stands.

use crate::fault::Fault;

/// A file that has been read from somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path relative to the folder that was read, with `/` between folders.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl SourceFile {
    /// A file from its path and content.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// A file with an index of its lines. A place in it is a byte offset from its beginning.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    file: &'a SourceFile,
    line_starts: Vec<usize>,
}

impl<'a> Source<'a> {
    /// Indexes a file.
    #[must_use]
    pub fn new(file: &'a SourceFile) -> Self {
        let after_breaks = file.text.match_indices('\n').map(|(at, _)| at + 1);
        Self { file, line_starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &'a str {
        &self.file.path
    }

    /// The file's content.
    #[must_use]
    pub fn text(&self) -> &'a str {
        &self.file.text
    }

    /// Line and column of a place, both from 1, the column in characters. A place beyond the end is the end.
    #[must_use]
    pub fn position(&self, at: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= at).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let rest = self.file.text.get(start..).unwrap_or_default();
        let before = rest.char_indices().take_while(|(i, _)| start + i < at);
        // Windows editors write a byte order mark first; no editor shows it as a column.
        (line, 1 + before.filter(|(_, c)| *c != '\u{feff}').count())
    }

    /// Where a line (from 1) starts.
    pub(super) fn start(&self, line: usize) -> usize {
        self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.file.text.len())
    }

    /// The line that a place is on, without its end.
    pub(super) fn line(&self, at: usize) -> &'a str {
        let (line, _) = self.position(at);
        self.file.text.get(self.start(line)..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    /// Turns lines of a copy of the file into spaces, so that all else keeps its place. Says whether there was
    /// anything to turn.
    pub(super) fn blank(&self, text: &mut String, lines: &std::ops::RangeInclusive<usize>) -> bool {
        let start = self.start(*lines.start());
        let end = self.start(lines.end().saturating_add(1)).max(start);
        let Some(part) = text.get(start..end) else { return false };
        let plain = |byte: u8| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
        let blank: String = part.bytes().map(plain).collect();
        let changed = blank != part;
        text.replace_range(start..end, &blank);
        changed
    }

    /// A fault at a place.
    pub fn fault(&self, at: usize, code: &'static str, message: impl AsRef<str>) -> Fault {
        Fault::new(self.path(), self.position(at), code, message.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let file = SourceFile::new("a", "\u{feff}å = 1\r\nöö = 2\n");
        let source = Source::new(&file);
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(file.text.find('1').unwrap()), (1, 5));
        assert_eq!(source.position(file.text.find('2').unwrap()), (2, 6));
        assert_eq!(source.position(file.text.len()), (3, 1));
        assert_eq!(source.position(1000), (3, 1));
    }
}
