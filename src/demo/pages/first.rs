//! Where the demonstration begins: what it is, what day it is, and how to get on.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::{MAILBOX, MOVE, render};
use crate::plan::model::MessageKind;
use crate::text::demo::{self as text, word};
use crate::text::mail::kinds;
use crate::web::look::{Frame, Link};

/// What the first page shows.
#[derive(Clone, Debug)]
pub struct FirstPage {
    /// What the whole is called.
    pub organisation: String,
    /// The virtual moment, in Stockholm.
    pub now: DateTime,
    /// How many virtual minutes pass in a second; none if the clock stands still.
    pub minutes_a_second: Option<i64>,
    /// Mails that have left.
    pub mails: u64,
    /// People who have got one.
    pub people: u64,
    /// Answers that stand.
    pub answers: u64,
    /// What is planned next, in order of time; some ten of them.
    pub coming: Vec<Coming>,
}

/// A message that is planned.
#[derive(Clone, Debug)]
pub struct Coming {
    /// When it leaves, in Stockholm.
    pub at: DateTime,
    /// To whom, by name.
    pub to: String,
    /// What kind.
    pub kind: MessageKind,
    /// Its subject.
    pub subject: String,
}

#[derive(Debug, Serialize)]
struct View {
    day: String,
    clock: String,
    pace: String,
    so_far: String,
    action: &'static str,
    mailbox: &'static str,
    jumps: Vec<Jump>,
    today: String,
    links: Vec<(Link, &'static str)>,
    coming: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Jump {
    to: String,
    label: &'static str,
}

#[derive(Debug, Serialize)]
struct Row {
    iso: String,
    when: String,
    kind: &'static str,
    subject: String,
    to: String,
}

/// The page.
#[must_use]
pub fn first_page(page: &FirstPage) -> String {
    let today = page.now.date();
    let (day, clock) = text::now(page.now);
    let year = today.year();
    let link = |href: &str, name: &str, about: &str| (Link::new(href, word(name)), word(about));
    let view = View {
        day,
        clock,
        pace: text::pace(page.minutes_a_second),
        so_far: text::so_far(page.mails, page.people, page.answers),
        action: MOVE,
        mailbox: MAILBOX,
        jumps: jumps(today),
        today: today.to_string(),
        links: vec![
            link(MAILBOX, "demo_mailbox", "demo_mailbox_about"),
            link("/", "demo_home", "demo_home_about"),
            link(&format!("/arshjul/{year}"), "demo_year", "demo_year_about"),
            link("/kalender", "demo_subscribe", "demo_subscribe_about"),
        ],
        coming: page.coming.iter().map(row).collect(),
    };
    let frame = Frame {
        title: word("demo_title").to_owned(),
        organisation: page.organisation.clone(),
        year,
        ..Frame::default()
    };
    render(&frame, "first.html", &view)
}

fn jumps(today: Date) -> Vec<Jump> {
    let jump = |to: Date, name: &str| Jump { to: to.to_string(), label: word(name) };
    vec![
        Jump { to: "nasta".to_owned(), label: word("demo_next") },
        jump(today.saturating_add(1.days()), "demo_day"),
        jump(today.saturating_add(1.weeks()), "demo_week"),
        jump(today.saturating_add(1.months()), "demo_month"),
    ]
}

fn row(coming: &Coming) -> Row {
    Row {
        iso: coming.at.date().to_string(),
        when: text::moment(coming.at),
        kind: kind(coming.kind),
        subject: coming.subject.clone(),
        to: coming.to.clone(),
    }
}

/// The word for a kind of message.
fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Alarm => kinds::ALARM,
        MessageKind::Change => kinds::CHANGE,
        MessageKind::Escalation => kinds::ESCALATION,
        MessageKind::Reminder => kinds::REMINDER,
        MessageKind::Ask => kinds::ASK,
        MessageKind::Nudge => kinds::NUDGE,
        MessageKind::Tell => kinds::TELL,
        MessageKind::Summary => kinds::SUMMARY,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn it_says_what_day_it_is_and_leads_on() {
        let coming = Coming {
            at: date(2025, 2, 4).at(8, 0, 0, 0),
            to: "Anna Exempel <b>".into(),
            kind: MessageKind::Reminder,
            subject: "Har ni synpunkter?".into(),
        };
        let page = FirstPage {
            organisation: "Sydöstra sjukvårdsregionen".into(),
            now: date(2025, 1, 31).at(9, 0, 0, 0),
            minutes_a_second: Some(60),
            mails: 41,
            people: 12,
            answers: 7,
            coming: vec![coming],
        };
        let html = first_page(&page);
        for said in [
            "fredag 31 januari 2025",
            "vecka 5, kl. 09.00",
            "41 mejl till 12 personer och 7 svar",
            "Alla personer, RPO-möten och punkter i handlingsplanen är påhittade",
            "action=\"/demo/till\"",
            "name=\"datum\" value=\"nasta\"",
            "name=\"datum\" value=\"2025-02-07\"",
            // No 31 February.
            "name=\"datum\" value=\"2025-02-28\"",
            "tis 4 feb kl. 08.00",
            "Anna Exempel &lt;b&gt;",
        ] {
            assert!(html.contains(said), "{said}\n{html}");
        }
    }
}
