//! From entries to dated occasions.

use jiff::civil::Date;

use crate::ids::{BodyId, OccasionId, OccasionRef};
use crate::plan::model::{ForCalendars, Occasion, PublicWords, Sourced, World};
use crate::plan::own_days::own_days;
use crate::plan::renewals::Renewals;
use crate::text::sources as text;
use crate::workflow::model::{Entry, EntryKind, Override, Scope, Span, Status, When, Workflow};
use crate::workflow::window::window;

/// An occasion that is expected in a quarter but has no date yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Its identity, which it keeps when it gets its date.
    pub at: OccasionRef,
    /// To people.
    pub title: String,
    /// The first day of the quarter.
    pub quarter: Date,
}

/// What one entry gives for one body in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// It has a date.
    Dated(Box<Occasion>),
    /// It is expected.
    Expected(Expected),
}

/// The bodies that a scope means: one `None` for what exists once, else each body. Bodies of a kind come in
/// the order of their ids.
#[must_use]
pub fn bodies_of(world: &World<'_>, scope: &Scope) -> Vec<Option<BodyId>> {
    match scope {
        Scope::Once => vec![None],
        Scope::Bodies(bodies) => bodies.iter().cloned().map(Some).collect(),
        Scope::Kind(kind) => {
            let of_kind = world.organisation.bodies.values().filter(|b| &b.kind == kind);
            of_kind.map(|b| Some(b.id.clone())).collect()
        }
    }
}

/// Every occasion of `workflow` whose year lies within `years`, dated or expected.
#[must_use]
pub fn resolve(world: &World<'_>, workflow: &Workflow, years: (i16, i16)) -> Vec<Resolved> {
    let renewals = Renewals::of(world.facts, workflow);
    let mut found = Vec::new();
    for entry in &workflow.entries {
        for body in bodies_of(world, entry.scope.as_ref().unwrap_or(&workflow.scope)) {
            for id in ids(world, workflow, entry, body.as_ref(), years, &renewals) {
                let at = OccasionRef { workflow: workflow.id.clone(), body: body.clone(), id };
                found.extend(resolve_one(world, workflow, entry, at, &renewals));
            }
        }
    }
    found
}

