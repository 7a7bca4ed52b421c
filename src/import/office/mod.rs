//! Reads the documents that plans lie in (presentations, texts, workbooks, lists) into tables and paragraphs.
//!
//! Bytes in, values out; what they mean is for others to say. Nothing of a document is run, fetched or written to
//! disk, and [`Limits`] bound what reading one may cost.
//!
//! What isn't read: pictures, charts, diagrams, embedded objects, speaker notes, comments, footnotes, headers and
//! footers, text boxes and drawings of before 2010 in a .docx, drawings in an .xlsx, table styles, conditional formatting. Where one of them may
//! have held something of the plan a [`Warning`] says so.

mod colour;
mod docx;
mod drawing;
mod limits;
mod over;
mod package;
mod plain;
mod pptx;
mod slide;
mod story;
mod theme;
mod xlsx;
mod xml;

use std::collections::BTreeMap;

use crate::fault::{Fault, Faults};
use limits::Reading;
use package::{Package, target};

pub use colour::Colour;
pub use limits::Limits;

/// A document as far as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What kind of file it is, by its bytes and only then by its name.
    pub kind: Kind,
    /// Its title: of a text, the paragraph in the style Title; else what its properties say.
    pub title: Option<String>,
    /// Properties that somebody gave the document beside those that all documents have: name and text.
    pub properties: BTreeMap<String, String>,
    /// Slides, sheets, or what stands under each heading of a text; in reading order.
    pub pages: Vec<Page>,
    /// What was left out, and what is doubtful.
    pub warnings: Vec<Warning>,
}

/// What kind of file a document came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A presentation.
    Pptx,
    /// A text.
    Docx,
    /// A workbook.
    Xlsx,
    /// Values separated by semicolons, commas or tabs.
    Csv,
    /// Plain text.
    Text,
}

/// What people should be told of the reading; in English, as the command line speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The page that it is about, as [`Page::number`] counts; none for the document as a whole.
    pub page: Option<usize>,
    /// What was left out or is doubtful: lower case, without a full stop.
    pub message: String,
}

/// A slide, a sheet, or what stands under a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its number from 1, as people count: hidden slides and sheets, which are left out, are counted.
    pub number: usize,
    /// The slide's title, the sheet's name or the heading.
    pub heading: Option<String>,
    /// The heading's level from 1 in a .docx; 0 elsewhere, and for what stands before the first heading.
    pub level: u8,
    /// What stands there, in the order of the file.
    pub blocks: Vec<Block>,
}

/// One thing on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A table. A sheet is one.
    Table(Table),
    /// Paragraphs that follow each other; on a slide, those of one text box.
    Text(Vec<Paragraph>),
}

/// A table. Rows may differ in length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its rows; of a sheet or a list, those that have any text.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number from 1: in the table, in the sheet, or the line that it begins on.
    pub number: usize,
    /// Its cells, one for each column: merged ones are there too.
    pub cells: Vec<Cell>,
    /// The file says that it is a heading. Many tables don't say it of theirs.
    pub header: bool,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text; blank paragraphs are left out.
    pub paragraphs: Vec<Paragraph>,
    /// The colour of its background, if it has one of its own. White is a colour too.
    pub fill: Option<Colour>,
    /// Coloured shapes that lie over it, from above and the left, and coloured symbols in its text.
    pub marks: Vec<Mark>,
    /// Whether it is one with another.
    pub merged: Merged,
}

/// Something coloured in or over a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its colour.
    pub colour: Colour,
    /// The letter in the shape, or the symbol itself.
    pub text: Option<String>,
    /// The paragraph of the cell that the symbol stands in; none for a shape.
    pub paragraph: Option<usize>,
}

/// What a cell is one with. Such a cell has no text and no colour of its own: see [`Table::cell`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Merged {
    /// Nothing before it.
    #[default]
    No,
    /// The cell to the left.
    Left,
    /// The cell above.
    Above,
}

/// A paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// Its text, with `\n` where a line was broken by hand; never blank.
    pub text: String,
    /// How far in it stands in a list, from 0.
    pub level: u8,
    /// It is a list's item, as far as the file says so at the paragraph or its style.
    pub bullet: bool,
}

impl Table {
    /// The cell at a row and a column, from 0; of merged ones the first, which has their text.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        let (row, column) = self.origin(row, column);
        self.rows.get(row)?.cells.get(column)
    }

    /// The first of the cells that the one at a row and a column, from 0, is merged with; itself if it isn't.
    #[must_use]
    pub fn origin(&self, mut row: usize, mut column: usize) -> (usize, usize) {
        while let Some(cell) = self.rows.get(row).and_then(|r| r.cells.get(column)) {
            match cell.merged {
                Merged::Left if column > 0 => column -= 1,
                Merged::Above if row > 0 => row -= 1,
                _ => break,
            }
        }
        (row, column)
    }
}

impl Cell {
    /// Its paragraphs, one a line.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.paragraphs.iter().map(|p| p.text.as_str()).collect();
        lines.join("\n")
    }
}

/// Reads a document named `name`, which its faults name it by and which tells a list from plain text.
///
/// # Errors
/// One fault: the file is of another kind, protected, damaged, has macros, or would cost more than `limits` allow.
/// Its message says what to do instead.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Document, Faults> {
    let reading = Reading::new(name, *limits);
    document(name, bytes, reading).map_err(|fault| Faults::new(vec![fault]))
}

