//! Occasions with their changes, as feeds need them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::db::{Row, Tx, args};
use super::outbox::places;
use super::rows::{body_text, from_json, occasion_of, to_json};
use super::{Applied, Result, Store, StoredOccasion};
use super::{changes, facts};
use crate::ids::{OccasionRef, WorkflowId};
use crate::plan::digest::of_json;
use crate::plan::model::Occasion;

const ALL: &str = "SELECT workflow, body, occasion, content, sequence, changed_at, orphaned FROM occasion \
     ORDER BY workflow, body, occasion";
pub(super) const ONE: &str = "SELECT workflow, body, occasion, content, sequence, changed_at, orphaned FROM occasion \
     WHERE workflow = $1 AND body = $2 AND occasion = $3";
const DIGESTS: &str = "SELECT workflow, body, occasion, digest, orphaned FROM occasion";
const COLUMNS: usize = 7;
const ADD: &str = "INSERT INTO occasion (workflow, body, occasion, content, digest, first_seen, changed_at) \
     VALUES ";
const CHANGE: &str = "UPDATE occasion SET content = $4, digest = $5, sequence = sequence + 1, changed_at = $6, \
     orphaned = 0 WHERE workflow = $1 AND body = $2 AND occasion = $3";
const ORPHAN: &str = "UPDATE occasion SET orphaned = $4 WHERE workflow = $1 AND body = $2 AND occasion = $3";

/// Rows in one statement.
const BATCH: usize = 400;

impl Store {
    /// Every occasion that has ever been planned, as it was last known.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn occasions(&self) -> Result<Vec<StoredOccasion>> {
        self.db().rows(ALL, args![]).await?.iter().map(stored).collect()
    }

    /// One occasion as it was last known; none if it has never been planned.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn occasion(&self, at: &OccasionRef) -> Result<Option<StoredOccasion>> {
        let id = at.id.to_string();
        let args = args![at.workflow.as_str(), body_text(at.body.as_ref()), id];
        self.db().row(ONE, args).await?.as_ref().map(stored).transpose()
    }
}

fn stored(row: &Row) -> Result<StoredOccasion> {
    let at = occasion_of("occasion", row)?;
    Ok(StoredOccasion {
        occasion: from_json("occasion", &at.id.to_string(), &row.text("content")?)?,
        sequence: row.int("sequence")?,
        changed_at: row.moment("changed_at")?,
        orphaned: row.flag("orphaned")?,
    })
}

/// Takes in the plan's occasions. One that is missing stays as it is while its workflow is in force (it may lie
/// outside the planned window), and becomes orphaned when that is gone: shown, not cancelled, until it is back.
pub(super) async fn apply(
    tx: &mut Tx,
    occasions: &[Occasion],
    in_force: &BTreeSet<WorkflowId>,
    now: Timestamp,
    applied: &mut Applied,
) -> Result<()> {
    let mut before = BTreeMap::new();
    for row in tx.rows(DIGESTS, args![]).await? {
        before.insert(occasion_of("occasion", &row)?, (row.text("digest")?, row.flag("orphaned")?));
    }
    let planned: BTreeMap<&OccasionRef, &Occasion> = occasions.iter().map(|o| (&o.at, o)).collect();
    let mut new = Vec::new();
    let mut told = false;
    for (at, occasion) in &planned {
        let digest = of_json(occasion);
        match before.get(*at) {
            None => new.push((*occasion, digest)),
            Some((old, _)) if *old != digest => {
                told |= changes::note(tx, occasion, now).await?;
                let mut args = key(at);
                args.extend(args![to_json(occasion)?, digest, now]);
                tx.run(CHANGE, args).await?;
                applied.occasions_changed += 1;
            }
            Some((_, true)) => mark(tx, at, false).await?,
            Some(_) => {}
        }
    }
    for batch in new.chunks(BATCH) {
        let mut args = Vec::with_capacity(batch.len() * COLUMNS);
        for (occasion, digest) in batch {
            args.extend(key(&occasion.at));
            args.extend(args![to_json(occasion)?, digest.as_str(), now, now]);
        }
        // Nothing but numbered places has been put into the statement.
        tx.run(AssertSqlSafe(format!("{ADD}{}", places(batch.len(), COLUMNS))), args).await?;
        applied.occasions_added += batch.len();
    }
    for (at, (_, orphaned)) in &before {
        if planned.contains_key(at) {
            continue;
        }
        let homeless = !in_force.contains(&at.workflow);
        if homeless != *orphaned {
            mark(tx, at, homeless).await?;
            applied.orphaned += usize::from(homeless);
        }
    }
    if told {
        // Who must be told is a fact that the plan was made without: the next knock plans anew.
        facts::advance(tx).await?;
    }
    Ok(())
}

fn key(at: &OccasionRef) -> Vec<super::db::Value> {
    args![at.workflow.as_str(), body_text(at.body.as_ref()), at.id.to_string()]
}

async fn mark(tx: &mut Tx, at: &OccasionRef, orphaned: bool) -> Result<()> {
    let mut args = key(at);
    args.extend(args![orphaned]);
    tx.run(ORPHAN, args).await?;
    Ok(())
}
