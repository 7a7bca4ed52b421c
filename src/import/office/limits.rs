//! What a file may ask of us, and what one reading has used of it.
//!
//! Files come from outside. The cost of reading one is bounded by these numbers and not by what the file says of
//! itself: the sizes in an archive's index, the dimensions of a sheet and the counts of a table are all claims.

use super::Warning;
use crate::fault::Fault;

/// What one file may cost. [`Limits::default`] lets through every handlingsplan that people write, and holds a
/// hostile file to about 100 MB of memory beside its own bytes, and to about a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself: 32 MiB. Pictures are most of a presentation; they are never unpacked.
    pub bytes: usize,
    /// Entries of an archive: 5,000.
    pub entries: usize,
    /// Bytes that all parts which are read unpack to, taken together: 32 MiB.
    pub unpacked: u64,
    /// How many times larger than its packed form a part may be, once it is larger than 4 MiB: 200. Deflate
    /// reaches 1,032 on nothing but repetition; XML of tables seldom 50.
    pub ratio: u64,
    /// Bytes of one tag with its attributes, or of one piece of text: 1 MiB.
    pub token: usize,
    /// Beginnings and ends of elements and pieces of text, of all parts together: 4 million. The smallest take four
    /// bytes and as long to read as a sentence.
    pub events: usize,
    /// Elements inside each other: 256. Word needs some 12 for each table in a table.
    pub depth: usize,
    /// Slides, sheets or headings: 500.
    pub pages: usize,
    /// Cells of all tables together: 50,000. Empty ones count; so do, in a text and a
    /// presentation, each table, row and column.
    pub cells: usize,
    /// Bytes of all text together: 8 MiB. A paragraph counts as 32 bytes more, a coloured mark as 64. A list or a
    /// plain text may not be larger itself.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            entries: 5_000,
            unpacked: 32 << 20,
            ratio: 200,
            token: 1 << 20,
            events: 4_000_000,
            depth: 256,
            pages: 500,
            cells: 50_000,
            text: 8 << 20,
        }
    }
}

/// Warnings that are kept; a file that gives more gives the same again and again.
const MOST_WARNINGS: usize = 100;

/// One reading of one file: its name, its limits, what has been used of them, and what people should be told.
#[derive(Debug)]
pub(super) struct Reading {
    file: String,
    pub limits: Limits,
    /// Bytes that may still be unpacked.
    pub unpack: u64,
    /// Events that may still be read.
    pub events: usize,
    pages: usize,
    cells: usize,
    text: usize,
    /// The page that is being read, as people count it.
    pub page: Option<usize>,
    pub warnings: Vec<Warning>,
}

impl Reading {
    pub fn new(file: &str, limits: Limits) -> Self {
        let (pages, cells, text) = (limits.pages, limits.cells, limits.text);
        let (unpack, events) = (limits.unpacked, limits.events);
        Self {
            file: file.to_owned(),
            limits,
            unpack,
            events,
            pages,
            cells,
            text,
            page: None,
            warnings: Vec::new(),
        }
    }

    /// A fault of the file as a whole: inside a document there is no line that a person could look up.
    pub fn fault(&self, code: &'static str, message: &str) -> Fault {
        Fault::new(&self.file, (1, 1), code, message)
    }

    /// Notes what was left out or doubtful on the page that is being read, once.
    pub fn warn(&mut self, message: impl Into<String>) {
        let warning = Warning { page: self.page, message: message.into() };
        if self.warnings.len() < MOST_WARNINGS && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Counts a page.
    pub fn take_page(&mut self) -> Result<(), Fault> {
        self.pages = self.less(self.pages, 1, self.limits.pages, "pages")?;
        Ok(())
    }

    /// Counts cells.
    pub fn take_cells(&mut self, count: usize) -> Result<(), Fault> {
        self.cells = self.less(self.cells, count, self.limits.cells, "cells of tables")?;
        Ok(())
    }

    /// Counts bytes of text.
    pub fn take_text(&mut self, bytes: usize) -> Result<(), Fault> {
        self.text = self.less(self.text, bytes, self.limits.text, "bytes of text")?;
        Ok(())
    }

    fn less(&self, left: usize, count: usize, most: usize, what: &str) -> Result<usize, Fault> {
        left.checked_sub(count).ok_or_else(|| {
            let fault = self.fault("too-large", &format!("the file has more than {most} {what}"));
            fault.suggest("save the pages or the sheet that the plan is on as a file of its own")
        })
    }
}
