//! Workbooks: sheets, the texts they share and their styles (ECMA-376, part 1, 18).

mod sheet;
mod strings;
mod styles;
mod value;

use std::collections::BTreeMap;

use super::package::{Package, target};
use super::theme::Theme;
use super::{Block, Document, Kind, Page};
use crate::fault::Fault;
use strings::Strings;
use styles::Styles;

/// What cells refer to.
#[derive(Debug, Default)]
struct Context {
    strings: Strings,
    styles: Styles,
    /// Days are counted from 1904 and not from 1900.
    from_1904: bool,
}

/// A sheet as the workbook lists it.
struct Listed {
    name: String,
    id: String,
    hidden: bool,
}

/// Reads a workbook whose main part is `main`.
pub(super) fn read(mut package: Package<'_>, main: &str, title: Option<String>) -> Result<Document, Fault> {
    let (sheets, from_1904) = sheets(&mut package, main)?;
    let relations = package.relations(main)?;
    let theme = Theme::of(&mut package, main)?;
    let mut context = Context { from_1904, ..Context::default() };
    if let Some(part) = target(&relations, "styles") {
        context.styles = Styles::read(&mut package, part, &theme)?;
    }
    if let Some(part) = target(&relations, "sharedStrings") {
        context.strings = Strings::read(&mut package, part, &theme)?;
    }
    let mut pages = Vec::new();
    for (at, sheet) in sheets.into_iter().enumerate() {
        let number = at + 1;
        package.reading.page = Some(number);
        package.reading.take_page()?;
        if sheet.hidden {
            package.reading.warn("the sheet is hidden and was left out");
            continue;
        }
        let Some(relation) = relations.get(&sheet.id) else {
            let message = format!("the file is damaged: sheet {number} has no part");
            return Err(package.reading.fault("broken", &message).suggest("save it anew in Excel"));
        };
        if relation.kind != "worksheet" {
            package.reading.warn("the sheet is a chart and was left out");
            continue;
        }
        let mut xml = package.need(&relation.target)?;
        let table = sheet::read(&mut xml, &context, &theme)?;
        let blocks = if table.rows.is_empty() { Vec::new() } else { vec![Block::Table(table)] };
        pages.push(Page { number, heading: Some(sheet.name), level: 0, blocks });
    }
    Ok(Document {
        kind: Kind::Xlsx,
        title,
        properties: BTreeMap::new(),
        pages,
        warnings: package.reading.warnings,
    })
}

fn sheets(package: &mut Package<'_>, main: &str) -> Result<(Vec<Listed>, bool), Fault> {
    let mut xml = package.need(main)?;
    let mut sheets = Vec::new();
    let mut from_1904 = false;
    while xml.element(0)? {
        match xml.name() {
            "workbookPr" => from_1904 = xml.flag("date1904").unwrap_or(false),
            "sheet" => {
                let name = xml.attr("name").unwrap_or_default().into_owned();
                let id = xml.reference("id").unwrap_or_default().into_owned();
                let hidden = xml.attr("state").is_some_and(|s| s == "hidden" || s == "veryHidden");
                xml.reading.take_text(name.len())?;
                sheets.push(Listed { name, id, hidden });
                if sheets.len() > xml.reading.limits.pages {
                    break;
                }
            }
            _ => {}
        }
    }
    Ok((sheets, from_1904))
}
