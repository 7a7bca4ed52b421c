//! A body's plan as it was at some time, and what became of its rows until another.
//!
//! A row is known again by its id, whatever it is called: the id is its lineage. A row that the later version hasn't got
//! was closed if its log says why, and has vanished otherwise.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::register::{Card, Followed, LogKind, is_about};
use super::{Item, Phase};
use crate::ids::ItemId;

/// A copy of a body's plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned {
    /// Its units, as they were.
    pub items: Vec<Item>,
    /// What people read of its rows.
    #[serde(default)]
    pub cards: BTreeMap<ItemId, Card>,
    /// What the document that it was read from says outside its rows: results, challenges, and words without a
    /// place. Empty of a copy of the register.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<Text>,
}

/// What a document says outside the rows of its plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// What it stands under: "Utmaningar 2023"; none where nothing tells.
    pub heading: Option<String>,
    /// The words, a paragraph a line.
    pub text: String,
}

/// A copy with its name.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// What it is called: "2025".
    pub name: &'a str,
    /// The copy.
    pub plan: &'a Versioned,
}

/// What became of each row from one version to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Those of the earlier version in its order, then those that only the later one has.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The row.
    pub id: ItemId,
    /// What it is called in the later version, or was in the earlier where that hasn't got it.
    pub title: String,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fate", rename_all = "kebab-case")]
pub enum Fate {
    /// It stands there as it did.
    Kept,
    /// It goes on under another title.
    Renamed {
        /// What it was called.
        before: String,
    },
    /// It goes on, and something else than its title is another: phase, health, owners, next date, parts, card.
    Changed,
    /// It is gone, and its log says why.
    Closed {
        /// The day of the closing line.
        day: Date,
    },
    /// It is gone without a closing line.
    Vanished,
    /// It has never stood in a version before.
    Added,
    /// It is back: it had been missing since this version.
    Returned {
        /// The last version that had it.
        last: String,
    },
}

impl Versioned {
    /// The ids of its rows, in the order of its units.
    #[must_use]
    pub fn rows(&self) -> Vec<&ItemId> {
        let mut seen = BTreeSet::new();
        self.items.iter().map(|item| &item.id).filter(|id| seen.insert(*id)).collect()
    }

    fn units<'a>(&'a self, id: &'a ItemId) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| &item.id == id)
    }

    fn title<'a>(&'a self, id: &'a ItemId) -> Option<&'a str> {
        self.units(id).next().map(|item| item.title.as_str())
    }

    /// The plan as it goes on: without what is done. What is done and has no closing line would vanish by that.
    #[must_use]
    pub fn going_on(&self) -> Self {
        self.without(|item| item.phase == Phase::Done)
    }

    /// The plan as it stands: without what is done and closed.
    #[must_use]
    pub fn standing(&self, followed: &BTreeMap<ItemId, Followed>) -> Self {
        self.without(|item| item.phase == Phase::Done && closing(item, followed).is_some())
    }

    fn without(&self, leaves: impl Fn(&Item) -> bool) -> Self {
        let items: Vec<Item> = self.items.iter().filter(|item| !leaves(item)).cloned().collect();
        let mut cards = self.cards.clone();
        cards.retain(|id, _| items.iter().any(|item| &item.id == id));
        Self { items, cards, texts: self.texts.clone() }
    }
}

impl Compared {
    /// How many rows go on: kept, renamed or changed.
    #[must_use]
    pub fn continued(&self) -> usize {
        self.count(|fate| matches!(fate, Fate::Kept | Fate::Renamed { .. } | Fate::Changed))
    }

    /// How many rows the earlier version hasn't got, those included that return.
    #[must_use]
    pub fn came(&self) -> usize {
        self.count(|fate| matches!(fate, Fate::Added | Fate::Returned { .. }))
    }

    /// Those that are gone without a closing line.
    pub fn vanished(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.fate == Fate::Vanished)
    }

    /// How many rows have a fate.
    pub fn count(&self, fits: impl Fn(&Fate) -> bool) -> usize {
        self.rows.iter().filter(|row| fits(&row.fate)).count()
    }
}

