//! `GET /arshjul/{year}`: the year as a wheel and as a list. `GET /arshjul/{year}.svg`: the wheel alone, for slides.

mod rings;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Site;
use super::error::{PageError, nothing_here};
use super::look::{Frame, Link};
use super::occasions::{Shown, by_day};
use crate::calendar::today;
use crate::ids::{BodyId, OccasionRef, slug};
use crate::organisation::Organisation;
use crate::plan::model::Facts;
use crate::plan::occasions::{Expected, Resolved, resolve};
use crate::rules::Rules;
use crate::store::StoredOccasion;
use crate::text::web as text;
use crate::wheel::{Style, draw};
use crate::workflow::model::EntryKind;
use rings::{Sources, wheel};

/// The years there is a page for. Programs follow links, and these end somewhere.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// What a reader may choose, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// A group: with it only what concerns it is shown.
    grupp: String,
    /// The month at the top of the wheel.
    fran: String,
}

/// What was chosen.
#[derive(Debug)]
struct Choice {
    body: Option<BodyId>,
    first_month: i8,
}

#[derive(Debug, Serialize)]
struct Year {
    title: String,
    before: Option<Link>,
    after: Option<Link>,
    /// The wheel for wide pages and for narrow ones: markup of our own.
    wide: String,
    narrow: String,
    /// The wheel as a file.
    file: String,
    groups: Vec<Pick>,
    months: Vec<Pick>,
    /// Periods that the year before has opened.
    running: Vec<Shown>,
    quarters: Vec<Quarter>,
    nothing: bool,
}

