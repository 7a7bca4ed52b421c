//! What the register has when a document is held against it, and how what was worked out is written.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Asked, Incoming, Worked, work_out};
use crate::ids::{BodyId, ItemId};
use crate::items::Phase;
use crate::items::lineage::Gone;
use crate::items::register::LogKind;
use crate::items::threeway::{Field, Kind};
use crate::plan::model::Facts;
use crate::rules::Rules;
use crate::store::{
    Exported, HistoryRow, NewPlan, PlanReport, PlanState, PlanVersion, RegisterRow, Store, StoreError, Taking,
};

/// How often a document is worked out anew when somebody records a fact meanwhile.
const TRIES: usize = 5;

/// A body's plan in the register; empty where there is no register yet.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// Its rows.
    pub rows: Vec<RegisterRow>,
    /// Those that aren't expected in the next document.
    pub gone: BTreeMap<ItemId, Gone>,
    /// What the document was exported from.
    pub exported: Option<Exported>,
    facts: Facts,
    revision: i64,
}

impl Register {
    async fn read(store: &Store, body: &BodyId, incoming: &Incoming) -> Result<Self, StoreError> {
        // The revision first: what is read after it can only be newer, and then nothing is written.
        let (facts, revision) = store.facts_with_revision().await?;
        let rows = store.register(body).await?;
        let versions = store.plan_versions(body).await?;
        let exported = match incoming.stamp.as_ref().filter(|stamp| stamp.body == *body) {
            Some(stamp) => store.exported(stamp).await?,
            None => None,
        };
        let gone = rows.iter().filter_map(|row| Some((row.id.clone(), gone(row, &versions)?))).collect();
        Ok(Self { rows, gone, exported, facts, revision })
    }
}

/// Why a row isn't expected in the next document.
fn gone(row: &RegisterRow, versions: &[PlanVersion]) -> Option<Gone> {
    if row.units.iter().all(|item| item.phase == Phase::Done) {
        let closes = row.log.iter().map(|line| &line.entry);
        let day = closes.filter(|e| e.kind == LogKind::Closing && !e.planned).map(|e| e.day).max();
        return Some(day.map_or(Gone::Done, Gone::Closed));
    }
    let mut imported = versions.iter().rev().filter(|version| version.state == PlanState::Imported);
    let has = |version: &PlanVersion| version.content.items.iter().any(|item| item.id == row.id);
    let newest = imported.next()?;
    let last = imported.find(|version| has(version)).filter(|_| !has(newest))?;
    Some(Gone::Missing(last.name.clone()))
}