/// The identities that an entry may have an occasion for: one a year, or each that has been entered by hand or stands
/// in a calendar.
fn ids(
    world: &World<'_>,
    workflow: &Workflow,
    entry: &Entry,
    body: Option<&BodyId>,
    years: (i16, i16),
    renewals: &Renewals,
) -> Vec<OccasionId> {
    if !matches!(entry.when, When::ByHand | When::FromCalendar(_)) {
        let yearly = |year| OccasionId { entry: entry.id.clone(), year, number: None };
        return (years.0..=years.1).map(yearly).collect();
    }
    let end = |year, number| OccasionRef {
        workflow: workflow.id.clone(),
        body: body.cloned(),
        id: OccasionId { entry: entry.id.clone(), year, number },
    };
    let span = end(years.0, None)..=end(years.1, Some(u16::MAX));
    if matches!(entry.when, When::FromCalendar(_)) {
        return world.facts.sourced.range(span).map(|(at, _)| at.id.clone()).collect();
    }
    let entered = world.facts.opened.range(span.clone()).map(|(at, _)| at);
    let renewed = renewals.occasions().filter(|at| span.contains(at));
    let mut ids: Vec<OccasionId> = entered.chain(renewed).map(|at| at.id.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Every dated occasion that overlaps the days from `from` to `until`, both included, ordered by start.
#[must_use]
pub fn occasions(world: &World<'_>, from: Date, until: Date) -> Vec<Occasion> {
    let years = (from.year() - 1, until.year() + 1);
    let all = world.workflows.0.values().flat_map(|w| resolve(world, w, years));
    let mut dated: Vec<Occasion> = all
        .filter_map(|r| match r {
            Resolved::Dated(occasion) => Some(*occasion),
            Resolved::Expected(_) => None,
        })
        .filter(|o| o.span.first() <= until && from <= o.span.last())
        .collect();
    for occasion in &mut dated {
        occasion.calendar.own_days = own_days(world, occasion);
    }
    dated.sort_by(|a, b| (a.span.first(), &a.at).cmp(&(b.span.first(), &b.at)));
    dated
}

/// A date entered by hand beats what stands in a calendar or was entered when the occasion was opened, that beats the file's list, that
/// beats what an answer has renewed, and that beats a rule.
fn resolve_one(
    world: &World<'_>,
    workflow: &Workflow,
    entry: &Entry,
    at: OccasionRef,
    renewals: &Renewals,
) -> Option<Resolved> {
    let entered = world.facts.dates.get(&at);
    let by_hand = (entry.when == When::ByHand).then(|| world.facts.opened.get(&at)).flatten();
    let sourced = || world.facts.sourced.get(&at).filter(|_| matches!(entry.when, When::FromCalendar(_)));
    let renewed = || {
        let day = renewals.day(&at)?;
        Some((Span::AllDay { first: day, last: day }, Status::Confirmed, None, None))
    };
    let known = match &entry.when {
        When::Listed { dates, .. } => dates
            .iter()
            .find(|d| d.span.first().year() == at.id.year)
            .map(|d| (d.span, d.status, d.place.clone(), d.note.clone()))
            .or_else(renewed),
        When::Window { .. } | When::Yearly { .. } => renewed().or_else(|| by_rule(&entry.when, at.id.year)),
        When::ByHand => {
            by_hand.map(|o| (o.span, Status::Confirmed, o.place.clone(), o.note.clone())).or_else(renewed)
        }
        When::FromCalendar(_) => sourced().map(|s| of_calendar(entry, s)),
    };
    let span = entered.and_then(|e| e.span).or(known.as_ref().map(|k| k.0));
    let Some(span) = span else {
        return expected(entry, at);
    };
    let (status, place, note) = known.map_or((Status::Confirmed, None, None), |(_, s, p, n)| (s, p, n));
    let typed = entered.and_then(|e| e.place.clone());
    // Where the file says it, that is where; else the calendar, to those who meet.
    let hides_place =
        typed.is_none() && entry.place.is_none() && sourced().is_some_and(|s| s.place.is_some());
    let place = typed.or(place).or_else(|| entry.place.clone());
    let why = entered.and_then(|e| e.why.clone());
    let opened = by_hand.or_else(|| renewals.opened(world.facts, &at));
    let public = opened.is_some().then(|| why.clone().or_else(|| entry.note.clone()));
    let own_words = || why.clone().or_else(|| note.clone()).or_else(|| entry.note.clone());
    let public = public.or_else(|| hides_place.then(own_words));
    let public = public.map(|note| PublicWords { title: entry.title.clone(), note, hides_place });
    let note = why.or(note).or_else(|| entry.note.clone());
    Some(Resolved::Dated(Box::new(Occasion {
        kind: entry.kind,
        title: opened.map_or_else(|| entry.title.clone(), |o| o.title.clone()),
        at,
        span,
        status: entered.map_or(status, |e| e.status),
        place,
        note,
        feed: workflow.feed.clone(),
        public,
        calendar: ForCalendars {
            papers: by_hand.and_then(|o| o.link.clone()),
            group: by_hand.and_then(|o| o.group.clone()),
            last_day: entry.last_day.clone(),
            own_days: Vec::new(),
        },
    })))
}

/// What a calendar says of a meeting. Its place stands back for the file's.
fn of_calendar(entry: &Entry, sourced: &Sourced) -> ByRule {
    let place = entry.place.clone().or_else(|| sourced.place.clone());
    (sourced.span, sourced.status, place, sourced.gone.then(|| text::GONE.to_owned()))
}

fn expected(entry: &Entry, at: OccasionRef) -> Option<Resolved> {
    let When::Listed { expected, .. } = &entry.when else { return None };
    let (year, quarter) = *expected.iter().find(|(year, _)| *year == at.id.year)?;
    let quarter = Date::new(year, (quarter - 1) * 3 + 1, 1).ok()?;
    Some(Resolved::Expected(Expected { at, title: entry.title.clone(), quarter }))
}

type ByRule = (Span, Status, Option<String>, Option<String>);

fn by_rule(when: &When, year: i16) -> Option<ByRule> {
    let (opens, closes, overrides) = match when {
        When::Listed { .. } | When::ByHand | When::FromCalendar(_) => return None,
        When::Window { opens, closes, overrides } => {
            let (first, last) = window(*opens, *closes, year);
            (first, last, overrides.get(&year))
        }
        When::Yearly { rule, overrides } => {
            let day = rule.effective(year);
            (day, day, overrides.get(&year))
        }
    };
    let closes = overrides.and_then(|o| o.closes).unwrap_or(closes);
    let one_day = matches!(when, When::Yearly { .. });
    let opens = if one_day { closes } else { overrides.and_then(|o| o.opens).unwrap_or(opens) };
    let status = match overrides {
        Some(Override { cancelled: true, .. }) => Status::Cancelled,
        _ => Status::Confirmed,
    };
    Some((Span::AllDay { first: opens, last: closes }, status, None, overrides.map(|o| o.why.clone())))
}

/// The word for a kind of occasion in JSON.
#[must_use]
pub fn kind_code(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Meeting => "meeting",
        EntryKind::Period => "period",
        EntryKind::Deadline => "deadline",
    }
}

/// The word for a status in JSON.
#[must_use]
pub fn status_code(status: Status) -> &'static str {
    match status {
        Status::Tentative => "tentative",
        Status::Confirmed => "confirmed",
        Status::Cancelled => "cancelled",
    }
}
