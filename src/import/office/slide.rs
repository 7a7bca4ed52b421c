//! One slide: what its shapes, frames and groups hold (ECMA-376, part 1, 19.3).

use super::drawing::{Fill, body, size, table};
use super::over::{Area, Placed, Shape, Space, lay};
use super::story::Story;
use super::theme::{Theme, colour};
use super::xml::Xml;
use super::{Block, Page};
use crate::fault::Fault;

/// What a slide has, in the order of its file.
#[derive(Debug, Default)]
struct Slide {
    heading: Option<String>,
    things: Vec<Thing>,
    tables: Vec<Placed>,
    shapes: Vec<Shape>,
}

/// A block, or the number of a table.
#[derive(Debug)]
enum Thing {
    Text(Block),
    Table(usize),
}

/// Reads a slide; none if it is hidden.
pub(super) fn read(xml: &mut Xml<'_>, theme: &Theme, number: usize) -> Result<Option<Page>, Fault> {
    if !xml.find_element("sld")? {
        return Err(xml.broken("is no slide"));
    }
    if xml.flag("show") == Some(false) {
        return Ok(None);
    }
    let mut slide = Slide::default();
    if xml.find_element("spTree")? {
        slide.tree(xml, theme, Space::SLIDE)?;
    }
    let laid = lay(&mut slide.tables, slide.shapes);
    if laid.too_large > 0 {
        xml.reading.warn("coloured shapes larger than a cell lie over a table; their colours were left out");
    }
    if laid.doubtful {
        xml.reading.warn("the rows of a table don't add up to its height, so a coloured shape may belong to the row beside the one it was given to: check the colours");
    }
    let mut tables: Vec<_> = slide.tables.into_iter().map(|p| Some(p.grid.table)).collect();
    let blocks = slide.things.into_iter().filter_map(|thing| match thing {
        Thing::Text(block) => Some(block),
        Thing::Table(at) => {
            tables.get_mut(at).and_then(Option::take).filter(|t| !t.rows.is_empty()).map(Block::Table)
        }
    });
    Ok(Some(Page { number, heading: slide.heading, level: 0, blocks: blocks.collect() }))
}

/// The most shapes of a slide that are held against its tables. Nobody draws so many.
const MOST_SHAPES: usize = 2_000;