/// Why a document wasn't taken over.
#[derive(Debug, thiserror::Error)]
pub enum TakeoverError {
    /// What was told can't be so.
    #[error("{}", .0.join("\n"))]
    Told(Vec<String>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a document would do: nothing is written. The report is of what it would do if each open question were answered
/// as proposed; none without a register.
///
/// # Errors
/// When the database fails, or what was told can't be so.
pub async fn look(
    store: Option<&Store>,
    rules: &Rules,
    incoming: &Incoming,
    asked: &Asked<'_>,
    now: Timestamp,
) -> Result<(Worked, Option<PlanReport>), TakeoverError> {
    let register = match store {
        Some(store) => Register::read(store, asked.body, incoming).await?,
        None => Register::default(),
    };
    let worked = worked(store, rules, incoming, &register, asked).await?;
    let report = match store {
        Some(store) => {
            let texts = incoming.kept_texts();
            Some(store.would_take(&taking(&worked, asked, &texts), now).await?)
        }
        None => None,
    };
    Ok((worked, report))
}

/// Takes a document over, if nothing is left to be said of which rows are the same; otherwise nothing is written and no
/// report comes back. Of what is in conflict nothing is written. `done` hears how many rows have been written, and of
/// how many.
///
/// # Errors
/// When the database fails, what was told can't be so, or facts are recorded faster than a document can be worked out.
pub async fn take(
    store: &Store,
    rules: &Rules,
    incoming: &Incoming,
    asked: &Asked<'_>,
    by: (&str, Timestamp),
    done: &(dyn Fn(usize, usize) + Sync),
) -> Result<(Worked, Option<PlanReport>), TakeoverError> {
    for _ in 0..TRIES {
        let register = Register::read(store, asked.body, incoming).await?;
        let worked = worked(Some(store), rules, incoming, &register, asked).await?;
        if !worked.open.is_empty() {
            return Ok((worked, None));
        }
        let texts = incoming.kept_texts();
        let all = worked.writes();
        let taking = taking(&worked, asked, &texts);
        let report = store.take_document(&taking, register.revision, by, &|n| done(n, all)).await?;
        if report.is_some() {
            return Ok((worked, report));
        }
    }
    Err(StoreError::Refused("others are recording facts all the time; try again".to_owned()).into())
}

async fn worked(
    store: Option<&Store>,
    rules: &Rules,
    incoming: &Incoming,
    register: &Register,
    asked: &Asked<'_>,
) -> Result<Worked, TakeoverError> {
    let world = rules.world(&register.facts);
    let mut worked = work_out(incoming, register, asked, world).map_err(TakeoverError::Told)?;
    if let Some(stamp) = incoming.stamp.as_ref().filter(|_| register.exported.is_none()) {
        let what = if stamp.body == *asked.body { "isn't known here" } else { "is of another plan" };
        worked
            .warnings
            .push(format!("the export that it carries ({stamp}) {what}; it is read as any other plan"));
    }
    if let Some(store) = store {
        for (at, row) in worked.compared.rows.iter().enumerate() {
            let both = |kind| matches!(kind, Kind::Conflict | Kind::Answer);
            if !row.changes.iter().any(|change| both(change.kind)) {
                continue;
            }
            let history = store.history_of(&row.id).await?;
            for (number, change) in row.changes.iter().enumerate().filter(|(_, change)| both(change.kind)) {
                if let Some(row) = newest(&history, &row.id, &change.field) {
                    let who = called(&row.who, &register.facts);
                    worked.changed_by.insert((at, number), (who, row.at));
                }
            }
        }
    }
    Ok(worked)
}

fn taking<'a>(
    worked: &'a Worked,
    asked: &Asked<'a>,
    texts: &'a [crate::items::versions::Text],
) -> Taking<'a> {
    let plan = NewPlan {
        body: asked.body,
        rows: &worked.rows,
        assignments: &worked.assignments,
        as_of: asked.as_of,
        recorded: asked.recorded,
        version: asked.version,
    };
    Taking { plan, edits: &worked.edits, there: &worked.there, texts }
}

/// The newest line of the history that changed a field.
fn newest<'a>(history: &'a [HistoryRow], id: &ItemId, field: &Field) -> Option<&'a HistoryRow> {
    let (what, key) = match field {
        Field::Title => (None, "title"),
        Field::Phase(part) => (Some(part), "phase"),
        Field::Health(part) => (Some(part), "health"),
        Field::Source => (None, "source"),
        Field::FocusArea => (None, "focus_area"),
        Field::Promises => (None, "promises"),
        Field::Activity => (None, "activities"),
        Field::FollowUp => (None, "follow_up"),
        Field::Said(_) => (None, "status"),
        Field::Part(_) | Field::Line(_) | Field::Link | Field::Words => return None,
    };
    let of_unit = what.map(|part| format!("item {}", crate::items::register::unit_of(id, part.as_deref())));
    let of_row = |what: &str| match (&of_unit, field) {
        (Some(unit), _) => what == unit,
        (None, Field::Title) => what.strip_prefix("item ").is_some_and(|unit| unit.starts_with(id.as_str())),
        (None, _) => what.strip_prefix("card ") == Some(id.as_str()),
    };
    let value =
        |json: &str| serde_json::from_str::<serde_json::Value>(json).ok().map(|json| json[key].clone());
    let changed = |row: &&HistoryRow| value(&row.after) != row.before.as_deref().and_then(value);
    history.iter().rev().filter(|row| of_row(&row.what)).find(changed)
}

/// Who did something, as people know them.
fn called(who: &str, facts: &Facts) -> String {
    let person = facts.people.persons.values().find(|person| person.id.as_str() == who);
    person.map_or_else(|| who.to_owned(), |person| person.name.clone())
}
