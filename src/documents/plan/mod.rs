//! The lägesbild as a document: a presentation, a workbook, a text, a page or a list.
//!
//! Each says the same of a row, in the template's columns ([`cells`]), so that a document which comes back can be read
//! whatever it was written as. What is written from the same picture and stamp is the same bytes.

mod cells;
mod deal;
mod list;
mod measure;
mod page;
mod pptx;
mod slides;
mod word;
mod xlsx;

use std::collections::BTreeMap;

use super::package::About;
use crate::items::Health;
use crate::items::table::{Row, Stamp};
use crate::picture::{Picture, Section, Shown};
use crate::text::picture as text;

pub use list::{Listed, list};
pub use page::page;
pub use pptx::pptx;
pub use word::word;
pub use xlsx::xlsx;

/// The document's own property that holds the ids of its rows, in their order, with blanks between; several of them
/// numbered from 1, since programs cut such a property after 255 characters.
pub const IDS: &str = "arshjul-id";

/// A picture with what the document of it is known again by; none for one that isn't meant to come back.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// What it says.
    pub picture: &'a Picture,
    /// What it is known again by.
    pub stamp: Option<&'a Stamp>,
}

impl Sheet<'_> {
    fn title(&self) -> String {
        text::title(&self.picture.name)
    }

    fn about<'a>(&'a self, title: &'a str) -> About<'a> {
        let at = crate::calendar::instant(self.picture.day, jiff::civil::Time::midnight());
        About { title, subject: text::SUBJECT, author: &self.picture.name, at }
    }

    /// What stands below the title: the day, and the version of the plan.
    fn facts(&self) -> Vec<String> {
        let version = self.picture.version.as_deref().map(text::version);
        std::iter::once(text::as_of(self.picture.day)).chain(version).collect()
    }

    /// What stands at the foot of each page.
    fn foot(&self) -> String {
        let said =
            [Some(self.title()), Some(text::as_of(self.picture.day)), self.stamp.map(Stamp::to_string)];
        said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The document's own properties.
    fn properties(&self) -> Vec<(String, String)> {
        let Some(stamp) = self.stamp else { return Vec::new() };
        let mut all = vec![(Stamp::PROPERTY.to_owned(), stamp.to_string())];
        let mut ids: Vec<String> = Vec::new();
        for id in self
            .picture
            .sections
            .iter()
            .flat_map(|section| section.rows.iter().map(|row| short_id(section, row)))
        {
            match ids.last_mut().filter(|last| last.len() + id.len() < 250) {
                Some(last) => {
                    last.push(' ');
                    last.push_str(id);
                }
                None => ids.push(id.to_string()),
            }
        }
        all.extend(ids.into_iter().zip(1..).map(|(ids, number)| (format!("{IDS}-{number}"), ids)));
        all
    }
}

/// The rows of a picture as the register keeps them of an exported document, in its order.
#[must_use]
pub fn rows(picture: &Picture) -> Vec<Row> {
    picture.rows().map(|shown| shown.row.clone()).collect()
}

/// The id of a row as files of its plan have it: without the body's, which makes it the only one of an installation.
fn short_id<'a>(section: &Section, shown: &'a Shown) -> &'a str {
    let id = shown.row.id.as_ref().map_or("", |id| id.as_str());
    id.strip_prefix(section.body.as_str()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(id)
}

/// What a table is, to whoever hears it: its heading, and which rows it has.
fn described(heading: &str, numbers: impl Iterator<Item = usize>) -> String {
    let (first, last) = numbers.fold((usize::MAX, 0), |(first, last), n| (first.min(n), last.max(n)));
    text::table(heading, first, last)
}

/// The health that all parts of a row share, if it is one that has a colour.
fn colour(shown: &Shown) -> Option<Health> {
    let mut healths = shown.parts.iter().map(|part| part.health);
    let first = healths.next().filter(|health| *health != Health::Unknown)?;
    healths.all(|health| health == first).then_some(first)
}

/// The background of a cell: light, so that black words on it are read from the last row, and clearly one of the
/// three, for people and for whoever reads the document back.
fn fill(health: Health) -> Option<&'static str> {
    match health {
        Health::Green => Some("A4D88C"),
        Health::Yellow => Some("FFD966"),
        Health::Red => Some("FF7C80"),
        Health::Unknown => None,
    }
}

/// The colour of a symbol on white.
fn ink(health: Health) -> Option<&'static str> {
    match health {
        Health::Green => Some("1E7B34"),
        Health::Yellow => Some("CC9900"),
        Health::Red => Some("C00000"),
        Health::Unknown => None,
    }
}

/// How many parts have each health, in the order of a legend.
fn lights(picture: &Picture) -> Vec<(Health, usize)> {
    let counts: &BTreeMap<Health, usize> = &picture.counts.healths;
    Health::ALL.iter().map(|health| (*health, counts.get(health).copied().unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::office::Colour;

    #[test]
    fn the_colours_are_read_for_what_they_say() {
        for health in Health::ALL.iter().filter(|health| **health != Health::Unknown) {
            for hex in [fill(*health), ink(*health)] {
                assert_eq!(Colour::parse(hex.unwrap()).unwrap().health, Some(*health), "{hex:?}");
            }
        }
    }
}
