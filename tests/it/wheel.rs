//! The årshjul as it is drawn, measured: what stands where.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::http::StatusCode;
use jiff::civil::{Date, date};

use crate::web::Site;

/// A mark as it stands in the drawing.
#[derive(Debug)]
struct Drawn {
    label: String,
    first: Date,
    last: Date,
    markup: String,
}

/// One of the two drawings of a page.
fn drawing<'a>(page: &'a str, class: &str) -> &'a str {
    let from = page
        .find(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"year-wheel {class}\""))
        .unwrap();
    &page[from..from + page[from..].find("</svg>").unwrap()]
}

fn marks(svg: &str) -> Vec<Drawn> {
    let attribute = |markup: &str, name: &str| {
        let from = markup.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        markup[from..from + markup[from..].find('"').unwrap()].to_owned()
    };
    let links = svg.split("<a ").skip(1).map(|rest| rest.split("</a>").next().unwrap());
    let dated = links.filter(|markup| markup.contains("data-first"));
    let mark = |markup: &str| Drawn {
        label: attribute(markup, "aria-label"),
        first: attribute(markup, "data-first").parse().unwrap(),
        last: attribute(markup, "data-last").parse().unwrap(),
        markup: markup.to_owned(),
    };
    dated.map(mark).collect()
}

/// The angle of a point, clockwise from the top.
fn angle((x, y): (f64, f64)) -> f64 {
    x.atan2(-y).to_degrees().rem_euclid(360.0)
}

fn numbers(text: &str) -> Vec<f64> {
    let separated: String = text.chars().map(|c| if "-.0123456789".contains(c) { c } else { ' ' }).collect();
    separated.replace('-', " -").split_whitespace().filter_map(|n| n.parse().ok()).collect()
}

/// Where a round mark stands, or from where to where an arc goes.
fn angles(mark: &Drawn) -> (f64, f64) {
    if let Some((_, rest)) = mark.markup.split_once("<circle ") {
        let place = numbers(rest.split_once("cx=").unwrap().1);
        return (angle((place[0], place[1])), angle((place[0], place[1])));
    }
    let path = mark.markup.split_once(" d=\"").unwrap().1.split('"').next().unwrap();
    let all = numbers(path);
    (angle((all[0], all[1])), angle((all[7], all[8])))
}

/// A day's share of the year: 1 January begins at the top.
fn of_day(day: Date, part: f64) -> f64 {
    (f64::from(day.day_of_year() - 1) + part) * 360.0 / f64::from(day.days_in_year())
}

fn close(a: f64, b: f64, by: f64) -> bool {
    let apart = (a - b).rem_euclid(360.0);
    apart.min(360.0 - apart) <= by
}

#[tokio::test]
async fn the_dated_entries_of_2025_stand_at_their_days() {
    let site = Site::new().await;
    let page = site.get("/arshjul/2025").await.body;
    let meetings = [
        ("RSL", date(2025, 2, 12)),
        ("RSL", date(2025, 4, 10)),
        ("RSL", date(2025, 5, 13)),
        ("RSL", date(2025, 9, 19)),
        ("Kunskapsrådens gemensamma möte", date(2025, 9, 26)),
        ("RSL", date(2025, 11, 20)),
    ];
    for class in ["is-wide", "is-narrow"] {
        let drawn = marks(drawing(&page, class));
        for (title, day) in meetings {
            let mark = drawn.iter().find(|m| m.first == day && m.label.starts_with(title)).unwrap();
            let (at, _) = angles(mark);
            assert!(close(at, of_day(day, 0.5), 0.05), "{title} {day}: {at} in {class}");
        }
        let two_days = drawn.iter().find(|m| m.first == date(2025, 10, 15)).unwrap();
        assert_eq!(
            (two_days.last, two_days.label.starts_with("RSL, 15–16 oktober")),
            (date(2025, 10, 16), true)
        );
        let (from, to) = angles(two_days);
        assert!(close(from, of_day(date(2025, 10, 15), 0.5), 0.05), "{from}");
        assert!(close(to, of_day(date(2025, 10, 16), 0.5), 0.05), "{to}");
    }
}