impl Slide {
    /// The children of `spTree` or of a group.
    fn tree(&mut self, xml: &mut Xml<'_>, theme: &Theme, mut space: Space) -> Result<(), Fault> {
        let level = xml.depth();
        while xml.element(level)? {
            match xml.name() {
                "sp" => self.shape(xml, theme, space)?,
                "grpSp" => self.tree(xml, theme, space)?,
                "grpSpPr" => {
                    if let Some((outer, inner)) = transform(xml)? {
                        space = space.within(outer, inner);
                    }
                }
                "graphicFrame" => self.frame(xml, theme, space)?,
                // A choice between two ways to write something: the first is read.
                "AlternateContent" | "Choice" => {}
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn frame(&mut self, xml: &mut Xml<'_>, theme: &Theme, space: Space) -> Result<(), Fault> {
        let level = xml.depth();
        let mut frame = Area::default();
        let mut found = false;
        while xml.element(level)? {
            match xml.name() {
                "xfrm" => frame = area(xml)?.0,
                "graphic" | "graphicData" => {}
                "tbl" => {
                    let grid = table(xml, theme)?;
                    self.things.push(Thing::Table(self.tables.len()));
                    self.tables.push(Placed { grid, frame, space });
                    found = true;
                }
                _ => xml.skip()?,
            }
        }
        if !found {
            xml.reading.warn("a chart, a diagram or an embedded object was left out");
        }
        Ok(())
    }

    fn shape(&mut self, xml: &mut Xml<'_>, theme: &Theme, space: Space) -> Result<(), Fault> {
        let level = xml.depth();
        let mut hidden = false;
        let mut role = None;
        let mut look = Look::default();
        let mut style = None;
        let mut story = Story::default();
        while xml.element(level)? {
            match xml.name() {
                "cNvPr" => hidden |= xml.flag("hidden") == Some(true),
                "ph" => role = Some(xml.attr("type").map_or_else(String::new, |t| t.into_owned())),
                "spPr" => look = Look::read(xml, theme)?,
                "fillRef" if xml.number::<u32>("idx").unwrap_or(0) > 0 => style = colour(xml, theme)?,
                "txBody" => story = body(xml, theme)?,
                "nvSpPr" | "nvPr" | "style" => {}
                _ => xml.skip()?,
            }
        }
        let text = story.one_line();
        match role.as_deref() {
            _ if hidden => {}
            Some("sldNum" | "dt" | "ftr" | "hdr") => {}
            Some("title" | "ctrTitle") if self.heading.is_none() => self.heading = text,
            _ => {
                let colour = match look.fill {
                    Fill::Unsaid => style,
                    said => said.stated(),
                };
                self.put(story, text, colour, look.area.filter(|_| look.light).map(|a| space.place(a)));
            }
        }
        Ok(())
    }

    /// A coloured shape without text or with one letter may say something of the cell under it; all other text is
    /// a block. One with a letter that turns out to lie over no table is nothing that a plan says.
    fn put(&mut self, story: Story, text: Option<String>, colour: Option<super::Colour>, area: Option<Area>) {
        let short = text.as_ref().is_none_or(|t| t.chars().count() == 1);
        if let (Some(colour), Some(area), true) = (colour, area, short && self.shapes.len() < MOST_SHAPES) {
            self.shapes.push(Shape { area, colour, text });
        } else if text.is_some() {
            self.things.push(Thing::Text(Block::Text(story.paragraphs)));
        }
    }
}

/// What a shape looks like.
#[derive(Debug)]
pub(super) struct Look {
    pub area: Option<Area>,
    /// It is a form that people use as a light, and no line, arrow or drawing by hand.
    pub light: bool,
    pub fill: Fill,
}

impl Default for Look {
    fn default() -> Self {
        Self { area: None, light: false, fill: Fill::Unsaid }
    }
}

/// Forms of ECMA-376, part 1, 20.1.10.56.
const LIGHTS: [&str; 12] = [
    "ellipse",
    "rect",
    "roundRect",
    "flowChartConnector",
    "flowChartProcess",
    "diamond",
    "octagon",
    "hexagon",
    "triangle",
    "donut",
    "smileyFace",
    "star5",
];

impl Look {
    /// What the `spPr` that began last says.
    pub fn read(xml: &mut Xml<'_>, theme: &Theme) -> Result<Self, Fault> {
        let level = xml.depth();
        let mut look = Self::default();
        while xml.element(level)? {
            match xml.name() {
                "xfrm" => look.area = Some(area(xml)?.0),
                "prstGeom" => {
                    look.light = xml.attr("prst").is_some_and(|form| LIGHTS.contains(&form.as_ref()));
                    xml.skip()?;
                }
                _ => match Fill::read(xml, theme)? {
                    Some(fill) => look.fill = fill,
                    None => xml.skip()?,
                },
            }
        }
        Ok(look)
    }
}

/// What `xfrm` says: where something lies, and what its inside calls that.
fn area(xml: &mut Xml<'_>) -> Result<(Area, Area), Fault> {
    let level = xml.depth();
    let (mut outer, mut inner) = (Area::default(), Area::default());
    while xml.element(level)? {
        match xml.name() {
            "off" => (outer.x, outer.y) = (size(xml, "x"), size(xml, "y")),
            "ext" => (outer.width, outer.height) = (size(xml, "cx"), size(xml, "cy")),
            "chOff" => (inner.x, inner.y) = (size(xml, "x"), size(xml, "y")),
            "chExt" => (inner.width, inner.height) = (size(xml, "cx"), size(xml, "cy")),
            _ => {}
        }
    }
    Ok((outer, inner))
}

/// The `xfrm` of a group, if it has one.
fn transform(xml: &mut Xml<'_>) -> Result<Option<(Area, Area)>, Fault> {
    let level = xml.depth();
    let mut found = None;
    while xml.element(level)? {
        match xml.name() {
            "xfrm" => found = Some(area(xml)?),
            _ => xml.skip()?,
        }
    }
    Ok(found)
}
