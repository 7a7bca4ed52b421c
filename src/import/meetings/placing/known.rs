//! What is known of a body's meetings.

use std::collections::BTreeSet;

use crate::ids::{BodyId, OccasionId, OccasionRef};
use crate::import::meetings::MeetingRow;
use crate::import::meetings::context::quarter;
use crate::import::meetings::placing::Fate;
use crate::import::meetings::similar::{core, words};
use crate::organisation::{Body, Organisation};
use crate::plan::model::{EnteredDate, Occasion, World};
use crate::plan::occasions::{Resolved, bodies_of, resolve};
use crate::workflow::model::{Entry, EntryKind, Scope, Span, Status, When, Workflow};

/// The entry by hand of meetings that nothing foresees.
pub(super) const EXTRA: &str = "extra";
/// The entry by hand of the parts of a schedule.
pub(super) const GROUP: &str = "grupp";

/// No body's name has more words.
const LONGEST_NAME: usize = 8;
/// So many letters at the beginning of a name are enough to know it by.
const STEM: usize = 6;

/// An entry that has no date in a year.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub at: OccasionRef,
    pub title: String,
    pub quarter: i8,
}

/// Whose meeting a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Own,
    /// `id` is none for what several bodies have together.
    Other {
        name: String,
        id: Option<BodyId>,
    },
}

pub(super) struct Known<'w> {
    pub body: &'w Body,
    organisation: &'w Organisation,
    dates: &'w std::collections::BTreeMap<OccasionRef, EnteredDate>,
    /// Every dated occasion of any body in the years of the list.
    pub dated: Vec<Occasion>,
    /// Meetings of the body without a date, expected ones first.
    pub slots: Vec<Slot>,
    /// Workflows with meetings of the body, and these; the one with its ordinary meetings first.
    workflows: Vec<(&'w Workflow, Vec<&'w Entry>)>,
    /// Words that are the body's name.
    own_words: BTreeSet<String>,
}

/// What stands for a body that isn't there.
static NOBODY: std::sync::LazyLock<Body> = std::sync::LazyLock::new(|| Body {
    id: BodyId::from("-"),
    name: String::new(),
    short: String::new(),
    kind: crate::ids::KindId::from("-"),
    parents: Vec::new(),
    aliases: Vec::new(),
    folder: String::new(),
});

fn runs_for(world: &World<'_>, workflow: &Workflow, entry: &Entry, body: &BodyId) -> bool {
    let scope = entry.scope.as_ref().unwrap_or(&workflow.scope);
    *scope != Scope::Once && bodies_of(world, scope).iter().any(|b| b.as_ref() == Some(body))
}

/// What a list's row makes of a date: its place and remark, and of what was entered before what it doesn't say.
pub(super) fn entered(row: &MeetingRow, before: Option<&EnteredDate>, span: Span) -> EnteredDate {
    EnteredDate {
        span: Some(span),
        place: row.place.clone().or_else(|| before.and_then(|b| b.place.clone())),
        status: Status::Confirmed,
        why: row.note.clone().or_else(|| before.and_then(|b| b.why.clone())),
    }
}

impl<'w> Known<'w> {
    pub(super) fn of(world: &World<'w>, body: &BodyId, years: (i16, i16)) -> Self {
        let organisation = world.organisation;
        let body = organisation.bodies.get(body).unwrap_or(&NOBODY);
        let kind = organisation.kinds.get(&body.kind).map(|k| k.title.as_str());
        let names = [body.name.as_str(), &body.short].into_iter().chain(kind);
        let names = names.chain(body.aliases.iter().map(String::as_str));
        let mut known = Self {
            body,
            organisation,
            dates: &world.facts.dates,
            dated: Vec::new(),
            slots: Vec::new(),
            workflows: Vec::new(),
            own_words: names.flat_map(core).filter(|w| w.chars().count() > 1).collect(),
        };
        let mut expected = Vec::new();
        for workflow in world.workflows.0.values() {
            let own = |e: &&Entry| e.kind == EntryKind::Meeting && runs_for(world, workflow, e, &body.id);
            let entries: Vec<&Entry> = workflow.entries.iter().filter(own).collect();
            // A period over New Year belongs to the year before.
            for resolved in resolve(world, workflow, (years.0 - 1, years.1)) {
                match resolved {
                    Resolved::Dated(occasion) => known.dated.push(*occasion),
                    Resolved::Expected(e) if e.at.body.as_ref() == Some(&body.id) => {
                        expected.push(Slot { at: e.at, title: e.title, quarter: quarter(e.quarter) });
                    }
                    Resolved::Expected(_) => {}
                }
            }
            for entry in &entries {
                known
                    .slots
                    .extend((years.0..=years.1).filter_map(|year| free_slot(workflow, entry, body, year)));
            }
            if !entries.is_empty() {
                known.workflows.push((workflow, entries));
            }
        }
        let filled = |slot: &Slot| {
            known.dated.iter().any(|o| o.at == slot.at) || expected.iter().any(|e| e.at == slot.at)
        };
        let free: Vec<Slot> = known.slots.iter().filter(|slot| !filled(slot)).cloned().collect();
        known.slots = expected.into_iter().filter(|s| known.is_meeting(&s.at)).chain(free).collect();
        known.dated.sort_by_key(|o| (o.span.first(), o.at.clone()));
        let mut workflows = known.workflows.clone();
        workflows.sort_by_key(|(_, entries)| !entries.iter().any(|e| known.plain(&e.title)));
        known.workflows = workflows;
        known
    }

