//! Copies of a body's plan: as it was imported, frozen, approved or published.

use jiff::Timestamp;

use super::{NewPlanVersion, PlanState, PlanVersion};
use crate::ids::BodyId;
use crate::store::db::{Row, Tx, args, unreadable};
use crate::store::facts::{Writer, commit_if, write_facts};
use crate::store::rows::{from_json, to_json};
use crate::store::{Result, Store};

const NEW: &str = "INSERT INTO plan_version (body, name, state, content, at, who) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (body, name, state) DO NOTHING";
const OF: &str =
    "SELECT number, body, name, state, content, at, who FROM plan_version WHERE body = $1 ORDER BY number";

impl Store {
    /// Keeps a copy of a body's plan. One of that name and state is never written over. Says whether it was kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_plan_version(
        &self,
        new: &NewPlanVersion<'_>,
        who: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let kept = keep(&mut tx, new, Writer { who, now }).await?;
        commit_if(tx, kept).await?;
        Ok(kept)
    }

    /// The copies of a body's plan, the oldest first.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn plan_versions(&self, body: &BodyId) -> Result<Vec<PlanVersion>> {
        of(&mut self.db().read().await?, body).await
    }
}

pub(super) async fn of(tx: &mut Tx, body: &BodyId) -> Result<Vec<PlanVersion>> {
    tx.rows(OF, args![body.as_str()]).await?.iter().map(read).collect()
}

/// Keeps a copy within a transaction that writes facts.
pub(in crate::store) async fn keep(
    tx: &mut Tx,
    new: &NewPlanVersion<'_>,
    writer: Writer<'_>,
) -> Result<bool> {
    let content = to_json(new.content)?;
    let (body, state) = (new.body.as_str(), new.state.code());
    let kept = tx.run(NEW, args![body, new.name, state, &content, writer.now, writer.who]).await? == 1;
    if kept {
        writer.note(tx, format!("plan {body} {} {state}", new.name), None, content).await?;
    }
    Ok(kept)
}

fn read(row: &Row) -> Result<PlanVersion> {
    let name = row.text("name")?;
    let state = row.text("state")?;
    Ok(PlanVersion {
        number: row.int("number")?,
        body: row.text("body")?.as_str().into(),
        state: PlanState::read(&state)
            .ok_or_else(|| unreadable("plan_version", &name, format!("its state is `{state}`")))?,
        content: from_json("plan_version", &name, &row.text("content")?)?,
        name,
        at: row.moment("at")?,
        who: row.text("who")?,
    })
}
