//! Lists of people in a workbook: every sheet with a heading of such a list, one body a sheet or all in one.

use super::PeopleList;
use crate::fault::{Fault, Faults};
use crate::import::office::{self, Block, Limits, Table};
use crate::import::sheet::Sheet;
use crate::organisation::Organisation;

/// Reads a workbook named `name`.
///
/// # Errors
/// When it can't be read or holds no list of people; else every fault of every row of every sheet.
pub fn read(name: &str, bytes: &[u8], organisation: &Organisation) -> Result<PeopleList, Faults> {
    let document = office::read(name, bytes, &Limits::default())?;
    let mut all = PeopleList {
        left_out: document.warnings.into_iter().map(|warning| warning.message).collect(),
        ..PeopleList::default()
    };
    let (mut faults, mut sheets) = (Vec::new(), 0);
    for page in document.pages {
        let title = page.heading.unwrap_or_else(|| page.number.to_string());
        for block in &page.blocks {
            let Block::Table(table) = block else { continue };
            let Some(sheet) = Sheet::of_people(name, &title, rows(table)) else {
                all.left_out.push(format!("the sheet `{title}` was left out: it has no list of people"));
                continue;
            };
            sheets += 1;
            match super::read(&sheet, organisation) {
                Ok(list) => {
                    all.rows.extend(list.rows);
                    all.bodies.extend(list.bodies);
                }
                Err(of_sheet) => faults.extend(of_sheet),
            }
        }
    }
    if sheets == 0 {
        return Err(Faults::new(vec![no_list(name)]));
    }
    if faults.is_empty() { Ok(all) } else { Err(Faults::new(faults)) }
}

fn no_list(name: &str) -> Fault {
    Fault {
        file: name.to_owned(),
        line: 1,
        column: 1,
        code: "unknown-list",
        message: "no sheet has the heading of a list of people".to_owned(),
        suggestion: Some(
            "write `kropp`, `roll`, `namn`, `epost`, `från`, `till` and `ersättare` above the columns; save other \
             lists as .csv"
                .to_owned(),
        ),
    }
}

/// Each row with its number and the text of its cells, where merged ones all have that of the first.
fn rows(table: &Table) -> Vec<(usize, Vec<String>)> {
    let text = |row: usize, column: usize| {
        table.cell(row, column).map(|cell| cell.text().trim().to_owned()).unwrap_or_default()
    };
    let cells = |row: usize, width: usize| (0..width).map(|column| text(row, column)).collect();
    let numbered = table.rows.iter().enumerate();
    numbered.map(|(at, row)| (row.number, cells(at, row.cells.len()))).collect()
}