#[tokio::test]
async fn a_round_over_new_year_is_in_both_years() {
    let site = Site::new().await;
    let page = site.get("/arshjul/2025").await.body;
    let drawn = marks(drawing(&page, "is-wide"));
    let rounds: Vec<&Drawn> = drawn.iter().filter(|m| m.label.starts_with("Nationell remissrunda")).collect();
    let days: Vec<(Date, Date)> = rounds.iter().map(|m| (m.first, m.last)).collect();
    let (last, this) = ((date(2024, 11, 15), date(2025, 2, 14)), (date(2025, 11, 17), date(2026, 2, 13)));
    assert_eq!(days.len(), 5);
    assert_eq!((days.first(), days.last()), (Some(&last), Some(&this)));
    // An arc begins and ends where its days do, but for the gap to the next one and the dashes at New Year.
    for round in &rounds {
        let (from, to) = angles(round);
        if round.first.year() == 2025 {
            assert!(close(from, of_day(round.first, 0.0), 0.6), "{round:?}");
        }
        if round.last.year() == 2025 {
            assert!(close(to, of_day(round.last, 1.0), 0.6), "{round:?}");
        }
    }
    let next = site.get("/arshjul/2026").await.body;
    assert!(marks(drawing(&next, "is-wide")).iter().any(|m| (m.first, m.last) == this));
}

#[tokio::test]
async fn every_mark_leads_to_its_place_in_the_list() {
    let site = Site::new().await;
    for address in ["/arshjul/2025", "/arshjul/2025?grupp=rpo-medicinsk-diagnostik&fran=9"] {
        let page = site.get(address).await.body;
        assert!(page.len() < 100_000, "{address}: {} bytes", page.len());
        for mark in page.split("<a href=\"#").skip(1) {
            let id = mark.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{address}: nothing is called {id}");
        }
        for elsewhere in page.split("<a href=\"/arshjul/2026").skip(1).filter(|rest| rest.contains('#')) {
            let link = elsewhere.split('"').next().unwrap().replace("&amp;", "&");
            let Some((query, id)) = link.split_once('#') else { continue };
            let there = site.get(&format!("/arshjul/2026{query}")).await.body;
            assert!(there.contains(&format!("id=\"{id}\"")), "{link}");
        }
        let ids: Vec<&str> =
            page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{address}: an id stands twice");
    }
}

#[tokio::test]
async fn one_group_sees_its_own_line_and_no_neighbours() {
    let site = Site::new().await;
    let page = site.get("/arshjul/2025?grupp=rpo-medicinsk-diagnostik").await.body;
    assert!(page.contains("<option value=\"rpo-medicinsk-diagnostik\" selected>"));
    assert!(
        page.contains("Rapporter från arbetsgrupperna") && page.contains("RSL, onsdag 12 februari (v. 7)")
    );
    let other = site.get("/arshjul/2025?grupp=rag-patologi").await.body;
    assert!(other.contains("RSL, onsdag 12 februari (v. 7)"));
    for wrong in
        ["/arshjul/2025?grupp=ingen", "/arshjul/2025?fran=13", "/arshjul/2025?fran=x", "/arshjul/25.svg"]
    {
        assert_eq!(site.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn the_joint_meeting_of_the_councils_stands_with_their_own() {
    let site = Site::new().await;
    let page = site.get("/arshjul/2025").await.body;
    let svg = drawing(&page, "is-wide");
    let rings: Vec<&str> = svg.split("role=\"group\" aria-label=\"").skip(2).collect();
    let councils = rings.iter().find(|ring| ring.starts_with("Kunskapsråd\"")).unwrap();
    assert!(councils.contains("Kunskapsrådens gemensamma möte, fredag 26 september (v. 39)"));
    assert!(councils.contains("inget datum än, 1 oktober–31 december"));
    assert_eq!(rings.iter().filter(|ring| ring.starts_with("Kunskapsråd")).count(), 1);
}

#[tokio::test]
async fn the_wheel_can_be_taken_for_a_slide() {
    let site = Site::new().await;
    let reply = site.get("/arshjul/2025.svg").await;
    assert_eq!(reply.header("content-type"), "image/svg+xml; charset=utf-8");
    assert!(reply.body.starts_with("<svg xmlns=") && reply.body.ends_with("</svg>"));
    // It stands on its own: nothing is fetched, and no colour waits for a stylesheet.
    assert!(!reply.body.contains("url(") && !reply.body.contains("<style") && !reply.body.contains("src="));
}
