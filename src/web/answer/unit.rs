//! The item that a question is about: as it is today, and what its fields can be filled with.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::super::Site;
use super::case::role_words;
use crate::calendar::today;
use crate::ids::BodyId;
use crate::items::{Item, Owner};
use crate::organisation::Organisation;
use crate::plan::fields::item_rows;
use crate::plan::follow::{Meetings, Seen};
use crate::plan::model::{Facts, ItemLine, Matter};
use crate::rules::Rules;
use crate::store::{MeasureRow, StoreError};
use crate::text::answers::OWNER;
use crate::text::item_form as text;
use crate::text::items::{labels, last_report};
use crate::workflow::model::{Answer, Takes};

/// The kind of the bodies that values are given for.
const REGION: &str = "region";

/// What a page must know of a plan: of the item that is asked about, and of who may own one.
#[derive(Debug)]
pub(super) struct Unit {
    /// None for a question that is about no item but takes new ones.
    pub item: Option<Known>,
    /// Value and words of each who may be chosen as owner.
    pub owners: Vec<(String, String)>,
    pub today: Date,
}

/// The item as it is.
#[derive(Debug)]
pub(super) struct Known {
    pub item: Item,
    line: ItemLine,
    /// The last report of its log, in words.
    said: Option<String>,
    owners: String,
    pub measures: Vec<MeasureRow>,
    pub regions: Vec<(BodyId, String)>,
}

/// One row of how the item is today.
#[derive(Debug, Serialize)]
pub(super) struct Now {
    pub label: String,
    pub value: String,
    /// The mark of a colour, beside its word.
    pub mark: Option<&'static str>,
}

impl Unit {
    /// None for a question that neither is about an item nor takes new ones.
    pub async fn of(
        site: &Site,
        facts: &Facts,
        rules: &Rules,
        (matter, answers): (&Matter, &[Answer]),
        now: jiff::Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let today = today(now);
        let takes = |takes| answers.iter().any(|answer| answer.takes.contains(&takes));
        let unit = matter.object.unit();
        let item = facts.items.iter().find(|item| unit == Some(item.unit().as_str()));
        if item.is_none() && !takes(Takes::Items) {
            return Ok(None);
        }
        let body = item.map(|item| &item.body).or(matter.body.as_ref());
        let owners = if takes(Takes::Owner) || takes(Takes::Items) {
            owners(rules, facts, body, item)
        } else {
            Vec::new()
        };
        let known = match item {
            Some(item) => Some(Known::of(site, facts, rules, item, takes(Takes::Values), today).await?),
            None => None,
        };
        Ok(Some(Self { item: known, owners, today }))
    }

    /// Whether a row of that name is among those that say how an item is today.
    pub fn shows(label: &str) -> bool {
        labels::ALL.contains(&label)
    }

    /// How the item is today, below a `headline`.
    pub fn now(&self, headline: &str) -> Vec<Now> {
        let mut rows = self.item.as_ref().map(|known| known.now(self.today)).unwrap_or_default();
        // Seldom is it not named there, and each row is one that a thumb has to pass.
        rows.retain(|row| row.label != labels::ITEM || !headline.contains(&row.value));
        rows
    }
}

impl Known {
    async fn of(
        site: &Site,
        facts: &Facts,
        rules: &Rules,
        item: &Item,
        measured: bool,
        today: Date,
    ) -> Result<Self, StoreError> {
        let store = &site.state.store;
        let world = rules.world(facts);
        // Meetings matter only to what waits, and finding them takes a while.
        let waits = !facts.followed(&item.id).waits.is_empty();
        let meetings = if waits { Meetings::of(&world, today) } else { Meetings::default() };
        let seen = Seen { world, meetings: &meetings, item, occasion: None };
        let line = seen.line(today);
        let mut said = None;
        if let Some(on) = line.reported {
            let log = store.log_of(&item.id).await?;
            let of = |row: &&crate::store::LogRow| {
                let entry = &row.entry;
                let about = crate::items::register::is_about(entry.part.as_deref(), item.part.as_deref());
                about && entry.day == on && !entry.planned && !entry.text.is_empty()
            };
            said = log.iter().rev().find(of).map(|row| row.entry.text.clone());
        }
        let measures = if measured { store.measures_of(&item.id).await? } else { Vec::new() };
        let regions = regions(&rules.organisation, item, &measures);
        let owners: Vec<String> = item.owners.list.iter().map(|owner| words(rules, facts, owner)).collect();
        let owners = if owners.is_empty() { text::NOBODY.to_owned() } else { owners.join(", ") };
        Ok(Self { item: item.clone(), line, said, owners, measures, regions })
    }

