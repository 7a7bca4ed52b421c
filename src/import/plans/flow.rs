//! The words of a document outside its tables: rows that have lost their table, and pages beside the plan.

use std::collections::BTreeMap;

use super::cutting::{self, Is};
use super::heads::{self, Column, Flat};
use super::lines::{self, Line, Start, fold, paras, stacked};
use super::raw::{Raw, Raws};
use super::{Place, Unplaced};
use crate::import::notation::{self, Basis, Notation, Written, YearFrom};
use crate::import::office::{Block, Kind, Page};
use crate::items::register::Source;
use crate::items::versions::Text;

/// What the lines that are being read belong to.
#[derive(Debug)]
enum In {
    Beside(Option<String>),
    Rows(Flat),
}

/// Reads lines, page by page.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    kind: Kind,
    /// Lines that stand on every page: the organisation's name.
    furniture: &'a [String],
    at: In,
    lines: Vec<Line>,
    row: BTreeMap<usize, usize>,
}

/// Short lines that stand right above several headings, or are the organisation's own name.
pub(super) fn furniture(pages: &[Page], title: &str) -> Vec<String> {
    let all: Vec<&str> = pages
        .iter()
        .flat_map(|page| &page.blocks)
        .filter_map(|block| match block {
            Block::Text(paragraphs) => Some(paragraphs),
            Block::Table(_) => None,
        })
        .flatten()
        .flat_map(|p| p.text.split('\n'))
        .map(str::trim)
        .collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut at = 1;
    while let Some(rest) = all.get(at..).filter(|rest| !rest.is_empty()) {
        match heads::flat(rest.iter().copied()) {
            Some(flat) => {
                let above = all.get(at - 1).copied().unwrap_or_default();
                if above.chars().count() <= 60 && !lines::ends(above) {
                    *counts.entry(fold(above)).or_default() += 1;
                }
                at += flat.lines.max(1);
            }
            None => at += 1,
        }
    }
    let known = counts.into_iter().filter(|(_, count)| *count > 1).map(|(text, _)| text);
    known.chain([fold(title)]).filter(|text| !text.is_empty()).collect()
}

impl<'a> Flow<'a> {
    pub fn new(kind: Kind, furniture: &'a [String]) -> Self {
        Self { kind, furniture, at: In::Beside(None), lines: Vec::new(), row: BTreeMap::new() }
    }

    /// Takes a page without a table of the plan in.
    pub fn page(&mut self, page: &Page, raws: &mut Raws) {
        let paged = self.kind != Kind::Text;
        let page_lines = self.page_lines(page);
        if paged {
            let below = |at: usize| page_lines.iter().skip(at).take(20).map(|l| l.text.as_str());
            let heads = (0..page_lines.len()).any(|at| heads::flat(below(at)).is_some());
            let rows = matches!(self.at, In::Rows(_))
                && page.heading.is_none()
                && cutting::looks_like_rows(&page_lines);
            if !(heads || rows) || matches!(self.at, In::Beside(_)) {
                self.end(raws);
                self.at = In::Beside(page.heading.clone());
            }
        }
        let mut at = 0;
        while let Some(line) = page_lines.get(at) {
            let rest = page_lines.get(at..).unwrap_or_default().iter().map(|l| l.text.as_str());
            if let Some(flat) = heads::flat(rest) {
                self.end(raws);
                raws.sources.push(flat.source);
                at += flat.lines;
                self.at = In::Rows(flat);
                continue;
            }
            at += 1;
            let low = fold(&line.text);
            if self.furniture.contains(&low) && !line.bullet {
                if !raws.unplaced.iter().any(|u| fold(&u.text) == low) {
                    raws.unplaced.push(Unplaced { place: line.place, text: line.text.clone() });
                }
                continue;
            }
            if !line.bullet && heads::is_page(&line.text) && !paged {
                self.end(raws);
                self.at = In::Beside(Some(line.text.clone()));
                continue;
            }
            self.lines.push(line.clone());
        }
        if paged {
            // The rows may go on over the next page; what stands beside them ends with its own.
            if matches!(self.at, In::Beside(_)) {
                self.end(raws);
            }
        }
    }

    fn page_lines(&mut self, page: &Page) -> Vec<Line> {
        let mut all = Vec::new();
        let row = self.row.entry(page.number).or_default();
        for block in &page.blocks {
            let Block::Text(paragraphs) = block else { continue };
            for (number, paragraph) in paragraphs.iter().enumerate() {
                *row += 1;
                let place = Place { page: page.number, row: *row };
                let read = lines::lines(std::slice::from_ref(paragraph), place);
                let start = match self.kind {
                    Kind::Text if number == 0 => Start::Blank,
                    Kind::Text => Start::Wrapped,
                    _ => Start::Paragraph,
                };
                all.extend(
                    read.into_iter()
                        .enumerate()
                        .map(|(n, line)| Line { start: if n == 0 { start } else { Start::Wrapped }, ..line }),
                );
            }
        }
        all
    }

