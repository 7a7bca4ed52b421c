//! Taking in a whole plan: in one transaction, and the second time nothing.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{NewAssignment, NewPlan, NewPlanVersion, NewRow, PlanReport, PlanState, RowEdit, Taking};
use super::{assignments, body_of, cards, log, promises, revising, versions};
use crate::ids::ItemId;
use crate::items::register::{AssignmentState, Card, LogEntry, Wait};
use crate::items::{Health, Item, Phase};
use crate::store::db::Tx;
use crate::store::facts::{Writer, commit_if, revision, write_facts};
use crate::store::items::{item_by_unit, merged, of_body, save};
use crate::store::{Result, Store};

impl Store {
    /// Takes in a body's plan. A row is known again by its id: with another title it has been renamed. A line, a
    /// deadline, a wait or an assignment that the register has already isn't added again, so the same file taken
    /// twice changes nothing. What the file doesn't have stays, and is told.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Refused`] for an item of another body; then nothing is taken.
    pub async fn take_plan(&self, plan: &NewPlan<'_>, who: &str, now: Timestamp) -> Result<PlanReport> {
        let mut tx = write_facts(self).await?;
        let report = take(&mut tx, &Taking::of(*plan), Writer { who, now }, &|_| {}).await?;
        commit_if(tx, report.changed()).await?;
        Ok(report)
    }

