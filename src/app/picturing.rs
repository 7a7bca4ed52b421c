//! The lägesbild of a body's plan, out of the store.

use jiff::civil::{Date, time};

use crate::calendar::{instant, swedish, today};
use crate::ids::BodyId;
use crate::items::register::LogEntry;
use crate::picture::{Audience, Entry, Picture, Scene};
use crate::plan::follow::Meetings;
use crate::plan::model::Facts;
use crate::rules::Rules;
use crate::store::{PlanVersion, RegisterRow, Store, StoreError};
use crate::text::picture as text;

/// What picture is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Whose.
    pub body: &'a BodyId,
    /// Of the bodies under it, too.
    pub below: bool,
    /// The day that ages and dates are reckoned from. Phases and colours are those of now.
    pub day: Date,
    /// The day that changes are counted from; none for the body's last meeting before `day`.
    pub since: Option<Date>,
    /// Who it is for.
    pub audience: Audience,
}

/// Draws a picture.
///
/// # Errors
/// When the store fails.
pub async fn picture(
    store: &Store,
    rules: &Rules,
    facts: &Facts,
    wanted: Wanted<'_>,
) -> Result<Picture, StoreError> {
    let world = rules.world(facts);
    let meetings = Meetings::of(&world, wanted.day);
    let earlier = meetings.of_body(wanted.body).rev().find(|meeting| meeting.span.last() < wanted.day);
    let since = wanted.since.or_else(|| earlier.map(|meeting| meeting.span.last()));
    let before = match since.and_then(|since| since.tomorrow().ok()) {
        Some(after) => store.units_before(instant(after, time(0, 0, 0, 0))).await?,
        None => Default::default(),
    };
    let mut bodies = vec![wanted.body.clone()];
    if wanted.below {
        bodies.extend(rules.organisation.descendants(wanted.body));
    }
    let mut plans = Vec::new();
    for body in bodies {
        let rows: Vec<Entry> = store.register(&body).await?.into_iter().map(entry).collect();
        if !rows.is_empty() {
            plans.push((body, rows));
        }
    }
    let versions = store.plan_versions(wanted.body).await?;
    let version = versions.iter().rfind(|version| today(version.at) <= wanted.day).map(called);
    let scene = Scene {
        world,
        meetings: &meetings,
        body: wanted.body,
        day: wanted.day,
        audience: wanted.audience,
        version,
        since,
        before,
    };
    Ok(scene.picture(&plans))
}

fn entry(row: RegisterRow) -> Entry {
    let line = |line: crate::store::LogRow| -> (i64, LogEntry) { (line.number, line.entry) };
    Entry { units: row.units, card: row.card, log: row.log.into_iter().map(line).collect() }
}

/// "2025, fastställd 12 december 2024"
fn called(version: &PlanVersion) -> String {
    let day = today(version.at);
    text::kept(&version.name, version.state.code(), &swedish::range_year(day, day))
}
