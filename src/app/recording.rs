//! The record of a body's year: what was held, sent, answered, changed and promised, in one paper.
//!
//! It names roles and no people, and never an address. What people wrote stands as they wrote it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, time};

use crate::calendar::{instant, swedish, today};
use crate::documents::{Block, Paper};
use crate::ids::{BodyId, PersonId};
use crate::items::Item;
use crate::plan::fields::{body_name, short};
use crate::plan::model::{Facts, Given, Matter, Message, MessageKind, World};
use crate::plan::occasions::occasions;
use crate::rules::Rules;
use crate::store::{Happened, RegisterRow, Store, StoreError};
use crate::text::papers::record as words;
use crate::text::{notices, picture as text};
use crate::workflow::model::{EntryKind, Status};

/// The record of `year`, as it stands on `day`.
///
/// # Errors
/// When the store fails.
pub async fn record(
    store: &Store,
    rules: &Rules,
    facts: &Facts,
    body: &BodyId,
    (year, day): (i16, Date),
) -> Result<Paper, StoreError> {
    let first = Date::new(year, 1, 1).unwrap_or(Date::MIN);
    let last = Date::new(year, 12, 31).unwrap_or(Date::MAX);
    let (from, until) = (midnight(first), midnight(last.tomorrow().unwrap_or(last)));
    let happened = store.happened(body, from, until).await?;
    let rows = store.register(body).await?;
    let year = Year { world: rules.world(facts), body, first, last: last.min(day), day };
    let tables = [
        (words::MEETINGS.to_vec(), year.meetings()),
        (words::SENT.to_vec(), year.sent(&happened.sent)),
        (words::ANSWERS.to_vec(), year.answers(&happened)),
        (words::CHANGES.to_vec(), changes(&happened.changes)),
        (words::LOG.to_vec(), year.log(&rows)),
        (words::PROMISES.to_vec(), year.promises(&rows, last)),
    ];
    let mut blocks = Vec::new();
    for (heading, (columns, rows)) in words::HEADINGS.into_iter().zip(tables) {
        blocks.push(Block::Heading(heading.to_owned()));
        blocks.push(match rows.is_empty() {
            true => Block::Text(words::NOTHING.to_owned()),
            false => Block::Table { caption: heading.to_owned(), columns, rows },
        });
    }
    let name = body_name(year.world, body);
    Ok(Paper {
        title: words::title(first.year(), &name),
        subtitle: words::SUBTITLE.to_owned(),
        body: name,
        at: midnight(day),
        facts: vec![("Läget".to_owned(), swedish::long_year(day))],
        blocks,
    })
}

fn midnight(day: Date) -> Timestamp {
    instant(day, time(0, 0, 0, 0))
}

/// Messages of a day that say the same, or the same of several units.
#[derive(Default)]
struct Alike<'a> {
    headlines: BTreeSet<&'a str>,
    roles: BTreeSet<String>,
    recipients: BTreeSet<Option<&'a PersonId>>,
}

/// What a record is made of.
struct Year<'a> {
    world: World<'a>,
    body: &'a BodyId,
    first: Date,
    /// The last day of it that has been.
    last: Date,
    day: Date,
}

