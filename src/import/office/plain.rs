//! Lists of separated values, and plain text.

use std::collections::BTreeMap;

use super::limits::Reading;
use super::story::{Draft, Story};
use super::{Block, Cell, Document, Kind, Merged, Page, Row, Table};
use crate::fault::Fault;
use crate::import::decode::{Lines, decode, separator, undefused};

/// Reads a list: one page with one table. Its first row is not taken for a heading: the file doesn't say so.
pub(super) fn list(bytes: &[u8], mut reading: Reading) -> Result<Document, Fault> {
    small(bytes, &reading)?;
    reading.page = Some(1);
    let text = decode(bytes);
    // A first line that is there for Excel only.
    let told = text.lines().next().and_then(|line| line.strip_prefix("sep=")).and_then(|s| s.bytes().next());
    let skipped = usize::from(told.is_some());
    let body: &str = if skipped == 0 { &text } else { text.split_once('\n').map_or("", |(_, rest)| rest) };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(told.unwrap_or_else(|| separator(body.lines().next().unwrap_or_default())))
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut table = Table::default();
    let mut lines = Lines::new(body, 1 + skipped);
    for record in reader.records() {
        let record =
            record.map_err(|error| reading.fault("bad-row", &format!("a row can't be read: {error}")))?;
        let mut row = Row { number: lines.of(&record), ..Row::default() };
        for field in &record {
            reading.take_cells(1)?;
            let story = Story::of_runs(&mut reading, [(undefused(field), None)])?;
            let Story { paragraphs, marks } = story;
            row.cells.push(Cell { paragraphs, fill: None, marks, merged: Merged::No });
        }
        if row.cells.iter().any(|cell| !cell.paragraphs.is_empty()) {
            table.rows.push(row);
        }
    }
    if table.rows.is_empty() {
        return Err(reading.fault("empty", "the list is empty"));
    }
    let page = Page { number: 1, blocks: vec![Block::Table(table)], ..Page::default() };
    Ok(Document {
        kind: Kind::Csv,
        title: None,
        properties: BTreeMap::new(),
        pages: vec![page],
        warnings: reading.warnings,
    })
}

/// Reads plain text. A form feed or a line of at least three hyphens begins a new page, a blank line a new block,
/// each line is a paragraph, and one that begins with a dash, a star or a dot is an item of a list.
pub(super) fn text(bytes: &[u8], mut reading: Reading) -> Result<Document, Fault> {
    small(bytes, &reading)?;
    let text = decode(bytes);
    let mut pages = vec![Page { number: 1, ..Page::default() }];
    let mut story = Story::default();
    for line in text.split_inclusive(['\n', '\u{C}']) {
        let (line, feeds) = line.strip_suffix('\u{C}').map_or((line, false), |line| (line, true));
        let rule = line.trim().len() >= 3 && line.trim().bytes().all(|b| b == b'-');
        if !rule {
            let draft = item(&mut reading, line)?;
            if !draft.is_blank() {
                story.push(&mut reading, draft)?;
                if !feeds {
                    continue;
                }
            }
        }
        let paragraphs = std::mem::take(&mut story).paragraphs;
        if let (Some(page), false) = (pages.last_mut(), paragraphs.is_empty()) {
            page.blocks.push(Block::Text(paragraphs));
        }
        if rule || feeds {
            reading.take_page()?;
            pages.push(Page { number: pages.len() + 1, ..Page::default() });
        }
    }
    if let (Some(page), false) = (pages.last_mut(), story.paragraphs.is_empty()) {
        page.blocks.push(Block::Text(story.paragraphs));
    }
    pages.retain(|page| !page.blocks.is_empty());
    if pages.is_empty() {
        return Err(reading.fault("empty", "the text is empty"));
    }
    Ok(Document {
        kind: Kind::Text,
        title: None,
        properties: BTreeMap::new(),
        pages,
        warnings: reading.warnings,
    })
}

/// Text is as large as it is: there is no packing, and there are no pictures.
fn small(bytes: &[u8], reading: &Reading) -> Result<(), Fault> {
    let most = reading.limits.text;
    if bytes.len() <= most {
        return Ok(());
    }
    let fault = reading.fault("too-large", &format!("the text is larger than {} MB", most >> 20));
    Err(fault.suggest("save what belongs to the plan as a file of its own"))
}

/// Spaces that stand for one step further in.
const STEP: usize = 4;

fn item(reading: &mut Reading, line: &str) -> Result<Draft, Fault> {
    let body = line.trim_start();
    let indent =
        line[..line.len() - body.len()].chars().map(|c| if c == '\t' { STEP } else { 1 }).sum::<usize>();
    let mut rest = body.trim_start_matches(['-', '*', '•', '–', '·', '○', '▪']);
    let bullet = rest.len() < body.len() && rest.starts_with([' ', '\t']) && !rest.trim().is_empty();
    if !bullet {
        rest = body;
    }
    let mut draft = Draft::default();
    draft.run(reading, rest, None)?;
    draft.bullet = bullet;
    draft.level = if bullet { u8::try_from(indent / STEP).unwrap_or(8).min(8) } else { 0 };
    Ok(draft)
}
