//! What a message says: the words of the workflow file, with the facts of the case as rows.

use jiff::civil::Date;

use crate::calendar::{swedish, workdays_between};
use crate::ids::BodyId;
use crate::items::Item;
use crate::plan::model::{MessageKind, Notice, World};
use crate::plan::occasions::Resolved;
use crate::plan::recipients::Recipe;
use crate::text::{notices as text, people};
use crate::workflow::model::{Step, Watch};

/// What a step's message is about.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The occasion.
    pub occasion: &'a Resolved,
    /// The step.
    pub step: &'a Step,
    /// For which body.
    pub body: Option<&'a BodyId>,
    /// When the answer is due.
    pub due: Option<Date>,
    /// The day the message leaves.
    pub day: Date,
}

/// The content of a step's message. `silent` are those who have not answered, of `asked` in all; the answers
/// are offered only to one who `may_answer`.
#[must_use]
pub fn of_step(
    world: World<'_>,
    about: &Subject<'_>,
    kind: MessageKind,
    recipe: &Recipe,
    silent: &[Recipe],
    asked: usize,
    may_answer: bool,
) -> Notice {
    let question = fill_step(world, about, &about.step.headline);
    let own_text =
        || about.step.text.iter().flat_map(|t| paragraphs(&fill_step(world, about, t))).collect::<Vec<_>>();
    let due = about.due.unwrap_or(about.day);
    let deadline = last_day(about.occasion).unwrap_or(due);
    let (subject, text) = match kind {
        MessageKind::Ask => (text::ask(&question, due), own_text()),
        MessageKind::Reminder => {
            let left = workdays_between(about.day, due);
            let mut said = vec![text::reminder_text(due, about.day, left)];
            said.extend(own_text());
            (text::reminder(&question, due, about.day), said)
        }
        MessageKind::Escalation => {
            (text::escalation(&question, silent.len(), asked), vec![text::escalation_text(due, &question)])
        }
        MessageKind::Alarm => (text::alarm(&question, deadline, about.day), vec![text::alarm_text(deadline)]),
        _ => (question.clone(), own_text()),
    };
    let answers = match (kind, &about.step.ask) {
        (MessageKind::Ask | MessageKind::Reminder | MessageKind::Alarm, Some(ask)) if may_answer => {
            ask.answers.clone()
        }
        _ => Vec::new(),
    };
    let mut rows = occasion_rows(about.occasion);
    let wants_answer = matches!(kind, MessageKind::Ask | MessageKind::Reminder | MessageKind::Alarm);
    rows.extend(about.due.filter(|_| wants_answer).map(text::due_row));
    let names_silent = matches!(kind, MessageKind::Escalation | MessageKind::Alarm);
    Notice {
        from_body: body_short(world, about.body, about.occasion),
        subject,
        headline: if kind == MessageKind::Escalation { text::missing(silent.len(), asked) } else { question },
        text,
        rows,
        due: about.due,
        answers,
        silent: silent.iter().filter(|_| names_silent).map(|r| silent_line(world, r)).collect(),
        why: why(world, recipe),
        marks: Vec::new(),
        sections: Vec::new(),
    }
}

/// The content of a watch's message about `item`. `handed_over` after how many nudges, when it goes up the line.
#[must_use]
pub fn of_watch(
    world: World<'_>,
    watch: &Watch,
    item: &Item,
    recipe: &Recipe,
    handed_over: Option<u16>,
) -> Notice {
    let template = match (&watch.hand_over, handed_over) {
        (Some(hand_over), Some(_)) => &hand_over.headline,
        _ => &watch.headline,
    };
    let title = item.display_title();
    let body = body_name(world, &item.body);
    let since = since(watch, item);
    let since_text = since.map(swedish::long_year).unwrap_or_default();
    let fields = [("item", title.as_str()), ("body", body.as_str()), ("since", since_text.as_str())];
    let headline = text::fill(template, &fields);
    let mut paragraphs_: Vec<String> = handed_over.map(text::hand_over_text).into_iter().collect();
    paragraphs_.extend(watch.text.iter().flat_map(|t| paragraphs(&text::fill(t, &fields))));
    Notice {
        from_body: short(world, &item.body),
        subject: headline.clone(),
        headline,
        text: paragraphs_,
        rows: text::item_rows(&title, item.phase.swedish(), item.health.swedish(), since),
        due: None,
        answers: watch.answers.clone(),
        silent: Vec::new(),
        why: why(world, recipe),
        marks: Vec::new(),
        sections: Vec::new(),
    }
}

