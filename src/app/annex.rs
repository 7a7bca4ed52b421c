//! The annex to the agenda of a body's next meeting: the units of its plan that the meeting should deal with.
//!
//! What waits for the meeting, isn't decided or is red is what the draft of an agenda in the status round tells of;
//! the annex adds promises that have passed and what nobody has confirmed for long, and what is known of each.

use jiff::civil::Date;

use crate::calendar::{instant, swedish};
use crate::documents::{Block, Paper};
use crate::ids::BodyId;
use crate::items::fresh::overdue;
use crate::items::register::LogKind;
use crate::items::{Health, Item, Phase, written};
use crate::picture::{Audience, Scene};
use crate::plan::fields::body_name;
use crate::plan::follow::{Meetings, Seen};
use crate::plan::model::{Facts, Occasion};
use crate::rules::Rules;
use crate::store::{RegisterRow, Store, StoreError};
use crate::text::papers::annex as words;
use crate::text::{items as item_words, notices, picture as text};
use crate::workflow::model::EntryKind;

/// The annex for the first meeting of `body` on or after `day`; none if no such meeting has a date.
///
/// # Errors
/// When the store fails.
pub async fn annex(
    store: &Store,
    rules: &Rules,
    facts: &Facts,
    body: &BodyId,
    (day, audience): (Date, Audience),
) -> Result<Option<Paper>, StoreError> {
    let world = rules.world(facts);
    let meetings = Meetings::of(&world, day);
    let Some(meeting) = meetings.of_body(body).find(|meeting| meeting.span.first() >= day) else {
        return Ok(None);
    };
    let mut rows = store.register(body).await?;
    rows.sort_by_key(|row| (row.card.place.unwrap_or(u32::MAX), row.id.clone()));
    let scene = Scene {
        world,
        meetings: &meetings,
        body,
        day,
        audience,
        version: None,
        since: None,
        before: Default::default(),
    };
    let agenda = Agenda { scene, meeting };
    Ok(Some(agenda.paper(&rows)))
}

/// What an annex is made of.
struct Agenda<'a> {
    scene: Scene<'a>,
    meeting: &'a Occasion,
}

impl Agenda<'_> {
    fn paper(&self, rows: &[RegisterRow]) -> Paper {
        let day = self.scene.day;
        let mut found: [Vec<Vec<String>>; words::REASONS.len()] = Default::default();
        for (row, unit) in rows.iter().flat_map(|row| row.units.iter().map(move |unit| (row, unit))) {
            if let Some(reason) = self.reason(unit) {
                found[reason].push(self.line(row, unit));
            }
        }
        let mut blocks = Vec::new();
        for (heading, rows) in words::REASONS.into_iter().zip(found).filter(|(_, rows)| !rows.is_empty()) {
            blocks.push(Block::Heading(heading.to_owned()));
            let caption = heading.to_owned();
            blocks.push(Block::Table { caption, columns: words::COLUMNS.to_vec(), rows });
        }
        if blocks.is_empty() {
            blocks.push(Block::Text(words::NOTHING.to_owned()));
        }
        let (kind, span) = (EntryKind::Meeting, self.meeting.span);
        let mut facts = vec![notices::occasion_row(kind, &self.meeting.title, span)];
        facts.extend(self.meeting.place.as_deref().map(notices::place_row));
        facts.push(("Läget".to_owned(), swedish::long_year(day)));
        Paper {
            title: words::title(&self.meeting.title),
            subtitle: words::SUBTITLE.to_owned(),
            body: body_name(self.scene.world, self.scene.body),
            at: instant(day, jiff::civil::Time::midnight()),
            facts,
            blocks,
        }
    }

    fn seen<'b>(&'b self, unit: &'b Item) -> Seen<'b> {
        let Scene { world, meetings, .. } = &self.scene;
        Seen { world: *world, meetings, item: unit, occasion: Some(&self.meeting.at) }
    }

    /// Why the meeting should deal with a unit, as a place in [`words::REASONS`]; none if it needn't.
    fn reason(&self, unit: &Item) -> Option<usize> {
        let (part, day) = (self.scene.part(unit), self.scene.day);
        if unit.phase == Phase::Done {
            return None;
        }
        let bound = self.seen(unit).bound().next().is_some();
        let late = overdue(unit, self.scene.world.facts.followed(&unit.id), day).is_some();
        // What lies still isn't asked about either.
        let stale = part.stale && unit.phase != Phase::Dormant;
        let undecided = unit.phase == Phase::Undecided;
        [bound, undecided, unit.health == Health::Red, late, stale].into_iter().position(|fits| fits)
    }

    fn line(&self, row: &RegisterRow, unit: &Item) -> Vec<String> {
        let (part, day) = (self.scene.part(unit), self.scene.day);
        let light = written::symbol(unit.phase, unit.health);
        let state = format!("{light} {}", written::state(unit.phase, unit.health));
        let owners = if part.owners.is_empty() { text::owners(&[]) } else { part.owners.join("\n") };
        let mut about: Vec<String> = self.seen(unit).bound().map(|wait| wait.text.clone()).collect();
        let followed = self.scene.world.facts.followed(&unit.id);
        about.extend(overdue(unit, followed, day).map(|late| text::late(late.day, &late.text, day)));
        about.extend(row.card.status_of(unit.part.as_deref()).map(str::to_owned));
        let newest = row.log.iter().rfind(|line| {
            let entry = &line.entry;
            !entry.planned && entry.day <= day && entry.kind != LogKind::Unchanged
        });
        about.extend(
            newest.map(|line| format!("{}: {}", item_words::day(line.entry.day, day), line.entry.text)),
        );
        vec![
            unit.display_title(),
            format!("{state}\n{}", text::age(part.reported, day)),
            owners,
            about.join("\n"),
        ]
    }
}