    /// The rows that a mail about it would have today, what the last report said and whose it is.
    fn now(&self, today: Date) -> Vec<Now> {
        let line = &self.line;
        let row = |(label, value): (String, String)| {
            let mark = (label == labels::HEALTH).then(|| line.health.code());
            Now { label, value, mark }
        };
        let mut rows = item_rows(line, today);
        if line.reported.is_some() {
            let said = self.said.as_ref().map(|said| format!(": ”{said}”")).unwrap_or_default();
            let told = format!("{}{said}", last_report(line.reported, today));
            let after = rows.iter().position(|(label, _)| label == labels::HEALTH).map_or(0, |at| at + 1);
            rows.insert(after, (labels::REPORTED.to_owned(), told));
        }
        rows.push((labels::OWNERS.to_owned(), self.owners.clone()));
        rows.into_iter().map(row).collect()
    }

    /// A measure's value in a region for a period.
    pub fn value(&self, measure: i64, region: &BodyId, period: &str) -> Option<&str> {
        let measure = self.measures.iter().find(|known| known.number == measure)?;
        let of = measure.values.iter().map(|row| &row.value);
        of.rev().find(|v| &v.region == region && v.period == period).map(|v| v.value.as_str())
    }

    /// A region's last value, with its period.
    pub fn last(&self, measure: &MeasureRow, region: &BodyId) -> Option<(String, String)> {
        let of = measure.values.iter().filter(|row| &row.value.region == region);
        let last = of.max_by_key(|row| (row.at, row.value.period.clone()))?;
        Some((last.value.value.clone(), last.value.period.clone()))
    }
}

/// What stands in the field for these owners.
pub(super) fn value_of(owners: &[Owner]) -> String {
    let value = |owner: &Owner| match owner {
        Owner::Role { body, role } => format!("{body}/{role}"),
        Owner::Person(person) => person.to_string(),
    };
    owners.iter().map(value).collect::<Vec<_>>().join(",")
}

/// Everybody who may own an item of `body`: the roles of it and of the bodies below it, and whoever owns it now.
fn owners(rules: &Rules, facts: &Facts, body: Option<&BodyId>, item: Option<&Item>) -> Vec<(String, String)> {
    let organisation = &rules.organisation;
    let mut found: Vec<(String, String)> = Vec::new();
    if let Some(item) = item.filter(|item| !item.owners.is_none()) {
        let now =
            item.owners.list.iter().map(|owner| words(rules, facts, owner)).collect::<Vec<_>>().join(", ");
        found.push((value_of(&item.owners.list), text::owners_now(&now)));
    }
    let below = body.map(|body| organisation.descendants(body)).unwrap_or_default();
    for body in body.into_iter().chain(&below) {
        let kind = organisation.bodies.get(body).and_then(|b| organisation.kinds.get(&b.kind));
        for role in kind.into_iter().flat_map(|kind| kind.roles.keys()) {
            let value = format!("{body}/{role}");
            if !found.iter().any(|(known, _)| *known == value) {
                let words = role_words(rules, &value).unwrap_or_else(|| value.clone());
                found.push((value, words));
            }
        }
    }
    found
}

fn words(rules: &Rules, facts: &Facts, owner: &Owner) -> String {
    match owner {
        Owner::Role { body, role } => {
            role_words(rules, &format!("{body}/{role}")).unwrap_or_else(|| format!("{body}/{role}"))
        }
        Owner::Person(person) => {
            let name = facts.people.persons.get(person).map(|person| person.name.clone());
            name.filter(|name| !name.is_empty()).unwrap_or_else(|| OWNER.to_owned())
        }
    }
}

/// The regions that the item's body works for, and those that have values; the body itself where there is none.
fn regions(organisation: &Organisation, item: &Item, measures: &[MeasureRow]) -> Vec<(BodyId, String)> {
    let above = organisation.ancestors(&item.body);
    let is_region =
        |body: &&BodyId| organisation.bodies.get(*body).is_some_and(|b| b.kind.as_str() == REGION);
    let mut found: BTreeSet<BodyId> = above.iter().filter(is_region).cloned().collect();
    found.extend(measures.iter().flat_map(|m| &m.values).map(|row| row.value.region.clone()));
    if found.is_empty() {
        found.insert(item.body.clone());
    }
    let name = |body: &BodyId| organisation.bodies.get(body).map_or(body.to_string(), |b| b.name.clone());
    found.into_iter().map(|body| (body.clone(), name(&body))).collect()
}
