//! What stands in which ring of the wheel.
//!
//! A ring is a kind of body (RSL, kunskapsråd, the chosen group), then what belongs to no body, by workflow, then last
//! days. A kind with many bodies isn't drawn until one of them is chosen: a hundred meetings in one ring say nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::Choice;
use crate::calendar::swedish::{month_short, range};
use crate::calendar::{holidays::holiday, quiet::QuietPeriods};
use crate::ids::{BodyId, KindId, OccasionRef, WorkflowId};
use crate::organisation::Organisation;
use crate::plan::model::Occasion;
use crate::plan::occasions::Expected;
use crate::store::StoredOccasion;
use crate::text::web as text;
use crate::wheel::{Mark, Ring, Shape, Turn, Wheel};
use crate::workflow::Workflows;
use crate::workflow::model::{EntryKind, Scope, Status, Workflow};

/// Of more bodies than this in a kind none is drawn unless it is chosen.
const MANY: usize = 8;

/// No more fit; those left out are in the list.
const MOST_RINGS: usize = 7;

/// What rings are for, in the order from the outside in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Theme {
    /// Bodies of a kind; how far they are from the top, then the kind.
    Kind(usize, KindId),
    /// What belongs to no body.
    Workflow(WorkflowId),
    /// Last days of any body.
    Deadlines,
}

/// What the wheel is drawn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sources<'a> {
    pub organisation: &'a Organisation,
    pub workflows: &'a Workflows,
    pub quiet: &'a QuietPeriods,
    pub occasions: &'a [StoredOccasion],
    pub expected: &'a [Expected],
}

impl Sources<'_> {
    /// The ring that something is in; none for what isn't drawn.
    fn theme(&self, workflow: &WorkflowId, body: Option<&BodyId>, kind: EntryKind) -> Option<Theme> {
        if body.is_some() && kind == EntryKind::Deadline {
            return Some(Theme::Deadlines);
        }
        let kind = match body {
            Some(body) => Some(self.organisation.bodies.get(body)?.kind.clone()),
            None => self.kind_of(self.workflows.0.get(workflow)?),
        };
        Some(
            kind.map_or_else(
                || Theme::Workflow(workflow.clone()),
                |kind| Theme::Kind(self.depth(&kind), kind),
            ),
        )
    }

    /// The kind whose bodies have what belongs to none of them together: their joint meeting stands with their own.
    fn kind_of(&self, workflow: &Workflow) -> Option<KindId> {
        let scopes = workflow.entries.iter().filter_map(|entry| entry.scope.as_ref());
        scopes.chain([&workflow.scope]).find_map(|scope| match scope {
            Scope::Kind(kind) => Some(kind.clone()),
            Scope::Bodies(bodies) => {
                let body = bodies.iter().find_map(|body| self.organisation.bodies.get(body));
                body.map(|body| body.kind.clone())
            }
            Scope::Once => None,
        })
    }

    /// How far the bodies of a kind are from the top.
    fn depth(&self, kind: &KindId) -> usize {
        let of = self.organisation.bodies.values().filter(|body| body.kind == *kind);
        of.map(|body| self.organisation.ancestors(&body.id).len()).min().unwrap_or(0)
    }

    /// Whether something belongs in the list: with a group chosen, what is its own, of those above it, or of nobody.
    pub fn concerns(&self, at: &OccasionRef, choice: &Choice) -> bool {
        choice.body.is_none() || self.is_drawn(at.body.as_ref(), choice)
    }

    fn is_drawn(&self, body: Option<&BodyId>, choice: &Choice) -> bool {
        let Some(body) = body else { return true };
        if let Some(chosen) = &choice.body {
            return chosen == body || self.organisation.ancestors(chosen).contains(body);
        }
        let kind = self.organisation.bodies.get(body).map(|body| &body.kind);
        self.organisation.bodies.values().filter(|other| Some(&other.kind) == kind).count() <= MANY
    }

    fn title(&self, theme: &Theme, choice: &Choice) -> String {
        match theme {
            Theme::Kind(_, kind) => {
                let chosen = choice.body.as_ref().and_then(|body| self.organisation.bodies.get(body));
                let own = chosen.filter(|body| body.kind == *kind).map(|body| body.name.clone());
                let kind = || self.organisation.kinds.get(kind).map(|kind| kind.title.clone());
                own.or_else(kind).unwrap_or_default()
            }
            Theme::Workflow(workflow) => {
                self.workflows.0.get(workflow).map(|workflow| workflow.title.clone()).unwrap_or_default()
            }
            Theme::Deadlines => text::WHEEL_DEADLINES.to_owned(),
        }
    }
}

/// The wheel of a year, or of the twelve months that are chosen.
pub(super) fn wheel(year: i16, choice: &Choice, today: Date, sources: Sources<'_>) -> Wheel {
    let mut rings: BTreeMap<Theme, Vec<Mark>> = BTreeMap::new();
    for stored in sources.occasions {
        let at = &stored.occasion.at;
        if sources.is_drawn(at.body.as_ref(), choice)
            && let Some(theme) = sources.theme(&at.workflow, at.body.as_ref(), stored.occasion.kind)
        {
            rings.entry(theme).or_default().push(mark(&stored.occasion.for_everybody(), year, choice));
        }
    }
    for (theme, mark) in expected(year, choice, sources) {
        rings.entry(theme).or_default().push(mark);
    }
    let turn = Turn::new(year, choice.first_month);
    let on = |mark: &Mark| turn.is_some_and(|turn| mark.last >= turn.first() && mark.first <= turn.last());
    rings.retain(|_, marks| marks.iter().any(on));
    let rings = rings.into_iter().take(MOST_RINGS).map(|(theme, marks)| Ring {
        title: sources.title(&theme, choice),
        marks,
        running: None,
    });
    let days = turn.map_or(Vec::new(), days);
    Wheel {
        year,
        first_month: choice.first_month,
        title: text::year_title(year),
        middle: middle(year, choice, sources.organisation),
        today: Some(today),
        rings: rings.collect(),
        holidays: days.iter().filter_map(|day| Some((*day, holiday(*day)?.to_owned()))).collect(),
        quiet: quiet(sources.quiet, &days),
    }
}

