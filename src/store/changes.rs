//! What has been moved or cancelled, and who had been told of it before.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::Result;
use super::db::{Row, Tx, args};
use super::rows::{body_text, from_json, message_of, object_text, occasion_of, to_json};
use crate::ids::OccasionRef;
use crate::plan::model::{Object, Occasion, OccasionChange, Told};

const BEFORE: &str =
    "SELECT content, sequence FROM occasion WHERE workflow = $1 AND body = $2 AND occasion = $3";
/// The newest message to each person stands first.
const TOLD: &str = "SELECT key, content FROM message WHERE object = $1 AND state IN ('queued', 'sent') \
     AND person IS NOT NULL AND kind IN ('tell', 'ask', 'reminder', 'change') ORDER BY at DESC, key DESC";
const ADD: &str = "INSERT INTO change (workflow, body, occasion, sequence, at, content) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workflow, body, occasion, sequence) DO NOTHING";
const RECENT: &str = "SELECT workflow, body, occasion, sequence, content FROM change WHERE at >= $1 \
     ORDER BY workflow, body, occasion, sequence";
const NEWEST: &str = "SELECT coalesce(max(at), 0) AS n FROM change";

const WATCHED: &str = "SELECT count(*) AS n FROM subscription WHERE mails = 1 AND revoked_at IS NULL";

/// A calendar may not have noticed a change for so long.
const UNNOTICED: SignedDuration = SignedDuration::from_hours(24 * 400);
/// A change is told within so long or not at all.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Notes that `after` takes the place of the stored occasion. Says whether there may be anybody to tell: people who had
/// been told something else, or whose calendar may not notice.
pub(super) async fn note(tx: &mut Tx, after: &Occasion, now: Timestamp) -> Result<bool> {
    let Some(row) = tx.row(BEFORE, key(&after.at)).await? else { return Ok(false) };
    let before: Occasion = from_json("occasion", &after.at.id.to_string(), &row.text("content")?)?;
    let same = (before.span, before.status) == (after.span, after.status) && before.place == after.place;
    let over = before.span.last().max(after.span.last()) < crate::calendar::today(now);
    if same || over {
        return Ok(false);
    }
    let mut told: Vec<Told> = Vec::new();
    let mut seen = BTreeSet::new();
    for row in tx.rows(TOLD, args![object_text(&Object::Occasion(after.at.clone()))]).await? {
        let message = message_of(&row)?;
        let Some(person) = message.to.filter(|person| seen.insert(person.clone())) else { continue };
        let from_body = message.notice.from_body;
        told.push(Told {
            person,
            workflow: message.matter.workflow,
            body: message.matter.body,
            role: message.role,
            from_body,
        });
    }
    let watched = tx.row(WATCHED, args![]).await?.map(|row| row.int("n")).transpose()?.unwrap_or(0) > 0;
    let anybody = watched || !told.is_empty();
    let sequence = row.int("sequence")? + 1;
    let change = OccasionChange { before, after: after.clone(), sequence, at: now, told };
    let mut args = key(&after.at);
    args.extend(args![sequence, now, to_json(&change)?]);
    tx.run(ADD, args).await?;
    Ok(anybody)
}

/// The changes that may still have to be told, by occasion and sequence.
pub(super) async fn recent(tx: &mut Tx) -> Result<Vec<OccasionChange>> {
    let Some(newest) = tx.row(NEWEST, args![]).await? else { return Ok(Vec::new()) };
    let since = newest.int("n")? - KEPT.as_secs();
    tx.rows(RECENT, args![since]).await?.iter().map(change_of).collect()
}

/// The newest change of each occasion, whoever had been told.
pub(super) async fn moves(tx: &mut Tx) -> Result<Vec<OccasionChange>> {
    let Some(newest) = tx.row(NEWEST, args![]).await? else { return Ok(Vec::new()) };
    let since = newest.int("n")? - UNNOTICED.as_secs();
    let mut found: Vec<OccasionChange> = Vec::new();
    for row in tx.rows(RECENT, args![since]).await? {
        let change = change_of(&row)?;
        if found.last().is_some_and(|last| last.after.at == change.after.at) {
            found.pop();
        }
        found.push(change);
    }
    Ok(found)
}

fn change_of(row: &Row) -> Result<OccasionChange> {
    let at = occasion_of("change", row)?;
    from_json("change", &at.id.to_string(), &row.text("content")?)
}

fn key(at: &OccasionRef) -> Vec<super::db::Value> {
    args![at.workflow.as_str(), body_text(at.body.as_ref()), at.id.to_string()]
}
