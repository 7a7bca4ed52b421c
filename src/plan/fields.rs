//! What stands in for the fields of a workflow file's texts, and the facts of a case as rows.

use jiff::civil::Date;

use crate::calendar::swedish;
use crate::ids::BodyId;
use crate::plan::decision::decision;
use crate::plan::model::{ItemLine, World};
use crate::plan::notice::Subject;
use crate::plan::occasions::Resolved;
use crate::plan::view::{Topic, View};
use crate::text::asked as words;
use crate::text::{notices as text, rounds};

/// `template` with the fields of a step, and with `more`.
#[must_use]
pub fn fill(about: &Subject<'_>, template: &str, more: &[(&str, &str)]) -> String {
    let case = about.view.case;
    let (title, span, year) = match case.occasion {
        Resolved::Dated(o) => (o.title.as_str(), Some(o.span), o.at.id.year),
        Resolved::Expected(e) => (e.title.as_str(), None, e.at.id.year),
    };
    let day = |date: Option<Date>| date.map(swedish::long_week).unwrap_or_default();
    let start = day(span.map(|s| s.first()));
    let end = day(span.map(|s| s.last()));
    let due = day(about.due);
    let body = case.body.as_ref().map(|b| body_name(case.world, b)).unwrap_or_default();
    let year = year.to_string();
    let titles: Vec<&str> = about.items.iter().map(|item| item.title.as_str()).collect();
    let (listed, item) = match about.view.topic {
        // While nothing is listed it is about the round as a whole; of several units the list has the names.
        Topic::Whole => (title.to_owned(), rounds::units(&titles)),
        Topic::Listed(listed) => (listed.title.clone(), String::new()),
        Topic::Item(item) => (title.to_owned(), item.display_title()),
    };
    let receivers = case.opened.map(|o| o.receivers.as_slice()).unwrap_or_default();
    let receivers: Vec<String> = receivers.iter().map(|b| body_name(case.world, b)).collect();
    // It costs a look at another file's meetings, so only whoever asks for it pays.
    let decides = if template.contains("{decision}") { decided(&about.view) } else { String::new() };
    let mut fields = vec![
        ("title", title),
        ("start", &start),
        ("opens", &start),
        ("end", &end),
        ("closes", &end),
        ("due", &due),
        ("body", &body),
        ("year", &year),
    ];
    let receiver = words::list(&receivers);
    fields.extend([("listed", &*listed), ("item", &item), ("receiver", &receiver), ("decision", &decides)]);
    let count = about.count.as_ref();
    let counted = count.map(|c| [c.answered.to_string(), c.asked.to_string(), rounds::missing(&c.missing)]);
    if let Some([answered, asked, missing]) = &counted {
        fields.extend([("answered", &**answered), ("asked", asked), ("missing", missing)]);
    }
    fields.extend(more);
    text::fill(template, &fields)
}

/// Which meeting decides on what the workflow works out on this occasion, and who otherwise.
fn decided(view: &View<'_>) -> String {
    let case = view.case;
    let decision = decision(case.world, case.workflow, case.body.as_ref(), case.anchored(), view);
    decision.map(|d| d.said()).unwrap_or_default()
}

/// What a message is about: the occasion, and what of it.
#[must_use]
pub fn rows(about: &Subject<'_>) -> Vec<(String, String)> {
    let (view, case) = (about.view, about.view.case);
    let mut rows = match case.occasion {
        Resolved::Dated(o) => {
            let mut rows = vec![text::occasion_row(o.kind, &o.title, o.span)];
            rows.extend(o.place.as_deref().map(text::place_row));
            rows
        }
        Resolved::Expected(e) => vec![text::expected_row(&e.title, e.quarter)],
    };
    // The papers of what is renewed are those of an earlier decision.
    let opened = case.world.facts.opened.get(case.at());
    rows.extend(opened.and_then(|o| o.link.as_deref()).map(words::link_row));
    rows.extend(opened.and_then(|o| o.diary.as_deref()).map(words::diary_row));
    match view.topic {
        Topic::Whole => {}
        Topic::Listed(listed) => {
            rows.push(words::listed_row(&listed.title));
            rows.extend(listed.link.as_deref().map(words::link_row));
            rows.extend(listed.diary.as_deref().map(words::diary_row));
        }
        Topic::Item(_) => rows.extend(about.items.iter().flat_map(|line| item_rows(line, about.day))),
    }
    rows
}

/// The facts of a unit, as they are on `day`.
#[must_use]
pub fn item_rows(item: &ItemLine, day: Date) -> Vec<(String, String)> {
    use crate::text::items::{self as words, labels};
    let row = |label: &str, value: String| (label.to_owned(), value);
    let mut rows = vec![
        row(labels::ITEM, item.title.clone()),
        row(labels::PHASE, item.phase.swedish().to_owned()),
        row(labels::HEALTH, words::health(item.health, item.reported, day)),
        row(labels::NEXT, words::next(item.next, day)),
    ];
    rows.extend(
        item.deadline.iter().map(|(last, said)| row(labels::DEADLINE, words::deadline(*last, said, day))),
    );
    rows.extend(item.waits.iter().map(|(what, until)| row(labels::WAITS, words::wait(what, *until, day))));
    rows
}

/// What stands in the subject's brackets for a body.
#[must_use]
pub fn short(world: World<'_>, body: &BodyId) -> String {
    world.organisation.bodies.get(body).map_or_else(|| text::NO_BODY.to_owned(), |b| b.short.clone())
}

/// A body's full name; its id where there is no such body any more.
#[must_use]
pub fn body_name(world: World<'_>, body: &BodyId) -> String {
    world.organisation.bodies.get(body).map_or_else(|| body.to_string(), |b| b.name.clone())
}