/// What became of the rows of `before` in `after`, and which rows are new there. `earlier` are the versions before
/// both, the oldest first: a row that stood in one of them returns.
#[must_use]
pub fn compare(
    before: &Versioned,
    after: &Versioned,
    earlier: &[Named<'_>],
    followed: &BTreeMap<ItemId, Followed>,
) -> Compared {
    let old = before.rows();
    let gone_or_going_on = old.iter().map(|id| {
        let title = after.title(id).or_else(|| before.title(id)).unwrap_or_default().to_owned();
        Row { id: (*id).clone(), title, fate: fate(id, before, after, followed) }
    });
    let new = after.rows().into_iter().filter(|id| !old.contains(id)).map(|id| {
        let last = earlier.iter().rev().find(|version| version.plan.title(id).is_some());
        let fate = last.map_or(Fate::Added, |version| Fate::Returned { last: version.name.to_owned() });
        Row { id: id.clone(), title: after.title(id).unwrap_or_default().to_owned(), fate }
    });
    Compared { rows: gone_or_going_on.chain(new).collect() }
}

fn fate(id: &ItemId, before: &Versioned, after: &Versioned, followed: &BTreeMap<ItemId, Followed>) -> Fate {
    let Some(title) = after.title(id) else {
        // Every part must have its closing line, or the row as a whole.
        let days: Option<Vec<Date>> = before.units(id).map(|item| closing(item, followed)).collect();
        return days
            .and_then(|days| days.into_iter().max())
            .map_or(Fate::Vanished, |day| Fate::Closed { day });
    };
    let was = before.title(id).unwrap_or_default();
    if was != title {
        return Fate::Renamed { before: was.to_owned() };
    }
    // When the register learnt something is no change of the plan.
    let said = |item: &Item| Item {
        phase_recorded: jiff::Timestamp::UNIX_EPOCH,
        health_recorded: jiff::Timestamp::UNIX_EPOCH,
        ..item.clone()
    };
    let same_units = before.units(id).map(said).eq(after.units(id).map(said));
    let same_card = before.cards.get(id).zip(after.cards.get(id)).is_none_or(|(old, new)| old.says_as(new));
    if same_units && same_card { Fate::Kept } else { Fate::Changed }
}

/// The day on which the log of a unit's row says why the unit ends.
#[must_use]
pub fn closing(item: &Item, followed: &BTreeMap<ItemId, Followed>) -> Option<Date> {
    let lines = followed.get(&item.id).map_or(&[][..], |followed| &followed.log);
    let closes = lines.iter().filter(|line| {
        line.kind == LogKind::Closing && !line.planned && is_about(line.part.as_deref(), item.part.as_deref())
    });
    closes.map(|line| line.day).max()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::items::register::Line;

    /// A version with undivided rows: id and title.
    fn plan(rows: &[(&str, &str)]) -> Versioned {
        let item = |(id, title): &(&str, &str)| {
            Item::new("rpo".into(), ItemId::new(*id), title, Timestamp::UNIX_EPOCH)
        };
        Versioned { items: rows.iter().map(item).collect(), cards: BTreeMap::new(), texts: Vec::new() }
    }

    /// The plan of one programme area at three times, by lineage.
    fn february() -> Versioned {
        plan(&[
            ("l1", "Remittentstöd"),
            ("l8", "Blodanvändning"),
            ("l9", "Digital patologi"),
            ("l2", "Behovsrapport PET-CT"),
            ("l3", "Ökad patologisamverkan"),
            ("l6", "Koppling till NPO"),
            ("l5", "Stöd till RAG"),
            ("l4", "It-lösningar"),
            ("l7", "Gemensamma anställningar"),
        ])
    }

    fn october() -> Versioned {
        plan(&[
            ("l1", "Remittentstöd"),
            ("l2", "Behovsrapport PET-CT"),
            ("l3", "Ökad patologisamverkan"),
            ("l10", "Resurseffektivitet"),
            ("l4", "It-lösningar"),
            ("l11", "Användning av AI"),
            ("l12", "Molekylärdiagnostik"),
        ])
    }

    fn year_2025() -> Versioned {
        plan(&[
            ("l1", "Remittentstöd"),
            ("l2", "Produktion av radiofarmaka"),
            ("l4", "It-lösningar"),
            ("l5", "Etablering av RAG radiologi"),
            ("l3", "Fördjupad patologisamverkan"),
            ("l12", "Molekylärdiagnostik"),
            ("l13", "Klinisk kemi"),
            ("l14", "Genetik"),
            ("l10", "Resurseffektivitet"),
            ("l11", "Användning av AI"),
            ("l15", "Kloka val"),
            ("l16", "Nyckeltal"),
        ])
    }

    fn ids<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<&'a str> {
        rows.map(|row| row.id.as_str()).collect()
    }

    fn closed(id: &str, part: Option<&str>, planned: bool) -> BTreeMap<ItemId, Followed> {
        let line = Line {
            number: 1,
            part: part.map(str::to_owned),
            day: date(2023, 9, 6),
            kind: LogKind::Closing,
            planned,
            settled: false,
            text: None,
            recorded: Timestamp::UNIX_EPOCH,
        };
        BTreeMap::from([(ItemId::new(id), Followed { log: vec![line], ..Followed::default() })])
    }

    #[test]
    fn five_rows_vanished_in_2023_without_a_closing_line() {
        let compared = compare(&february(), &october(), &[], &BTreeMap::new());
        assert_eq!(compared.continued(), 4);
        assert_eq!(ids(compared.vanished()), ["l8", "l9", "l6", "l5", "l7"]);
        assert_eq!(compared.came(), 3);
        let added = compared.rows.iter().filter(|row| row.fate == Fate::Added);
        assert_eq!(ids(added), ["l10", "l11", "l12"]);
    }

    #[test]
    fn one_of_them_returns_in_2025() {
        let (february, october) = (february(), october());
        let earlier = [Named { name: "2023-02", plan: &february }];
        let compared = compare(&october, &year_2025(), &earlier, &BTreeMap::new());
        assert_eq!((compared.continued(), compared.came()), (7, 5));
        assert_eq!(compared.vanished().count(), 0);
        let back = compared.rows.iter().find(|row| row.id.as_str() == "l5").unwrap();
        assert_eq!(back.fate, Fate::Returned { last: "2023-02".to_owned() });
        assert_eq!(back.title, "Etablering av RAG radiologi");
        let renamed = compared.rows.iter().filter(|row| matches!(row.fate, Fate::Renamed { .. }));
        assert_eq!(ids(renamed), ["l2", "l3"], "the id is kept through renaming");
    }

    #[test]
    fn a_closing_line_is_what_ends_a_row() {
        let fate = |followed| {
            let compared = compare(&february(), &october(), &[], &followed);
            compared.rows.into_iter().find(|row| row.id.as_str() == "l9").unwrap().fate
        };
        assert_eq!(fate(closed("l9", None, false)), Fate::Closed { day: date(2023, 9, 6) });
        assert_eq!(fate(closed("l9", None, true)), Fate::Vanished, "that it will be closed closes nothing");
        assert_eq!(fate(closed("l9", Some("Lab"), false)), Fate::Vanished, "only a part of it was");
    }

    #[test]
    fn a_divided_row_is_closed_part_by_part() {
        let mut before = plan(&[("ai", "AI"), ("ai", "AI")]);
        for (item, part) in before.items.iter_mut().zip(["Lab", "Röntgen"]) {
            item.part = Some(part.to_owned());
        }
        let fate = |followed| compare(&before, &plan(&[]), &[], &followed).rows[0].fate.clone();
        assert_eq!(fate(closed("ai", Some("Lab"), false)), Fate::Vanished);
        assert_eq!(fate(closed("ai", None, false)), Fate::Closed { day: date(2023, 9, 6) });
    }

    #[test]
    fn what_is_changed_is_told_from_what_is_kept() {
        let before = plan(&[("a", "A"), ("b", "B"), ("c", "C")]);
        let mut after = before.clone();
        after.items[0].phase = Phase::Ongoing;
        after.items[1].phase_recorded = Timestamp::MAX;
        let fates: Vec<Fate> =
            compare(&before, &after, &[], &BTreeMap::new()).rows.into_iter().map(|row| row.fate).collect();
        assert_eq!(fates, [Fate::Changed, Fate::Kept, Fate::Kept]);
        let mut read = before.clone();
        read.cards.insert(ItemId::new("c"), Card { focus_area: Some("Blod".to_owned()), ..Card::default() });
        after.cards.insert(ItemId::new("c"), Card::default());
        assert_eq!(compare(&read, &after, &[], &BTreeMap::new()).rows[2].fate, Fate::Changed);
    }

    #[test]
    fn what_is_done_leaves_the_plan_and_what_is_closed_doesnt_stand_in_it() {
        let mut now = plan(&[("l9", "Digital patologi"), ("l4", "It-lösningar")]);
        now.items[0].phase = Phase::Done;
        assert_eq!(now.going_on().rows(), [&ItemId::new("l4")]);
        assert_eq!(now.standing(&BTreeMap::new()).rows().len(), 2, "done without a closing line");
        assert_eq!(now.standing(&closed("l9", None, false)).rows(), [&ItemId::new("l4")]);
    }
}
