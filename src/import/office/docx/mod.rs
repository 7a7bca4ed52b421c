//! Texts: paragraphs, headings and tables (ECMA-376, part 1, 17). Tracked changes are read as if they had been
//! accepted.

mod styles;
mod table;

use std::collections::BTreeMap;

use super::colour::Colour;
use super::drawing::Fill;
use super::package::{Package, target};
use super::slide::Look;
use super::story::{Draft, wingding};
use super::theme::Theme;
use super::xml::Xml;
use super::{Block, Document, Kind, Page};
use crate::fault::Fault;
use styles::{Styles, Way};

/// What paragraphs refer to.
#[derive(Debug, Default)]
struct Context {
    styles: Styles,
    theme: Theme,
}

/// Reads a text whose main part is `main`.
pub(super) fn read(mut package: Package<'_>, main: &str, title: Option<String>) -> Result<Document, Fault> {
    let theme = Theme::of(&mut package, main)?;
    let relations = package.relations(main)?;
    let styles = match target(&relations, "styles") {
        Some(part) => Styles::read(&mut package, part)?,
        None => Styles::default(),
    };
    let context = Context { styles, theme };
    let mut flow = Flow { pages: vec![Page { number: 1, ..Page::default() }], title: None };
    let mut xml = package.need(main)?;
    xml.reading.page = Some(1);
    if !xml.find_element("body")? {
        return Err(xml.broken("has no body"));
    }
    flow.body(&mut xml, &context)?;
    drop(xml);
    package.reading.page = None;
    let mut pages = flow.pages;
    // What stands before the first heading is a page only if there is something.
    if pages.len() > 1 && pages.first().is_some_and(|p| p.blocks.is_empty()) {
        pages.remove(0);
        pages.iter_mut().for_each(|page| page.number -= 1);
        for warning in &mut package.reading.warnings {
            warning.page = warning.page.map(|page| page.saturating_sub(1).max(1));
        }
    }
    let title = flow.title.or(title);
    Ok(Document {
        kind: Kind::Docx,
        title,
        properties: BTreeMap::new(),
        pages,
        warnings: package.reading.warnings,
    })
}

/// Pages as they come, the last one still open.
struct Flow {
    pages: Vec<Page>,
    title: Option<String>,
}

impl Flow {
    /// The body's paragraphs and tables, wherever tracked changes and content controls have put them.
    fn body(&mut self, xml: &mut Xml<'_>, context: &Context) -> Result<(), Fault> {
        let level = xml.depth();
        while xml.element(level)? {
            match xml.name() {
                "p" => {
                    let (draft, way) = paragraph(xml, context)?;
                    self.take(xml, draft, way)?;
                }
                "tbl" => {
                    let table = table::read(xml, context)?;
                    if !table.rows.is_empty() {
                        self.blocks().push(Block::Table(table));
                    }
                }
                "sdtPr" | "sectPr" | "del" | "moveFrom" => xml.skip()?,
                _ => {}
            }
        }
        Ok(())
    }

    fn take(&mut self, xml: &mut Xml<'_>, draft: Draft, way: Way) -> Result<(), Fault> {
        if draft.is_blank() {
            return Ok(());
        }
        match way.heading {
            None if way.title && self.title.is_none() => {
                self.title = Some(draft.into_text().replace('\n', " "));
            }
            None => {
                let mut story = super::story::Story::default();
                story.push(xml.reading, draft)?;
                match self.blocks().last_mut() {
                    Some(Block::Text(paragraphs)) => paragraphs.append(&mut story.paragraphs),
                    _ => self.blocks().push(Block::Text(story.paragraphs)),
                }
            }
            Some(level) => {
                xml.reading.take_page()?;
                let heading = Some(draft.into_text().replace('\n', " "));
                let number = self.pages.len() + 1;
                xml.reading.page = Some(number);
                self.pages.push(Page { number, heading, level, blocks: Vec::new() });
            }
        }
        Ok(())
    }

