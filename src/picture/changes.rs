//! What has changed since a day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Entry;
use crate::items::register::{LogEntry, LogKind, is_about};
use crate::items::{Health, Item, Phase};

/// What has happened to one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// "Ökad användning av AI (Lab)".
    pub title: String,
    /// What has happened, in this order: it came or went, its title, its phase, its health, what was written.
    pub what: Vec<Change>,
}

/// One thing that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has come into the plan.
    Added,
    /// It is called something else.
    Renamed {
        /// What it was called.
        from: String,
    },
    /// It has come further, or not.
    Phase {
        /// How far it had come.
        from: Phase,
        /// How far it has come.
        to: Phase,
    },
    /// Another colour was reported.
    Health {
        /// What it was.
        from: Health,
        /// What it is.
        to: Health,
    },
    /// A line was written in its log, of a day since then.
    Line {
        /// The day.
        day: Date,
        /// What it is.
        kind: LogKind,
        /// What it says.
        text: String,
    },
}

/// What has changed after `since`, until `day`. `before` says how the units were then that have been changed.
pub(super) fn since(
    since: Date,
    day: Date,
    entries: &[&Entry],
    before: &BTreeMap<String, Option<Item>>,
) -> Vec<Changed> {
    // The register has learnt of all of it since: that is an import and nothing that has happened to the plan.
    let all_new =
        entries.iter().flat_map(|entry| &entry.units).all(|unit| before.get(&unit.unit()) == Some(&None));
    let mut found = Vec::new();
    for entry in entries {
        for (number, unit) in entry.units.iter().enumerate() {
            let mut what = match before.get(&unit.unit()) {
                None => Vec::new(),
                Some(None) if all_new => Vec::new(),
                Some(None) => vec![Change::Added],
                Some(Some(earlier)) => changes(earlier, unit),
            };
            // A line about the whole row is told of with its first part.
            let own = |line: &LogEntry| match &line.part {
                None => number == 0,
                Some(part) => is_about(Some(part), unit.part.as_deref()),
            };
            let new = entry.log.iter().map(|(_, line)| line);
            let new = new.filter(|line| !line.planned && line.day > since && line.day <= day && own(line));
            what.extend(new.map(|line| Change::Line {
                day: line.day,
                kind: line.kind,
                text: line.text.clone(),
            }));
            if !what.is_empty() {
                found.push(Changed { title: unit.display_title(), what });
            }
        }
    }
    found
}

fn changes(before: &Item, after: &Item) -> Vec<Change> {
    let renamed = (before.title != after.title).then(|| Change::Renamed { from: before.title.clone() });
    let phase =
        (before.phase != after.phase).then_some(Change::Phase { from: before.phase, to: after.phase });
    let health =
        (before.health != after.health).then_some(Change::Health { from: before.health, to: after.health });
    [renamed, phase, health].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::items::register::Precision;

    fn unit(part: Option<&str>, phase: Phase) -> Item {
        let part = part.map(str::to_owned);
        Item { part, phase, ..Item::new("rpo".into(), "ai".into(), "AI", Timestamp::UNIX_EPOCH) }
    }

    fn entry(log: Vec<(Option<&str>, Date)>) -> Entry {
        let line = |(part, day): (Option<&str>, Date)| LogEntry {
            part: part.map(str::to_owned),
            day,
            precision: Precision::Day,
            kind: LogKind::Report,
            planned: false,
            text: "Klart".to_owned(),
            doer: None,
            by: None,
            about: None,
        };
        let units = vec![unit(Some("Lab"), Phase::Ongoing), unit(Some("Röntgen"), Phase::Ongoing)];
        Entry { units, log: log.into_iter().map(|line_of| (1, line(line_of))).collect(), ..Entry::default() }
    }

    #[test]
    fn what_was_changed_or_written_since_the_day_is_told_once() {
        let entry = entry(vec![
            (None, date(2025, 1, 23)),
            (Some("röntgen"), date(2025, 2, 1)),
            (None, date(2025, 2, 3)),
            (None, date(2025, 4, 1)),
        ]);
        let before = BTreeMap::from([
            ("ai~lab".to_owned(), Some(unit(Some("Lab"), Phase::NotStarted))),
            ("ai~rontgen".to_owned(), Some(unit(Some("Röntgen"), Phase::Ongoing))),
        ]);
        let found = since(date(2025, 1, 23), date(2025, 3, 27), &[&entry], &before);
        let line = |day| Change::Line { day, kind: LogKind::Report, text: "Klart".to_owned() };
        let phase = Change::Phase { from: Phase::NotStarted, to: Phase::Ongoing };
        let expected = [
            ("AI (Lab)", vec![phase, line(date(2025, 2, 3))]),
            ("AI (Röntgen)", vec![line(date(2025, 2, 1))]),
        ];
        let expected = expected.map(|(title, what)| Changed { title: title.to_owned(), what });
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_touched_and_is_as_it_was_has_not_changed() {
        let before = BTreeMap::from([("ai~lab".to_owned(), Some(unit(Some("Lab"), Phase::Ongoing)))]);
        assert_eq!(since(date(2025, 1, 1), date(2025, 2, 1), &[&entry(Vec::new())], &before), []);
        let new = BTreeMap::from([("ai~lab".to_owned(), None)]);
        let found = since(date(2025, 1, 1), date(2025, 2, 1), &[&entry(Vec::new())], &new);
        assert_eq!(found[0].what, [Change::Added]);
        let all = BTreeMap::from([("ai~lab".to_owned(), None), ("ai~rontgen".to_owned(), None)]);
        assert_eq!(since(date(2025, 1, 1), date(2025, 2, 1), &[&entry(Vec::new())], &all), [], "an import");
    }
}