    fn is_meeting(&self, at: &OccasionRef) -> bool {
        let of = self.workflows.iter().filter(|(w, _)| w.id == at.workflow);
        of.flat_map(|(_, entries)| entries).any(|e| e.id == at.id.entry)
    }

    /// Dated meetings of the body.
    pub(super) fn own(&self) -> impl Iterator<Item = &Occasion> {
        let own = |o: &&Occasion| o.kind == EntryKind::Meeting && o.at.body.as_ref() == Some(&self.body.id);
        self.dated.iter().filter(own)
    }

    pub(super) fn is_group(&self, at: &OccasionRef) -> bool {
        at.id.entry.as_str() == GROUP
    }

    /// What a title says beside the body's name.
    fn beside(&self, title: &str) -> Vec<String> {
        // `Kunskapsrådets` is the name too.
        let own =
            |w: &String| self.own_words.iter().any(|o| w == o || (o.len() > 3 && w.starts_with(o.as_str())));
        core(title).into_iter().filter(|w| !own(w)).collect()
    }

    /// Whether a title says nothing beside the body's name.
    fn plain(&self, title: &str) -> bool {
        self.beside(title).is_empty()
    }

    /// What a row is called beside the body's name, in one word; none for an ordinary meeting.
    pub(super) fn name(&self, row: &MeetingRow) -> Option<String> {
        row.named.then(|| self.beside(&row.title)).and_then(|words| words.into_iter().next())
    }

    /// Whether a row can be what a title says: both are the body's ordinary meeting, or begin with the same word.
    pub(super) fn similar(&self, row: &MeetingRow, title: &str) -> bool {
        self.name(row) == self.beside(title).into_iter().next()
    }

    /// Whether a row can be an occasion; one by hand that nobody gave a name is any meeting without one.
    pub(super) fn alike(&self, row: &MeetingRow, occasion: &Occasion) -> bool {
        let nameless = occasion.public.as_ref().is_some_and(|words| words.title == occasion.title);
        self.similar(row, &occasion.title) || (nameless && !row.named)
    }

    /// How much a row and an occasion of its day are alike: 6 in everything, 5 and 4 so that nothing changes though
    /// the row says less, 3 in title and time, 2 in title, 1 so that it can be no other, 0 not at all.
    pub(super) fn likeness(&self, row: &MeetingRow, occasion: &Occasion) -> u8 {
        if occasion.span.first() != row.span.first() || occasion.status == Status::Cancelled {
            return 0;
        }
        let same = self.update(row, occasion) == Fate::Same(occasion.at.clone());
        if row.group.is_some() || self.is_group(&occasion.at) {
            let alike = row.title == occasion.title && row.span == occasion.span;
            return u8::from(alike) * if same { 4 } else { 3 };
        }
        let start = |span: Span| match span {
            Span::Timed { start, .. } => Some(start),
            Span::AllDay { .. } => None,
        };
        if self.alike(row, occasion) {
            let exact = row.title == occasion.title || !row.named;
            return match (same, start(row.span) == start(occasion.span)) {
                (true, _) if exact => {
                    4 + u8::from(row.place == occasion.place) + u8::from(row.span == occasion.span)
                }
                (_, true) => 3,
                _ => 2,
            };
        }
        // `utvecklingsdagar` on a known day are that meeting, unless something else is called so.
        let by_hand = occasion.at.id.number.is_some();
        let another = self.workflows.iter().flat_map(|(_, es)| es).any(|e| self.similar(row, &e.title));
        u8::from(!by_hand && !another)
    }

