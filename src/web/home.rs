//! `GET /`: what happens next and how the plans are doing, without a person or an item's text.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::Site;
use super::error::PageError;
use super::occasions::{Shown, by_day};
use crate::calendar::today;
use crate::ids::BodyId;
use crate::items::{Health, Item, Phase};
use crate::organisation::Organisation;
use crate::store::StoredOccasion;
use crate::text::web::{self as text, word};
use crate::workflow::model::EntryKind;

/// How far ahead the page looks.
const DAYS: i64 = 60;
/// The width of the picture of a plan, in its own units.
const WIDTH: usize = 1000;

#[derive(Debug, Serialize)]
struct Home {
    title: String,
    today: String,
    year: i16,
    faults: Option<(&'static str, String)>,
    ongoing: Vec<Shown>,
    coming: Vec<Shown>,
    plans: Vec<BodyPlan>,
    /// Mark, word and what it means.
    legend: [(&'static str, &'static str, &'static str); 4],
}

/// One body's plan, counted.
#[derive(Debug, Serialize)]
struct BodyPlan {
    body: String,
    items: String,
    reported: Option<String>,
    health: Vec<Count>,
    phases: Vec<Count>,
}

#[derive(Debug, Serialize)]
struct Count {
    code: &'static str,
    word: &'static str,
    count: usize,
    /// Its part of the picture.
    from: usize,
    width: usize,
}

pub async fn page(State(site): State<Arc<Site>>) -> Result<Html<String>, PageError> {
    let now = site.state.clock.now();
    let today = today(now);
    let rules = site.state.rules.rules();
    let faults = site.state.rules.faults();
    let occasions = by_day(site.state.store.occasions().await?);
    let facts = site.state.store.facts().await?;
    let title = text::home_title(&rules.organisation.title);
    let view = Home {
        title: title.clone(),
        today: text::today_is(today),
        year: today.year(),
        faults: (!faults.is_empty()).then(|| text::faults(faults.len())),
        ongoing: ongoing(&occasions, &rules.organisation, today),
        coming: coming(&occasions, &rules.organisation, today),
        plans: plans(&facts.items, &rules.organisation),
        legend: [
            (Health::Green, "home_legend_green"),
            (Health::Yellow, "home_legend_yellow"),
            (Health::Red, "home_legend_red"),
            (Health::Unknown, "home_legend_unknown"),
        ]
        .map(|(health, meaning)| (health.code(), health.swedish(), word(meaning))),
    };
    Ok(Html(site.look.page(&site.frame(title, "home"), "home.html", &view)?))
}

/// Periods that are open, the one that closes first on top.
fn ongoing(occasions: &[StoredOccasion], organisation: &Organisation, today: Date) -> Vec<Shown> {
    let is_open = |stored: &&StoredOccasion| {
        let span = stored.occasion.span;
        let lasts = span.first() < today && today <= span.last();
        lasts && stored.occasion.kind == EntryKind::Period
    };
    let mut open: Vec<_> = occasions.iter().filter(is_open).collect();
    open.sort_by_key(|stored| stored.occasion.span.last());
    open.into_iter().map(|stored| Shown::open(stored, organisation, today)).collect()
}

fn coming(occasions: &[StoredOccasion], organisation: &Organisation, today: Date) -> Vec<Shown> {
    let until = today.saturating_add(DAYS.days());
    let is_near = |stored: &&StoredOccasion| {
        let span = stored.occasion.span;
        let begins = (today..=until).contains(&span.first());
        // A meeting of several days that began yesterday is still to come.
        begins || stored.occasion.kind != EntryKind::Period && span.first() < today && today <= span.last()
    };
    occasions.iter().filter(is_near).map(|stored| Shown::of(stored, organisation)).collect()
}

/// The plans of all bodies that have one, in the order of their names.
fn plans(items: &[Item], organisation: &Organisation) -> Vec<BodyPlan> {
    let mut by_body: BTreeMap<(String, &BodyId), Vec<&Item>> = BTreeMap::new();
    for item in items {
        let name = organisation.bodies.get(&item.body).map_or(item.body.as_str(), |b| b.name.as_str());
        by_body.entry((name.to_owned(), &item.body)).or_default().push(item);
    }
    by_body.into_iter().map(|((body, _), items)| body_plan(body, &items)).collect()
}

fn body_plan(body: String, items: &[&Item]) -> BodyPlan {
    let health =
        Health::ALL.iter().map(|h| (h.code(), h.swedish(), items.iter().filter(|i| i.health == *h).count()));
    let phases =
        Phase::ALL.iter().map(|p| (p.code(), p.swedish(), items.iter().filter(|i| i.phase == *p).count()));
    let health = counts(health, items.len());
    let seen = items.iter().flat_map(|i| [i.health_recorded, i.phase_recorded]).max();
    BodyPlan {
        body,
        items: text::items(items.len()),
        reported: seen.map(|moment| text::reported(today(moment))),
        health,
        phases: counts(phases, items.len()),
    }
}

/// What there is, with its part of a picture of all. What there is none of is left out.
fn counts(each: impl Iterator<Item = (&'static str, &'static str, usize)>, all: usize) -> Vec<Count> {
    let mut before = 0;
    let mut counted = Vec::new();
    for (code, word, count) in each.filter(|(_, _, count)| *count > 0) {
        let edge = |n: usize| n * WIDTH / all.max(1);
        counted.push(Count {
            code,
            word,
            count,
            from: edge(before),
            width: edge(before + count) - edge(before),
        });
        before += count;
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_filled_to_its_edge() {
        let counted = counts([("a", "A", 1), ("b", "B", 0), ("c", "C", 2)].into_iter(), 3);
        let parts: Vec<_> = counted.iter().map(|c| (c.code, c.from, c.width)).collect();
        assert_eq!(parts, [("a", 0, 333), ("c", 333, 667)]);
        assert!(counts(std::iter::empty(), 0).is_empty());
    }
}
