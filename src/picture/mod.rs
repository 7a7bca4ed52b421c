//! The lägesbild: how a body's plan is on a day, as a value that documents and pages are written from.
//!
//! It is drawn from the same facts as mails and questions, and says nothing that the register doesn't: what was
//! reported stands beside how old that is, and an old report changes no colour. Rows that are done and closed have left
//! the plan.

mod changes;
mod counts;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::ids::{BodyId, ItemId};
use crate::items::fresh::{Age, CONFIRMED_FOR, age, overdue};
use crate::items::register::{Card, LogEntry, LogKind, Source};
use crate::items::table::Row;
use crate::items::versions::closing;
use crate::items::{Health, Item, Owner, Phase};
use crate::plan::fields::{body_name, short};
use crate::plan::follow::{Meetings, Seen};
use crate::plan::model::World;
use crate::text::picture as text;

pub use changes::{Change, Changed};
pub use counts::Counts;

/// So many of a row's newest lines are shown; what is planned comes beside them.
pub const LINES: usize = 5;

/// How one or several plans are on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Whose: the body whose plan it is, or under which the plans are gathered.
    pub body: BodyId,
    /// Its full name.
    pub name: String,
    /// The day it is true of.
    pub day: Date,
    /// "2025, fastställd 12 december 2024": the last version of the plan that was kept.
    pub version: Option<String>,
    /// The day that changes are counted from.
    pub since: Option<Date>,
    /// The plan's groups of rows, in the template's order; of several plans those of each in turn.
    pub sections: Vec<Section>,
    /// How many there are of what.
    pub counts: Counts,
    /// What has changed since [`Self::since`].
    pub changes: Vec<Changed>,
}

/// A group of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Whose plan it belongs to.
    pub body: BodyId,
    /// What stands over it: the template's heading, after the body's name where several plans are gathered.
    pub heading: String,
    /// Where its rows come from; none where the plan doesn't say.
    pub source: Option<Source>,
    /// Its rows, in the plan's order.
    pub rows: Vec<Shown>,
}

/// A row of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its number in the picture, from 1.
    pub number: usize,
    /// What a document says of it.
    pub row: Row,
    /// How its parts stand; as many as the row's units.
    pub parts: Vec<Part>,
    /// The earliest promise that has passed without being met: its day and its words.
    pub late: Option<(Date, String)>,
}

/// What is known of one part beside what the plan says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// How far it has come.
    pub phase: Phase,
    /// How it goes, as last reported.
    pub health: Health,
    /// The day of the last report; none if there never was one.
    pub reported: Option<Date>,
    /// It isn't done, and nobody has confirmed it for long.
    pub stale: bool,
    /// Who answers for it: "ordförande i RAG Patologi"; empty where nobody does.
    pub owners: Vec<String>,
    /// When something happens next.
    pub next: Option<Date>,
    /// What it waits for, with the day until which it does if one is known.
    pub waits: Vec<(String, Option<Date>)>,
}

/// Who the picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody: people are never named.
    Public,
    /// Those who work with the plan: owners are named.
    Inner,
}

/// A row of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its parts; never none.
    pub units: Vec<Item>,
    /// What the plan says of it.
    pub card: Card,
    /// Its log with the lines' numbers, in the order of its days.
    pub log: Vec<(i64, LogEntry)>,
}

/// What a picture is made of.
#[derive(Clone, Debug)]
pub struct Scene<'a> {
    /// Everything there is.
    pub world: World<'a>,
    /// When bodies meet.
    pub meetings: &'a Meetings,
    /// Whose picture.
    pub body: &'a BodyId,
    /// The day that it is true of.
    pub day: Date,
    /// Who it is for.
    pub audience: Audience,
    /// The last version of the plan, in words.
    pub version: Option<String>,
    /// The day that changes are counted from.
    pub since: Option<Date>,
    /// How those units were on that day that have been changed since; none for one that wasn't there.
    pub before: BTreeMap<String, Option<Item>>,
}

