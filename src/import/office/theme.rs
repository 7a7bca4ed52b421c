//! Colours as DrawingML writes them: by value, or by their place in the theme (ECMA-376, part 1, 20.1.2.3).

use std::collections::BTreeMap;

use super::colour::Colour;
use super::package::{Package, target};
use super::xml::Xml;
use crate::fault::Fault;

/// The twelve places, in the order in which the theme has them.
const PLACES: [&str; 12] = [
    "dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink",
    "folHlink",
];

/// The colours of a theme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Theme {
    colours: BTreeMap<String, Colour>,
    /// What a master calls them: `tx1` may be `dk1` or `lt1`.
    names: BTreeMap<String, String>,
}

impl Theme {
    /// The theme that a part refers to; without colours if there is none.
    pub fn of(package: &mut Package<'_>, part: &str) -> Result<Self, Fault> {
        let relations = package.relations(part)?;
        let mut theme = Self::default();
        let Some(name) = target(&relations, "theme") else { return Ok(theme) };
        let Some(mut xml) = package.open(name)? else { return Ok(theme) };
        if !xml.find_element("clrScheme")? {
            return Ok(theme);
        }
        let level = xml.depth();
        while xml.element(level)? {
            let place = xml.name().to_owned();
            let found = colour(&mut xml, &theme)?;
            if let (Some(found), true) = (found, PLACES.contains(&place.as_str())) {
                theme.colours.insert(place, found);
            }
        }
        Ok(theme)
    }

    /// Takes over what a master calls the colours, from its element `clrMap`.
    pub fn map(&mut self, xml: &Xml<'_>) {
        for name in ["bg1", "tx1", "bg2", "tx2"].iter().chain(&PLACES[4..]) {
            if let Some(place) = xml.attr(name) {
                self.names.insert((*name).to_owned(), place.into_owned());
            }
        }
    }

    /// The colour of a place.
    pub fn named(&self, name: &str) -> Option<Colour> {
        let place = self.names.get(name).map_or(name, String::as_str);
        let usual = match place {
            "tx1" => "dk1",
            "bg1" => "lt1",
            "tx2" => "dk2",
            "bg2" => "lt2",
            place => place,
        };
        self.colours.get(usual).copied()
    }

    /// The colour with a number in a workbook, where light comes before dark.
    pub fn numbered(&self, number: usize) -> Option<Colour> {
        let place = match number {
            0 => 1,
            1 => 0,
            2 => 3,
            3 => 2,
            number => number,
        };
        self.colours.get(*PLACES.get(place)?).copied()
    }
}

/// The first colour inside the element that began last (`a:solidFill`, `a:accent1`, `a:fillRef`), and past it. None
/// for one that is more than half transparent or changed in a way that isn't reckoned here.
pub(super) fn colour(xml: &mut Xml<'_>, theme: &Theme) -> Result<Option<Colour>, Fault> {
    let level = xml.depth();
    let mut found = None;
    while xml.element(level)? {
        if xml.depth() == level + 1 {
            let value = xml.attr("val").unwrap_or_default();
            let base = match xml.name() {
                "srgbClr" => Colour::parse(&value),
                "sysClr" => xml.attr("lastClr").and_then(|c| Colour::parse(&c)),
                "schemeClr" => theme.named(&value),
                "prstClr" => preset(&value),
                _ => None,
            };
            let changed = changes(xml, base)?;
            found = found.or(changed);
        }
    }
    Ok(found)
}

fn changes(xml: &mut Xml<'_>, base: Option<Colour>) -> Result<Option<Colour>, Fault> {
    let level = xml.depth();
    let mut colour = base;
    while xml.element(level)? {
        let (Some(now), Some(part)) = (colour, xml.attr("val").and_then(|v| share(&v))) else {
            colour = None;
            continue;
        };
        colour = match xml.name() {
            "lumMod" => Some(now.lightened(|l| l * part)),
            "lumOff" => Some(now.lightened(|l| l + part)),
            "satMod" => Some(now.saturated(part)),
            "tint" => Some(now.mixed(part, 1.0)),
            "shade" => Some(now.mixed(part, 0.0)),
            "alpha" if part >= 0.5 => Some(now),
            _ => None,
        };
    }
    Ok(colour)
}

/// A share: in thousandths of a percent, or in percent with its sign.
fn share(value: &str) -> Option<f64> {
    let (digits, whole) = match value.strip_suffix('%') {
        Some(digits) => (digits, 100.0),
        None => (value, 100_000.0),
    };
    digits.trim().parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| v / whole)
}

/// The few names that a traffic light is written with.
fn preset(name: &str) -> Option<Colour> {
    let hex = match name {
        "red" => "FF0000",
        "yellow" => "FFFF00",
        "green" => "008000",
        "lime" => "00FF00",
        "white" => "FFFFFF",
        "black" => "000000",
        _ => return None,
    };
    Colour::parse(hex)
}