/// Since when the item has been in the state that the watch is about.
#[must_use]
pub fn since(watch: &Watch, item: &Item) -> Option<Date> {
    if watch.about.health.is_some() { item.health_since } else { item.phase_since }
}

fn fill_step(world: World<'_>, about: &Subject<'_>, template: &str) -> String {
    let (title, span, year) = match about.occasion {
        Resolved::Dated(o) => (o.title.as_str(), Some(o.span), o.at.id.year),
        Resolved::Expected(e) => (e.title.as_str(), None, e.at.id.year),
    };
    let day = |date: Option<Date>| date.map(swedish::long_week).unwrap_or_default();
    let start = day(span.map(|s| s.first()));
    let end = day(span.map(|s| s.last()));
    let due = day(about.due);
    let body = about.body.map(|b| body_name(world, b)).unwrap_or_default();
    let year = year.to_string();
    text::fill(
        template,
        &[
            ("title", title),
            ("start", &start),
            ("opens", &start),
            ("end", &end),
            ("closes", &end),
            ("due", &due),
            ("body", &body),
            ("year", &year),
        ],
    )
}

fn occasion_rows(occasion: &Resolved) -> Vec<(String, String)> {
    match occasion {
        Resolved::Dated(o) => {
            let mut rows = vec![text::occasion_row(o.kind, &o.title, o.span)];
            rows.extend(o.place.as_deref().map(text::place_row));
            rows
        }
        Resolved::Expected(e) => vec![text::expected_row(&e.title, e.quarter)],
    }
}

fn last_day(occasion: &Resolved) -> Option<Date> {
    match occasion {
        Resolved::Dated(o) => Some(o.span.last()),
        Resolved::Expected(_) => None,
    }
}

fn body_short(world: World<'_>, body: Option<&BodyId>, occasion: &Resolved) -> String {
    match (body, occasion) {
        (Some(body), _) => short(world, body),
        (None, Resolved::Dated(o)) => o.title.clone(),
        (None, Resolved::Expected(e)) => e.title.clone(),
    }
}

pub(super) fn short(world: World<'_>, body: &BodyId) -> String {
    world.organisation.bodies.get(body).map_or_else(|| text::NO_BODY.to_owned(), |b| b.short.clone())
}

pub(super) fn body_name(world: World<'_>, body: &BodyId) -> String {
    world.organisation.bodies.get(body).map_or_else(|| body.to_string(), |b| b.name.clone())
}

pub(super) fn why(world: World<'_>, recipe: &Recipe) -> String {
    if let Some((body, role)) = &recipe.for_vacant {
        return people::why_vacant(&role_title(world, body, role), &body_name(world, body));
    }
    match (&recipe.body, &recipe.role) {
        (Some(body), Some(role)) => text::why(&role_title(world, body, role), &body_name(world, body)),
        _ => text::why_owner(),
    }
}

pub(super) fn role_title(world: World<'_>, body: &BodyId, role: &crate::ids::RoleId) -> String {
    world.organisation.role_title(body, role).to_owned()
}

fn silent_line(world: World<'_>, recipe: &Recipe) -> String {
    let Some((body, role)) = recipe.seat() else { return text::why_owner() };
    let person = recipe.person.as_ref().and_then(|id| world.facts.people.persons.get(id));
    let (role, body, name) =
        (role_title(world, body, role), body_name(world, body), person.map(|p| p.name.as_str()));
    match (&recipe.for_vacant, name) {
        (Some(_), Some(name)) => people::silent_stand_in(&role, &body, name),
        _ => text::silent(&role, &body, name),
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    let paragraphs = text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.filter(|p| !p.is_empty()).collect()
}

/// A reminder as the ask that it has to be when its recipient was never asked.
#[must_use]
pub fn as_ask(mut message: crate::plan::model::Message) -> crate::plan::model::Message {
    let notice = &mut message.notice;
    if message.kind == MessageKind::Reminder {
        message.kind = MessageKind::Ask;
        if let Some(due) = notice.due {
            notice.subject = text::ask(&notice.headline, due);
        }
        // The first paragraph of a reminder says that an answer is missing.
        if !notice.text.is_empty() {
            notice.text.remove(0);
        }
    }
    message
}