fn document(name: &str, bytes: &[u8], reading: Reading) -> Result<Document, Fault> {
    if bytes.len() > reading.limits.bytes {
        let message = format!("the file is larger than {} MB", reading.limits.bytes >> 20);
        return Err(reading
            .fault("too-large", &message)
            .suggest("compress its pictures, or save it without"));
    }
    if bytes.is_empty() {
        return Err(reading.fault("empty", "the file is empty"));
    }
    let extension = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
    if bytes.starts_with(b"PK") {
        return package(&extension, bytes, reading);
    }
    refuse(&extension, bytes, &reading)?;
    if matches!(extension.as_str(), "csv" | "tsv" | "tab") {
        plain::list(bytes, reading)
    } else {
        plain::text(bytes, reading)
    }
}

/// What is neither an archive nor text.
fn refuse(extension: &str, bytes: &[u8], reading: &Reading) -> Result<(), Fault> {
    let fault = |code, message: &str, advice: &str| Err(reading.fault(code, message).suggest(advice));
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let marker: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.windows(marker.len()).any(|w| w == marker) {
            return fault("protected", "the file is protected by a password", "save it without one");
        }
        let newer = match extension {
            "doc" | "dot" => ".docx",
            "xls" | "xlt" => ".xlsx",
            "ppt" | "pps" | "pot" => ".pptx",
            _ => ".pptx, .docx or .xlsx",
        };
        return fault("old-format", "the file has a format from before 2007", &format!("save it as {newer}"));
    }
    if bytes.starts_with(b"%PDF") {
        let advice = "use the .pptx, .docx or .xlsx that it was made from";
        return fault(
            "unknown-format",
            "the file is a PDF, in which a table is only lines and letters",
            advice,
        );
    }
    let start = &bytes[..bytes.len().min(1 << 16)];
    let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let office =
        matches!(extension, "pptx" | "docx" | "xlsx" | "pptm" | "docm" | "xlsm" | "odt" | "odp" | "ods");
    if start.starts_with(b"{\\rtf") || start.starts_with(b"<?xml") || office {
        let message = "the file is not what a .pptx, .docx or .xlsx is";
        return fault(
            "unknown-format",
            message,
            "open it where it was made and save it as .pptx, .docx or .xlsx",
        );
    }
    if !wide && start.contains(&0) {
        let advice = "save it as .pptx, .docx, .xlsx or .csv";
        return fault("unknown-format", "the file is neither a document nor text", advice);
    }
    Ok(())
}

fn package(extension: &str, bytes: &[u8], reading: Reading) -> Result<Document, Fault> {
    let mut package = Package::new(bytes, reading)?;
    if matches!(extension, "pptm" | "docm" | "xlsm" | "potm" | "ppsm" | "dotm")
        || package.has("vbaproject.bin")
    {
        let fault = package.reading.fault("macros", "the file may have macros in it");
        return Err(fault.suggest("save it as .pptx, .docx or .xlsx"));
    }
    if let Some(kind) = package.first_bytes("mimetype", 64)
        && kind.starts_with(b"application/vnd.oasis.opendocument")
    {
        let fault = package.reading.fault("unknown-format", "the file is an OpenDocument (.odt, .odp, .ods)");
        return Err(fault.suggest("save it as .pptx, .docx or .xlsx"));
    }
    if package.has("workbook.bin") {
        let fault = package.reading.fault("unknown-format", "the file is a binary workbook (.xlsb)");
        return Err(fault.suggest("save it as .xlsx"));
    }
    let roots = package.relations("")?;
    let Some(main) = target(&roots, "officeDocument").map(str::to_owned) else {
        let fault = package.reading.fault("unknown-format", "the archive is no document");
        return Err(fault.suggest("save it as .pptx, .docx or .xlsx"));
    };
    let title = match target(&roots, "core-properties") {
        Some(part) => property(&mut package, part, "title")?,
        None => None,
    };
    let properties = match target(&roots, "custom-properties") {
        Some(part) => properties(&mut package, part)?,
        None => BTreeMap::new(),
    };
    let root = {
        let mut xml = package.need(&main)?;
        xml.element(0)?;
        xml.name().to_owned()
    };
    let read = match root.as_str() {
        "presentation" => pptx::read(package, &main, title),
        "document" => docx::read(package, &main, title),
        "workbook" => xlsx::read(package, &main, title),
        _ => {
            let fault =
                package.reading.fault("unknown-format", "the archive is neither slides, text nor sheets");
            Err(fault.suggest("save it as .pptx, .docx or .xlsx"))
        }
    };
    Ok(Document { properties, ..read? })
}

/// A property of the document; none where programs put their own name for "untitled".
fn property(package: &mut Package<'_>, part: &str, name: &str) -> Result<Option<String>, Fault> {
    let Some(mut xml) = package.open(part)? else { return Ok(None) };
    if !xml.find_element(name)? {
        return Ok(None);
    }
    let text = xml.content()?;
    xml.reading.take_text(text.len())?;
    let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let placeholder = ["PowerPoint-presentation", "PowerPoint Presentation"].contains(&title.as_str());
    Ok(Some(title).filter(|t| !t.is_empty() && !placeholder))
}

/// The most properties of a document's own that are read.
const MOST_PROPERTIES: usize = 1_000;

/// The document's own properties; those that hold no text are left out.
fn properties(package: &mut Package<'_>, part: &str) -> Result<BTreeMap<String, String>, Fault> {
    let mut found = BTreeMap::new();
    let Some(mut xml) = package.open(part)? else { return Ok(found) };
    let mut name = None;
    while xml.element(0)? && found.len() < MOST_PROPERTIES {
        match xml.name() {
            "property" => name = xml.attr("name").map(|name| name.into_owned()),
            "lpwstr" | "lpstr" | "bstr" => {
                let text = xml.content()?;
                if let Some(name) = name.take() {
                    xml.reading.take_text(name.len() + text.len())?;
                    found.insert(name, text.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(found)
}