    fn blocks(&mut self) -> &mut Vec<Block> {
        if self.pages.is_empty() {
            self.pages.push(Page { number: 1, ..Page::default() });
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last].blocks
    }
}

/// The paragraph `p` that began last, and what its style makes of it.
fn paragraph(xml: &mut Xml<'_>, context: &Context) -> Result<(Draft, Way), Fault> {
    let level = xml.depth();
    let mut draft = Draft::default();
    let mut way = Way::default();
    let mut look = Ink::default();
    while xml.element(level)? {
        match xml.name() {
            "pPr" => {
                way = context.styles.paragraph(xml)?;
                draft.level = way.list.unwrap_or(0);
                draft.bullet = way.list.is_some();
            }
            "r" => look = Ink::default(),
            "rPr" => look = Ink::read(xml)?,
            "t" => {
                let text = xml.content()?;
                look.write(xml, &mut draft, &text)?;
            }
            "tab" => look.write(xml, &mut draft, "\t")?,
            "cr" => look.write(xml, &mut draft, "\n")?,
            "br" if xml.attr("type").is_none_or(|kind| kind == "textWrapping") => {
                look.write(xml, &mut draft, "\n")?;
            }
            "noBreakHyphen" => look.write(xml, &mut draft, "-")?,
            "sym" => {
                let symbol = symbol(xml);
                look.write(xml, &mut draft, &symbol)?;
            }
            "drawing" | "pict" | "object" => drawing(xml, context, &mut draft)?,
            "del" | "moveFrom" | "sdtPr" | "rt" | "fldChar" => xml.skip()?,
            _ => {}
        }
    }
    Ok((draft, way))
}

/// How a run is written.
#[derive(Clone, Copy, Debug, Default)]
struct Ink {
    colour: Option<Colour>,
    hidden: bool,
}

impl Ink {
    fn read(xml: &mut Xml<'_>) -> Result<Self, Fault> {
        let level = xml.depth();
        let mut ink = Self::default();
        while xml.element(level)? {
            match xml.name() {
                "color" => ink.colour = xml.attr("val").and_then(|c| Colour::parse(&c)),
                "vanish" => ink.hidden = xml.flag("val") != Some(false),
                // How it was before somebody changed it.
                "rPrChange" => xml.skip()?,
                _ => {}
            }
        }
        Ok(ink)
    }

    fn write(self, xml: &mut Xml<'_>, draft: &mut Draft, text: &str) -> Result<(), Fault> {
        if self.hidden { Ok(()) } else { draft.run(xml.reading, text, self.colour) }
    }
}

/// A letter of a font of symbols: only Wingdings' are known.
fn symbol(xml: &Xml<'_>) -> String {
    let code = xml.attr("char").and_then(|c| u32::from_str_radix(&c, 16).ok());
    // Some programs write the code without the private range in front of it.
    let letter = code.and_then(|c| char::from_u32(if c < 0x100 { c + 0xF000 } else { c }));
    let known = xml.attr("font").is_some_and(|font| font == "Wingdings");
    letter.and_then(|l| if known { wingding(l) } else { None }).map(String::from).unwrap_or_default()
}

/// A drawing in the text: a filled shape is a mark, a text box is left out.
fn drawing(xml: &mut Xml<'_>, context: &Context, draft: &mut Draft) -> Result<(), Fault> {
    let level = xml.depth();
    while xml.element(level)? {
        match xml.name() {
            "spPr" => {
                let look = Look::read(xml, &context.theme)?;
                if let (Fill::Solid(colour), true) = (look.fill, look.light) {
                    draft.mark(xml.reading, colour, None)?;
                }
            }
            "txbxContent" => {
                xml.skip()?;
                xml.reading.warn("a text box was left out");
            }
            "chart" | "relIds" | "OLEObject" => {
                xml.skip()?;
                xml.reading.warn("a chart, a diagram or an embedded object was left out");
            }
            _ => {}
        }
    }
    Ok(())
}
