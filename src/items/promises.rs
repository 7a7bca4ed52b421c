//! What was promised by a day, and hasn't come about: found through lineage, however long ago it was said.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::register::Followed;
use super::versions::Named;
use super::{Item, Phase};
use crate::ids::ItemId;

/// A promise that has passed without being met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unkept {
    /// The row.
    pub id: ItemId,
    /// What it is called now.
    pub title: String,
    /// How far its open parts have come, in their order: the part's name and its phase.
    pub phases: Vec<(Option<String>, Phase)>,
    /// By when.
    pub day: Date,
    /// In the words of the plan that said it.
    pub text: String,
    /// As of which day the plan said so.
    pub stated: Date,
    /// By how many days it has passed; at least 1.
    pub overdue: i32,
    /// In which versions of the plan the row has stood, the oldest first.
    pub versions: Vec<String>,
    /// What those called it, where it was something else: version and title.
    pub called: Vec<(String, String)>,
}

impl Unkept {
    /// Whether nothing at all has been begun.
    #[must_use]
    pub fn not_started(&self) -> bool {
        self.phases.iter().all(|(_, phase)| *phase == Phase::NotStarted)
    }
}

/// Every promise about `items` that has passed on `day` without being met, the longest overdue first. What is done has
/// kept its promises. `versions` are the copies of the plan, the oldest first.
#[must_use]
pub fn unkept<'a>(
    items: impl IntoIterator<Item = &'a Item>,
    followed: &BTreeMap<ItemId, Followed>,
    versions: &[Named<'_>],
    day: Date,
) -> Vec<Unkept> {
    let mut rows: BTreeMap<&ItemId, Vec<&Item>> = BTreeMap::new();
    for item in items.into_iter().filter(|item| item.phase != Phase::Done) {
        rows.entry(&item.id).or_default().push(item);
    }
    let mut found = Vec::new();
    for (id, units) in rows {
        let deadlines = followed.get(id).map_or(&[][..], |followed| &followed.deadlines);
        let title = units.first().map(|item| item.title.clone()).unwrap_or_default();
        let called = stood(id, versions);
        for deadline in deadlines.iter().filter(|deadline| !deadline.met && deadline.day < day) {
            found.push(Unkept {
                id: id.clone(),
                title: title.clone(),
                phases: units.iter().map(|item| (item.part.clone(), item.phase)).collect(),
                day: deadline.day,
                text: deadline.text.clone(),
                stated: deadline.stated,
                overdue: day.since(deadline.day).map_or(0, |span| span.get_days()),
                versions: called.iter().map(|(name, _)| name.clone()).collect(),
                called: called.iter().filter(|(_, was)| *was != title).cloned().collect(),
            });
        }
    }
    found.sort_by(|a, b| (a.day, &a.id, &a.text).cmp(&(b.day, &b.id, &b.text)));
    found
}

/// The versions that have a row, each name once, with what it is called there.
fn stood(id: &ItemId, versions: &[Named<'_>]) -> Vec<(String, String)> {
    let mut stood: Vec<(String, String)> = Vec::new();
    for version in versions {
        let item = version.plan.items.iter().find(|item| &item.id == id);
        // Frozen, approved and published it has one name; how it was called last is what counts.
        if let Some(item) = item {
            stood.retain(|(name, _)| name != version.name);
            stood.push((version.name.to_owned(), item.title.clone()));
        }
    }
    stood
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::items::register::{Deadline, Precision};
    use crate::items::versions::Versioned;

    fn item(title: &str, phase: Phase) -> Item {
        Item { phase, ..Item::new("rpo".into(), ItemId::new("l5"), title, Timestamp::UNIX_EPOCH) }
    }

    fn promised(day: Date, text: &str, stated: Date, met: bool) -> Deadline {
        Deadline { day, precision: Precision::Season, text: text.to_owned(), stated, met }
    }

    fn followed(met: bool) -> BTreeMap<ItemId, Followed> {
        let deadlines = vec![
            promised(date(2023, 5, 31), "under våren 2023", date(2023, 2, 6), met),
            promised(date(2025, 12, 31), "under 2025", date(2025, 1, 1), false),
        ];
        BTreeMap::from([(ItemId::new("l5"), Followed { deadlines, ..Followed::default() })])
    }

    #[test]
    fn what_was_promised_in_2023_is_581_days_overdue_when_2025_begins() {
        let one = |item: Item| Versioned { items: vec![item], ..Versioned::default() };
        let then = one(item("Stöd till RAG", Phase::Unknown));
        let now = one(item("Etablering av RAG radiologi", Phase::NotStarted));
        let versions = [Named { name: "2023-02", plan: &then }, Named { name: "2025", plan: &now }];
        let found = unkept(&now.items, &followed(false), &versions, date(2025, 1, 1));
        let [promise] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((promise.overdue, promise.text.as_str()), (581, "under våren 2023"));
        assert_eq!((promise.stated, promise.day), (date(2023, 2, 6), date(2023, 5, 31)));
        assert_eq!(promise.versions, ["2023-02", "2025"]);
        assert_eq!(promise.called, [("2023-02".to_owned(), "Stöd till RAG".to_owned())]);
        assert!(promise.not_started());
    }

    #[test]
    fn a_promise_ends_when_it_is_met_or_its_row_is_done() {
        let open = [item("RAG", Phase::Ongoing)];
        let on = |day| unkept(&open, &followed(false), &[], day).len();
        assert_eq!((on(date(2023, 5, 31)), on(date(2023, 6, 1)), on(date(2026, 1, 1))), (0, 1, 2));
        assert!(unkept(&open, &followed(true), &[], date(2025, 1, 1)).is_empty());
        assert!(unkept(&[item("RAG", Phase::Done)], &followed(false), &[], date(2025, 1, 1)).is_empty());
    }
}
