//! Reads what people have in files: lists of holders, plans, lists of meetings.
//!
//! Reading is a function of bytes and a date; nothing is written here. What a file says that can't be used is a
//! fault with its place; one fault and nothing of the file is taken over. Documents are read into tables and texts
//! by [`office`], which knows nothing of what they mean.

mod decode;
pub mod exported;
pub mod items;
pub mod meetings;
pub mod missing;
pub mod notation;
pub mod office;
pub mod people;
pub mod plans;
pub mod sheet;
pub mod when;

use crate::fault::Faults;
use crate::organisation::Organisation;

pub use items::{ItemRow, LogCsvRow};
pub use people::{HolderRow, PeopleList};
pub use sheet::Sheet;

/// What a file turned out to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// Who holds which role.
    People(PeopleList),
    /// Items of a plan.
    Items(Vec<ItemRow>),
    /// Lines for the logs of a plan's items.
    Log(Vec<LogCsvRow>),
}

/// Whether bytes are an archive as workbooks are, or what those were before 2007.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

/// Reads a file of values separated by semicolons, commas or tabs, by what its heading says it holds; or a workbook
/// with people.
///
/// # Errors
/// Every fault of the file together.
pub fn read(name: &str, bytes: &[u8], organisation: &Organisation) -> Result<Imported, Faults> {
    if is_workbook(bytes) {
        return people::read_workbook(name, bytes, organisation).map(Imported::People);
    }
    let sheet = Sheet::read(name, bytes)?;
    if sheet.has(people::ADDRESS) && sheet.has(people::ROLE) {
        people::read(&sheet, organisation).map(Imported::People)
    } else if sheet.has(&["punkt"]) && sheet.has(&["text"]) && sheet.has(&["datum", "dag"]) {
        items::read_log(&sheet).map(Imported::Log)
    } else if sheet.has(&["punkt", "prioriterat område"]) {
        items::read(&sheet, organisation).map(Imported::Items)
    } else {
        let fault = sheet.heading_fault("unknown-list", "the heading tells neither holders nor items").suggest(
            "begin with `kropp;roll;namn;epost;från;till;ersättare` for people, `punkt;delområde;fas;hälsa;ägare;sedan` \
             for items, `punkt;delområde;datum;slag;text;planerad` for lines of their logs, or \
             `datum;start;slut;titel;plats` for meetings",
        );
        Err(Faults::new(vec![fault]))
    }
}