    /// A joint meeting on the row's days whose name begins as the row's does (`Kunskapsråd`, `Kunskapsrådens`).
    pub(super) fn joint(&self, row: &MeetingRow) -> Option<&Occasion> {
        let first = |title: &str| words(title).into_iter().next().unwrap_or_default();
        let stem: String = first(&row.title).chars().take(STEM).collect();
        let days = |span: Span| (span.first(), span.last());
        let mut joint = self.dated.iter().filter(|o| o.kind == EntryKind::Meeting && o.at.body.is_none());
        let known = row.named && stem.chars().count() == STEM;
        joint.find(|o| known && days(o.span) == days(row.span) && first(&o.title).starts_with(&stem))
    }

    /// What the row makes of an occasion.
    pub(super) fn update(&self, row: &MeetingRow, occasion: &Occasion) -> Fate {
        let days = |span: Span| (span.first(), span.last());
        let span = match (row.span, occasion.span) {
            // A list without times takes none away.
            (Span::AllDay { .. }, known @ Span::Timed { .. }) if days(row.span) == days(known) => known,
            (stated, _) => stated,
        };
        // `Västerås` says nothing new of `Stadshotellet, Västerås`.
        let within = |place: &String| occasion.place.as_ref().is_some_and(|known| known.contains(place));
        let place = row.place.as_ref().is_none_or(within);
        if span == occasion.span && place {
            return Fate::Same(occasion.at.clone());
        }
        let date = entered(row, self.dates.get(&occasion.at), span);
        Fate::Changed { at: occasion.at.clone(), was: occasion.span, date }
    }

    /// Whose meeting the title says it is.
    pub(super) fn whose(&self, row: &MeetingRow) -> Whose {
        if !row.named {
            return Whose::Own;
        }
        let all: Vec<&str> = row.title.split_whitespace().collect();
        for length in (1..=all.len().min(LONGEST_NAME)).rev() {
            let Some(found) = self.organisation.find(&all[..length].join(" ")) else { continue };
            return match found.id == self.body.id {
                true => Whose::Own,
                false => Whose::Other { name: found.short.clone(), id: Some(found.id.clone()) },
            };
        }
        let first = words(&row.title).into_iter().next().unwrap_or_default();
        let kind = self.organisation.kinds.iter().find(|(_, kind)| kind.title.to_lowercase() == first);
        match kind {
            Some((id, kind)) if *id != self.body.kind => Whose::Other { name: kind.title.clone(), id: None },
            _ => Whose::Own,
        }
    }

    /// The entry that takes what nothing foresees: `extra`, or the body's only other one by hand.
    pub(super) fn by_hand(&self, group: bool) -> Option<(&'w Workflow, &'w Entry)> {
        let (workflow, entries) = self.workflows.first()?;
        let mut by_hand = entries.iter().filter(|e| e.when == When::ByHand);
        let named = |id: &str| entries.iter().find(|e| e.when == When::ByHand && e.id.as_str() == id);
        let found = if group {
            named(GROUP)
        } else {
            named(EXTRA).or_else(|| by_hand.find(|e| e.id.as_str() != GROUP))
        };
        found.map(|entry| (*workflow, *entry))
    }

    /// What to add to which file.
    pub(super) fn nothing_by_hand(&self, group: bool) -> String {
        let (id, title) = if group { (GROUP, "Gruppass") } else { (EXTRA, "Extra möte") };
        let entry = format!("`[[meeting]]` with `id = \"{id}\"`, `title = \"{title}\"` and `by-hand = true`");
        match self.workflows.first() {
            Some((workflow, _)) => format!("no entry can take it: add a {entry} to {}.toml", workflow.id),
            None => {
                format!("no workflow has meetings of {}: write a file for it with a {entry}", self.body.short)
            }
        }
    }
}

/// An entry of listed dates without one in `year`, in the quarter that its nearest other date is in.
fn free_slot(workflow: &Workflow, entry: &Entry, body: &Body, year: i16) -> Option<Slot> {
    let When::Listed { dates, expected } = &entry.when else { return None };
    let dated = dates.iter().map(|d| (d.span.first().year(), quarter(d.span.first())));
    let nearest = dated
        .chain(expected.iter().copied())
        .min_by_key(|(known, _)| (i32::from(*known) - i32::from(year)).abs())?;
    let id = OccasionId { entry: entry.id.clone(), year, number: None };
    let at = OccasionRef { workflow: workflow.id.clone(), body: Some(body.id.clone()), id };
    Some(Slot { at, title: entry.title.clone(), quarter: nearest.1 })
}
