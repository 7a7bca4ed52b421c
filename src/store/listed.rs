//! Matters that are listed under an occasion: each remiss of a round.

use jiff::Timestamp;

use super::db::{Tx, args};
use super::facts::{Writer, commit_if, write_facts};
use super::rows::{body_text, from_json, object_text, to_json};
use super::{ListReport, NewList, Result, Store, StoreError};
use crate::ids::{BodyId, OccasionRef, WorkflowId};
use crate::plan::model::{Listed, Object};

const OF: &str =
    "SELECT content FROM listed WHERE workflow = $1 AND body = $2 AND object = $3 ORDER BY number";
const SAVE: &str = "INSERT INTO listed (workflow, body, object, number, content, at, who) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workflow, body, object, number) \
     DO UPDATE SET content = excluded.content, at = excluded.at, who = excluded.who";

impl Store {
    /// Lists matters under an occasion. A title that is known there, whatever its case, is the same matter; what
    /// is missing from `list` is withdrawn, and comes back under its number when a later list has it.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there are more than numbers are.
    pub async fn list_matters(&self, list: &NewList<'_>, who: &str, now: Timestamp) -> Result<ListReport> {
        let mut tx = write_facts(self).await?;
        let report = replace(&mut tx, list, Writer { who, now }).await?;
        commit_if(tx, report != ListReport::default()).await?;
        Ok(report)
    }

    /// Withdraws one matter. Says whether it changed anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no matter of that number.
    pub async fn withdraw_matter(
        &self,
        workflow: &WorkflowId,
        body: Option<&BodyId>,
        of: &OccasionRef,
        number: u16,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let list = NewList { workflow, body, of, lines: &[] };
        let before = known(&mut tx, &list).await?.into_iter().find(|listed| listed.number == number);
        let before = before.ok_or_else(|| {
            StoreError::Refused(format!("no matter of number {number} is listed under {}", of.id))
        })?;
        let after = Listed { withdrawn: true, ..before.clone() };
        let changed = before != after;
        save(&mut tx, Some(&before), &after, Writer { who, now }).await?;
        commit_if(tx, changed).await?;
        Ok(changed)
    }
}

/// Within a transaction that writes facts. See [`Store::list_matters`].
pub(super) async fn replace(tx: &mut Tx, list: &NewList<'_>, writer: Writer<'_>) -> Result<ListReport> {
    let before = known(tx, list).await?;
    let mut report = ListReport::default();
    let mut next = before.iter().map(|listed| listed.number).max().unwrap_or(0);
    let mut after = before.clone();
    let mut named = Vec::new();
    for (title, link) in list.lines {
        let name = name(title);
        if named.contains(&name) {
            continue;
        }
        match after.iter_mut().find(|listed| self::name(&listed.title) == name) {
            Some(listed) => {
                title.trim().clone_into(&mut listed.title);
                listed.link.clone_from(link);
                listed.withdrawn = false;
            }
            None => {
                next = next
                    .checked_add(1)
                    .ok_or_else(|| StoreError::Refused("so many matters can't be listed".to_owned()))?;
                after.push(Listed {
                    workflow: list.workflow.clone(),
                    body: list.body.cloned(),
                    of: list.of.clone(),
                    number: next,
                    title: title.trim().to_owned(),
                    link: link.clone(),
                    diary: None,
                    withdrawn: false,
                });
            }
        }
        named.push(name);
    }
    for listed in &mut after {
        listed.withdrawn |= !named.contains(&name(&listed.title));
    }
    for listed in &after {
        let old = before.iter().find(|old| old.number == listed.number);
        match old {
            None => report.added += 1,
            Some(old) if old == listed => continue,
            Some(_) if listed.withdrawn => report.withdrawn += 1,
            Some(_) => report.changed += 1,
        }
        save(tx, old, listed, writer).await?;
    }
    Ok(report)
}

/// A title as it identifies a matter.
fn name(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

async fn known(tx: &mut Tx, list: &NewList<'_>) -> Result<Vec<Listed>> {
    let object = object_text(&Object::Occasion(list.of.clone()));
    let rows = tx.rows(OF, args![list.workflow.as_str(), body_text(list.body), object]).await?;
    rows.iter().map(|row| from_json("listed", &list.of.id.to_string(), &row.text("content")?)).collect()
}

async fn save(tx: &mut Tx, before: Option<&Listed>, after: &Listed, writer: Writer<'_>) -> Result<()> {
    if before == Some(after) {
        return Ok(());
    }
    let (workflow, body) = (after.workflow.as_str(), body_text(after.body.as_ref()));
    let object = object_text(&Object::Occasion(after.of.clone()));
    let content = to_json(after)?;
    let number = i64::from(after.number);
    tx.run(SAVE, args![workflow, body, object, number, &content, writer.now, writer.who]).await?;
    let what = format!("listed {workflow}:{body}:{} {number}", after.of.id);
    writer.note(tx, what, before.map(to_json).transpose()?, content).await
}
