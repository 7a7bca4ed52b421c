//! Texts of cells: those that sheets share, and those in a cell itself.

use std::collections::BTreeMap;

use super::super::colour::Colour;
use super::super::package::Package;
use super::super::story::has_light;
use super::super::theme::Theme;
use super::super::xml::Xml;
use super::styles::colour;
use crate::fault::Fault;

/// A text in pieces, each with its own colour if it has one.
pub(super) type Runs = Vec<(String, Option<Colour>)>;

/// Texts by number. They lie end to end, since a workbook may have hundreds of thousands that no cell shows.
#[derive(Debug, Default)]
pub(super) struct Strings {
    all: String,
    ends: Vec<u32>,
    /// Those with a coloured symbol in them.
    coloured: BTreeMap<usize, Runs>,
}

impl Strings {
    /// Reads the part.
    pub fn read(package: &mut Package<'_>, part: &str, theme: &Theme) -> Result<Self, Fault> {
        let mut strings = Self::default();
        let Some(mut xml) = package.open(part)? else { return Ok(strings) };
        while xml.element(0)? {
            if xml.name() == "si" {
                let runs = runs(&mut xml, theme)?;
                runs.iter().for_each(|(text, _)| strings.all.push_str(text));
                if runs.iter().any(|(text, colour)| colour.is_some() && has_light(text)) {
                    xml.reading.take_text(runs.len() * size_of::<(String, Option<Colour>)>())?;
                    strings.coloured.insert(strings.ends.len(), runs);
                }
                let end = u32::try_from(strings.all.len());
                strings.ends.push(end.map_err(|_| xml.broken("is too large"))?);
            }
        }
        Ok(strings)
    }

    /// A text with a number; a single piece unless it has coloured symbols. None if there is no such text.
    pub fn get(&self, number: usize) -> Option<Runs> {
        if let Some(runs) = self.coloured.get(&number) {
            return Some(runs.clone());
        }
        let end = usize::try_from(*self.ends.get(number)?).ok()?;
        let before = number.checked_sub(1).and_then(|n| self.ends.get(n)).copied().unwrap_or(0);
        let text = self.all.get(usize::try_from(before).ok()?..end)?;
        Some(vec![(text.to_owned(), None)])
    }
}

/// The text of the `si` or `is` that began last. How it is pronounced (`rPh`) is no part of it.
pub(super) fn runs(xml: &mut Xml<'_>, theme: &Theme) -> Result<Runs, Fault> {
    let level = xml.depth();
    let mut runs = Runs::new();
    let mut ink = None;
    while xml.element(level)? {
        match xml.name() {
            "r" => ink = None,
            "color" => ink = colour(xml, theme, &[]),
            "t" => {
                let text = unescaped(&xml.content()?);
                match runs.last_mut() {
                    Some((last, same)) if *same == ink => last.push_str(&text),
                    _ => runs.push((text, ink)),
                }
            }
            "rPh" | "phoneticPr" => xml.skip()?,
            _ => {}
        }
    }
    Ok(runs)
}

/// Letters that XML can't hold are written as `_x000D_`.
pub(super) fn unescaped(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
        let letter = code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32);
        match letter {
            Some(letter) if rest.get(at + 6..at + 7) == Some("_") => {
                plain.push_str(&rest[..at]);
                // A line break is written as two letters, of which one is enough.
                if letter != '\r' {
                    plain.push(letter);
                }
                rest = &rest[at + 7..];
            }
            _ => {
                plain.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_xml_cannot_hold_are_read() {
        assert_eq!(unescaped("a_x000D_\nb_x005F_x_xyz__x0041_"), "a\nb_x_xyz_A");
        assert_eq!(unescaped("_x12"), "_x12");
        assert_eq!(unescaped("_x00åä_"), "_x00åä_");
    }
}
