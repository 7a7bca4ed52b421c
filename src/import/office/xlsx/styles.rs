//! Formats of cells: what a number means, and the colours of background and letters.

use std::collections::BTreeMap;

use super::super::colour::Colour;
use super::super::package::Package;
use super::super::theme::Theme;
use super::super::xml::Xml;
use super::value::Format;
use crate::fault::Fault;

/// How a cell is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    pub format: Format,
    pub fill: Option<Colour>,
    pub ink: Option<Colour>,
}

/// Styles by number.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<Style>);

/// More than Excel lets a workbook have of styles, fonts and fills (65,490).
const MOST: usize = 65_500;

/// The palette of before 2007, from its ninth colour on; the first eight are the same as these eight.
const INDEXED: [u32; 56] = [
    0x00_0000, 0xFF_FFFF, 0xFF_0000, 0x00_FF00, 0x00_00FF, 0xFF_FF00, 0xFF_00FF, 0x00_FFFF, 0x80_0000,
    0x00_8000, 0x00_0080, 0x80_8000, 0x80_0080, 0x00_8080, 0xC0_C0C0, 0x80_8080, 0x99_99FF, 0x99_3366,
    0xFF_FFCC, 0xCC_FFFF, 0x66_0066, 0xFF_8080, 0x00_66CC, 0xCC_CCFF, 0x00_0080, 0xFF_00FF, 0xFF_FF00,
    0x00_FFFF, 0x80_0080, 0x80_0000, 0x00_8080, 0x00_00FF, 0x00_CCFF, 0xCC_FFFF, 0xCC_FFCC, 0xFF_FF99,
    0x99_CCFF, 0xFF_99CC, 0xCC_99FF, 0xFF_CC99, 0x33_66FF, 0x33_CCCC, 0x99_CC00, 0xFF_CC00, 0xFF_9900,
    0xFF_6600, 0x66_6699, 0x96_9696, 0x00_3366, 0x33_9966, 0x00_3300, 0x33_3300, 0x99_3300, 0x99_3366,
    0x33_3399, 0x33_3333,
];

/// What is gathered before styles can be put together.
#[derive(Default)]
struct Parts {
    formats: BTreeMap<u32, Format>,
    fonts: Vec<Option<Colour>>,
    fills: Vec<Option<Colour>>,
    /// Number format, font and fill.
    cells: Vec<(u32, usize, usize)>,
    palette: Vec<Colour>,
}

impl Styles {
    /// Reads the part.
    pub fn read(package: &mut Package<'_>, part: &str, theme: &Theme) -> Result<Self, Fault> {
        // A palette of the workbook's own stands last, after the fonts and fills that use it.
        let mut parts = Parts::default();
        if let Some(mut xml) = package.open(part)? {
            while xml.element(0)? {
                if xml.name() == "rgbColor" && parts.palette.len() < MOST {
                    let colour = xml.attr("rgb").and_then(|c| Colour::parse(&c));
                    parts.palette.push(colour.unwrap_or(Colour::new([0; 3])));
                }
            }
        }
        if let Some(mut xml) = package.open(part)? {
            parts.gather(&mut xml, theme)?;
        }
        let of = |colours: &[Option<Colour>], at: usize| colours.get(at).copied().flatten();
        let style = |(format, font, fill): &(u32, usize, usize)| Style {
            format: parts.formats.get(format).copied().unwrap_or_else(|| Format::built_in(*format)),
            fill: of(&parts.fills, *fill),
            ink: of(&parts.fonts, *font),
        };
        Ok(Self(parts.cells.iter().map(style).collect()))
    }

    /// The style with a number; the plain one if there is none.
    pub fn get(&self, number: usize) -> Style {
        self.0.get(number).copied().unwrap_or_default()
    }
}

impl Parts {
    fn gather(&mut self, xml: &mut Xml<'_>, theme: &Theme) -> Result<(), Fault> {
        let mut in_cells = false;
        while xml.element(0)? {
            match xml.name() {
                "numFmt" => {
                    let format = Format::of_code(&xml.attr("formatCode").unwrap_or_default());
                    if let (Some(id), true) = (xml.number("numFmtId"), self.formats.len() < MOST) {
                        self.formats.insert(id, format);
                    }
                }
                "font" if self.fonts.len() < MOST => {
                    let ink = within(xml, "color", theme, &self.palette)?;
                    self.fonts.push(ink);
                }
                "fill" if self.fills.len() < MOST => {
                    let fill = fill(xml, theme, &self.palette)?;
                    self.fills.push(fill);
                }
                "cellXfs" => in_cells = true,
                "cellStyles" | "cellStyleXfs" => in_cells = false,
                // What conditional formats and tables would look like.
                "dxfs" => xml.skip()?,
                "xf" if in_cells && self.cells.len() < MOST => {
                    let number = |name| xml.number::<usize>(name).unwrap_or(0);
                    let format = xml.number("numFmtId").unwrap_or(0);
                    self.cells.push((format, number("fontId"), number("fillId")));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A fill with one colour. A pattern's or a gradient's lies between two.
fn fill(xml: &mut Xml<'_>, theme: &Theme, palette: &[Colour]) -> Result<Option<Colour>, Fault> {
    let level = xml.depth();
    let mut found = None;
    while xml.element(level)? {
        match xml.name() {
            "patternFill" if xml.attr("patternType").is_some_and(|p| p == "solid") => {
                found = within(xml, "fgColor", theme, palette)?;
            }
            _ => xml.skip()?,
        }
    }
    Ok(found)
}

/// The colour in a child named `name` of the element that began last, and past it.
fn within(xml: &mut Xml<'_>, name: &str, theme: &Theme, palette: &[Colour]) -> Result<Option<Colour>, Fault> {
    let level = xml.depth();
    let mut found = None;
    while xml.element(level)? {
        if xml.name() == name {
            found = colour(xml, theme, palette);
        }
    }
    Ok(found)
}

/// The colour that the element which began last names: by value, place in the theme or in the palette.
pub(super) fn colour(xml: &Xml<'_>, theme: &Theme, palette: &[Colour]) -> Option<Colour> {
    let base = if let Some(value) = xml.attr("rgb") {
        Colour::parse(&value)
    } else if let Some(number) = xml.number::<usize>("theme") {
        theme.numbered(number)
    } else {
        let number = xml.number::<usize>("indexed")?;
        let standard = || {
            let at = if number < 8 { number } else { number - 8 };
            let [_, red, green, blue] = INDEXED.get(at)?.to_be_bytes();
            Some(Colour::new([red, green, blue]))
        };
        palette.get(number).copied().or_else(standard)
    }?;
    let tint = xml.number::<f64>("tint").filter(|t| t.is_finite()).unwrap_or(0.0).clamp(-1.0, 1.0);
    Some(if tint < 0.0 {
        base.lightened(|l| l * (1.0 + tint))
    } else if tint > 0.0 {
        base.lightened(|l| l * (1.0 - tint) + tint)
    } else {
        base
    })
}
