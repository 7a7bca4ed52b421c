//! Presentations: which slides there are, in which order, and whose colours they wear.

use std::collections::BTreeMap;

use super::package::{Package, Relations, target};
use super::slide;
use super::theme::Theme;
use super::{Document, Kind};
use crate::fault::Fault;

/// Reads a presentation whose main part is `main`.
pub(super) fn read(mut package: Package<'_>, main: &str, title: Option<String>) -> Result<Document, Fault> {
    let order = order(&mut package, main)?;
    let relations = package.relations(main)?;
    let mut themes: BTreeMap<String, Theme> = BTreeMap::new();
    let mut pages = Vec::new();
    let mut hidden = Vec::new();
    for (at, id) in order.iter().enumerate() {
        let number = at + 1;
        package.reading.page = Some(number);
        package.reading.take_page()?;
        let Some(part) = relations.get(id).map(|r| r.target.clone()) else {
            let message = format!("the file is damaged: slide {number} has no part");
            return Err(package.reading.fault("broken", &message).suggest("save it anew in PowerPoint"));
        };
        let layout = target(&package.relations(&part)?, "slideLayout").map(str::to_owned);
        let key = layout.clone().unwrap_or_default();
        if !themes.contains_key(&key) {
            let theme = theme(&mut package, layout.as_deref(), main)?;
            themes.insert(key.clone(), theme);
        }
        let none = Theme::default();
        let mut xml = package.need(&part)?;
        match slide::read(&mut xml, themes.get(&key).unwrap_or(&none), number)? {
            Some(page) => pages.push(page),
            None => hidden.push(number.to_string()),
        }
    }
    package.reading.page = None;
    if !hidden.is_empty() {
        package.reading.warn(format!("hidden slides were left out: {}", hidden.join(", ")));
    }
    Ok(Document {
        kind: Kind::Pptx,
        title,
        properties: BTreeMap::new(),
        pages,
        warnings: package.reading.warnings,
    })
}

/// The ids of relations to slides, as they are shown.
fn order(package: &mut Package<'_>, main: &str) -> Result<Vec<String>, Fault> {
    let mut xml = package.need(main)?;
    let mut order = Vec::new();
    while xml.element(0)? {
        if xml.name() == "sldId" {
            let id = xml.reference("id").map(|id| id.into_owned());
            order.extend(id);
            // One more than may be is enough to be told of.
            if order.len() > xml.reading.limits.pages {
                break;
            }
        }
    }
    Ok(order)
}

/// The theme of the layout's master, with what the master calls its colours; without a layout, that of the
/// presentation. What a single slide or layout calls otherwise isn't looked at: that swaps light and dark, not
/// accents.
fn theme(package: &mut Package<'_>, layout: Option<&str>, main: &str) -> Result<Theme, Fault> {
    let relations = match layout {
        Some(layout) => package.relations(layout)?,
        None => Relations::new(),
    };
    let Some(master) = target(&relations, "slideMaster") else { return Theme::of(package, main) };
    let mut theme = Theme::of(package, master)?;
    if let Some(mut xml) = package.open(master)?
        && xml.find_element("clrMap")?
    {
        theme.map(&xml);
    }
    Ok(theme)
}
