//! Activities, one by one: a list that both sides have changed in different places is no conflict.

use super::{Field, Kind, Merging, Take};
use crate::items::register::Activity;
use crate::items::words::{Vocabulary, Words, alike};

/// From here on two activities are taken to be one that was rewritten. Below, one is gone and another is new.
const REWRITTEN: f64 = 0.4;

/// What became of an activity on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is there, at that place.
    Kept(usize),
    /// It says something else, at that place.
    Became(usize),
    Gone,
}

/// What one side made of the list.
struct Side<'a> {
    list: &'a [Activity],
    /// For each activity of the base.
    fates: Vec<Fate>,
    /// The places of those that are new.
    added: Vec<usize>,
}

impl<'a> Side<'a> {
    fn of(base: &[Activity], list: &'a [Activity]) -> Self {
        let mut free: Vec<usize> = (0..list.len()).collect();
        let mut fates = vec![Fate::Gone; base.len()];
        for (fate, was) in fates.iter_mut().zip(base) {
            let found = free.iter().position(|at| list.get(*at).is_some_and(|is| same(was, is)));
            if let Some(found) = found {
                *fate = Fate::Kept(free.remove(found));
            }
        }
        let gone: Vec<usize> = (0..base.len()).filter(|n| fates.get(*n) == Some(&Fate::Gone)).collect();
        let mut pairs = Vec::new();
        if !gone.is_empty() && !free.is_empty() {
            let likeness = Likeness::of(base, list);
            for number in &gone {
                let near = free.iter().map(|at| (likeness.between(*number, *at), *number, *at));
                pairs.extend(near.filter(|(likeness, ..)| *likeness >= REWRITTEN));
            }
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        for (_, number, at) in pairs {
            let Some(fate) = fates.get_mut(number).filter(|fate| **fate == Fate::Gone) else { continue };
            if let Some(found) = free.iter().position(|free| *free == at) {
                free.remove(found);
                *fate = Fate::Became(at);
            }
        }
        Self { list, fates, added: free }
    }

    fn at(&self, place: usize) -> Option<&'a Activity> {
        self.list.get(place)
    }

    fn is_reordered(&self) -> bool {
        let kept: Option<Vec<usize>> =
            self.fates.iter().map(|fate| if let Fate::Kept(at) = fate { Some(*at) } else { None }).collect();
        self.added.is_empty() && kept.is_some_and(|kept| !kept.is_sorted())
    }
}