impl Year<'_> {
    fn meetings(&self) -> Vec<Vec<String>> {
        let all = occasions(&self.world, self.first, self.last);
        let own = all.into_iter().filter(|occasion| {
            occasion.kind == EntryKind::Meeting && occasion.at.body.as_ref() == Some(self.body)
        });
        own.map(|meeting| {
            let when = notices::when(meeting.kind, meeting.span);
            let state = match meeting.status {
                Status::Cancelled => words::CANCELLED,
                Status::Tentative | Status::Confirmed => words::HELD,
            };
            vec![when, meeting.title, meeting.place.unwrap_or_default(), state.to_owned()]
        })
        .collect()
    }

    /// What left, in one row what several got on a day, or what is said of several units alike.
    fn sent(&self, messages: &[Message]) -> Vec<Vec<String>> {
        let mut found: BTreeMap<(Date, MessageKind, &str), Alike<'_>> = BTreeMap::new();
        for message in messages {
            let notice = &message.notice;
            let said = notice.together.as_ref().unwrap_or(&notice.headline);
            let alike = found.entry((today(message.at), message.kind, said)).or_default();
            alike.headlines.insert(&notice.headline);
            alike.roles.insert(self.role(&message.role));
            alike.recipients.insert(message.to.as_ref());
        }
        let row = |((day, kind, together), alike): ((Date, MessageKind, &str), Alike<'_>)| {
            let headlines: Vec<&str> = alike.headlines.into_iter().collect();
            let what = match headlines.as_slice() {
                [only] => (*only).to_owned(),
                several => notices::fill(together, &[("count", &several.len().to_string())]),
            };
            let roles: Vec<String> = alike.roles.into_iter().collect();
            let to = words::recipients(&roles, alike.recipients.len());
            vec![said(day), words::kind(kind.code()).to_owned(), what, to]
        };
        found.into_iter().map(row).collect()
    }

    /// What was answered. What somebody was asked, and as what, is known from the messages.
    fn answers(&self, happened: &Happened) -> Vec<Vec<String>> {
        let mut asked: BTreeMap<(&Matter, Option<&PersonId>), &Message> = BTreeMap::new();
        for message in &happened.sent {
            asked.entry((&message.matter, message.to.as_ref())).or_insert(message);
        }
        let row = |given: &Given| {
            let message = asked.get(&(&given.matter, Some(&given.person)));
            let question =
                message.map_or_else(|| given.matter.step.to_string(), |m| m.notice.headline.clone());
            let label =
                message.and_then(|m| m.notice.answers.iter().find(|answer| answer.id == given.answer));
            let answer = label.map_or_else(|| given.answer.to_string(), |answer| answer.label.clone());
            let role = message.map_or_else(|| words::NO_ROLE.to_owned(), |m| self.role(&m.role));
            vec![said(today(given.at)), question, answer, role]
        };
        happened.answers.iter().map(row).collect()
    }

    /// A role by its path: "ordförande i RAG Patologi".
    fn role(&self, path: &str) -> String {
        let Some((body, role)) = path.split_once('/') else { return words::NO_ROLE.to_owned() };
        let (body, role) = (BodyId::from(body), role.into());
        text::role(self.world.organisation.role_title(&body, &role), &short(self.world, &body))
    }

    fn log(&self, rows: &[RegisterRow]) -> Vec<Vec<String>> {
        let lines = rows.iter().flat_map(|row| row.log.iter().map(move |line| (row, &line.entry)));
        let mut own: Vec<_> = lines
            .filter(|(_, line)| !line.planned && line.day >= self.first && line.day <= self.last)
            .collect();
        own.sort_by_key(|(row, line)| (line.day, &row.id));
        let row = |(row, line): (&RegisterRow, &crate::items::register::LogEntry)| {
            let part = line.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
            vec![
                said(line.day),
                format!("{}{part}", title(row)),
                line.kind.swedish().to_owned(),
                line.text.clone(),
            ]
        };
        own.into_iter().map(row).collect()
    }

    fn promises(&self, rows: &[RegisterRow], last: Date) -> Vec<Vec<String>> {
        let all = rows.iter().flat_map(|row| row.deadlines.iter().map(move |deadline| (row, deadline)));
        let mut own: Vec<_> = all.filter(|(_, d)| d.day >= self.first && d.day <= last).collect();
        own.sort_by_key(|(row, deadline)| (deadline.day, &row.id));
        own.into_iter()
            .map(|(row, promise)| {
                let came = words::came(promise.met, promise.day < self.day);
                vec![said(promise.day), title(row).to_owned(), promise.text.clone(), came.to_owned()]
            })
            .collect()
    }
}

/// Phases, colours and titles that became others.
fn changes(changes: &[(Timestamp, Option<Item>, Item)]) -> Vec<Vec<String>> {
    let row = |(at, before, after): &(Timestamp, Option<Item>, Item)| {
        let what: Vec<String> = match before {
            None => vec![words::ADDED.to_owned()],
            Some(before) => {
                use text::changed::{from_to, renamed};
                let (old, new) = ((before.phase, before.health), (after.phase, after.health));
                let phase = (old.0 != new.0).then(|| from_to(old.0.swedish(), new.0.swedish()));
                let health = (old.1 != new.1).then(|| from_to(old.1.swedish(), new.1.swedish()));
                let name = (before.title != after.title).then(|| renamed(&before.title));
                [phase, health, name].into_iter().flatten().collect()
            }
        };
        (!what.is_empty()).then(|| vec![said(today(*at)), after.display_title(), what.join("; ")])
    };
    changes.iter().filter_map(row).collect()
}

fn title(row: &RegisterRow) -> &str {
    row.units.first().map_or(row.id.as_str(), |unit| unit.title.as_str())
}

fn said(day: Date) -> String {
    swedish::short(day)
}
