//! What slides write with DrawingML: bodies of text and tables (ECMA-376, part 1, 21.1).

use super::colour::Colour;
use super::story::{Draft, Story};
use super::theme::{Theme, colour};
use super::xml::Xml;
use super::{Cell, Merged, Row, Table};
use crate::fault::Fault;

/// A table with the sizes of its columns and rows, in the units of the frame that it lies in (EMU).
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub columns: Vec<f64>,
    pub heights: Vec<f64>,
    pub table: Table,
}

/// The paragraphs of the `txBody` that began last.
pub(super) fn body(xml: &mut Xml<'_>, theme: &Theme) -> Result<Story, Fault> {
    let level = xml.depth();
    let mut story = Story::default();
    while xml.element(level)? {
        match xml.name() {
            "p" => {
                let draft = paragraph(xml, theme)?;
                story.push(xml.reading, draft)?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(story)
}

fn paragraph(xml: &mut Xml<'_>, theme: &Theme) -> Result<Draft, Fault> {
    let level = xml.depth();
    let mut draft = Draft::default();
    let mut run_colour = None;
    while xml.element(level)? {
        match xml.name() {
            "pPr" => {
                draft.level = xml.number::<u8>("lvl").unwrap_or(0).min(8);
                draft.bullet = bullet(xml)?;
            }
            "r" | "fld" => run_colour = None,
            "rPr" => run_colour = fill(xml, theme)?.stated(),
            "t" => {
                let text = xml.content()?;
                draft.run(xml.reading, &text, run_colour)?;
            }
            "br" => {
                xml.skip()?;
                draft.run(xml.reading, "\n", None)?;
            }
            "endParaRPr" => xml.skip()?,
            // Whatever else there is holds runs, such as a formula or a choice between two ways to write them.
            _ => {}
        }
    }
    Ok(draft)
}

fn bullet(xml: &mut Xml<'_>) -> Result<bool, Fault> {
    let level = xml.depth();
    let mut bullet = false;
    while xml.element(level)? {
        bullet |= matches!(xml.name(), "buChar" | "buAutoNum" | "buBlip");
        xml.skip()?;
    }
    Ok(bullet)
}

/// How something says that it is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// It says nothing.
    Unsaid,
    /// Not at all, or with something that is no one colour.
    Other,
    /// With a colour.
    Solid(Colour),
}

impl Fill {
    /// The colour, if there is one.
    pub fn stated(self) -> Option<Colour> {
        match self {
            Self::Solid(colour) => Some(colour),
            Self::Unsaid | Self::Other => None,
        }
    }

    /// What an element says that may be one of the kinds of fill; that element is read to its end then. None if it
    /// is something else.
    pub fn read(xml: &mut Xml<'_>, theme: &Theme) -> Result<Option<Self>, Fault> {
        Ok(match xml.name() {
            "solidFill" => Some(colour(xml, theme)?.map_or(Self::Other, Self::Solid)),
            "noFill" | "gradFill" | "blipFill" | "pattFill" | "grpFill" => {
                xml.skip()?;
                Some(Self::Other)
            }
            _ => None,
        })
    }
}

/// The fill among the children of the element that began last, and past it. Lines have fills too, further in.
fn fill(xml: &mut Xml<'_>, theme: &Theme) -> Result<Fill, Fault> {
    let level = xml.depth();
    let mut fill = Fill::Unsaid;
    while xml.element(level)? {
        match Fill::read(xml, theme)? {
            Some(found) => fill = found,
            None => xml.skip()?,
        }
    }
    Ok(fill)
}

/// The table of the element `tbl` that began last.
pub(super) fn table(xml: &mut Xml<'_>, theme: &Theme) -> Result<Grid, Fault> {
    let level = xml.depth();
    let mut grid = Grid::default();
    xml.reading.take_cells(1)?;
    let mut first_row = false;
    while xml.element(level)? {
        match xml.name() {
            "tblPr" => {
                first_row = xml.flag("firstRow").unwrap_or(false);
                xml.skip()?;
            }
            "gridCol" => {
                grid.columns.push(size(xml, "w"));
                xml.reading.take_cells(1)?;
                xml.skip()?;
            }
            "tr" => {
                xml.reading.take_cells(1)?;
                grid.heights.push(size(xml, "h"));
                let cells = row(xml, theme)?;
                let number = grid.table.rows.len() + 1;
                grid.table.rows.push(Row { number, cells, header: first_row && number == 1 });
            }
            _ => {}
        }
    }
    Ok(grid)
}

/// A size in EMU; 0 where it is missing or can't be one.
pub(super) fn size(xml: &Xml<'_>, name: &str) -> f64 {
    xml.number::<f64>(name).filter(|v| v.is_finite() && v.abs() < 1e12).unwrap_or(0.0)
}

fn row(xml: &mut Xml<'_>, theme: &Theme) -> Result<Vec<Cell>, Fault> {
    let level = xml.depth();
    let mut cells = Vec::new();
    while xml.element(level)? {
        match xml.name() {
            "tc" => {
                xml.reading.take_cells(1)?;
                cells.push(cell(xml, theme)?);
            }
            _ => xml.skip()?,
        }
    }
    Ok(cells)
}

fn cell(xml: &mut Xml<'_>, theme: &Theme) -> Result<Cell, Fault> {
    let level = xml.depth();
    let merged = match (xml.flag("hMerge"), xml.flag("vMerge")) {
        (Some(true), _) => Merged::Left,
        (_, Some(true)) => Merged::Above,
        _ => Merged::No,
    };
    let mut cell = Cell { merged, ..Cell::default() };
    while xml.element(level)? {
        match xml.name() {
            "txBody" => {
                let story = body(xml, theme)?;
                (cell.paragraphs, cell.marks) = (story.paragraphs, story.marks);
            }
            "tcPr" => cell.fill = fill(xml, theme)?.stated(),
            _ => xml.skip()?,
        }
    }
    // A merged cell may keep what it had before; nobody sees that.
    Ok(if merged == Merged::No { cell } else { Cell { merged, ..Cell::default() } })
}
