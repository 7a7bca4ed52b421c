//! The list: everything that the register knows of a plan, in the columns that `import` reads.

use super::super::markup::lines;

/// The columns, in their order.
pub const COLUMNS: [&str; 21] = [
    "punkt",
    "delområde",
    "fas",
    "hälsa",
    "statustext",
    "ägare",
    "nästa datum",
    "sedan",
    "status sedan",
    "källa",
    "insatsområde",
    "löften",
    "aktiviteter",
    "uppföljning",
    "deadline",
    "väntar på",
    "logg",
    "länkar",
    "övrigt",
    "nr",
    "id",
];

/// One part of a row, its cells in the order of [`COLUMNS`].
pub type Listed = [String; COLUMNS.len()];

/// The list as CSV for Excel: with a byte order mark, semicolons and CRLF, and with no cell that a spreadsheet would
/// take for a formula.
#[must_use]
pub fn list(rows: &[Listed]) -> String {
    let mut list = String::from("\u{feff}");
    row(&mut list, &COLUMNS.map(str::to_owned));
    for cells in rows {
        row(&mut list, cells);
    }
    list
}

fn row(list: &mut String, cells: &[String]) {
    for (number, cell) in cells.iter().enumerate() {
        if number > 0 {
            list.push(';');
        }
        let text = defused(lines(cell).join("\n").trim());
        if text.contains([';', '"', '\n', '\t', ',']) {
            list.push('"');
            list.push_str(&text.replace('"', "\"\""));
            list.push('"');
        } else {
            list.push_str(&text);
        }
    }
    list.push_str("\r\n");
}

/// Puts an apostrophe before what a spreadsheet would run. `import` takes it away again, so what already looks like a
/// defused formula gets another.
fn defused(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    if bare.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::import::sheet::Sheet;

    fn listed(cell: &str) -> Listed {
        let mut row: Listed = Default::default();
        row[0] = cell.to_owned();
        row
    }

    #[test]
    fn nothing_runs_as_a_formula() {
        for (text, written) in
            [("=2+2", "'=2+2"), ("@SUM(A1)", "'@SUM(A1)"), ("'=1", "''=1"), ("-", "'-"), ("'n", "'n")]
        {
            let list = list(&[listed(text)]);
            assert_eq!(list.lines().nth(1).unwrap().split(';').next().unwrap(), written);
        }
    }

    proptest! {
        #[test]
        fn every_cell_is_read_back(text in "[-=+@'\"; \nA-Öa-ö0-9,|]{1,20}") {
            let text = lines(&text).join("\n").trim().to_owned();
            prop_assume!(!text.is_empty());
            let list = list(&[listed(&text)]);
            let sheet = Sheet::read("x.csv", list.as_bytes()).unwrap();
            let rows: Vec<_> = sheet.rows().collect();
            prop_assert_eq!(rows[0].cell(&["punkt"]), Some(text.as_str()));
        }
    }
}