    /// Ends what is being read.
    pub fn end(&mut self, raws: &mut Raws) {
        let mut lines = std::mem::take(&mut self.lines);
        match std::mem::replace(&mut self.at, In::Beside(None)) {
            In::Beside(heading) => beside(heading, &lines, raws),
            In::Rows(flat) => {
                settle(&mut lines);
                rows(&lines, &flat, raws);
            }
        }
    }
}

/// Where sentences go on over blank lines, those say nothing.
fn settle(lines: &mut [Line]) {
    let over = |pair: &&[Line]| {
        let [before, line] = pair else { return false };
        let amid = !lines::begins_anew(&line.text) && !line.bullet && !lines::is_ditto(&line.text);
        let goes_on = lines::dangles(&before.text) || (amid && !lines::ends(&before.text));
        let digit = line.text.starts_with(|c: char| c.is_ascii_digit());
        line.start == Start::Blank && goes_on && !digit
    };
    let blank = lines.iter().filter(|l| l.start == Start::Blank).count();
    if lines.windows(2).filter(over).count() * 10 > blank {
        for line in lines.iter_mut().filter(|l| l.start == Start::Blank) {
            line.start = Start::Wrapped;
        }
    }
}

fn rows(lines: &[Line], flat: &Flat, raws: &mut Raws) {
    let source: Option<Source> = flat.source;
    let mut here = false;
    for mut piece in cutting::cut(lines, flat.focus) {
        let when = flat.schedule && matches!(piece.is, Is::Activity | Is::FollowUp) && is_when(&piece.lines);
        let column = if when { Column::Schedule } else { piece.is.column() };
        let place = piece.lines.first().map(|l| l.place).unwrap_or_default();
        if piece.new {
            raws.rows.push(Raw { place, source, ..Raw::default() });
            here = true;
        }
        match raws.rows.last_mut() {
            Some(row) => {
                row.ditto |=
                    matches!(piece.is, Is::Opening) && piece.lines.iter().all(|l| lines::is_ditto(&l.text));
                // A column begins a paragraph; within it the lines tell.
                if let Some(first) = piece.lines.first_mut().filter(|_| !row.has(column)) {
                    first.start = Start::Paragraph;
                }
                row.push(column, piece.lines);
            }
            None => raws.unplaced.push(Unplaced { place, text: lines::joined(&piece.lines) }),
        }
    }
    if !here && !lines.is_empty() {
        raws.warnings.push(
            "below a heading of the plan no row was found: its words were added to the row before".to_owned(),
        );
    }
}

/// Whether lines say no more than when: what stands in a column of its own in older plans.
fn is_when(lines: &[Line]) -> bool {
    let text = lines::joined(lines);
    let found = notation::find(&text, Basis::default());
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let dated: usize = found.iter().filter_map(|f| text.get(f.range.clone())).map(letters).sum();
    let framed = if text.ends_with("och framåt") { letters("och framåt") } else { 0 };
    dated > 0 && (dated + framed) * 4 >= letters(&text) * 3
}

/// Keeps a page beside the plan. A calendar on it is a page of its own: text taken out of slides doesn't say where one
/// ends.
fn beside(heading: Option<String>, lines: &[Line], raws: &mut Raws) {
    let calendar = (0..lines.len()).find(|at| {
        let next = lines.get(*at..(at + 8).min(lines.len())).unwrap_or_default();
        next.first().is_some_and(is_calendar) && next.iter().filter(|l| is_calendar(l)).count() >= 3
    });
    let (own, other) = lines.split_at(calendar.unwrap_or(lines.len()));
    if heading.is_some() || !own.is_empty() {
        let text = written(own);
        if let Some(heading) = heading.as_deref().filter(|_| text.is_empty() && other.is_empty()) {
            raws.warnings.push(format!(
                "the page `{heading}` is empty: that is nothing handed in, not nothing to say"
            ));
        }
        raws.texts.push(Text { heading, text });
    }
    if !other.is_empty() {
        let title = other.iter().find(|l| fold(&l.text).contains("årshjul")).map(|l| l.text.clone());
        let text = stacked(other.iter().map(|l| l.text.as_str()));
        raws.texts.push(Text { heading: title, text });
    }
}

fn is_calendar(line: &Line) -> bool {
    if !line.text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let found = notation::find(&line.text, Basis::default());
    let Some(first) = found.first().filter(|f| f.range.start == 0) else { return false };
    match &first.what {
        Notation::Stretch(stretch) => {
            matches!(stretch.written, Written::Days { .. }) && stretch.year_from == YearFrom::Missing
        }
        _ => false,
    }
}

fn written(lines: &[Line]) -> String {
    let bullet = |p: &lines::Para| if p.bullet { format!("• {}", p.text) } else { p.text.clone() };
    let texts: Vec<String> = paras(lines).iter().map(bullet).collect();
    stacked(texts.iter().map(String::as_str))
}