/// One of a list to choose from.
#[derive(Debug, Serialize)]
struct Pick {
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct Quarter {
    id: i8,
    title: String,
    months: Vec<Month>,
}

#[derive(Debug, Serialize)]
struct Month {
    title: String,
    occasions: Vec<Shown>,
}

pub async fn page(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (year, is_file) = name.strip_suffix(".svg").map_or((name.as_str(), false), |year| (year, true));
    // Four digits and nothing else: "+2025" and "02025" are no addresses of this page.
    let number =
        year.parse::<i16>().ok().filter(|number| YEARS.contains(number) && number.to_string() == year);
    let Some(year) = number else { return nothing_here(&site, StatusCode::NOT_FOUND) };
    let rules = site.state.rules.rules();
    let Some(choice) = chosen(&asked, &rules.organisation) else {
        return nothing_here(&site, StatusCode::NOT_FOUND);
    };
    let occasions = by_day(site.state.store.occasions().await?);
    let expected = expected(&rules, year);
    let sources = Sources {
        organisation: &rules.organisation,
        workflows: &rules.workflows,
        quiet: &rules.quiet,
        occasions: &occasions,
        expected: &expected,
    };
    let drawn = wheel(year, &choice, today(site.state.clock.now()), sources);
    if is_file {
        let headers = [(header::CONTENT_TYPE, "image/svg+xml; charset=utf-8")];
        return Ok((headers, draw(&drawn, Style::Wide)).into_response());
    }
    let shown: Vec<StoredOccasion> =
        occasions.iter().filter(|stored| sources.concerns(&stored.occasion.at, &choice)).cloned().collect();
    let mut view = year_view(year, &choice, &shown, &rules.organisation);
    (view.wide, view.narrow) = (draw(&drawn, Style::Wide), draw(&drawn, Style::Narrow));
    let frame = Frame { year, wide: true, ..site.frame(view.title.clone(), "year") };
    Ok(Html(site.look.page(&frame, "year.html", &view)?).into_response())
}

/// What the address asks for; none for a group or a month that there isn't.
fn chosen(asked: &Asked, organisation: &Organisation) -> Option<Choice> {
    let body = (!asked.grupp.is_empty()).then(|| BodyId::new(asked.grupp.as_str()));
    if body.as_ref().is_some_and(|body| !organisation.bodies.contains_key(body)) {
        return None;
    }
    let month = if asked.fran.is_empty() { Some(1) } else { asked.fran.parse().ok() };
    let first_month = month.filter(|month| (1..=12).contains(month))?;
    Some(Choice { body, first_month })
}

/// What is expected without a date in the files, in the years that a wheel can show. What people have dated since is
/// among the occasions.
fn expected(rules: &Rules, year: i16) -> Vec<Expected> {
    let facts = Facts::default();
    let world = rules.world(&facts);
    let all = rules.workflows.0.values().flat_map(|workflow| resolve(&world, workflow, (year, year + 1)));
    all.filter_map(|resolved| if let Resolved::Expected(expected) = resolved { Some(expected) } else { None })
        .collect()
}

/// Where an occasion stands on the page.
fn anchor(at: &OccasionRef) -> String {
    let body = at.body.as_ref().map_or("", |body| body.as_str());
    slug(&format!("{} {body} {}", at.workflow, at.id))
}

fn address(year: i16, ending: &str, choice: &Choice) -> String {
    let mut query = Vec::new();
    query.extend(choice.body.as_ref().map(|body| format!("grupp={body}")));
    query.extend((choice.first_month != 1).then(|| format!("fran={}", choice.first_month)));
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    format!("/arshjul/{year}{ending}{query}")
}

fn year_view(year: i16, choice: &Choice, occasions: &[StoredOccasion], organisation: &Organisation) -> Year {
    let link = |year: i16| {
        YEARS.contains(&year).then(|| Link::new(address(year, "", choice), text::year_title(year)))
    };
    let first = |stored: &&StoredOccasion| stored.occasion.span.first();
    let shown = |stored: &StoredOccasion| Shown {
        anchor: Some(anchor(&stored.occasion.at)),
        ..Shown::of(stored, organisation)
    };
    let running = occasions.iter().filter(|stored| {
        let span = stored.occasion.span;
        let over_new_year = span.first().year() < year && year <= span.last().year();
        over_new_year && stored.occasion.kind == EntryKind::Period
    });
    let running: Vec<_> = running.map(shown).collect();
    let quarters = (1..=4_i8).map(|id| {
        let months = (3 * id - 2..=3 * id).filter_map(|month| {
            let own = occasions.iter().filter(|o| first(o).year() == year && first(o).month() == month);
            let own: Vec<_> = own.map(shown).collect();
            let title = Date::new(year, month, 1).map(text::month_heading).unwrap_or_default();
            (!own.is_empty()).then_some(Month { title, occasions: own })
        });
        Quarter { id, title: text::quarter(id), months: months.collect() }
    });
    let quarters: Vec<_> = quarters.collect();
    Year {
        title: text::year_title(year),
        before: link(year - 1),
        after: link(year + 1),
        wide: String::new(),
        narrow: String::new(),
        file: address(year, ".svg", choice),
        groups: groups(choice, organisation),
        months: months(choice),
        nothing: running.is_empty() && quarters.iter().all(|q| q.months.is_empty()),
        running,
        quarters,
    }
}

fn groups(choice: &Choice, organisation: &Organisation) -> Vec<Pick> {
    let all = Pick { value: String::new(), label: text::WHEEL_ALL.to_owned(), chosen: choice.body.is_none() };
    let mut bodies: Vec<_> = organisation.bodies.values().collect();
    bodies.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    let each = bodies.into_iter().map(|body| Pick {
        value: body.id.to_string(),
        label: body.name.clone(),
        chosen: choice.body.as_ref() == Some(&body.id),
    });
    std::iter::once(all).chain(each).collect()
}

fn months(choice: &Choice) -> Vec<Pick> {
    let month = |number: i8| Pick {
        value: number.to_string(),
        label: Date::new(2000, number, 1).map(text::month_heading).unwrap_or_default(),
        chosen: number == choice.first_month,
    };
    (1..=12).map(month).collect()
}
