//! Tables of a text.

use super::super::colour::Colour;
use super::super::story::Story;
use super::super::xml::Xml;
use super::super::{Cell, Mark, Merged, Row, Table};
use super::{Context, paragraph};
use crate::fault::Fault;

/// Columns that Word lets a table have; no cell spans more.
const WIDEST: usize = 63;

/// The table `tbl` that began last.
pub(super) fn read(xml: &mut Xml<'_>, context: &Context) -> Result<Table, Fault> {
    let level = xml.depth();
    let mut table = Table::default();
    xml.reading.take_cells(1)?;
    while xml.element(level)? {
        match xml.name() {
            "tr" => {
                let number = table.rows.len() + 1;
                table.rows.extend(row(xml, context, number)?);
            }
            "tblPr" | "tblGrid" | "sdtPr" | "del" | "moveFrom" => xml.skip()?,
            _ => {}
        }
    }
    Ok(table)
}

/// A row; none if it has been deleted.
fn row(xml: &mut Xml<'_>, context: &Context, number: usize) -> Result<Option<Row>, Fault> {
    let level = xml.depth();
    let mut row = Row { number, ..Row::default() };
    let mut deleted = false;
    xml.reading.take_cells(1)?;
    while xml.element(level)? {
        match xml.name() {
            "tblHeader" => row.header = xml.flag("val") != Some(false),
            "gridBefore" => {
                for _ in 0..xml.number::<usize>("val").unwrap_or(0).min(WIDEST) {
                    xml.reading.take_cells(1)?;
                    row.cells.push(Cell::default());
                }
            }
            "tc" => cell(xml, context, &mut row.cells)?,
            "del" => {
                deleted = true;
                xml.skip()?;
            }
            "trPrChange" | "tblPrEx" | "sdtPr" | "moveFrom" => xml.skip()?,
            _ => {}
        }
    }
    Ok((!deleted).then_some(row))
}

/// Adds a cell, and those that it spans.
fn cell(xml: &mut Xml<'_>, context: &Context, cells: &mut Vec<Cell>) -> Result<(), Fault> {
    let level = xml.depth();
    let mut form = Form::default();
    let mut story = Story::default();
    while xml.element(level)? {
        match xml.name() {
            "tcPr" => form = Form::read(xml)?,
            "p" => {
                let (draft, _) = paragraph(xml, context)?;
                story.push(xml.reading, draft)?;
            }
            "tbl" => {
                let inner = read(xml, context)?;
                xml.reading.warn("a table inside a table's cell was read as that cell's text");
                inner.rows.into_iter().flat_map(|row| row.cells).for_each(|cell| flatten(&mut story, cell));
            }
            "sdtPr" | "del" | "moveFrom" => xml.skip()?,
            _ => {}
        }
    }
    xml.reading.take_cells(form.across)?;
    cells.push(match form.merged {
        Merged::No => {
            Cell { paragraphs: story.paragraphs, fill: form.fill, marks: story.marks, merged: Merged::No }
        }
        merged => Cell { merged, ..Cell::default() },
    });
    cells.extend((1..form.across).map(|_| Cell { merged: Merged::Left, ..Cell::default() }));
    Ok(())
}

/// A cell of an inner table as text of the outer one; its status colour becomes a mark.
fn flatten(story: &mut Story, cell: Cell) {
    let light = cell.fill.filter(|fill| fill.health.is_some());
    let marks = light.map(|colour| Mark { colour, text: None, paragraph: None }).into_iter();
    story.append(Story { paragraphs: cell.paragraphs, marks: marks.chain(cell.marks).collect() });
}

/// What a cell's properties say.
#[derive(Debug)]
struct Form {
    across: usize,
    merged: Merged,
    fill: Option<Colour>,
}

impl Default for Form {
    fn default() -> Self {
        Self { across: 1, merged: Merged::No, fill: None }
    }
}

impl Form {
    fn read(xml: &mut Xml<'_>) -> Result<Self, Fault> {
        let level = xml.depth();
        let mut form = Self::default();
        while xml.element(level)? {
            let goes_on = xml.attr("val").is_none_or(|v| v == "continue");
            match xml.name() {
                "gridSpan" => form.across = xml.number::<usize>("val").unwrap_or(1).clamp(1, WIDEST),
                "vMerge" if goes_on && form.merged == Merged::No => form.merged = Merged::Above,
                "hMerge" if goes_on => form.merged = Merged::Left,
                // The colour of a pattern is between two; "clear" has only the one behind it.
                "shd" => {
                    let colour = match xml.attr("val").as_deref() {
                        None | Some("clear") => xml.attr("fill"),
                        Some("solid") => xml.attr("color"),
                        Some(_) => None,
                    };
                    form.fill = colour.and_then(|c| Colour::parse(&c));
                }
                "tcPrChange" => xml.skip()?,
                _ => {}
            }
        }
        Ok(form)
    }
}