    /// Takes in what a document says of a body's plan: all of it or nothing. `seen` is the revision of the facts that
    /// it was worked out from; none comes back if a fact has been recorded since: then it is to be worked out anew.
    /// `done` hears how many rows have been taken.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Refused`] for an item of another body; then nothing is taken.
    pub async fn take_document(
        &self,
        taking: &Taking<'_>,
        seen: i64,
        (who, now): (&str, Timestamp),
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Option<PlanReport>> {
        let mut tx = write_facts(self).await?;
        // Taking one's place among the writers has counted the revision up by one.
        if revision(&mut tx).await? != seen + 1 {
            return Ok(None);
        }
        let report = take(&mut tx, taking, Writer { who, now }, done).await?;
        commit_if(tx, report.changed()).await?;
        Ok(Some(report))
    }

    /// Adds lines to the logs of items; one that is there already isn't added again. Says how many were new.
    ///
    /// # Errors
    /// [`crate::store::StoreError::Refused`] if there is no such item, or a line says nothing; then none is added.
    pub async fn take_log(&self, lines: &[(ItemId, LogEntry)], who: &str, now: Timestamp) -> Result<usize> {
        let mut tx = write_facts(self).await?;
        let mut added = 0;
        for (item, entry) in lines {
            body_of(&mut tx, item).await?;
            added += add_new(&mut tx, item, std::slice::from_ref(entry), Writer { who, now }).await?;
        }
        commit_if(tx, added > 0).await?;
        Ok(added)
    }

    /// What [`Self::take_document`] would do: it is done and undone.
    ///
    /// # Errors
    /// As [`Self::take_document`].
    pub async fn would_take(&self, taking: &Taking<'_>, now: Timestamp) -> Result<PlanReport> {
        let mut tx = write_facts(self).await?;
        take(&mut tx, taking, Writer { who: "", now }, &|_| {}).await
    }
}

async fn take(
    tx: &mut Tx,
    taking: &Taking<'_>,
    writer: Writer<'_>,
    done: &(dyn Fn(usize) + Sync),
) -> Result<PlanReport> {
    let plan = &taking.plan;
    let mut report = PlanReport::default();
    for (row, number) in plan.rows.iter().zip(1..) {
        take_row(tx, plan, row, writer, &mut report).await?;
        done(number);
    }
    for (edit, number) in taking.edits.iter().zip(plan.rows.len() + 1..) {
        edit_row(tx, plan, edit, writer, &mut report).await?;
        done(number);
    }
    for new in plan.assignments {
        if !is_assigned(tx, new).await? {
            assignments::draft(tx, new, writer).await?;
            report.assignments += 1;
        }
    }
    let units = plan.rows.iter().flat_map(|row| &row.units).map(Item::unit);
    let named: BTreeSet<String> = units.chain(taking.there.iter().cloned()).collect();
    let mut content = revising::plan(tx, plan.body).await?;
    let (there, missing): (Vec<Item>, Vec<Item>) =
        content.items.into_iter().partition(|item| named.contains(&item.unit()));
    report.missing = missing.into_iter().filter(|item| item.phase != Phase::Done).collect();
    content.items = there;
    if let Some(name) = plan.version {
        content.cards.retain(|id, _| content.items.iter().any(|item| &item.id == id));
        content.texts = taking.texts.to_vec();
        let new = NewPlanVersion { body: plan.body, name, state: PlanState::Imported, content: &content };
        report.version = versions::keep(tx, &new, writer).await?;
    }
    Ok(report)
}

/// Makes a row what it has become in a document that was compared with the register: also what is empty now.
async fn edit_row(
    tx: &mut Tx,
    plan: &NewPlan<'_>,
    edit: &RowEdit,
    writer: Writer<'_>,
    report: &mut PlanReport,
) -> Result<()> {
    let title = edit.units.first().map(|item| item.title.clone()).unwrap_or_default();
    let was = cards::rename(tx, &edit.id, &title, plan.as_of, writer).await?;
    let renamed = was.is_some();
    report.renamed.extend(was.map(|was| (edit.id.clone(), was, title)));
    for item in &edit.units {
        take_unit(tx, plan, item.clone(), renamed, writer, report).await?;
    }
    report.cards += usize::from(cards::save(tx, plan.body, &edit.id, &edit.card, writer).await?);
    report.lines += add_new(tx, &edit.id, &edit.log, writer).await?;
    Ok(())
}

/// Saves a unit of a row, and counts what became of it.
async fn take_unit(
    tx: &mut Tx,
    plan: &NewPlan<'_>,
    mut item: Item,
    renamed: bool,
    writer: Writer<'_>,
    report: &mut PlanReport,
) -> Result<()> {
    let before = item_by_unit(tx, &item.unit()).await?;
    of_body(plan.body, &item, before.as_ref())?;
    if let Some(before) = &before {
        stated(&mut item, before);
    }
    let after = merged(&item, before.as_ref(), plan.recorded);
    match &before {
        None => report.units.added += 1,
        Some(before) if *before == after && !renamed => report.units.unchanged += 1,
        Some(_) => report.units.changed += 1,
    }
    save(tx, before.as_ref(), &after, writer).await
}

/// What a plan doesn't say is no news: neither that nobody owns a unit nor that nobody knows how it goes.
fn stated(item: &mut Item, before: &Item) {
    if item.owners.is_none() {
        item.owners = before.owners.clone();
    }
    if item.phase == Phase::Unknown {
        item.phase = before.phase;
    }
    if item.health == Health::Unknown {
        item.health = before.health;
    }
    // A plan without the day doesn't take it back from what is as it was.
    if item.phase == before.phase {
        item.phase_since = item.phase_since.or(before.phase_since);
    }
    if item.health == before.health {
        item.health_since = item.health_since.or(before.health_since);
    }
}

async fn take_row(
    tx: &mut Tx,
    plan: &NewPlan<'_>,
    row: &NewRow,
    writer: Writer<'_>,
    report: &mut PlanReport,
) -> Result<()> {
    let title = row.units.first().map(|item| item.title.clone()).unwrap_or_default();
    let was = cards::rename(tx, &row.id, &title, plan.as_of, writer).await?;
    let renamed = was.is_some();
    report.renamed.extend(was.map(|was| (row.id.clone(), was, title)));
    for item in &row.units {
        take_unit(tx, plan, item.clone(), renamed, writer, report).await?;
    }
    let before = cards::card(tx, &row.id).await?.unwrap_or_default();
    let card = kept(&row.card, before);
    report.cards += usize::from(cards::save(tx, plan.body, &row.id, &card, writer).await?);
    report.lines += add_new(tx, &row.id, &row.log, writer).await?;
    for deadline in &row.deadlines {
        report.deadlines += usize::from(promises::promise(tx, &row.id, deadline, writer).await?);
    }
    let known = promises::waits(tx, &row.id).await?;
    for wait in row.waits.iter().filter(|wait| !known.iter().any(|(k, open)| is_waited(k, *open, wait))) {
        promises::add_wait(tx, &row.id, wait, writer).await?;
        report.waits += 1;
    }
    Ok(())
}

/// Adds the lines that a log doesn't have, and says how many.
async fn add_new(tx: &mut Tx, item: &ItemId, lines: &[LogEntry], writer: Writer<'_>) -> Result<usize> {
    let mut added = 0;
    let known = log::of_item(tx, item).await?;
    for entry in lines.iter().filter(|entry| !known.iter().any(|k| is_same(&k.entry, entry))) {
        log::add(tx, item, entry, writer).await?;
        added += 1;
    }
    Ok(added)
}

/// What a file says of a row; what it leaves out is as it was.
fn kept(new: &Card, before: Card) -> Card {
    let or = |new: &Option<String>, before: Option<String>| new.clone().or(before);
    Card {
        source: new.source.or(before.source),
        focus_area: or(&new.focus_area, before.focus_area),
        promises: if new.promises.is_empty() { before.promises } else { new.promises.clone() },
        activities: if new.activities.is_empty() { before.activities } else { new.activities.clone() },
        follow_up: or(&new.follow_up, before.follow_up),
        status: if new.status.is_empty() { before.status } else { new.status.clone() },
        links: if new.links.is_empty() { before.links } else { new.links.clone() },
        place: new.place.or(before.place),
        rest: if new.rest.is_empty() { before.rest } else { new.rest.clone() },
        earlier_titles: before.earlier_titles,
    }
}

fn is_same(known: &LogEntry, new: &LogEntry) -> bool {
    // What was planned when the first file was true may be past when the second is: it is the same line.
    (&known.part, known.day, known.kind, &known.text) == (&new.part, new.day, new.kind, &new.text)
}

/// Whether a wait is known: it goes on, or it has ended since the same file was taken in.
fn is_waited(known: &Wait, open: bool, new: &Wait) -> bool {
    (&known.part, known.kind, &known.text) == (&new.part, new.kind, &new.text)
        && (open || known.since == new.since)
}

/// Whether its giver has given the same units to the same body before, and not yet noted the end.
async fn is_assigned(tx: &mut Tx, new: &NewAssignment) -> Result<bool> {
    let given = assignments::given_by(tx, new.from.as_str()).await?;
    Ok(given.iter().any(|a| {
        a.to == new.to
            && (a.state != AssignmentState::Noted || a.title == new.title)
            && new.units.iter().all(|unit| a.units.contains(unit))
    }))
}
