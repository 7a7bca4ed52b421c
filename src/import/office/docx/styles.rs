//! Styles of paragraphs: which are headings, the title, or items of a list.

use std::collections::BTreeMap;

use super::super::package::Package;
use super::super::xml::Xml;
use crate::fault::Fault;

/// What a paragraph is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    /// The level of a heading, from 1 to 9.
    pub heading: Option<u8>,
    /// The document's title.
    pub title: bool,
    /// How far in it stands in a list, from 0.
    pub list: Option<u8>,
}

/// Styles by id.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    way: Way,
}

/// More styles than Word lets a document have (4,079).
const MOST: usize = 5_000;
/// How far a style may be based on others (Word: 10). It ends rings, too.
const LONGEST: usize = 12;

impl Styles {
    /// Reads the part.
    pub fn read(package: &mut Package<'_>, part: &str) -> Result<Self, Fault> {
        let mut styles = BTreeMap::new();
        let Some(mut xml) = package.open(part)? else { return Ok(Self::default()) };
        while xml.element(0)? {
            if xml.name() == "style" {
                let id = xml.attr("styleId").map(|id| id.into_owned());
                let style = style(&mut xml)?;
                if let (Some(id), true) = (id, styles.len() < MOST) {
                    styles.insert(id, style);
                }
            }
        }
        Ok(Self(styles))
    }

    /// What the `pPr` that began last makes of its paragraph, by itself or by its style.
    pub fn paragraph(&self, xml: &mut Xml<'_>) -> Result<Way, Fault> {
        let said = properties(xml)?;
        let mut way = said.style.as_deref().map(|id| self.of(id)).unwrap_or_default();
        way.heading = said.outline.map_or(way.heading, heading);
        way.list = said.list.unwrap_or(way.list);
        Ok(way)
    }

    fn of(&self, id: &str) -> Way {
        let mut way = Way::default();
        let mut next = Some(id);
        for _ in 0..LONGEST {
            let Some(style) = next.and_then(|id| self.0.get(id)) else { break };
            way.heading = way.heading.or(style.way.heading);
            way.list = way.list.or(style.way.list);
            way.title |= style.way.title;
            next = style.based_on.as_deref();
        }
        way
    }
}

fn style(xml: &mut Xml<'_>) -> Result<Style, Fault> {
    let level = xml.depth();
    let mut style = Style::default();
    while xml.element(level)? {
        match xml.name() {
            "name" => {
                let name = xml.attr("val").unwrap_or_default().to_lowercase();
                style.way.title = name == "title";
                let number = name.strip_prefix("heading ").and_then(|n| n.parse::<u8>().ok());
                style.way.heading = number.filter(|n| (1..=9).contains(n)).or(style.way.heading);
            }
            "basedOn" => style.based_on = xml.attr("val").map(|id| id.into_owned()),
            "pPr" => {
                let said = properties(xml)?;
                style.way.heading = style.way.heading.or(said.outline.and_then(heading));
                style.way.list = said.list.flatten();
            }
            _ => xml.skip()?,
        }
    }
    Ok(style)
}

/// An outline level counts from 0; 9 is body text.
fn heading(outline: u8) -> Option<u8> {
    (outline < 9).then_some(outline + 1)
}

/// What a `pPr` says.
#[derive(Debug, Default)]
struct Properties {
    style: Option<String>,
    outline: Option<u8>,
    /// None where it says nothing of lists; none inside where it takes the paragraph out of one.
    list: Option<Option<u8>>,
}

fn properties(xml: &mut Xml<'_>) -> Result<Properties, Fault> {
    let level = xml.depth();
    let mut said = Properties::default();
    let mut indent = 0;
    while xml.element(level)? {
        match xml.name() {
            "pStyle" => said.style = xml.attr("val").map(|id| id.into_owned()),
            "outlineLvl" => said.outline = xml.number("val"),
            "numPr" => said.list = Some(Some(0)),
            "ilvl" => indent = xml.number::<u8>("val").unwrap_or(0).min(8),
            "numId" if xml.attr("val").is_some_and(|v| v == "0") => said.list = Some(None),
            "numId" => {}
            _ => xml.skip()?,
        }
    }
    if let Some(Some(list)) = &mut said.list {
        *list = indent;
    }
    Ok(said)
}
