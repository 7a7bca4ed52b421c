//! `GET /arshjul/{year}`: the year as a list.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;

use super::Site;
use super::error::{PageError, nothing_here};
use super::look::{Frame, Link};
use super::occasions::{Shown, by_day};
use crate::organisation::Organisation;
use crate::store::StoredOccasion;
use crate::text::web as text;
use crate::workflow::model::EntryKind;

/// The years there is a page for. Programs follow links, and these end somewhere.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

#[derive(Debug, Serialize)]
struct Year {
    title: String,
    before: Option<Link>,
    after: Option<Link>,
    /// Periods that the year before has opened.
    running: Vec<Shown>,
    quarters: Vec<Quarter>,
    nothing: bool,
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

pub async fn page(State(site): State<Arc<Site>>, Path(year): Path<String>) -> Result<Response, PageError> {
    // Four digits and nothing else: "+2025" and "02025" are no addresses of this page.
    let year = year.parse::<i16>().ok().filter(|number| YEARS.contains(number) && number.to_string() == year);
    let Some(year) = year else { return nothing_here(&site, StatusCode::NOT_FOUND) };
    let occasions = by_day(site.state.store.occasions().await?);
    let rules = site.state.rules.rules();
    let view = year_view(year, &occasions, &rules.organisation);
    let frame = Frame { year, ..site.frame(view.title.clone(), "year") };
    Ok(Html(site.look.page(&frame, "year.html", &view)?).into_response())
}

fn year_view(year: i16, occasions: &[StoredOccasion], organisation: &Organisation) -> Year {
    let link = |year: i16| {
        YEARS.contains(&year).then(|| Link::new(format!("/arshjul/{year}"), text::year_title(year)))
    };
    let first = |stored: &&StoredOccasion| stored.occasion.span.first();
    let running = occasions.iter().filter(|stored| {
        let span = stored.occasion.span;
        let over_new_year = span.first().year() < year && year <= span.last().year();
        over_new_year && stored.occasion.kind == EntryKind::Period
    });
    let running: Vec<_> = running.map(|stored| Shown::of(stored, organisation)).collect();
    let quarters = (1..=4_i8).map(|id| {
        let months = (3 * id - 2..=3 * id).filter_map(|month| {
            let own = occasions.iter().filter(|o| first(o).year() == year && first(o).month() == month);
            let own: Vec<_> = own.map(|stored| Shown::of(stored, organisation)).collect();
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
        nothing: running.is_empty() && quarters.iter().all(|q| q.months.is_empty()),
        running,
        quarters,
    }
}
