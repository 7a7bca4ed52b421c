//! Feeds that only their holder has the address of: somebody's own, and that of one group of a schedule.
//!
//! Somebody's own feed holds what concerns the bodies they belong to and what they themselves must do. Meetings entered
//! by hand have the names that people typed, as in the mails about them; periods and last days by hand have the words
//! of their file, since a nomination's or an assignment's own name may be somebody else's.

use jiff::civil::Date;

use super::feeds::{Revised, categories, is_current, page};
use super::{Calendar, Event, Sheet, Task};
use crate::ids::{BodyId, FeedName, slug};
use crate::organisation::Organisation;
use crate::plan::concern::Concern;
use crate::plan::model::Occasion;
use crate::text::feeds as text;
use crate::workflow::Workflows;
use crate::workflow::model::EntryKind;

/// What private feeds are made from.
#[derive(Clone, Copy, Debug)]
pub struct Stock<'a> {
    /// Bodies and roles.
    pub organisation: &'a Organisation,
    /// The workflows in force.
    pub workflows: &'a Workflows,
    /// The day it is true of.
    pub as_of: Date,
    /// What pages' addresses begin with.
    pub public_url: &'a str,
}

/// Whose feed it is.
#[derive(Clone, Copy, Debug)]
pub enum Reader<'a> {
    /// Somebody who belongs to these bodies, with what they must do.
    Person {
        /// Their bodies, and those whose meetings they attend.
        bodies: &'a [BodyId],
        /// What they must do.
        tasks: &'a [Task],
    },
    /// Whoever goes with one of the parallel groups of a body's schedules.
    Group {
        /// The body whose meeting it is.
        body: &'a BodyId,
        /// Which group: "2".
        group: &'a str,
    },
}

impl Stock<'_> {
    /// The bytes of a private feed. `identity` tells the subscription from all others and is no secret; `titles_only`
    /// leaves out everything but headings and times, also what the reader's own questions and items are about.
    #[must_use]
    pub fn render(
        &self,
        reader: Reader<'_>,
        identity: &str,
        titles_only: bool,
        revised: impl IntoIterator<Item = Revised>,
    ) -> Vec<u8> {
        let concerns: Vec<Concern<'_>> = match reader {
            Reader::Person { bodies, .. } => {
                let known = bodies.iter().filter_map(|id| self.organisation.bodies.get(id));
                known.map(|body| Concern::of(body, self.organisation, self.workflows)).collect()
            }
            Reader::Group { .. } => Vec::new(),
        };
        let belongs = |occasion: &Occasion| match reader {
            Reader::Person { .. } => concerns.iter().any(|concern| concern.with(occasion)),
            Reader::Group { body, group } => {
                occasion.at.body.as_ref() == Some(body) && occasion.calendar.group.as_deref() == Some(group)
            }
        };
        let own = revised.into_iter().filter(|(occasion, ..)| belongs(occasion));
        let events = own.map(|revised| self.event(revised, &concerns, titles_only));
        let events: Vec<Event> = events.filter(|event| is_current(event, self.as_of)).collect();
        let (name, description) = self.named(reader);
        let calendar = Calendar {
            name,
            description,
            feed: FeedName::new(format!("privat-{identity}")),
            source_url: None,
            last_days: true,
        };
        let tasks = match reader {
            Reader::Person { tasks, .. } => tasks,
            Reader::Group { .. } => &[],
        };
        Sheet { calendar: &calendar, titles_only, tasks, as_of: Some(self.as_of) }.write(&events)
    }

    fn named(&self, reader: Reader<'_>) -> (String, String) {
        match reader {
            Reader::Person { .. } => (text::OWN.to_owned(), text::OWN_DESCRIPTION.to_owned()),
            Reader::Group { body, group } => {
                let name = self.organisation.bodies.get(body).map_or(body.as_str(), |body| &body.name);
                text::group(name, group)
            }
        }
    }

    fn event(
        &self,
        (occasion, sequence, changed_at): Revised,
        concerns: &[Concern<'_>],
        titles_only: bool,
    ) -> Event {
        let categories = categories(self.organisation, self.workflows, &occasion);
        let typed =
            occasion.kind == EntryKind::Meeting && (!titles_only || occasion.calendar.group.is_some());
        let mut occasion = if typed { occasion } else { occasion.for_everybody() };
        let days = std::mem::take(&mut occasion.calendar.own_days);
        let owed = days.into_iter().filter(|day| concerns.iter().any(|own| own.owes(&occasion, day)));
        occasion.calendar.own_days = owed.collect();
        let papers = occasion.calendar.papers.clone().filter(|_| typed);
        let url = papers.or_else(|| page(self.public_url, &occasion));
        Event { categories, url, occasion, sequence, changed_at }
    }
}

/// The longest name that a private feed may have, in characters.
pub const LONGEST_NAME: usize = 60;

/// The longest part of it that stands in the address: programs cut addresses of more than 200 characters.
const LONGEST_SLUG: usize = 40;

/// What somebody calls a private feed, on one line; none for what is no name.
#[must_use]
pub fn plain_name(typed: &str) -> Option<String> {
    let words = typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join(" ");
    (1..=LONGEST_NAME).contains(&name.chars().count()).then_some(name)
}

/// The address of a private feed: the secret, and what its holder calls it for those who look into a program's list.
#[must_use]
pub fn address(public_url: &str, secret: &str, name: &str) -> String {
    let slug = slug(name);
    let short = slug.get(..LONGEST_SLUG).unwrap_or(&slug).trim_matches('-');
    let short = if short.is_empty() { "kalender" } else { short };
    format!("{public_url}/feed/{secret}/{short}.ics")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_an_address_is_short() {
        assert_eq!(plain_name("  Outlook\tjobb\r\n"), Some("Outlook jobb".to_owned()));
        assert_eq!(plain_name(" \n "), None);
        assert_eq!(plain_name(&"a".repeat(61)), None);
        let at = |name: &str| address("https://arshjul.example.org", "x", name);
        assert_eq!(at("Outlook på jobbet!"), "https://arshjul.example.org/feed/x/outlook-pa-jobbet.ics");
        assert_eq!(at("日本"), "https://arshjul.example.org/feed/x/kalender.ics");
        assert!(at(&"å".repeat(60)).len() < 100);
    }
}