fn middle(year: i16, choice: &Choice, organisation: &Organisation) -> Vec<String> {
    let title = match choice.first_month {
        1 => year.to_string(),
        _ => format!("{year}/{:02}", (year + 1).rem_euclid(100)),
    };
    let body = choice.body.as_ref().and_then(|body| organisation.bodies.get(body));
    let under = body.map_or(organisation.title.as_str(), |body| body.short.as_str());
    // A long name stands in two lines; the middle isn't wide.
    let lines = match under.split_once(' ') {
        Some((first, rest)) if under.chars().count() > 20 => vec![first.to_owned(), rest.to_owned()],
        _ => vec![under.to_owned()],
    };
    std::iter::once(title).chain(lines.into_iter().filter(|line| !line.is_empty())).collect()
}

fn days(turn: Turn) -> Vec<Date> {
    let day = |n: i64| turn.first().checked_add(n.days()).ok();
    (0..366).map_while(day).filter(|day| turn.contains(*day)).collect()
}

/// The quiet periods of the days, each as a stretch.
fn quiet(periods: &QuietPeriods, days: &[Date]) -> Vec<(Date, Date, String)> {
    let mut found: Vec<(Date, Date, String)> = Vec::new();
    for day in days {
        let Some(name) = periods.name(*day) else { continue };
        match found.last_mut() {
            Some((_, last, known)) if known == name && last.tomorrow().is_ok_and(|next| next == *day) => {
                *last = *day
            }
            _ => found.push((*day, *day, name.to_owned())),
        }
    }
    found
}

fn mark(occasion: &Occasion, year: i16, choice: &Choice) -> Mark {
    let (first, last) = (occasion.span.first(), occasion.span.last());
    let days = if first == last {
        format!("{} {}", first.day(), month_short(first))
    } else if first.first_of_month() == last.first_of_month() {
        format!("{}–{} {}", first.day(), last.day(), month_short(first))
    } else {
        format!("{} {}–{} {}", first.day(), month_short(first), last.day(), month_short(last))
    };
    let when = text::when(occasion.span);
    let remark = text::status(occasion.status).map(|said| format!(" ({})", said.to_lowercase()));
    let shape = match occasion.kind {
        EntryKind::Meeting => Shape::Meeting,
        EntryKind::Period => Shape::Period,
        EntryKind::Deadline => Shape::Deadline,
    };
    Mark {
        first,
        last,
        shape,
        tentative: occasion.status == Status::Tentative,
        cancelled: occasion.status == Status::Cancelled,
        label: format!("{}, {when}{}", occasion.title, remark.unwrap_or_default()),
        short: match shape {
            Shape::Period => occasion.title.clone(),
            _ => format!("{days} {}", occasion.title),
        },
        range: days,
        href: page_of(first, last, (year, occasion.kind), choice) + "#" + &super::anchor(&occasion.at),
    }
}

/// The page whose list has something, from the page of `year`; empty for that page itself.
fn page_of(first: Date, last: Date, (year, kind): (i16, EntryKind), choice: &Choice) -> String {
    let runs_in = kind == EntryKind::Period && first.year() < year && year <= last.year();
    if first.year() == year || runs_in { String::new() } else { super::address(first.year(), "", choice) }
}

/// What has no day yet: one mark for each ring and quarter, with how many there are.
fn expected(year: i16, choice: &Choice, sources: Sources<'_>) -> Vec<(Theme, Mark)> {
    let dated: BTreeSet<_> = sources.occasions.iter().map(|stored| &stored.occasion.at).collect();
    let mut found: BTreeMap<(Theme, Date, String), usize> = BTreeMap::new();
    for one in sources.expected {
        let body = one.at.body.as_ref();
        if dated.contains(&one.at) || !sources.is_drawn(body, choice) {
            continue;
        }
        if let Some(theme) = sources.theme(&one.at.workflow, body, EntryKind::Meeting) {
            *found.entry((theme, one.quarter, one.title.clone())).or_default() += 1;
        }
    }
    let mark = |((theme, first, title), count): ((Theme, Date, String), usize)| {
        let last = first.saturating_add(2.months()).last_of_month();
        let short = if count > 1 { format!("{title} × {count}") } else { title };
        let page = page_of(first, last, (year, EntryKind::Meeting), choice);
        let label = text::wheel_undated(&short, &range(first, last));
        let mark = Mark {
            first,
            last,
            shape: Shape::Expected,
            tentative: true,
            cancelled: false,
            label,
            range: short.clone(),
            short,
            href: format!("{page}#kvartal-{}", (first.month() + 2) / 3),
        };
        (theme, mark)
    };
    found.into_iter().map(mark).collect()
}