impl Scene<'_> {
    /// The picture of the plans: one for each body, with its rows in any order.
    #[must_use]
    pub fn picture(&self, plans: &[(BodyId, Vec<Entry>)]) -> Picture {
        let mut sections = Vec::new();
        let mut number = 0;
        for (body, entries) in plans {
            let mut standing: Vec<&Entry> = entries.iter().filter(|entry| !self.is_closed(entry)).collect();
            standing.sort_by_key(|entry| (entry.card.place.unwrap_or(u32::MAX), id_of(entry)));
            let sources: BTreeSet<Option<Source>> = standing.iter().map(|entry| entry.card.source).collect();
            // Rows whose origin the plan doesn't state come last.
            let (unsaid, said): (Vec<_>, Vec<_>) = sources.into_iter().partition(Option::is_none);
            for source in said.into_iter().chain(unsaid) {
                let own = standing.iter().filter(|entry| entry.card.source == source);
                let rows = own.map(|entry| {
                    number += 1;
                    self.shown(number, entry)
                });
                let rows = rows.collect();
                let heading = text::section(source);
                let heading = match plans {
                    [(only, _)] if only == self.body => heading.to_owned(),
                    _ => text::section_of(&short(self.world, body), heading),
                };
                sections.push(Section { body: body.clone(), heading, source, rows });
            }
        }
        let all: Vec<&Entry> = plans.iter().flat_map(|(_, entries)| entries).collect();
        Picture {
            body: self.body.clone(),
            name: body_name(self.world, self.body),
            day: self.day,
            version: self.version.clone(),
            since: self.since,
            counts: Counts::of(sections.iter().flat_map(|section| &section.rows)),
            changes: self
                .since
                .map(|since| changes::since(since, self.day, &all, &self.before))
                .unwrap_or_default(),
            sections,
        }
    }

    /// Whether all of the row is done, and its log says why.
    fn is_closed(&self, entry: &Entry) -> bool {
        let followed = &self.world.facts.followed;
        entry.units.iter().all(|unit| unit.phase == Phase::Done && closing(unit, followed).is_some())
    }

    fn shown(&self, number: usize, entry: &Entry) -> Shown {
        let row = Row::of(&entry.units, &entry.card, lines(&entry.log, self.day));
        let late = entry.units.iter().find_map(|unit| {
            let followed = self.world.facts.followed(&unit.id);
            overdue(unit, followed, self.day).map(|late| (late.day, late.text.clone()))
        });
        Shown { number, row, parts: entry.units.iter().map(|unit| self.part(unit)).collect(), late }
    }

    /// What is known of a part beside what the plan says.
    #[must_use]
    pub fn part(&self, unit: &Item) -> Part {
        let reported = match age(unit, self.world.facts.followed(&unit.id), self.day) {
            Age::Since(last) => Some(last),
            Age::Never => None,
        };
        let fresh = reported.is_some_and(|last| (self.day - last).get_days() <= CONFIRMED_FOR);
        let seen = Seen { world: self.world, meetings: self.meetings, item: unit, occasion: None };
        Part {
            phase: unit.phase,
            health: unit.health,
            reported,
            stale: !fresh && unit.phase != Phase::Done,
            owners: unit.owners.list.iter().map(|owner| self.owner(owner)).collect(),
            next: unit.next,
            waits: seen.waits().map(|(wait, until)| (wait.text.clone(), until)).collect(),
        }
    }

    fn owner(&self, owner: &Owner) -> String {
        match owner {
            Owner::Role { body, role } => {
                let title = self.world.organisation.role_title(body, role);
                text::role(title, &short(self.world, body))
            }
            Owner::Person(id) => match (self.audience, self.world.facts.people.persons.get(id)) {
                (Audience::Inner, Some(person)) => person.name.clone(),
                _ => text::A_PERSON.to_owned(),
            },
        }
    }
}

impl Picture {
    /// Every row, in order: the `n`th has the number `n`, from 1.
    pub fn rows(&self) -> impl Iterator<Item = &Shown> {
        self.sections.iter().flat_map(|section| &section.rows)
    }
}

fn id_of(entry: &Entry) -> Option<&ItemId> {
    entry.units.first().map(|unit| &unit.id)
}

/// The lines that a document shows of a log on a day: the newest of what has been, and what is planned and has no
/// outcome. That nothing has changed is told by the age of the report.
fn lines(log: &[(i64, LogEntry)], day: Date) -> Vec<&LogEntry> {
    let settled: BTreeSet<i64> = log.iter().filter_map(|(_, line)| line.about).collect();
    let says_so = |text: &str| text.is_empty() || text == LogKind::Unchanged.swedish();
    let tells = |line: &LogEntry| line.kind != LogKind::Unchanged || !says_so(&line.text);
    let been = log.iter().filter(|(_, line)| !line.planned && line.day <= day && tells(line));
    let skipped = been.clone().count().saturating_sub(LINES);
    let planned = log.iter().filter(|(number, line)| line.planned && !settled.contains(number));
    let mut shown: Vec<&(i64, LogEntry)> = been.skip(skipped).chain(planned).collect();
    shown.sort_by_key(|(number, line)| (line.day, *number));
    shown.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::items::register::Precision;

    fn line(number: i64, day: Date, planned: bool) -> (i64, LogEntry) {
        let entry = LogEntry {
            part: None,
            day,
            precision: Precision::Day,
            kind: LogKind::Report,
            planned,
            text: format!("Rad {number}"),
            doer: None,
            by: None,
            about: None,
        };
        (number, entry)
    }

    #[test]
    fn the_newest_lines_are_shown_and_what_is_planned_until_it_has_an_outcome() {
        let mut log: Vec<_> = (1..=7).map(|n| line(n, date(2024, 1, 1 + n as i8), false)).collect();
        log.push(line(8, date(2024, 3, 1), true));
        log.push(line(9, date(2024, 6, 1), false));
        let shown = |log: &[(i64, LogEntry)], day| {
            lines(log, day).iter().map(|line| line.text.clone()).collect::<Vec<_>>()
        };
        let in_february = shown(&log, date(2024, 2, 1));
        assert_eq!(in_february, ["Rad 3", "Rad 4", "Rad 5", "Rad 6", "Rad 7", "Rad 8"]);
        log[8].1.about = Some(8);
        assert_eq!(shown(&log, date(2024, 7, 1)), ["Rad 4", "Rad 5", "Rad 6", "Rad 7", "Rad 9"]);
        log[8].1.kind = LogKind::Unchanged;
        log[8].1.text.clear();
        assert_eq!(shown(&log, date(2024, 7, 1)).len(), LINES, "that nothing has changed is no news");
    }
}
