//! The text: a heading and a table for each group of rows, on pages that lie on their side.

use super::super::docx::{Frame, Pages, docx};
use super::super::package::DocumentError;
use super::super::writing::{LANDSCAPE, Writing};
use super::cells::{Cell, Kind, Without, cells, changed};
use super::{Sheet, fill, ink, lights};
use crate::items::written::symbol;
use crate::items::{Health, Phase};
use crate::text::picture as text;

/// Widths of the template's columns, in twentieths of a point; together [`LANDSCAPE`].
const WIDTHS: [u32; 5] = [1_950, 2_900, 3_250, 3_300, LANDSCAPE - 11_400];

/// The lägesbild as a .docx. Equal values give equal bytes.
///
/// # Errors
/// When it would be larger than a zip archive can be (4 GiB).
pub fn word(sheet: Sheet<'_>) -> Result<Vec<u8>, DocumentError> {
    let (picture, title) = (sheet.picture, sheet.title());
    let mut writing = Writing::default();
    writing.paragraph("Rubrik", &title);
    writing.paragraph("Underrubrik", &sheet.facts().join(" · "));
    let counts = &picture.counts;
    writing.paragraph("Normal", &text::size(counts.rows, counts.parts));
    writing.styled("Normal", |w| {
        for (health, count) in lights(picture) {
            let light = symbol(Phase::Unknown, health).to_string();
            match ink(health) {
                Some(colour) => w.coloured(&light, colour, true),
                None => w.bold(&light),
            }
            w.run(&format!(" {count} {}, {}    ", health.swedish().to_lowercase(), text::legend(health)));
        }
    });
    writing.paragraph("Normal", &text::phases(&counts.phases));
    for line in text::attention(counts.stale, counts.unowned, counts.late) {
        writing.paragraph("Punktlista", &line);
    }
    if let Some(since) = picture.since {
        writing.paragraph("Rubrik1", &text::since(since));
        for one in &picture.changes {
            writing.paragraph("Punktlista", &changed(one, picture.day));
        }
        if picture.changes.is_empty() {
            writing.paragraph("Normal", text::NOTHING_CHANGED);
        }
    }
    let without = Without { notes: false, mark: sheet.stamp.is_none() };
    for section in &picture.sections {
        writing.paragraph("Rubrik1", &section.heading);
        let columns: Vec<(&str, u32)> = text::COLUMNS.into_iter().zip(WIDTHS).collect();
        writing.begin_table(&section.heading, &columns);
        for shown in &section.rows {
            writing.markup.raw("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for (cell, width) in cells(shown, picture.day, without).iter().zip(WIDTHS) {
                writing.filled(width, cell.fill.and_then(fill), |w| content(w, cell));
            }
            writing.markup.raw("</w:tr>");
        }
        writing.end_table();
    }
    if picture.sections.is_empty() {
        writing.paragraph("Normal", text::EMPTY);
    }
    let foot = sheet.foot();
    // On the last page too: whoever reads the document back doesn't read what stands below its pages.
    writing.styled("Tabelltext", |w| w.coloured(&foot, "595959", false));
    let frame = Frame { head: &title, foot: Some(&foot), pages: Pages::OnTheirSide };
    docx(writing, frame, &sheet.about(&title), &sheet.properties())
}

fn content(writing: &mut Writing, cell: &Cell) {
    for para in &cell.paras {
        let style = if para.kind == Kind::Bullet { "Tabellpunkt" } else { "Tabelltext" };
        writing.styled(style, |w| match para.kind {
            Kind::Title => w.bold(&para.text),
            Kind::Status(health) => status(w, cell, health, &para.text),
            Kind::Small if cell.fill.is_none() => w.coloured(&para.text, "595959", false),
            Kind::Small | Kind::Text | Kind::Bullet => w.run(&para.text),
        });
    }
    if cell.paras.is_empty() {
        writing.paragraph("Tabelltext", "");
    }
}

fn status(writing: &mut Writing, cell: &Cell, health: Health, said: &str) {
    match ink(health).filter(|_| cell.fill.is_none()).zip(said.split_once(' ')) {
        Some((colour, (symbol, words))) => {
            writing.coloured(symbol, colour, true);
            writing.run(" ");
            writing.bold(words);
        }
        None => writing.bold(said),
    }
}