/// How alike the activities of two lists are.
struct Likeness<'a> {
    base: Vec<(&'a str, Words)>,
    list: Vec<(&'a str, Words)>,
}

impl<'a> Likeness<'a> {
    fn of(base: &'a [Activity], list: &'a [Activity]) -> Self {
        let vocabulary = Vocabulary::of(base.iter().chain(list).map(|activity| activity.text.as_str()));
        let words = |activity: &'a Activity| (activity.text.as_str(), vocabulary.words(&activity.text));
        Self { base: base.iter().map(words).collect(), list: list.iter().map(words).collect() }
    }

    /// From 0 to 1.
    fn between(&self, number: usize, at: usize) -> f64 {
        let (Some((was, words)), Some((is, others))) = (self.base.get(number), self.list.get(at)) else {
            return 0.0;
        };
        if alike(was, is) { 1.0 } else { words.overlap(others) }
    }
}

fn same(one: &Activity, other: &Activity) -> bool {
    alike(&one.text, &other.text) && one.mark == other.mark
}

fn said(activity: &Activity) -> Option<String> {
    Some(match &activity.mark {
        Some(mark) => format!("{} ({mark})", activity.text),
        None => activity.text.clone(),
    })
}

/// What the list becomes: the register's, with what was edited in the document.
pub(super) fn merge(
    merging: &mut Merging,
    base: &[Activity],
    document: &[Activity],
    own: &[Activity],
) -> Vec<Activity> {
    let (theirs, ours) = (Side::of(base, document), Side::of(base, own));
    if theirs.is_reordered() && ours.fates.iter().zip(0..).all(|(fate, at)| *fate == Fate::Kept(at)) {
        let order = |list: &[Activity]| list.iter().filter_map(said).collect::<Vec<_>>().join(" | ");
        merging.note(
            Field::Activity,
            Kind::Edit,
            [Some(order(base)), Some(order(document)), Some(order(own))],
        );
        return document.to_vec();
    }
    // Each with the place in the document that it stands at or after.
    let mut list: Vec<(Option<usize>, Option<Activity>)> =
        own.iter().map(|activity| (None, Some(activity.clone()))).collect();
    let mut lost: Vec<usize> = Vec::new();
    for ((was, fate), own_fate) in base.iter().zip(&theirs.fates).zip(&ours.fates) {
        let in_document = match fate {
            Fate::Kept(at) | Fate::Became(at) => theirs.at(*at),
            Fate::Gone => None,
        };
        let own_place = match own_fate {
            Fate::Kept(at) | Fate::Became(at) => Some(*at),
            Fate::Gone => None,
        };
        let in_register = own_place.and_then(|at| ours.at(at));
        let unchanged = (matches!(fate, Fate::Kept(_)), matches!(own_fate, Fate::Kept(_)));
        let kind = match (unchanged, in_document, in_register) {
            ((true, true), ..) => None,
            ((true, false), ..) => Some(Kind::Answer),
            ((false, true), ..) => Some(Kind::Edit),
            (_, None, None) => Some(Kind::Both),
            (_, Some(one), Some(other)) if same(one, other) => Some(Kind::Both),
            _ => Some(Kind::Conflict),
        };
        if let Some(kind) = kind {
            let values = [said(was), in_document.and_then(said), in_register.and_then(said)];
            merging.note(Field::Activity, kind, values);
        }
        let from_document = kind == Some(Kind::Edit)
            || (kind == Some(Kind::Conflict) && merging.take == Some(Take::Document));
        let place = match fate {
            Fate::Kept(at) | Fate::Became(at) => Some(*at),
            Fate::Gone => None,
        };
        match own_place.and_then(|at| list.get_mut(at)) {
            Some(slot) => {
                slot.0 = place;
                if from_document {
                    slot.1 = in_document.cloned();
                }
            }
            None if from_document => lost.extend(place),
            None => {}
        }
    }
    add(merging, &theirs, &ours, &mut list, lost);
    list.into_iter().filter_map(|(_, activity)| activity).collect()
}

/// What is new on either side.
fn add(
    merging: &mut Merging,
    theirs: &Side<'_>,
    ours: &Side<'_>,
    list: &mut Vec<(Option<usize>, Option<Activity>)>,
    mut places: Vec<usize>,
) {
    let new_in = |side: &Side<'_>, like: &Activity| {
        side.added.iter().find(|at| side.at(**at).is_some_and(|other| same(like, other))).copied()
    };
    for at in &theirs.added {
        let Some(new) = theirs.at(*at) else { continue };
        if let Some(own) = new_in(ours, new) {
            merging.note(Field::Activity, Kind::Both, [None, said(new), said(new)]);
            if let Some(slot) = list.get_mut(own) {
                slot.0 = Some(*at);
            }
        } else {
            merging.note(Field::Activity, Kind::Edit, [None, said(new), None]);
            places.push(*at);
        }
    }
    for new in ours.added.iter().filter_map(|at| ours.at(*at)) {
        if new_in(theirs, new).is_none() {
            merging.note(Field::Activity, Kind::Answer, [None, None, said(new)]);
        }
    }
    places.sort_unstable();
    for place in places {
        // After the one that it follows in the document.
        let before = list.iter().rposition(|(at, _)| at.is_some_and(|at| at < place));
        let new = (Some(place), theirs.at(place).cloned());
        list.insert(before.map_or(0, |before| before + 1), new);
    }
}
